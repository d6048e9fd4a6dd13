/** «Так это увидит семья»: what gets in, in which order, and what never does. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'smol-toml';
import { familyText, familyView } from '../../static/js/visits/family_view.js';

const words = parse(await readFile(new URL('../../curator_app/texts/app.toml', import.meta.url), 'utf8')).family_view;
const MISHA = '01950000-0000-7000-8000-000000000001';
const RULES = {
  words,
  titles: { health: 'Здоровье', housing: 'Жильё, занятость, доход' },
  restricted: ['child_said', 'neighbour_said'],
  unsaid: ['hitting_reported'],
  hidden: false,
  contacts: ['Если опасно прямо сейчас: 112'],
};

/** An answer as the form reads it. */
const said = (name, value, text = value, more = {}) => ({ name, value, words: text, title: '', about: '', skip: false, step: '', ...more });
const view = (answers, rules = {}) => familyView(answers, { ...RULES, ...rules });
const lines = (answers, id, rules) => view(answers, rules).find((part) => part.id === id)?.lines ?? [];
const whole = (answers, rules) => familyText(view(answers, rules));

test('strengths stand above what is hard, agreements and contacts at the end', () => {
  const parts = view([
    said('on', '2026-11-24'),
    said('outcome', 'visit', 'Встретились'),
    said('health-worries', 'teeth_hurt@1', 'Болят зубы', { about: 'Миша' }),
    said('housing-strengths', 'home_warm', 'Дома тепло'),
    said('housing-change', 'better', 'Лучше'),
    said('promises-0-side', 'ours'),
    said('promises-0-what', 'Позвонить в школу'),
    said('promises-0-due', '2026-12-01'),
    said('promises-1-side', 'theirs'),
    said('promises-1-what', 'Показать Мишу врачу'),
    said('next_on', '2026-12-03'),
    said('next_time', '15:00'),
  ]);

  assert.deepEqual(parts.map(({ id }) => id), ['met', 'good', 'better', 'hard', 'we_do', 'you_do', 'next', 'contacts']);
  assert.deepEqual(parts.map(({ lines: [first] }) => first), [
    '24 ноября', 'Дома тепло', 'Жильё, занятость, доход', 'Миша: болят зубы', 'Позвонить в школу — до 1 декабря',
    'Показать Мишу врачу', '3 декабря, 15:00', 'Если опасно прямо сейчас: 112',
  ]);
});

test('the family hears its own words, its goal and its disagreement', () => {
  const answers = [said('family_words', 'Устали'), said('family_goal', 'Своя кровать Мише'), said('disagree', 'С кружком'), said('recommendation', 'Режим')];

  assert.deepEqual(['your_words', 'your_goal', 'disagree', 'advice'].map((id) => lines(answers, id)), [['Устали'], ['Своя кровать Мише'], ['С кружком'], ['Режим']]);
});

test('a fact goes where its change says', () => {
  const fact = said('housing-fact', 'Долг 2 900 ₽');

  assert.deepEqual(lines([fact, said('housing-change', 'better')], 'better'), ['Долг 2 900 ₽', 'Жильё, занятость, доход']);
  assert.deepEqual(lines([fact, said('housing-change', 'harder')], 'hard'), ['Долг 2 900 ₽']);
  assert.deepEqual(lines([fact, said('housing-worries', 'power_debt', 'Долг за свет')], 'hard'), ['Долг 2 900 ₽', 'Долг за свет']);
  assert.deepEqual(lines([fact], 'good'), ['Долг 2 900 ₽']);
});

test('what is missing at home is said of whom, with the fact', () => {
  const answers = [
    said(`living-own_sleeping_place@${MISHA}`, 'no', 'Нет', { about: 'Миша', title: 'Есть своё спальное место' }),
    said(`living-own_sleeping_place@${MISHA}-fact`, 'Спит с братом'),
    said('living-electricity_on', 'yes', 'Да', { title: 'Свет есть' }),
    said('living-smoke_alarm', 'not_seen', 'Не видели', { title: 'Есть извещатель' }),
  ];

  assert.deepEqual(lines(answers, 'hard'), ['Миша: есть своё спальное место — пока нет. Спит с братом']);
});

