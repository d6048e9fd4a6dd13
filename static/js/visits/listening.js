/** What the form listens to while a visit is written. Keys and taps come often: nothing slow here. */
import { FIRST, showNext, showOutcome } from './steps.js';
import { dayTapped, tapped } from './taps.js';

/**
 * @param {HTMLFormElement} form
 * @param {{ changed: () => void, settle: () => Promise<void>, show: import('./writing.js').Visit['show'], left: (field: Element | null) => void }} on
 */
export function listen(form, { changed, settle, show, left }) {
  form.addEventListener('input', changed);
  form.addEventListener('change', ({ target }) => {
    changed();
    if (!(target instanceof Element)) return;
    tapped(target);
    if (!target.matches('[name=outcome]')) return;
    showOutcome(form);
    showNext(form);
  });
  form.addEventListener('focusout', (event) => {
    left(/** @type {Element | null} */ (event.target));
    afterFrame(() => void settle());
  });
  form.addEventListener('click', (event) => {
    dayTapped(event);
    const button = event.target instanceof Element ? event.target.closest('[data-go-step]') : null;
    if (!(button instanceof HTMLElement)) return;
    event.preventDefault();
    show(button.dataset['goStep'] ?? FIRST, 'push');
  });
}

/**
 * What follows the keyboard and the thumb is painted first; gathering and encrypting come after it.
 * @param {() => void} work
 */
const afterFrame = (work) => void requestAnimationFrame(() => setTimeout(work));
