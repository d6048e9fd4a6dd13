/**
 * «Дописать или исправить»: what was sealed is never changed; a new draft takes over what its copy says and, once it is
 * done, travels as an envelope of its own that names the one it takes the place of.
 */
import { text } from '../lib/bytes.js';
import { all, get } from '../lib/db.js';
import { uuid7 } from '../lib/uuid.js';
import { headerOf } from '../outbox/envelope.js';
import { items, labelKey } from '../outbox/store.js';
import { current, decrypt } from '../vault/vault.js';
import { saveDraft } from './draft.js';
import { keepPage, pageOf } from './own_page.js';

/** @typedef {import('./draft.js').Draft} Draft */
/** @typedef {import('./draft.js').DraftPhoto} DraftPhoto */

const PHOTO = /^photos-(\d+)-(\w+)$/;

/**
 * The records that can be supplemented: their copy is here, and nothing has taken their place yet.
 * @returns {Promise<Set<string>>} groups
 */
export async function amendable() {
  const { db } = current();
  const visits = (await items(db)).filter(({ kind }) => kind === 'visit');
  const replaced = new Set(visits.map(({ header }) => headerOf(header).supersedes));
  const copies = new Set((await all(db, 'copies')).map(({ id }) => id));
  return new Set(visits.filter(({ id }) => copies.has(id) && !replaced.has(id)).map(({ group }) => group));
}

/**
 * A draft that takes over what a record says; on the disk when this resolves.
 * @param {import('../outbox/store.js').Item} item
 * @returns {Promise<Draft>}
 */
export async function amendment(item) {
  const { db } = current();
  const [copy, named] = [await get(db, 'copies', item.id), await get(db, 'copies', labelKey(item.group))];
  const label = named ? JSON.parse(text(await decrypt(`copies|${labelKey(item.group)}`, named))) : {};
  const pairs = [...new URLSearchParams(text(await decrypt(`copies|${item.id}`, copy)))];
  const of = (/** @type {string} */ name) => pairs.find(([key]) => key === name)?.[1] ?? '';
  const id = uuid7();
  /** @type {Draft} */
  const draft = {
    id,
    family: of('family'),
    surname: label.family ?? '',
    form_version: of('form_version'),
    fields: pairs.filter(([name]) => !PHOTO.test(name) && name !== 'finish').map(([name, value]) => [name, name === 'id' ? id : value]),
    photos: photosOf(pairs),
    step: 'tasks',
    place: null,
    chooser: false,
    saved_at: Date.now(),
    supersedes: item.id,
  };
  const page = await pageOf(item.group);
  if (page) await keepPage(id, page);
  await saveDraft(draft);
  return draft;
}

/**
 * The pictures that were announced: their bytes travelled on their own and do not travel again.
 * @param {import('./fields.js').Pair[]} pairs
 * @returns {DraftPhoto[]}
 */
function photosOf(pairs) {
  /** @type {Record<string, string>[]} */
  const rows = [];
  for (const [name, value] of pairs) {
    const [, n, key = ''] = PHOTO.exec(name) ?? [];
    if (n !== undefined) rows[Number(n)] = { ...rows[Number(n)], [key]: value };
  }
  return rows.filter(Boolean).map((row) => /** @type {DraftPhoto} */ (/** @type {unknown} */ ({ place: '', purpose: '', caption: '', taken_at: '', ...row, size: 0, announced: true })));
}
