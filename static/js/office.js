/** An office page: the server's whole page with htmx on top. No vault, no outbox, no service worker. */
import { startThemeChoice } from './lib/theme.js';
import { arrived } from './transport/page.js';
import { startTransport } from './transport/transport.js';

/** Make the page at hand and the ones to come work. */
export function startOffice() {
  startTransport({ field: false });
  startThemeChoice();
  document.addEventListener('curator:page', showWhere);
  arrived(false);
  document.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-print]')) print();
  });
}

/** On a narrow glass the sections are one line that moves: the one at hand comes into sight. */
function showWhere() {
  document.querySelector('.head [aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
}
