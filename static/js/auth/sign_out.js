/** «Выйти» on a phone: the session ends and the vault closes. Nothing is wiped: what waits goes on to the server. */
import { lock } from '../vault/vault.js';
import { csrf, forget } from './session.js';

/** Make every `[data-sign-out]` of the pages to come work. Once per page. */
export function startSignOut() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-sign-out]');
    if (!button) return;
    event.preventDefault();
    void leave();
  });
}

async function leave() {
  await Promise.allSettled([lock('sign-out'), endSession()]);
  forget();
}

/** Without a network the session ends by its age; the vault is closed all the same. */
async function endSession() {
  const headers = { Accept: 'application/json', 'X-CSRFToken': await csrf() };
  await fetch('/sign-out', { method: 'POST', headers, redirect: 'error' });
}
