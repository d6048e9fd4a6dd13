/**
 * What a hand does on the glass, without the glass: each call here is one act of a curator, made of the client's own
 * modules from the draft down to the sealed bytes. What is played is only the form: its fields come from the test.
 * A release's client is this file and all that it imports, bundled (tests/queue_fixtures).
 */
import { text } from '../../static/js/lib/bytes.js';
import { all, get, openEnrolment, put } from '../../static/js/lib/db.js';
import { uuid7 } from '../../static/js/lib/uuid.js';
import { headerOf } from '../../static/js/outbox/envelope.js';
import { queueForm } from '../../static/js/outbox/queue.js';
import { resealUnreadable } from '../../static/js/outbox/reseal.js';
import { items, line } from '../../static/js/outbox/store.js';
import { send } from '../../static/js/outbox/triggers.js';
import { alarms, fresh, keep } from '../../static/js/urgent/record.js';
import { sendAct } from '../../static/js/urgent/sending.js';
import { makeVault, openByPasskey, remember, vaultDoor } from '../../static/js/vault/enrolments.js';
import { current, decrypt, isOpen, lock as lockVault } from '../../static/js/vault/vault.js';
import { amendable, amendment } from '../../static/js/visits/amendment.js';
import { drafts, saveDraft } from '../../static/js/visits/draft.js';
import { replacePhoto } from '../../static/js/visits/photo_store.js';
import { sealDraft } from '../../static/js/visits/sealing.js';

/** @typedef {[string, string][]} Pairs */
/** @typedef {{ family: string, surname: string, form_version: string, fields: Pairs }} Written */


const CREDENTIAL = 'the-only-passkey';
const secret = Uint8Array.from({ length: 32 }, (_, n) => n).buffer;
const phrase = ['абзац', 'ёжик', 'дом', 'река', 'поле', 'лес'];

/**
 * Enrol: the vault is made, the key half that the server needs is returned.
 * @param {{ id: string, short: string, sync: unknown }} enrolment
 */
export async function enrol({ id, short, sync }) {
  const key = await makeVault({ id, short }, { credential: CREDENTIAL, prf: secret, phrase, words: [] });
  await put(await openEnrolment(short), 'meta', sync, 'sync_key');
  await remember({ id, short, kind: 'field' });
  return key;
}

/** The finger: the vault opens, and what the server could not read is sealed anew. @param {{ short: string }} which */
export async function unlock({ short }) {
  const { meta } = await vaultDoor(short);
  if (!(await openByPasskey(meta, CREDENTIAL, secret))) throw new Error('the vault did not open');
  await resealUnreadable();
  void send({ eager: true });
}

export const lock = () => lockVault('hide');

/**
 * «Начать посещение» and the first letters; pictures as they are taken.
 * @param {Written & { id?: string, photos?: string[] }} what  photos: base64
 */
export async function write({ family, surname, form_version, fields, photos = [], id = uuid7() }) {
  const own = [['id', id], ['family', family], ['form_version', form_version]];
  const draft = { id, family, surname, form_version, fields: [...own, ...fields], photos: [], step: 'tasks', place: null, chooser: false, saved_at: Date.now() };
  await saveDraft(/** @type {any} */ (draft));
  await addPhotos(/** @type {any} */ (draft), photos);
  return id;
}

/** @param {import('../../static/js/visits/draft.js').Draft} draft @param {string[]} photos */
async function addPhotos(draft, photos) {
  for (const coded of photos) {
    const id = uuid7();
    const bytes = Uint8Array.from(Buffer.from(coded, 'base64'));
    const stored = await replacePhoto(id, draft.id, bytes);
    draft.photos.push({ id, place: '', purpose: '', caption: '', taken_at: '', allowed_by: '', shown: '', ...stored });
    await saveDraft(draft);
  }
}

/** «Готово» for a draft that lies here. @param {{ id: string }} which  @returns {Promise<string | null>} the record's group */
export async function finish({ id }) {
  const draft = (await drafts()).find((one) => one.id === id);
  return draft ? (await sealDraft(draft, draft.fields)).group : null;
}

