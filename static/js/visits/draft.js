/**
 * An unfinished visit on the disk, under the vault's key: fields, photos, and the place of the cursor.
 * Every promise here resolves at `oncomplete`: only then may a page say «Сохранено».
 */
import { tell } from '../lib/bus.js';
import { text, utf8 } from '../lib/bytes.js';
import { all, tx, writable } from '../lib/db.js';
import { maybe, one } from '../lib/dom.js';
import { clockTime, t } from '../lib/texts.js';
import { pageKey } from '../outbox/store.js';
import { current, decrypt, encrypt } from '../vault/vault.js';
import { mustFit } from '../lib/reserve.js';
import { uuid7 } from '../lib/uuid.js';
import { forgetAside, setAside } from './aside.js';

/** @typedef {'contact' | 'acquaintance' | 'acknowledgement' | 'signal' | 'measure' | 'plan'} ShortKind  of a form of one screen */
/**
 * @typedef {{ id: string, place: string, purpose: string, caption: string, taken_at: string, sha256: string, size: number,
 *             allowed_by?: string, shown?: string, announced?: boolean }} DraftPhoto  `allowed_by`: the adult; `shown`: '1' once
 *   the family saw it; `announced`: an earlier version of the record brought it; its bytes are gone from here
 * @typedef {object} Draft
 * @property {string} id  the record's own id
 * @property {ShortKind} [kind]  what it is, where it is no visit
 * @property {string} family  UUID; '' for a signal of a family that is nobody's yet
 * @property {string} surname
 * @property {string} form_version
 * @property {import('./fields.js').Pair[]} fields
 * @property {DraftPhoto[]} photos
 * @property {string} step
 * @property {import('./fields.js').Place | null} place
 * @property {boolean} chooser  a camera or file chooser was out when this was saved
 * @property {number} saved_at  milliseconds
 * @property {number} [rev]  how often it was saved: who has read an older state than lies on the disk writes nothing
 * @property {string} [supersedes]  the envelope that this takes the place of: a supplement or a correction
 */

/**
 * Store a draft.
 * @param {Draft} draft  `rev` is counted here
 * @throws {DOMException} when the phone did not take it; InvalidStateError when another tab wrote or sealed it meanwhile
 */
export async function saveDraft(draft) {
  const { rev = 0, ...content } = draft;
  const sealed = await encrypt(`drafts|${draft.id}`, utf8(JSON.stringify(content)));
  const { db } = current();
  const write = () => tx(db, 'drafts', 'readwrite', async (transaction) => {
    const store = writable(transaction, 'drafts');
    const lies = /** @type {{ rev?: number } | undefined} */ (await store.get(draft.id));
    if (rev !== (lies?.rev ?? 0)) throw new DOMException('another tab has written this draft', 'InvalidStateError');
    await store.put({ id: draft.id, rev: rev + 1, ...sealed });
  });
  try {
    await mustFit(db, write);
  } catch (problem) {
    setAside(draft.id, rev, sealed);
    throw problem;
  }
  forgetAside(draft.id);
  draft.rev = rev + 1;
  tell('draft');
}

/**
 * All drafts of this enrolment, the newest first.
 * @returns {Promise<Draft[]>}
 */
export async function drafts() {
  // Other forms' drafts lie here as well and say their kind.
  const stored = (await all(current().db, 'drafts')).filter(({ kind = 'visit' }) => kind === 'visit');
  const open = await Promise.all(
    stored.map(async ({ id, rev, iv, ct }) => /** @type {Draft} */ ({ ...JSON.parse(text(await decrypt(`drafts|${id}`, { iv, ct }))), rev })),
  );
  return open.sort((a, b) => b.saved_at - a.saved_at);
}

/**
 * Those that somebody has begun to write: a day that was tapped and not planned is no record, and nags nobody. Its page
 * takes it up as it was left.
 * @returns {Promise<Draft[]>}
 */
export const begun = async () => (await drafts()).filter(({ kind }) => kind !== 'plan');

/**
 * Where it is written: the page that a draft is taken up on.
 * @param {Draft} draft
 */
export const pathOf = ({ family, kind }) => (family ? `/families/${family}/${kind ?? 'visit'}` : `/${kind}`);

/**
 * What it is called in a list: «Чижовы, контакт».
 * @param {Draft} draft
 */
export const titleOf = ({ surname, kind }) => {
  const what = kind ? t(`queue.kinds.${kind}`) : '';
  return surname && what ? `${surname}, ${what.toLowerCase()}` : surname || what;
};

/**
 * The unfinished visit (or form of one screen) of a family, if there is one.
 * @param {string} family
 * @param {'visit' | ShortKind} [kind]
 */
export const draftOf = async (family, kind = 'visit') =>
  (await drafts()).find((draft) => draft.family === family && (draft.kind ?? 'visit') === kind) ?? null;

/**
 * Throw an unfinished visit and its photos away.
 * @param {Draft} draft
 */
export async function removeDraft(draft) {
  await tx(current().db, ['drafts', 'photos', 'copies'], 'readwrite', async (transaction) => {
    await writable(transaction, 'drafts').delete(draft.id);
    await writable(transaction, 'copies').delete(pageKey(draft.id));
    await Promise.all(draft.photos.map(({ id }) => writable(transaction, 'photos').delete(id)));
  });
  tell('draft');
}

/**
 * A new visit: its id is minted here, on the phone, and stays with it for good.
 * @param {HTMLFormElement} form  its `id`, `on` and `started` are set
 * @returns {Draft}
 */
export function newDraft(form) {
  const now = new Date();
  const id = uuid7();
  /** @type {HTMLInputElement} */ (one(form, '[name=id]')).value = id;
  const on = maybe(form, '[name=on], [data-today]');
  const started = maybe(form, '[name=started]');
  if (on instanceof HTMLInputElement) on.value = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  if (started instanceof HTMLInputElement) started.value = clockTime(now);
  return {
    id,
    family: form.dataset['family'] ?? '',
    surname: form.dataset['familyName'] ?? '',
    form_version: form.dataset['formVersion'] ?? '',
    fields: [],
    photos: [],
    step: 'tasks',
    place: null,
    chooser: false,
    saved_at: 0,
  };
}
