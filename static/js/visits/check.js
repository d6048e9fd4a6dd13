/**
 * «Проверьте»: everything that was written, read back from the form itself. What works comes first; nothing blocks.
 *
 * DOM: `[data-check=<part>]` lists, filled from the template `check-item`; an empty one says its `data-empty` or goes,
 * with its `[data-check-part]`. What lies behind the later steps is loaded when they are opened.
 */
import { fromTemplate } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { readForm, titlesOf } from './reading.js';
import { currentStep } from './steps.js';

/** @typedef {import('./reading.js').Said} Said */
/** @typedef {{ text: string, note?: string, step?: string }} Line */

const PARTS = /-(strengths|worries)(_own|-same)?$/;
const KEPT = /^kept-[0-9a-f-]{36}$/;

/**
 * Show what the step at hand needs of what was written so far.
 * @param {HTMLFormElement} form
 * @param {import('./draft.js').DraftPhoto[]} photos
 */
export function showCheck(form, photos) {
  readBack(form, photos);
  void import('./finish.js').then(({ showFinish }) => showFinish(form, currentStep(form)), () => {}); // another time
}

/**
 * @param {HTMLFormElement} form
 * @param {import('./draft.js').DraftPhoto[]} photos
 */
function readBack(form, photos) {
  const answers = readForm(form);
  for (const [name, found] of Object.entries(parts(answers, titlesOf(form)))) lines(form, name, found);
  lines(form, 'photos', photos.length ? [{ text: [t('visit.photos', { n: photos.length }), places(form)].filter(Boolean).join(': ') }] : []);
}

/**
 * @param {Said[]} answers
 * @param {Record<string, string>} titles
 * @returns {Record<string, Line[]>}
 */
function parts(answers, titles) {
  const where = (/** @type {(said: Said) => boolean} */ test) => answers.filter(test).map(lineOf);
  const value = (/** @type {string} */ name) => answers.find((said) => said.name === name)?.words ?? '';
  const list = (/** @type {string[]} */ ...names) => answers.filter(({ name }) => names.includes(name)).map(({ words }) => words);
  const times = [value('started'), value('ended')].filter(Boolean).join('–');
  const side = (/** @type {string} */ which) => where(({ name }) => PARTS.exec(name)?.[1] === which);
  const source = (/** @type {Said} */ said) => value(said.name.replace(/-fact$/, '-source')).toLowerCase();
  return {
    meeting: [
      { text: [...list('outcome'), times, ...list('where')].filter(Boolean).join(', ') },
      { text: list('who_home', 'other_home').join(', ') },
      { text: [...list('planned', 'unplanned_reason', 'co_visitors')].join(', ') },
      { text: value('absent_children') },
      { text: value('attempt_fact') },
      { text: value('attempt_words') && `«${value('attempt_words')}»` },
    ],
    strengths: [...side('strengths'), { text: value('good_today') }, { text: value('good_today_child') }],
    better: answers.filter(({ name }) => name.endsWith('-change')).map(change(titles)),
    worries: side('worries'),
    facts: answers.filter(isFact).map((said) => ({ ...lineOf(said), note: source(said) })),
    conclusions: where(({ name }) => name.endsWith('-conclusion')),
    statements: answers.filter(({ name }) => /^(safety|living|measure)-/.test(name) && !name.endsWith('-fact')).map(statement(value)),
    talk: [...grouped(answers, 'topics'), ...grouped(answers, 'rights'), { text: value('recommendation') }],
    promises: [...promises(answers), ...answers.filter(({ name }) => KEPT.test(name)).map((said) => ({ text: said.title, note: said.words }))],
    voice: [...list('family_goal', 'family_words', 'disagree')].map((text) => ({ text })),
    // The screen may be in the family's sight: whose words were written down, not which.
    child: [...new Set(answers.filter(({ name, value: typed }) => name.startsWith('child_words@') && typed).map(({ about }) => about || t('check.child')))].map((text) => ({ text })),
    acquaint: [{ text: list('acquaint').join(', '), note: value('acquaint_words') }],
    next: [{ text: [dayOf(value('next_on')), value('next_time'), value('next_where')].filter(Boolean).join(', '), note: list('next_reason').join(', ') }, { text: list('next_not_agreed').join('') }],
  };
}

/** @param {Said} said  @returns {Line} */
const lineOf = ({ words, about, step, name }) => ({ text: about && !name.endsWith('_own') ? `${about}: ${words.toLowerCase()}` : words, step });

/** @param {Record<string, string>} titles  @returns {(said: Said) => Line} */
const change = (titles) => ({ about, words, step }) => ({ text: `${[titles[step], about].filter(Boolean).join(', ')}: ${words.toLowerCase()}`, step });

/** @param {Said} said */
const isFact = ({ name }) => name.endsWith('-fact') && !/^(safety|living|measure)-/.test(name);

/** @param {(name: string) => string} value  @returns {(said: Said) => Line} */
const statement = (value) => ({ name, title, about, words }) => ({
  text: `${[about, title].filter(Boolean).join(': ')}: ${words.toLowerCase()}`,
  note: value(`${name.replace(/-same$/, '')}-fact`),
});

/** @param {Said[]} answers  @param {string} name  @returns {Line[]} one line with all of them */
function grouped(answers, name) {
  const found = answers.filter((said) => said.name === name);
  return found.length ? [{ text: found.map(({ words }) => words).join(', '), note: found[0]?.title ?? '' }] : [];
}

/** @param {Said[]} answers  @returns {Line[]} */
function promises(answers) {
  const of = (/** @type {string} */ n, /** @type {string} */ key) => answers.find(({ name }) => name === `promises-${n}-${key}`)?.value ?? '';
  return answers.flatMap(({ name, value }) => {
    const n = /^promises-(\d+)-what$/.exec(name)?.[1];
    if (!n) return [];
    const side = t(`family_view.${of(n, 'side') === 'theirs' ? 'you_do' : 'we_do'}`);
    return [{ text: value, note: [side, of(n, 'who'), dayOf(of(n, 'due'))].filter(Boolean).join(' · ') }];
  });
}

/** @param {string} iso  @returns {string} «24.11.2026», or '' */
const dayOf = (iso) => iso.split('-').reverse().join('.');

/**
 * What the pictures show, each place once: «кухня, печь».
 * @param {HTMLFormElement} form
 */
function places(form) {
  const chosen = [...form.querySelectorAll('[data-photo-field=place]:checked')];
  return [...new Set(chosen.map((input) => (input.closest('label')?.textContent ?? '').trim().toLowerCase()))].join(', ');
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {Line[]} found
 */
function lines(form, name, found) {
  for (const list of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(`[data-check="${name}"]`))) {
    const full = found.filter(({ text }) => text.trim() !== '');
    const empty = list.dataset['empty'] ?? '';
    const part = /** @type {HTMLElement | null} */ (list.closest('[data-check-part]'));
    if (part) part.hidden = !full.length && !empty;
    list.replaceChildren(...(full.length || !empty ? full : [{ text: empty }]).map((line) => item(form, line)));
  }
}

/** @param {HTMLFormElement} form  @param {Line} line */
function item(form, { text, note, step }) {
  const made = fromTemplate('check-item', { text, note: note || null });
  const mark = step && form.querySelector(`[data-step="${step}"] .ico`);
  if (mark) made.querySelector('.rail')?.replaceChildren(mark.cloneNode(true));
  return made;
}