/**
 * «Дописать или исправить»: another draft that says what changed. The values that differ replace the former ones.
 * @param {{ group: string, changes: Pairs, photos?: string[] }} what
 * @returns {Promise<string | null>} the new draft; null when this record cannot be amended now
 */
export async function amend({ group, changes, photos = [] }) {
  const item = (await items(current().db)).find((one) => one.group === group && one.kind === 'visit');
  if (!item || !(await amendable()).has(group) || (await drafts()).some((draft) => draft.supersedes === item.id)) return null;
  const draft = await amendment(item);
  const changed = new Map(changes);
  draft.fields = [...draft.fields.filter(([name]) => !changed.has(name)), ...changes];
  await saveDraft(draft);
  await addPhotos(draft, photos);
  return draft.id;
}

/** A contact, written and done. @param {Written & { id?: string }} what */
export async function contact({ family, surname, form_version, fields, id = uuid7() }) {
  const label = { family: surname, on: '', outcome: '', kind: 'contact_call' };
  await queueForm({ kind: 'contact', id, familyId: family, formVersion: form_version, fields, label });
  return id;
}

/**
 * What else a form of one screen holds: an acquaintance, «Постановление получено», measures, a signal.
 * @param {Omit<Written, 'family'> & { kind: string, family: string | null, id?: string }} what
 */
export async function short({ kind, family, surname, form_version, fields, id = uuid7() }) {
  await queueForm({ kind, id, familyId: family, formVersion: form_version, fields, label: { family: surname, on: '', outcome: '', kind } });
  return id;
}

/** «Срочно»: begun and raised. @param {Written} what */
export async function alarm({ family, surname, form_version, fields }) {
  const record = { ...fresh({ family, familyName: surname, formVersion: form_version }), fields };
  await keep('alarm', record);
  await sendAct(record, 'raise');
  return record.id;
}

/** What is added to the newest alarm, or its end. @param {{ act: 'note' | 'cancel', fields: Pairs }} what */
export async function alarmAct({ act, fields }) {
  const [record] = (await alarms()).filter(({ raised_at, cancelled_at }) => raised_at && !cancelled_at);
  if (!record) return null;
  record.fields = [...record.fields, ...fields];
  await sendAct(record, act, act === 'cancel' ? [['cancel_reason', 'clear_safe']] : []);
  return record.id;
}

/** «Отправить сейчас». */
export const sendNow = () => send({ eager: true, asked: true });

/** The next try by itself. */
export const sendAgain = () => send();

/**
 * All that lies on this phone, as its owner could see it.
 * @param {{ short: string }} which
 */
export async function look({ short }) {
  const db = await openEnrolment(short);
  const rows = await items(db);
  const found = { open: isOpen(), line: await line(db), rows: /** @type {any[]} */ ([]), drafts: /** @type {any[]} */ ([]) };
  const open = isOpen();
  for (const { header, ...row } of rows) {
    const { supersedes, parts } = headerOf(header);
    const said = open ? await saidBy(row) : {};
    if (said) found.rows.push({ ...row, supersedes, parts, ...said });
  }
  if (open) found.drafts = (await drafts()).map(({ id, photos, fields }) => ({ id, fields, photos: photos.map((photo) => photo.id) }));
  return { ...found, stores: await counts(db) };
}

/** What an envelope says, read from the phone's own copy; null once that was let go of. @param {{ id: string, kind: string }} row */
async function saidBy({ id, kind }) {
  const kept = await get(current().db, 'copies', id);
  if (!kept) return null;
  const body = await decrypt(`copies|${id}`, kept);
  if (kind === 'photo') return JSON.parse(text(body.subarray(0, body.indexOf(10))));
  return { fields: [...new URLSearchParams(text(body))] };
}

/** @param {import('../../static/js/lib/db.js').Database} db */
async function counts(db) {
  const found = {};
  for (const store of Object.keys(db.stores)) Object.assign(found, { [store]: (await all(db, store)).length });
  return found;
}
