/**
 * «Так это увидит семья»: what was written, in the family's own words and order. Pure: answers in, headings and lines out.
 * The same text is frozen when it is read together, and is the body of what is left behind.
 *
 * Only what is named here gets in. What never does: a child's and the neighbours' words, whatever a section knows from
 * them, worries of which one speaks first with «Срочно», conclusions, safety answers, addresses that are hidden.
 */
import { filled } from '../lib/texts.js';
import { sections } from './family_sections.js';

/** @typedef {import('./reading.js').Said} Said */
/** @typedef {{ id: string, title: string, lines: string[] }} Part */
/**
 * `words`: the table `family_view` of the texts; `titles`: names of the sections; `restricted`: sources whose words stay
 * with us; `unsaid`: worries that are not shown here; `hidden`: where they live or meet is not to be named;
 * `contacts`: whom to call, as lines.
 * @typedef {{ words: Record<string, string>, titles: Record<string, string>, restricted: string[], unsaid: string[],
 *             hidden: boolean, contacts: string[] }} Rules
 */

const PROMISE = /^promises-(\d+)-(side|what|who|due)$/;
const DAY = new Intl.DateTimeFormat('ru', { day: 'numeric', month: 'long', timeZone: 'UTC' });
/** The order in which a family reads. */
const ORDER = ['met', 'good', 'better', 'hard', 'your_words', 'your_goal', 'disagree', 'we_do', 'you_do', 'advice', 'rights', 'next', 'contacts'];

/**
 * @param {Said[]} answers
 * @param {Rules} rules
 * @returns {Part[]} only parts that say something
 */
export function familyView(answers, rules) {
  const one = (/** @type {string} */ name) => answers.find((said) => said.name === name)?.words ?? '';
  const many = (/** @type {string} */ name) => answers.filter((said) => said.name === name && !said.skip).map(({ words }) => words);
  /** @type {Record<string, string[]>} */
  const parts = {
    met: met(answers, rules, one, many),
    ...sections(answers, rules),
    your_words: [one('family_words')],
    your_goal: [one('family_goal')],
    disagree: [one('disagree')],
    we_do: promises(answers, rules, 'ours'),
    you_do: promises(answers, rules, 'theirs'),
    advice: [one('recommendation')],
    rights: many('rights'),
    next: next(rules, one, many),
    contacts: rules.contacts,
  };
  return ORDER.map((id) => ({ id, title: rules.words[id] ?? id, lines: (parts[id] ?? []).filter(Boolean) })).filter(
    ({ lines }) => lines.length,
  );
}

/**
 * The text that is frozen: headings, lines under them, an empty line between.
 * @param {Part[]} parts
 */
export const familyText = (parts) =>
  parts.map(({ title, lines }) => [title, ...lines.map((line) => `– ${line}`)].join('\n')).join('\n\n');

/**
 * @param {Said[]} answers
 * @param {Rules} rules
 * @param {(name: string) => string} one
 * @param {(name: string) => string[]} many
 */
function met(answers, { words, hidden }, one, many) {
  const on = day(one('on'));
  const outcome = answers.find(({ name }) => name === 'outcome')?.value;
  if (outcome && outcome !== 'visit') return [[words['attempt'], on].filter(Boolean).join(', ')];
  const who = many('who_home');
  const reason = one('unplanned_reason');
  return [
    [on, hidden ? '' : one('where').toLowerCase()].filter(Boolean).join(', '),
    who.length ? filled(words['who'] ?? '', { names: who.join('; ') }) : '',
    reason ? filled(words['unplanned'] ?? '', { reason: reason.toLowerCase() }) : '',
  ];
}

/**
 * @param {Said[]} answers
 * @param {Rules} rules
 * @param {'ours' | 'theirs'} side
 */
function promises(answers, { words }, side) {
  /** @type {Map<string, Record<string, string>>} */
  const rows = new Map();
  for (const { name, value } of answers) {
    const [, n = '', key = ''] = PROMISE.exec(name) ?? [];
    if (n) rows.set(n, { ...rows.get(n), [key]: value.trim() });
  }
  return [...rows.values()]
    .filter((row) => row['side'] === side && row['what'])
    .map(({ what = '', who, due = '' }) => {
      const whole = who ? filled(words['by_whom'] ?? '', { what, who }) : what;
      return day(due) ? filled(words['until'] ?? '', { what: whole, date: day(due) }) : whole;
    });
}

/**
 * @param {Rules} rules
 * @param {(name: string) => string} one
 * @param {(name: string) => string[]} many
 */
function next({ words, hidden }, one, many) {
  const agreed = one('next_agreed');
  const time = [day(one('next_on')), one('next_time'), hidden ? '' : one('next_where').toLowerCase()].filter(Boolean).join(', ');
  if (!time) return [];
  return [time, many('next_reason').join(', '), agreed ? filled(words['agreed_with'] ?? '', { who: agreed }) : ''];
}

/** @param {string} iso  @returns {string} «24 ноября», or '' for what is no date */
function day(iso) {
  const at = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? '' : DAY.format(at);
}
