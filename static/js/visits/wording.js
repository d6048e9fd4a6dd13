/**
 * «Можно мягче»: finds words that label or blame, and what one might write instead. Pure; it never blocks and never
 * sends anything. What people said themselves is left alone: quotations, and the fields that hold somebody's words.
 */

/** @typedef {{ id: string, pattern: string, why: string, suggestion: string }} Rule */
/**
 * The file's own rules of reading: `wrap` gives a pattern its borders (JavaScript's \b knows no Cyrillic).
 * @typedef {{ flags: string, wrap: string, skip_fields: string[], max_shown: number, once_per_word: boolean }} Meta
 */
/** @typedef {{ skips: (field: string) => boolean, max: number, rules: (Rule & { expression: RegExp })[] }} Book */
/** @typedef {{ id: string, field: string, word: string, at: number, length: number, why: string, suggestion: string }} Hint */

/** Direct speech. Without its closing mark a quotation is none: the hint is only advice either way. */
const QUOTED = /«[^»]*»|„[^“]*“|“[^”]*”|"[^"]*"/gu;
/** A letter with the marks that belong to it, or a run of spaces. */
const CLUSTERS = /\s+|\P{M}\p{M}*/gu;

/**
 * Make the expressions of the file.
 * @param {{ meta: Meta, hints: Rule[] }} file
 * @returns {Book}
 */
export function compile({ meta, hints }) {
  const starts = meta.skip_fields.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const exact = new Set(meta.skip_fields);
  return {
    skips: (field) => exact.has(field) || starts.some((start) => field.startsWith(start)),
    max: meta.max_shown,
    rules: hints.map((rule) => ({
      ...rule,
      expression: new RegExp(meta.wrap.replace('PATTERN', () => rule.pattern), meta.flags),
    })),
  };
}

/**
 * What could be said more gently, in the order of the fields; each word once, and few at a time.
 * @param {Book} book
 * @param {[string, string][]} fields  names and texts
 * @param {Set<string>} [quiet]  ids that the person does not want to hear of
 * @returns {Hint[]}
 */
export function hintsIn(book, fields, quiet = new Set()) {
  /** @type {Map<string, Hint>} */
  const found = new Map();
  for (const [field, text] of fields) {
    if (book.skips(field)) continue;
    for (const hint of inText(book, text)) {
      if (!quiet.has(hint.id) && !found.has(hint.id)) found.set(hint.id, { ...hint, field });
    }
  }
  return [...found.values()].slice(0, book.max);
}

/**
 * @param {Book} book
 * @param {string} text
 * @returns {Omit<Hint, 'field'>[]} by their place in the text
 */
function inText({ rules }, text) {
  const { plain, places } = normalised(text);
  const own = plain.replace(QUOTED, (said) => '\0'.repeat(said.length));
  const hints = rules.flatMap(({ id, why, suggestion, expression }) => {
    const match = expression.exec(own);
    if (!match) return [];
    const at = places[match.index] ?? 0;
    const end = places[match.index + match[0].length] ?? text.length;
    return [{ id, why, suggestion, word: match[0], at, length: end - at }];
  });
  return hints.sort((a, b) => a.at - b.at);
}

/**
 * NFC and single spaces, and where each unit of that stood in the text as it was typed.
 * @param {string} text
 * @returns {{ plain: string, places: number[] }}
 */
function normalised(text) {
  let plain = '';
  /** @type {number[]} */
  const places = [];
  for (const { 0: cluster, index } of text.matchAll(CLUSTERS)) {
    const unit = cluster.trim() ? cluster.normalize('NFC') : ' ';
    for (let n = 0; n < unit.length; n += 1) places.push(index);
    plain += unit;
  }
  return { plain, places };
}
