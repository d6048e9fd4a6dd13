/**
 * Permission comes before the camera: of an adult, for one place, for one purpose. Another place or purpose is asked anew.
 *
 * DOM: `[data-permission]` with radios `[data-ask=place|purpose|who]` (their `data-say` fills `[data-say-slot]`),
 * `[data-say-any]`, `[data-say-full]`, `[data-ask-hint]`, `img[data-last-place]`, `[data-last-agreed]`.
 */
import { maybe } from '../lib/dom.js';

/** @typedef {{ place: string, purpose: string, allowed_by: string }} About  what a picture takes over */
/** @typedef {{ src: string, on: string }} Last  the picture from last time, when the family agrees to it */

const NOBODY = 'nobody';

/**
 * @param {HTMLElement} form
 * @param {Partial<About>[]} photos  those already taken: what was allowed once is not asked again
 * @param {() => void} changed
 */
export function startPermission(form, photos, changed) {
  const root = maybe(form, '[data-permission]');
  const last = maybe(form, '[data-last-agreed]');
  root?.addEventListener('change', (event) => {
    const { ask } = /** @type {HTMLElement} */ (event.target).dataset;
    if (!ask) return;
    if (ask !== 'who') remember();
    if (ask === 'place') last?.setAttribute('aria-pressed', 'false');
    show();
  });
  root?.addEventListener('load', show, { capture: true }); // last time's pictures come after the page
  last?.addEventListener('click', () => last.setAttribute('aria-pressed', String(last.getAttribute('aria-pressed') !== 'true')));

  /** @param {string} ask */
  const chosen = (ask) => /** @type {HTMLInputElement | null} */ (root?.querySelector(`[data-ask="${ask}"]:checked`));
  const value = (/** @type {string} */ ask) => chosen(ask)?.value ?? '';

  /** Who allowed this very place for this very purpose, if that was asked already; otherwise nobody did. */
  function remember() {
    const known = photos.find(({ place, purpose }) => place === value('place') && purpose === value('purpose'))?.allowed_by;
    for (const one of /** @type {NodeListOf<HTMLInputElement>} */ (root?.querySelectorAll('[data-ask="who"]'))) {
      if (value('who') !== NOBODY) one.checked = one.value === known;
    }
  }

  function show() {
    const full = maybe(form, '[data-say-full]');
    const any = maybe(form, '[data-say-any]');
    const ready = Boolean(chosen('place')?.dataset['say'] && chosen('purpose')?.dataset['say']);
    if (full && any) [full.hidden, any.hidden] = [!ready, ready];
    for (const slot of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-say-slot]'))) {
      slot.textContent = chosen(slot.dataset['saySlot'] ?? '')?.dataset['say'] ?? '';
    }
    for (const hint of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-ask-hint]'))) {
      hint.hidden = hint.dataset['askHint'] !== value('purpose');
    }
    const box = maybe(form, '[data-last-pictures]');
    if (box) box.hidden = !picture();
    changed();
  }

  const picture = () => /** @type {HTMLImageElement | null} */ (root?.querySelector(`img[data-last-place="${value('place')}"][src]`));

  return {
    show,
    /** @returns {About | null} null while nobody has allowed anything */
    given() {
      if (!root) return { place: '', purpose: '', allowed_by: '' }; // a page of an earlier release asks by its tiles
      const about = { place: value('place'), purpose: value('purpose'), allowed_by: value('who') };
      return about.place && about.purpose && about.allowed_by && about.allowed_by !== NOBODY ? about : null;
    },
    /** @returns {Last | null} */
    last() {
      const image = last?.getAttribute('aria-pressed') === 'true' ? picture() : null;
      return image && { src: image.src, on: image.dataset['lastOn'] ?? '' };
    },
    /** @param {string} ask  @param {string} id */
    label: (ask, id) => (maybe(form, `[data-ask="${ask}"][value="${id}"]`)?.closest('label')?.textContent ?? '').trim(),
  };
}
