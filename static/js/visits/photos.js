/**
 * The photo step: permission first, then the viewfinder or a chooser; what came is small and sealed before it is shown.
 *
 * DOM: `[data-photo-camera]`, `[data-photo-system]`, `input[data-photo-input]`, `ul[data-photo-list]`, `[data-photo-state]`;
 * the permission is permission.js's, the tiles are photo_tiles.js's, the viewfinder is camera.js's and comes when it is asked for.
 */
import { maybe } from '../lib/dom.js';
import { picturesLeft } from '../lib/reserve.js';
import { refusal } from '../lib/texts.js';
import { current } from '../vault/vault.js';
import { chooserClosed, chooserOpened } from '../vault/lock.js';
import { startPermission } from './permission.js';
import { takePhoto } from './photo_store.js';
import { startTiles } from './photo_tiles.js';

/** @typedef {import('./draft.js').DraftPhoto} DraftPhoto */
/** @typedef {import('./permission.js').About} About */

/**
 * The photos of the visit at hand.
 * @param {HTMLElement} form
 * @param {string} draftId
 * @param {DraftPhoto[]} photos  changed in place
 * @param {{ save: (chooser: boolean) => Promise<void>, changed: () => void }} draft
 * @returns {{ idle: () => Promise<unknown>, look: () => void, end: () => void }} `idle`: when no picture is on its way
 *   from a chooser; `look`: whether there is room for more; `end`: lets go of the pictures in memory
 */
export function startPhotos(form, draftId, photos, { save, changed }) {
  /** @type {Promise<unknown>} */
  let coming = Promise.resolve();
  let left = Infinity;
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('input[data-photo-input]'));
  const button = /** @type {HTMLButtonElement | null} */ (maybe(form, '[data-photo-camera]'));
  const permission = startPermission(form, photos, allow);
  const tiles = startTiles(form, draftId, photos, { save: () => save(false), changed, label: permission.label });

  for (const input of inputs) {
    input.addEventListener('click', () => {
      chooserOpened();
      // Android may kill the page while its camera is open: everything typed is on the disk before that.
      void save(true);
    });
    input.addEventListener('cancel', () => {
      chooserClosed();
      void save(false);
    });
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])];
      input.value = ''; // the same file may be chosen again
      chooserClosed();
      const about = permission.given();
      if (about) coming = Promise.all([coming, arrived(files, about)]);
    });
  }
  button?.addEventListener('click', () => void viewfinder());
  permission.show();

  /** Nothing is taken before it was allowed, and nothing that the phone has no room for. */
  function allow() {
    const allowed = permission.given() !== null && left > 0;
    for (const input of inputs) input.disabled = !allowed;
    if (button) button.disabled = !allowed;
  }

  async function viewfinder() {
    const about = permission.given();
    if (!about) return;
    say(null);
    await save(false);
    const { openCamera } = await import('./camera.js');
    const problem = await openCamera({
      allowed: allowed(about),
      last: permission.last(),
      label: (/** @type {string} */ place) => permission.label('place', place),
      take(picture, chosen) {
        const answer = arrived([picture], chosen, new Date());
        coming = Promise.all([coming, answer]);
        return answer;
      },
    });
    if (!problem || !form.isConnected) return;
    say(problem);
    const system = maybe(form, '[data-photo-system]');
    if (!button || !system) return;
    [button.hidden, system.hidden] = [true, false];
    maybe(system, 'input')?.focus();
  }

  /** @param {About} about  @returns {About[]} this one first, then what else was allowed today */
  function allowed(about) {
    const others = photos.filter(({ place, purpose, allowed_by }) => place !== about.place && purpose && allowed_by);
    const places = new Map(others.map(({ place, purpose, allowed_by = '' }) => [place, { place, purpose, allowed_by }]));
    return [about, ...places.values()];
  }

  /**
   * @param {(File | ImageBitmap)[]} files
   * @param {About} about
   * @param {Date} [at]  when the shutter was pressed; a file says so by itself
   * @returns {Promise<string | null>} the refusal that was said, if there was one
   */
  async function arrived(files, about, at) {
    say(null);
    let problem = null;
    for (const file of files) {
      const photo = await takePhoto(file, draftId, at).catch(() => 'full');
      if (photo === 'full') return full();
      if (!photo || typeof photo === 'string') {
        problem = say('photo_not_picture');
        continue;
      }
      photos.push(Object.assign(photo, about));
      await save(false);
      await tiles.add(photo);
      changed();
    }
    return problem ?? (await look());
  }

  /** Say it while there is still room for some. @returns {Promise<string | null>} the refusal, when there is none */
  async function look() {
    left = await picturesLeft(current().db);
    allow();
    if (left < Infinity) say(left ? 'storage_almost_full' : 'storage_full_photo');
    return left ? null : 'storage_full_photo';
  }

  function full() {
    left = 0;
    allow();
    return say('storage_full_photo');
  }

  /** @param {string | null} id */
  function say(id) {
    const box = maybe(form, '[data-photo-state]');
    if (!box) return id;
    box.hidden = id === null;
    if (id === null) return id;
    const { what, safe, do: act } = refusal(id, { n: left });
    box.textContent = `${what} ${safe} ${act}`;
    return id;
  }

  return { idle: () => coming, look: () => void look().catch(() => {}), end: tiles.end };
}
