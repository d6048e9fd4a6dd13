/**
 * The page that a visit was begun on, kept with it: a visit is finished on the form it began with, whatever is released
 * meanwhile. Written once, packed, under the vault's key, among the copies; it stays until the record's own copy goes.
 */
import { text, utf8 } from '../lib/bytes.js';
import { get, put } from '../lib/db.js';
import { pack, unpack } from '../lib/packing.js';
import { pageKey } from '../outbox/store.js';
import { current, decrypt, encrypt } from '../vault/vault.js';

const ICONS = /\/static\/dist\/icons-[0-9A-Z]{8}\.svg/;
/** Rows that the page makes by itself, and the page's own fields: a fresh page has them when they are asked for. */
const MADE = /^(promises-|photos-|photo\.|ui\.)/;

/**
 * Keep the page of a draft.
 * @param {string} id  the draft's, or an envelope's
 * @param {string} html
 */
export async function keepPage(id, html) {
  const sealed = await encrypt(`copies|${pageKey(id)}`, utf8(JSON.stringify(await pack(html))));
  await put(current().db, 'copies', { id: pageKey(id), ...sealed });
}

/**
 * As it was kept, still packed: for the transaction that seals the visit.
 * @param {string} id
 * @returns {Promise<string | null>}
 */
export async function packedPage(id) {
  const kept = await get(current().db, 'copies', pageKey(id));
  return kept ? JSON.parse(text(await decrypt(`copies|${pageKey(id)}`, kept))) : null;
}

/**
 * @param {string} id
 * @returns {Promise<string | null>} HTML, or null when none is kept
 */
export async function pageOf(id) {
  const packed = await packedPage(id).catch(() => null);
  return packed === null ? null : withIcons(await unpack(packed), document.querySelector('use')?.getAttribute('href') ?? '');
}

/**
 * A page of an older build names files that this phone may have no more: its icons are today's.
 * @param {string} html
 * @param {string} icon  address of any icon of today
 */
export function withIcons(html, icon) {
  const [sprite = ''] = icon.split('#');
  return ICONS.test(sprite) ? html.replaceAll(new RegExp(ICONS, 'g'), sprite) : html;
}

/**
 * Whether this page can hold what a draft says: the same release, and a place for every answer.
 * @param {HTMLFormElement} form
 * @param {import('./draft.js').Draft} draft
 */
export function fits(form, draft) {
  if (form.dataset['formVersion'] !== draft.form_version) return false;
  const controls = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[name]'));
  const choices = new Set();
  const texts = new Set();
  for (const { type, name, value } of controls) {
    if (type === 'checkbox' || type === 'radio') choices.add(`${name}\n${value}`);
    else texts.add(name);
  }
  return draft.fields.every(([name, value]) => value === '' || MADE.test(name) || texts.has(name) || choices.has(`${name}\n${value}`));
}
