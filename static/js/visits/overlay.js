/**
 * Something that takes the whole glass for a while: the viewfinder, a picture for the family, the editor.
 *
 * It is no modal dialog of the browser's: those lie above the cover that hides the page when the phone is put away.
 * Back, Esc and its own `[data-close]` end it; the lock takes it with the page.
 */
import { fromTemplate } from '../lib/dom.js';

/**
 * @param {string} template
 * @param {{ ended: () => void }} on  `ended`: it is off the glass, whoever took it
 * @returns {{ box: HTMLElement, close: () => void }}
 */
export function openOverlay(template, { ended }) {
  const app = /** @type {HTMLElement} */ (document.getElementById('app'));
  const box = fromTemplate(template);
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const others = /** @type {HTMLElement[]} */ ([...app.children]).filter((one) => !one.inert);
  for (const one of others) one.inert = true;
  app.append(box);
  history.pushState({ step: 'photos' }, '', location.hash || '#photos');
  let open = true;

  /** Off the glass, whatever was the reason. */
  function end() {
    if (!open) return;
    open = false;
    document.removeEventListener('curator:leave', end);
    removeEventListener('popstate', end);
    box.remove();
    for (const one of others) one.inert = false;
    if (before?.isConnected) before.focus({ preventScroll: true });
    ended();
  }

  function close() {
    if (!open) return;
    end();
    history.back();
  }

  document.addEventListener('curator:leave', end);
  addEventListener('popstate', end);
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  });
  box.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-close]')) close();
  });
  box.tabIndex = -1;
  box.focus({ preventScroll: true });
  return { box, close };
}
