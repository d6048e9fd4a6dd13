/** The door of a phone that was switched off: what became of the records, and nothing that opens. */
import { hear } from '../lib/bus.js';
import { fill, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { activeEnrolment } from './enrolments.js';
import { showOthers } from './others.js';
import { isOpen } from './vault.js';

/** Show the door as soon as the phone in use here is switched off. A page that stands open goes, with all it holds. */
export function watchClosing() {
  hear('closed', async () => {
    const entry = await activeEnrolment();
    if (!entry?.closed) return;
    if (isOpen()) location.replace('/today');
    else await showClosed(entry);
  });
}

/**
 * @param {{ short: string, closed?: 'lost' | 'gone' }} entry
 */
export async function showClosed({ short, closed }) {
  // What is sealed goes on to the server.
  void import('../outbox/triggers.js').then(({ startTriggers }) => startTriggers());
  const screen = one(document, '#lock');
  const words = refusal(closed === 'gone' ? 'phone_wiped' : 'phone_lost');
  fill(screen, { title: `${words.what} ${words.safe}`, text: words.do, message: null });
  for (const way of screen.querySelectorAll('form, [data-open]')) /** @type {HTMLElement} */ (way).hidden = true;
  one(screen, '[data-elsewhere]').hidden = false;
  screen.hidden = false;
  await showOthers(screen, short);
}
