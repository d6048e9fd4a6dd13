/**
 * The reserve phrase: six of 2048 Russian words, 66 bits, drawn on the phone and kept on paper only.
 * The list is the Russian one of BIP-39; its words differ within their first four letters.
 */

export const PHRASE_WORDS = 6;
const LETTERS_THAT_DECIDE = 4;

/**
 * Draw the words uniformly.
 * @param {readonly string[]} list  2048 words; a power of two, so that masking random bits favours none
 * @returns {string[]} six words, repeats possible as in any fair draw
 * @throws {RangeError} when the list has another length (a truncated download)
 */
export function drawPhrase(list) {
  if (list.length !== 2048) throw new RangeError(`the list has ${list.length} words, not 2048`);
  return Array.from(crypto.getRandomValues(new Uint16Array(PHRASE_WORDS)), (bits) => /** @type {string} */ (list[bits % 2048]));
}

/**
 * Two different places of the phrase to type back, in order.
 * @returns {[number, number]} indices 0…5
 */
export function placesToCheck() {
  const [first = 0, step = 0] = crypto.getRandomValues(new Uint8Array(2));
  const one = first % PHRASE_WORDS;
  const other = (one + 1 + (step % (PHRASE_WORDS - 1))) % PHRASE_WORDS;
  return one < other ? [one, other] : [other, one];
}

/**
 * A word as it is compared: composed letters, lower case, ё as е.
 * @param {string} word
 */
export const canonicalWord = (word) => word.normalize('NFC').trim().toLowerCase().replaceAll('ё', 'е');

/**
 * The phrase as the key is made of it: canonical words with single spaces.
 * @param {readonly string[]} words
 */
export const canonicalPhrase = (words) => words.map(canonicalWord).join(' ');

/**
 * The word that a beginning decides, once four letters are typed.
 * @param {string} typed
 * @param {readonly string[]} list
 * @returns {string | null} null while too short or when no word begins so
 */
export function completed(typed, list) {
  const start = canonicalWord(typed);
  if (start.length < LETTERS_THAT_DECIDE) return null;
  return list.find((word) => canonicalWord(word).startsWith(start)) ?? null;
}

/**
 * Words out of anything pasted: divided by spaces, line ends, commas or numbers.
 * @param {string} pasted
 */
export const wordsOf = (pasted) => canonicalWord(pasted).split(/[^а-я]+/).filter(Boolean);
