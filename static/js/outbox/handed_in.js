/** «Сдать»: the phone goes on working until what was begun is finished, and says so. */
import { get } from '../lib/db.js';
import { fromTemplate, maybe, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { app } from '../transport/page.js';
import { current, isOpen } from '../vault/vault.js';
import { HANDED_IN } from './orders.js';

/** Say it on «Сегодня». Once per page. */
export function startHandedIn() {
  document.addEventListener('curator:page', () => {
    if (location.pathname === '/today' && isOpen()) void say();
  });
}

async function say() {
  if (!(await get(current().db, 'meta', HANDED_IN)) || maybe(app(), '[data-handed-in]')) return;
  const { what, safe, do: act } = refusal('phone_handed_in');
  // A box of its own: the page's one note says that nobody is signed in, which is true as well.
  const box = fromTemplate('note', { what, safe, do: act });
  box.dataset['handedIn'] = '';
  one(app(), 'main').prepend(box);
}
