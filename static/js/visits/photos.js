/**
 * The photo step: choosers, tiles with a place and a purpose, taking one away and back.
 *
 * DOM: `input[data-photo-input]`, `ul[data-photo-list]`, `[data-photo-state]`; templates `photo-tile` (an `img`,
 * controls `[data-photo-field=place|purpose|caption]`, `[data-photo-remove]`) and `photo-gone` (`[data-undo]`).
 */
import { fromTemplate, maybe, one } from '../lib/dom.js';
import { megabytes, refusal, t } from '../lib/texts.js';
import { chooserClosed, chooserOpened } from '../vault/lock.js';
import { dropPhoto, photoBytes, takePhoto } from './photo_store.js';

/** @typedef {import('./draft.js').DraftPhoto} DraftPhoto */

const UNDO_MS = 8000;
/** Bytes; «0 МБ» would read as a picture that is not there. */
const LEAST_SHOWN = 100_000;

/**
 * The photos of the visit at hand.
 * @param {HTMLElement} form
 * @param {string} draftId
 * @param {DraftPhoto[]} photos  changed in place
 * @param {{ save: (chooser: boolean) => Promise<void>, changed: () => void }} draft
 * @returns {{ idle: () => Promise<unknown>, end: () => void }} `idle`: when no picture is on its way from a chooser;
 *   `end`: lets go of the pictures in memory
 */
export function startPhotos(form, draftId, photos, { save, changed }) {
  /** @type {Set<string>} */
  const addresses = new Set();
  /** @type {Promise<unknown>} */
  let coming = Promise.resolve();
  const list = one(form, '[data-photo-list]');
  list.replaceChildren();

  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('input[data-photo-input]'))) {
    input.addEventListener('click', () => {
      chooserOpened();
      // Android may kill the page while its camera is open: everything typed is on the disk before that.
      void save(true);
    });
    input.addEventListener('cancel', () => chooserClosed());
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])];
      input.value = ''; // the same file may be chosen again
      chooserClosed();
      coming = Promise.all([coming, arrived(files)]);
    });
  }
  for (const photo of photos) void tile(photo);

  /** @param {File[]} files */
  async function arrived(files) {
    say(null);
    for (const file of files) {
      const photo = await takePhoto(file, draftId).catch(() => 'full');
      if (photo === 'full') return say('storage_full_photo');
      if (!photo || typeof photo === 'string') {
        say('photo_not_picture');
        continue;
      }
      photos.push(photo);
      await save(false);
      await tile(photo);
      changed();
    }
  }

  /** @param {DraftPhoto} photo */
  async function tile(photo) {
    const item = fromTemplate('photo-tile', { size: t('queue.size', { mb: megabytes(Math.max(photo.size, LEAST_SHOWN)) }) });
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
    const bytes = await photoBytes(photo.id);
    if (!bytes) return;
    const address = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
    addresses.add(address);
    /** @type {HTMLImageElement} */ (one(item, 'img')).src = address;
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
    const forget = setTimeout(() => {
      gone.remove();
      void dropPhoto(photo.id);
    }, UNDO_MS);
    one(gone, '[data-undo]').addEventListener('click', () => {
      clearTimeout(forget);
      photos.splice(index, 0, photo);
      gone.replaceWith(item);
      changed();
    });
    changed();
  }

  /** @param {string | null} id */
  function say(id) {
    const box = maybe(form, '[data-photo-state]');
    if (!box) return;
    box.hidden = id === null;
    if (id === null) return;
    const { what, safe, do: act } = refusal(id);
    box.textContent = `${what} ${safe} ${act}`;
  }

  return {
    idle: () => coming,
    end() {
      for (const address of addresses) URL.revokeObjectURL(address);
    },
  };
}

/** @param {HTMLElement} item */
const controls = (item) => /** @type {HTMLInputElement[]} */ ([...item.querySelectorAll('[data-photo-field]')]);
