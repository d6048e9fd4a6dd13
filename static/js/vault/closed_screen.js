/** The door of a phone that was switched off: what became of the records, and nothing that opens. */
import { fill, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { showOthers } from './others.js';

/**
 * @param {{ short: string, closed?: 'lost' | 'gone' }} entry
 */
export async function showClosed({ short, closed }) {
  const screen = one(document, '#lock');
  const words = refusal(closed === 'gone' ? 'phone_wiped' : 'phone_lost');
  fill(screen, { title: `${words.what} ${words.safe}`, text: words.do, message: null });
  for (const way of screen.querySelectorAll('form, [data-open]')) /** @type {HTMLElement} */ (way).hidden = true;
  one(screen, '[data-elsewhere]').hidden = false;
  screen.hidden = false;
  await showOthers(screen, short);
}
