/**
 * Words as people search for them on a phone without a network: ё as е, without endings, one letter wrong. The same
 * rules as curator_app/families/words.py; the words of a row come from the server, so only the question is read here.
 */

const SURE = 4;
const KNOWN = 3;
const ENDING = /^(.{3,}?)(?:ыми|ими|ого|его|ому|ему|ая|яя|ую|юю|ою|ею|ой|ей|ий|ый|ые|ие|ых|их|ым|им|ом|ем|ах|ях|[аяоеиыуюйь])$/u;
const OF_ADDRESSES = new Set(['ул', 'кв', 'дом', 'пер', 'пос', 'пр', 'просп']);

/**
 * What was typed, as words without endings and initials.
 * @param {string} text
 * @returns {{ words: string[], initials: string[] }}
 */
export function asked(text) {
  const plain = text.normalize('NFC').toLowerCase().replaceAll('ё', 'е');
  const found = (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !OF_ADDRESSES.has(word)).map(stem);
  const words = found.filter((word) => word.length > 1 || /\d/.test(word));
  const initials = found.filter((word) => !words.includes(word));
  return words.length ? { words, initials } : { words: initials.slice(0, 1), initials: initials.slice(1) };
}

/** @param {string} word */
const stem = (word) => (/\d/.test(word) ? word : word.replace(ENDING, '$1'));

/**
 * Whether a row's words hold everything that was asked for, as it is written.
 * @param {string[]} wanted
 * @param {string[]} words
 */
export const fits = (wanted, words) => wanted.every((word) => words.some((one) => one.startsWith(word)));

/**
 * The same with one letter of each word wrong, missing, extra or swapped.
 * @param {string[]} wanted
 * @param {string[]} words
 */
export const nearlyFits = (wanted, words) =>
  wanted.every((word) => words.some((one) => one.startsWith(word) || (sure(word) && one.length >= KNOWN && oneLetterApart(word, one))));

/** @param {string} word */
const sure = (word) => word.length >= SURE && !/\d/.test(word);

/**
 * @param {string} one
 * @param {string} other
 */
export function oneLetterApart(one, other) {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [left, right] = [one.slice(start), other.slice(start)];
  const swapped = left.length > 1 && left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2);
  return left.slice(1) === right.slice(1) || left.slice(1) === right || left === right.slice(1) || swapped;
}
