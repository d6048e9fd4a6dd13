/** «Готово»: the form's fields and its photos become envelopes; the page that follows comes from its template. */
import { hex, sha256 } from '../lib/bytes.js';
import { fromTemplate } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { keepStorage } from '../pwa/register.js';
import { recordTitle } from '../outbox/words.js';
import { sealedFields } from './fields.js';
import { packedPage } from './own_page.js';
import { photoBytes } from './photo_store.js';

/** @typedef {import('./draft.js').Draft} Draft */

/** The part that seals is large and needed last; it comes while the form is being filled in. */
export const sealer = () => import('../outbox/queue.js');

/**
 * Seal a visit; once this resolves it lies in the outbox and the draft is gone.
 * @param {HTMLFormElement} form
 * @param {Draft} draft
 * @returns {Promise<string>} HTML of the page that says so
 * @throws {DOMException} when the phone did not take it; the draft is as it was
 */
export async function sealVisit(form, draft) {
  const fields = sealedFields(form);
  const { group, photos: n } = await sealDraft(draft, fields);
  void keepStorage().catch(() => {}); // there is something worth keeping now
  const about = `${recordTitle({ family: draft.surname, on: valueOf(fields, 'on') })}.`;
  const text = n ? t('visit.sealed_photos', { about, n }) : t('visit.sealed', { about });
  return fromTemplate('done', { text, state: { 'data-outbox-state': group } }).innerHTML;
}

/**
 * A draft and its photos become envelopes.
 * @param {Draft} draft
 * @param {import('./fields.js').Pair[]} fields  what is sealed of its form
 * @returns {Promise<{ group: string, photos: number }>} the record in the outbox, and how many pictures go with it
 * @throws {DOMException} when the phone did not take it; the draft is as it was
 */
export async function sealDraft(draft, fields) {
  const photos = [];
  for (const photo of draft.photos) {
    const bytes = await photoBytes(photo.id);
    if (!bytes && !photo.announced) continue;
    // The page may have died between a changed picture and its draft: what lies on the disk is what is sealed.
    photos.push({ ...photo, bytes, ...(bytes ? { sha256: hex(await sha256(bytes)) } : {}) });
  }
  const lines = photos.flatMap((photo, n) =>
    /** @type {const} */ (['id', 'sha256', 'place', 'purpose', 'caption', 'taken_at', 'allowed_by', 'shown']).map(
      (key) => /** @type {import('./fields.js').Pair} */ ([`photos-${n}-${key}`, photo[key] ?? '']),
    ),
  );
  const { queueVisit } = await sealer();
  const { group } = await queueVisit({
    visitId: draft.id,
    familyId: draft.family,
    formVersion: draft.form_version,
    fields: [...fields, ...lines],
    photos: photos.flatMap(({ id, bytes }) => (bytes ? [{ id, bytes }] : [])),
    remove: { drafts: [draft.id], photos: draft.photos.map(({ id }) => id) },
    label: {
      family: draft.surname,
      on: valueOf(fields, 'on'),
      outcome: valueOf(fields, 'outcome'),
      ...(draft.supersedes ? { kind: 'correction' } : {}),
    },
    page: await packedPage(draft.id).catch(() => null),
    supersedes: draft.supersedes ?? null,
  });
  return { group, photos: photos.filter(({ bytes }) => bytes).length };
}

/**
 * @param {import('./fields.js').Pair[]} fields
 * @param {string} name
 */
const valueOf = (fields, name) => fields.find(([key]) => key === name)?.[1] ?? '';
