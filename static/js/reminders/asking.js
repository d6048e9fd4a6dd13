/**
 * «Напоминать о сроках?»: our own question on «Сегодня», once there is a deadline and before the system's, which is
 * asked only once; and the switch on «Ещё».
 *
 * DOM: template `push-ask` (`[data-push-yes]`, `[data-push-no]`); `[data-push-switch]` with `[data-push-on]`,
 * `[data-push-off]`.
 */
import { fill, fromTemplate, maybe, one } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { app } from '../transport/page.js';
import { isOpen } from '../vault/vault.js';
import { about, answered, standing, turnOff, turnOn } from './push.js';

/** Who has no deadline yet is not asked about again at every page. */
const LOOK_AGAIN_MS = 3_600_000;
/** @type {Record<string, string>} */
const SAID = { on: 'on', off: 'off', blocked: 'blocked', install: 'ios_needs_install', unable: 'unable' };
let lookedAt = 0;

/** Once per page. */
export function startAsking() {
  document.addEventListener('curator:page', () => {
    if (!isOpen()) return;
    if (location.pathname === '/today') void ask().catch(() => {}); // no network: another time
    if (maybe(app(), '[data-push-switch]')) void showSwitch().catch(() => {}); // locked meanwhile
  });
}

async function ask() {
  if ((await standing()) !== 'off' || (await answered()) || Date.now() - lookedAt < LOOK_AGAIN_MS) return;
  const known = await about();
  if (!known.deadline) return void (lookedAt = Date.now());
  if (location.pathname !== '/today' || !isOpen() || maybe(app(), '[data-push-ask]')) return;
  const { quiet_from, quiet_to } = known;
  const box = fromTemplate('push-ask', { text: t('push_priming.text', { quiet_from, quiet_to }) });
  one(box, '[data-push-yes]').addEventListener('click', () => void answer(box, turnOn));
  one(box, '[data-push-no]').addEventListener('click', () => void answer(box, turnOff));
  maybe(app(), 'main')?.append(box);
}

/**
 * @param {HTMLElement} box
 * @param {() => Promise<unknown>} act
 */
async function answer(box, act) {
  for (const button of box.querySelectorAll('button')) button.disabled = true;
  const stands = await act().then(standing, () => null);
  const refused = act === turnOff ? 'no_remembered' : 'off';
  fill(box, { text: t(`push_priming.${stands === null ? 'failed' : stands === 'off' ? refused : SAID[stands]}`) });
  maybe(box, '.pair')?.remove();
}

async function showSwitch() {
  const box = one(app(), '[data-push-switch]');
  const on = /** @type {HTMLButtonElement} */ (one(box, '[data-push-on]'));
  const off = /** @type {HTMLButtonElement} */ (one(box, '[data-push-off]'));
  /** @param {string | null} stands */
  const show = (stands) => {
    fill(box, { 'push-state': t(`push_priming.${SAID[stands ?? ''] ?? 'failed'}`) });
    on.hidden = stands !== 'off' && stands !== null;
    off.hidden = stands !== 'on';
    on.disabled = off.disabled = false;
  };
  /** @param {() => Promise<unknown>} act */
  const turn = async (act) => {
    on.disabled = off.disabled = true;
    show(await act().then(standing, () => null));
  };
  on.addEventListener('click', () => void turn(turnOn));
  off.addEventListener('click', () => void turn(turnOff));
  show(await standing());
}
