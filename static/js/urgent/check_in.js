/** The page «Вернусь на связь»: opened before the signal goes, closed by one tap; says what the duty person knows. */
import { hear } from '../lib/bus.js';
import { maybe, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';
import { uuid7 } from '../lib/uuid.js';
import { isoWithOffset } from '../outbox/envelope.js';
import { isOpen } from '../vault/vault.js';
import { checkIns, keyOf } from './record.js';
import { sealer } from './sending.js';
import { showCheckIn } from './out.js';

/** @typedef {import('./record.js').CheckIn} CheckIn */

const HOUR_MS = 3_600_000;
const LOOK_MS = 20_000;

/** @type {{ form: HTMLFormElement, current: CheckIn | null } | null} */
let page = null;

/** Watch for the page. Once per browser page. */
export function startCheckIns() {
  const look = () => void (page && isOpen() && showCheckIn(page.form, page.current));
  document.addEventListener('curator:page', () => void arrive());
  document.addEventListener('curator:leave', () => void (page = null));
  hear('outbox', look);
  for (const type of ['online', 'offline']) addEventListener(type, look);
  setInterval(look, LOOK_MS);
}

async function arrive() {
  page = null;
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById('check-in-form'));
  if (!form || !isOpen()) return;
  void sealer().catch(() => {});
  const [latest] = await checkIns();
  if (!form.isConnected) return;
  page = { form, current: latest ?? null };
  form.addEventListener('change', () => void showTime(form));
  form.addEventListener('click', tapped);
  showTime(form);
  await showCheckIn(form, page.current);
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
      keep: [{ id: keyOf('check_in', next.id), value: next }],
    });
    if (page?.form === form) page.current = next;
  } catch {
    const { what, safe, do: todo } = refusal('storage_write_failed');
    wrong(form, `${what} ${safe} ${todo}`);
  } finally {
    form.inert = false;
  }
  await showCheckIn(form, page?.current ?? null);
  scrollTo(0, 0);
}

/** @param {HTMLFormElement} form  the hour to be typed, only where it was asked for */
function showTime(form) {
  const own = valueOf(form, 'hours') === 'time';
  one(form, '[data-check-in-time]').hidden = !own;
  wrong(form, '');
}

/**
 * @param {HTMLFormElement} form
 * @returns {number} milliseconds; 0 when the hour is missing or over, and the page says so
 */
function hourOf(form) {
  const hours = valueOf(form, 'hours');
  if (hours !== 'time') return Date.now() + Number(hours) * 60_000;
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(/** @type {HTMLInputElement} */ (one(form, '[name=time]')).value) ?? [];
  if (!hour || !minute) return wrong(form, t('urgent.check_in.no_time'));
  const at = new Date();
  at.setHours(Number(hour), Number(minute), 0, 0);
  return at.getTime() > Date.now() ? at.getTime() : wrong(form, t('urgent.check_in.time_over'));
}

/**
 * @param {HTMLFormElement} form
 * @param {string} words
 */
function wrong(form, words) {
  const box = one(form, '[data-error-for=time]');
  [box.hidden, box.textContent] = [!words, words];
  return 0;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
const valueOf = (form, name) => /** @type {HTMLInputElement | null} */ (maybe(form, `[name=${name}]:checked`))?.value ?? '';
