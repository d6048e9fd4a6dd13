/**
 * Words of the interface. They live in the server's texts and arrive as one file after the first paint, so that a
 * sentence is changed in one place; here are only the rules of Russian for filling them.
 */

/** @type {Record<string, any> | null} */
let tables = null;
const forms = new Intl.PluralRules('ru');
const TIME = new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('ru', { day: 'numeric', month: 'long' });
const DAY_OF_YEAR = new Intl.DateTimeFormat('ru', { day: 'numeric', month: 'long', year: 'numeric' });
const NUMBER = new Intl.NumberFormat('ru', { maximumFractionDigits: 1 });

/**
 * Take the words that the page will say.
 * @param {Record<string, any>} all  tables of texts
 */
export function useTexts(all) {
  tables = all;
}

/**
 * Fetch them; the service worker has the file.
 * @param {string} url
 */
export async function loadTexts(url) {
  useTexts(await (await fetch(url, { redirect: 'error' })).json());
}

/**
 * The text at a dotted path with its placeholders filled: `t('status_line.waiting', { n: 3 })`.
 * A placeholder without a value stays visible: a hole must be seen in a test, not hidden from the reader.
 * @param {string} path
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 * @throws {Error} when the page carries no such text
 */
export function t(path, values = {}) {
  const found = table(path);
  if (typeof found !== 'string') throw new Error(`no text "${path}" in this page`);
  return filled(found, values);
}

/**
 * Whatever stands at a dotted path (a table of texts, a list).
 * @param {string} path
 * @returns {any} undefined when there is none
 */
export function table(path) {
  return path.split('.').reduce((/** @type {any} */ at, key) => at?.[key], tables);
}

/**
 * A refusal in its fixed shape: what happened, what is safe, what to do.
 * @param {string} id  key in the table `refusals`
 * @param {Record<string, string | number>} [values]
 * @returns {{ id: string, tone: string, what: string, safe: string, do: string, button: string }}
 */
export function refusal(id, values = {}) {
  const found = table(`refusals.${id}`);
  if (!found) throw new Error(`no refusal "${id}" in this page`);
  /** @param {string} key */
  const part = (key) => filled(found[key] ?? '', values);
  return { id, tone: found.tone, what: part('what'), safe: part('safe'), do: part('do'), button: part('button') };
}

/**
 * Fill `{name}` with values; `{n:запись|записи|записей}` becomes the form that goes with the number n.
 * @param {string} template
 * @param {Record<string, string | number>} values
 */
export function filled(template, values) {
  return template.replace(/\{(\w+)(?::([^}]+))?\}/g, (whole, name, words) => {
    const value = values[name];
    if (value === undefined) return whole;
    return words ? plural(Number(value), words) : String(value);
  });
}

/**
 * The form of a word that goes with a number: `plural(3, 'запись|записи|записей')` is «записи».
 * @param {number} n
 * @param {string} words  one, few, many, divided by `|`
 */
export function plural(n, words) {
  const [one, few, many] = words.split('|');
  const form = forms.select(n);
  return (form === 'one' ? one : form === 'few' ? few : many) ?? words;
}

/** @param {Date} at  @returns {string} «14:05» */
export const clockTime = (at) => TIME.format(at);

/** @param {Date} at  @returns {string} «20 ноября» */
export const day = (at) => DAY.format(at);

/**
 * A moment as one says it: «сегодня в 14:05», «вчера в 18:10», «20 ноября в 18:10».
 * @param {Date} at
 * @param {Date} [now]
 */
export function when(at, now = new Date()) {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const said =
    at >= midnight && at <= now ? 'сегодня'
    : at >= yesterday && at < midnight ? 'вчера'
    : at.getFullYear() === now.getFullYear() ? DAY.format(at)
    : DAY_OF_YEAR.format(at);
  return `${said} в ${clockTime(at)}`;
}

/** @param {number} bytes  @returns {string} megabytes with one decimal: «1,2» */
export const megabytes = (bytes) => NUMBER.format(bytes / 1_000_000);
