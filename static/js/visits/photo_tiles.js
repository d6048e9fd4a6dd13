/**
 * The tiles of the pictures taken: what each shows and what for, showing it to the family, hiding a part, taking it away.
 *
 * DOM: `ul[data-photo-list]`; templates `photo-tile` (an `img`, controls `[data-photo-field=place|purpose|caption]`,
 * `[data-photo-show]`, `[data-photo-edit]`, `[data-photo-remove]`) and `photo-gone` (`[data-undo]`).
 */
import { fill, fromTemplate, maybe, one } from '../lib/dom.js';
import { megabytes, t } from '../lib/texts.js';
import { dropPhoto, photoBytes, replacePhoto } from './photo_store.js';

/** @typedef {import('./draft.js').DraftPhoto} DraftPhoto */

const UNDO_MS = 8000;
/** Bytes; «0 МБ» would read as a picture that is not there. */
const LEAST_SHOWN = 100_000;

/**
 * @param {HTMLElement} form
 * @param {string} draftId
 * @param {DraftPhoto[]} photos  changed in place
 * @param {{ save: () => Promise<void>, changed: () => void, label: (ask: string, id: string) => string }} draft
 */
export function startTiles(form, draftId, photos, { save, changed, label }) {
  /** @type {Map<string, string>} photo → its address in memory */
  const addresses = new Map();
  const list = one(form, '[data-photo-list]');
  list.replaceChildren();
  for (const photo of photos) void add(photo);

  /** @param {DraftPhoto} photo */
  async function add(photo) {
    const item = fromTemplate('photo-tile');
    item.dataset['photoTile'] = photo.id;
    list.append(item);
    for (const control of controls(item)) {
      const field = /** @type {'place' | 'purpose' | 'caption'} */ (control.dataset['photoField']);
      control.name = `photo.${photo.id}.${field}`; // «photo.» names are the page's own and are not sealed
      if (control.type === 'radio') control.checked = photo[field] === control.value;
      else control.value = photo[field];
      control.addEventListener('input', () => {
        photo[field] = control.value;
        changed();
      });
    }
    one(item, '[data-photo-remove]').addEventListener('click', () => takeAway(photo, item));
    maybe(item, '[data-photo-show]')?.addEventListener('click', () => void showFamily(photo, item));
    maybe(item, '[data-photo-edit]')?.addEventListener('click', () => void edit(photo, item));
    await show(photo, item);
  }

  /**
   * The picture as it lies on the disk, and what is known of it.
   * @param {DraftPhoto} photo
   * @param {HTMLElement} item
   */
  async function show(photo, item) {
    fill(item, {
      size: photo.size ? t('queue.size', { mb: megabytes(Math.max(photo.size, LEAST_SHOWN)) }) : null,
      allowed: (photo.allowed_by && label('who', photo.allowed_by)) || null,
      shown: photo.shown ? {} : null,
    });
    const bytes = await photoBytes(photo.id);
    for (const act of item.querySelectorAll('[data-photo-show], [data-photo-edit]')) /** @type {HTMLElement} */ (act).hidden = !bytes;
    if (!bytes) return;
    forget(photo.id);
    const address = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
    addresses.set(photo.id, address);
    /** @type {HTMLImageElement} */ (one(item, 'img')).src = address;
  }

  /**
   * @param {DraftPhoto} photo
   * @param {HTMLElement} item
   */
  async function showFamily(photo, item) {
    const { showPicture } = await import('./photo_shown.js');
    const answer = await showPicture(addresses.get(photo.id) ?? '');
    if (!answer || !item.isConnected) return;
    if (answer === 'remove') return takeAway(photo, item);
    photo.shown = '1';
    await save();
    await show(photo, item);
  }

  /**
   * What is hidden or cut off is gone from the phone once this is saved.
   * @param {DraftPhoto} photo
   * @param {HTMLElement} item
   */
  async function edit(photo, item) {
    const bytes = await photoBytes(photo.id);
    if (!bytes) return;
    const { editPicture } = await import('./photo_edit.js');
    const burnt = await editPicture(bytes);
    if (!burnt || !photos.includes(photo)) return;
    Object.assign(photo, await replacePhoto(photo.id, draftId, burnt));
    await save();
    if (item.isConnected) await show(photo, item);
  }

  /**
   * @param {DraftPhoto} photo
   * @param {HTMLElement} item
   */
  function takeAway(photo, item) {
    const index = photos.indexOf(photo);
    photos.splice(index, 1);
    const gone = fromTemplate('photo-gone');
    item.replaceWith(gone);
    const forever = setTimeout(() => {
      gone.remove();
      forget(photo.id);
      void dropPhoto(photo.id);
    }, UNDO_MS);
    one(gone, '[data-undo]').addEventListener('click', () => {
      clearTimeout(forever);
      photos.splice(index, 0, photo);
      gone.replaceWith(item);
      changed();
    });
    changed();
  }

  /** @param {string} id */
  function forget(id) {
    URL.revokeObjectURL(addresses.get(id) ?? '');
    addresses.delete(id);
  }

  return {
    add,
    end() {
      for (const id of [...addresses.keys()]) forget(id);
    },
  };
}

/** @param {HTMLElement} item */
const controls = (item) => /** @type {HTMLInputElement[]} */ ([...item.querySelectorAll('[data-photo-field]')]);
