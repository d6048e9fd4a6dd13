/** A picture for the family's eyes: alone on the glass, with nothing of the record around it. */
import { one } from '../lib/dom.js';
import { openOverlay } from './overlay.js';

/**
 * @param {string} address  of the picture
 * @returns {Promise<'shown' | 'remove' | null>} null when they went back without an answer
 */
export function showPicture(address) {
  return new Promise((resolve) => {
    /** @type {'shown' | 'remove' | null} */
    let answer = null;
    const { box, close } = openOverlay('photo-shown', { ended: () => resolve(answer) });
    /** @type {HTMLImageElement} */ (one(box, 'img')).src = address;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll('[data-answer]'))) {
      button.addEventListener('click', () => {
        answer = /** @type {'shown' | 'remove'} */ (button.dataset['answer']);
        close();
      });
    }
  });
}
