/** The page «Вернусь на связь»: opened before the signal goes, closed by one tap; says what the duty person knows. */
import { hear } from '../lib/bus.js';
import { maybe, one } from '../lib/dom.js';
import { uuid7 } from '../lib/uuid.js';
import { isoWithOffset } from '../outbox/envelope.js';
import { isOpen, onLock } from '../vault/vault.js';
import { collect, restore } from '../visits/fields.js';
import { saver } from '../visits/saving.js';
import { standOpen } from '../visits/turn.js';
import { halfDone, keepHalf, OVER } from './half.js';
import { hourOf, notKept, showTime } from './hour.js';
import { checkIns, keyOf } from './record.js';
import { sealer } from './sending.js';
import { showCheckIn } from './out.js';

/** @typedef {import('./record.js').CheckIn} CheckIn */

const HOUR_MS = 3_600_000;
const LOOK_MS = 20_000;

/** @type {{ form: HTMLFormElement, current: CheckIn | null, saving: ReturnType<typeof saver>, close: () => void } | null} */
let page = null;

/** Watch for the page. Once per browser page. */
export function startCheckIns() {
  const look = () => void (page && isOpen() && showCheckIn(page.form, page.current));
  document.addEventListener('curator:page', () => void arrive());
  document.addEventListener('curator:leave', leave);
  document.addEventListener('visibilitychange', () => void (document.hidden && page?.saving.now()));
  onLock(async () => page?.saving.now());
  hear('outbox', look);
  for (const type of ['online', 'offline']) addEventListener(type, look);
  setInterval(look, LOOK_MS);
}

async function arrive() {
  leave();
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('check-in-form'));
  if (!form || !isOpen()) return;
  void sealer().catch(() => {});
  const [[latest], half] = [await checkIns(), await halfDone()];
  if (!form.isConnected || !isOpen()) return;
  const saving = saver(() => keepHalf(collect(form)), { saved: () => {}, failed: () => notKept(form) });
  page = { form, current: latest ?? null, saving, close: standOpen('check-in') };
  if (half) restore(form, half);
  form.addEventListener('input', saving.changed);
  form.addEventListener('change', () => void showTime(form));
  form.addEventListener('click', tapped);
  showTime(form);
  await showCheckIn(form, page.current);
}

function leave() {
  if (!page) return;
  void (isOpen() ? page.saving.now() : Promise.resolve()).finally(page.close);
  page = null;
}

/** @param {Event} event */
function tapped({ target }) {
  if (!page?.current || !(target instanceof Element)) return;
  const { form, current } = page;
  if (target.closest('[data-check-in-return]')) void send(form, current, 'return', current.until_at);
  if (target.closest('[data-check-in-extend]')) void send(form, current, 'extend', Math.max(current.until_at, Date.now()) + HOUR_MS);
}

/**
 * «Сказать дежурному».
 * @param {HTMLFormElement} form
 * @returns {Promise<string>} never: the page says what the duty person knows
 * @throws {DOMException} AbortError
 */
export async function submit(form) {
  const until = hourOf(form);
  if (page?.form === form && until) {
    const chosen = /** @type {HTMLInputElement | null} */ (maybe(form, '[name=family]:checked'));
    const { words = '', case: number = '' } = chosen?.dataset ?? {};
    const about = { id: uuid7(), family: chosen?.value ?? '', surname: words, case_no: number, form_version: form.dataset['formVersion'] ?? '' };
    await send(form, { ...about, opened_at: Date.now(), until_at: until, closed_at: 0, steps: [] }, 'open', until);
  }
  throw new DOMException('the page says it itself', 'AbortError');
}

/**
 * Seal an act and queue it with the record.
 * @param {HTMLFormElement} form
 * @param {CheckIn} before
 * @param {'open' | 'extend' | 'return'} act
 * @param {number} until
 */
async function send(form, before, act, until) {
  if (form.inert) return;
  form.inert = true;
  await page?.saving.now(); // nothing is kept behind what follows
  const now = new Date();
  const envelope = uuid7();
  const steps = [...before.steps, { envelope, act, until }];
  /** @type {CheckIn} */
  const next = { ...before, until_at: until, closed_at: act === 'return' ? now.getTime() : 0, steps };
  const iso = (/** @type {number} */ at) => isoWithOffset(new Date(at));
  try {
    const { queueForm } = await sealer();
    await queueForm({
      kind: 'check_in',
      id: next.id,
      envelope,
      familyId: next.family || null,
      formVersion: next.form_version,
      fields: [['act', act], ['at', isoWithOffset(now)], ['opened_at', iso(next.opened_at)], ['until_at', iso(until)]],
      label: { family: next.surname, on: '', outcome: '', kind: act === 'open' ? 'check_in' : `check_in_${act}` },
      keep: [{ id: keyOf('check_in', next.id), value: next }, OVER],
    });
    if (page?.form === form) page.current = next;
  } catch {
    notKept(form);
  } finally {
    form.inert = false;
  }
  await showCheckIn(form, page?.current ?? null);
  scrollTo(0, 0);
}
