/** The six sections and the living conditions in the family's own order: what works, what became better, what is hard. Pure. */
import { filled } from '../lib/texts.js';

/** @typedef {import('./reading.js').Said} Said */
/** @typedef {import('./family_view.js').Rules} Rules */
/** @typedef {'good' | 'better' | 'hard'} Where */
/** One note of a section: `section` is its id, `whole` its name with the child's id, `key` what kind of note. */
/** @typedef {{ section: string, whole: string, key: string, said: Said }} Note */

const CHIPS = /^([a-z_]+)-(strengths|worries)(?:-same)?$/;
const NOTE = /^(([a-z_]+)(?:@[0-9a-f-]{36})?)-(strengths_own|worries_own|change|fact|source)$/;
const LIVING = /^living-[a-z0-9_]+(?:@[0-9a-f-]{36})?(?:-same)?$/;

/**
 * @param {Said[]} answers
 * @param {Rules} rules
 * @returns {Record<Where, string[]>}
 */
export function sections(answers, rules) {
  const notes = answers.flatMap(noteOf);
  const of = (/** @type {string} */ whole, /** @type {string} */ key) =>
    notes.find((note) => note.whole === whole && note.key === key)?.said.value ?? '';
  /** Sections that know something from a child or a neighbour: what worries there would tell who said it. */
  const secret = new Set(
    notes.filter(({ key, said }) => key === 'source' && rules.restricted.includes(said.value)).map(({ section }) => section),
  );
  const worried = new Set(answers.flatMap(({ name, skip }) => (skip ? [] : (CHIPS.exec(name)?.[2] === 'worries' ? [name.split('-')[0]] : []))));
  /** @type {Record<Where, string[]>} */
  const found = { good: [], better: [], hard: [] };
  const put = (/** @type {Where} */ where, /** @type {string} */ line) => void found[where].push(line);

  for (const said of answers) {
    const chip = said.skip ? null : CHIPS.exec(said.name);
    if (chip?.[2] === 'strengths') put('good', named(said.words, said.about));
    if (chip?.[2] === 'worries' && !secret.has(chip[1] ?? '') && !rules.unsaid.includes(said.value.split('@')[0] ?? '')) {
      put('hard', named(said.words, said.about));
    }
    if (LIVING.test(said.name) && said.value === 'no') put('hard', missing(said, answers, rules));
    for (const { section, whole, key } of noteOf(said)) {
      if (key === 'strengths_own') put('good', said.words);
      if (key === 'change' && said.value === 'better') put('better', named(rules.titles[section] ?? '', said.about));
      if (secret.has(section)) continue;
      if (key === 'worries_own') put('hard', said.words);
      if (key === 'fact') put(placeOf(of(whole, 'change'), worried.has(section)), said.words);
    }
  }
  return found;
}

/**
 * Where a fact belongs: to what became better, to what is hard, else to what works.
 * @param {string} change
 * @param {boolean} worried
 * @returns {Where}
 */
const placeOf = (change, worried) => (change === 'better' ? 'better' : change === 'harder' || worried ? 'hard' : 'good');

/** @param {Said} said  @returns {Note[]} one note or none */
function noteOf(said) {
  const [, whole = '', section = '', key = ''] = NOTE.exec(said.name) ?? [];
  return key ? [{ section, whole, key, said }] : [];
}

/**
 * @param {Said} said  a statement about the home that was answered «нет»
 * @param {Said[]} answers
 * @param {Rules} rules
 */
function missing(said, answers, { words }) {
  const fact = answers.find(({ name }) => name === `${said.name.replace(/-same$/, '')}-fact`)?.words ?? '';
  return [filled(words['missing'] ?? '', { what: named(said.title, said.about) }), fact].filter(Boolean).join('. ');
}

/**
 * «Миша: есть своё спальное место».
 * @param {string} words
 * @param {string} whom  a person's name, or '' for the whole family
 */
const named = (words, whom) => (whom && words ? `${whom}: ${words[0]?.toLowerCase()}${words.slice(1)}` : words);
