/**
 * «Выйти» on a phone: the session ends and the vault closes; what waits goes on to the server. Nothing is wiped.
 * «Убрать данные с телефона» is an act of its own: for a phone that is handed in, and only when nothing lies on it alone.
 */
import { tx } from '../lib/db.js';
import { fill, maybe, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';
import { groupsOf } from '../outbox/groups.js';
import { atStake } from '../outbox/orders.js';
import { items } from '../outbox/store.js';
import { send } from '../outbox/triggers.js';
import { app, note } from '../transport/page.js';
import { go } from '../transport/transport.js';
import { current, lock } from '../vault/vault.js';
import { csrf, forget, post, Refusal } from './session.js';

/** Which button does what, in the pages to come. */
const ACTS = /** @type {const} */ ({
  '[data-sign-out]': askToLeave,
  '[data-leave-yes]': leave,
  '[data-leave-no]': () => ask('leave', null),
  '[data-wipe]': askToWipe,
  '[data-wipe-yes]': wipe,
  '[data-wipe-no]': () => ask('wipe', null),
});

/** Make the buttons work. Once per page. */
export function startLeaving() {
  document.addEventListener('click', (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    for (const [selector, act] of Object.entries(ACTS)) {
      if (!target.closest(selector)) continue;
      event.preventDefault();
      void act();
    }
  });
}

/** With records on their way one is asked first: leaving keeps them under the lock. */
async function askToLeave() {
  const waiting = groupsOf(await items(current().db)).filter(({ state }) => state !== 'on_server').length;
  if (!waiting) return leave();
  ask('leave', t('lock.logout_with_unsent', { n: waiting }));
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

async function askToWipe() {
  const n = await tx(current().db, ['outbox', 'drafts', 'copies'], 'readonly', atStake);
  if (n) return note(refusal('wipe_blocked', { n }), { act: () => void go('/outbox') });
  ask('wipe', t('lock.wipe_sure'));
}

/** The office is told first: from then on the phone is one that was handed in, and the last hello empties it. */
async function wipe() {
  ask('wipe', null);
  try {
    await post('/phone/hand-in', {}, { token: await csrf() });
    await send({ eager: true, asked: true });
  } catch (problem) {
    const said = problem instanceof Refusal && problem.words;
    note(said ? { button: '', ...said } : refusal('only_online', { what_needs: t('lock.wipe_needs') }));
  }
}

/**
 * Ask, or take the question away.
 * @param {'leave' | 'wipe'} name
 * @param {string | null} question
 */
function ask(name, question) {
  const panel = maybe(app(), `[data-ask-${name}]`);
  if (!panel) return;
  panel.hidden = question === null;
  fill(panel, { question });
  if (question !== null) one(panel, 'button').focus();
}