test('why nobody was warned is told', () => {
  assert.deepEqual(lines([said('on', '2026-11-24'), said('unplanned_reason', 'no_phone_contact', 'Не дозвонились')], 'met'), ['24 ноября', 'Пришли без предупреждения: не дозвонились']);
});

test('words of children and neighbours, conclusions, safety and own marks stay with us', () => {
  const answers = [
    said(`child_words@${MISHA}-verbatim`, 'ТАЙНА'),
    said(`child_words@${MISHA}-wish`, 'ТАЙНА'),
    said('attempt_words', 'ТАЙНА'),
    said('attempt_fact', 'ТАЙНА'),
    said('health-conclusion', 'ТАЙНА'),
    said('safety-calm_now', 'no', 'ТАЙНА'),
    said('safety-calm_now-fact', 'ТАЙНА'),
    said('absent_children', 'ТАЙНА'),
    said('co_visitors', 'with_police', 'ТАЙНА'),
    said('minor_opinion', 'ТАЙНА'),
    said('acquaint_words', 'ТАЙНА'),
    said('photos-0-caption', 'ТАЙНА'),
    said('paper_by', 'ТАЙНА'),
    said('something_of_a_later_form', 'ТАЙНА'),
  ];

  assert.doesNotMatch(whole(answers), /ТАЙНА/);
});

for (const source of ['child_said', 'neighbour_said']) {
  test(`what a section knows by ${source} is not told, what works there is`, () => {
    const answers = [
      said('health-strengths', 'walks_daily', 'Гуляют каждый день'),
      said('health-worries', 'adult_alcohol@1', 'ТАЙНА'),
      said('health-worries-same', 'eats_little@1', 'ТАЙНА'),
      said('health-worries_own', 'ТАЙНА'),
      said(`health@${MISHA}-fact`, 'ТАЙНА'),
      said(`health@${MISHA}-source`, source, 'ТАЙНА'),
      said('health-fact', 'ТАЙНА'),
    ];

    assert.equal(whole(answers, { contacts: [] }), 'Что у вас получается\n– Гуляют каждый день');
  });
}

test('a worry that asks for «Срочно» is spoken of by people, not by a sheet of paper', () => {
  const answers = [said('safety_stability_protection-worries', `hitting_reported@${MISHA}`, 'Говорят, что били', { about: 'Миша' })];

  assert.deepEqual(lines(answers, 'hard'), []);
});

test('answers that say that nothing was seen are no strengths', () => {
  assert.deepEqual(lines([said('health-strengths', 'not_seen_yet', 'Пока не увидели', { skip: true })], 'good'), []);
});

test('a hidden place is not named: neither where one met nor where one will', () => {
  const answers = [said('on', '2026-11-24'), said('where', 'at_shelter', 'В приюте'), said('next_on', '2026-12-03'), said('next_where', 'at_shelter', 'В приюте')];

  assert.match(whole(answers), /приюте[\s\S]*приюте/);
  assert.doesNotMatch(whole(answers, { hidden: true }), /приют/);
});

test('an attempt says when one came, and nothing of what was seen', () => {
  const answers = [said('on', '2026-11-24'), said('outcome', 'nobody_home', 'Никого нет'), said('attempt_fact', 'Свет горел')];

  assert.deepEqual(lines(answers, 'met'), ['Заходили, не застали, 24 ноября']);
  assert.doesNotMatch(whole(answers), /Свет/);
});

test('the same answers give the same text, to the letter', () => {
  const answers = [said('on', '2026-11-24'), said('family_goal', 'Кровать')];

  assert.equal(whole(answers, { contacts: [] }), 'Мы встретились\n– 24 ноября\n\nЧего вы хотите\n– Кровать');
});
