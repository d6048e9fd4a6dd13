/** «Сдать»: the phone goes on working until what was begun is finished, and says so. */
import { get } from '../lib/db.js';
import { refusal } from '../lib/texts.js';
import { note } from '../transport/page.js';
import { current, isOpen } from '../vault/vault.js';
import { HANDED_IN } from './orders.js';

/** Say it on «Сегодня». Once per page. */
export function startHandedIn() {
  document.addEventListener('curator:page', () => {
    if (location.pathname === '/today' && isOpen()) void say();
  });
}

async function say() {
  if (await get(current().db, 'meta', HANDED_IN)) note(refusal('phone_handed_in'));
}
