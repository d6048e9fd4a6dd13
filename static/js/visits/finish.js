/**
 * The end of a visit: what the family will see, what was read together, what is left behind, what could be said more
 * gently. Loaded when a visit's steps are first changed; each part knows its own step.
 */
import { t } from '../lib/texts.js';
import { clearStale, showAcquaint, startAcquaint } from './acquaint.js';
import { showLetter, viewOf } from './letter.js';
import { showHints, startHints } from './softer.js';

/** What a sheet of A5 has room for, and a family needs at hand. */
const LEAFLET = new Set(['met', 'good', 'we_do', 'you_do', 'advice', 'next']);

/** @type {WeakSet<HTMLFormElement>} */
const started = new WeakSet();

/**
 * @param {HTMLFormElement} form
 * @param {string} step  the one on the glass
 */
export function showFinish(form, step) {
  if (!started.has(form)) start(form);
  const parts = viewOf(form);
  clearStale(form, parts);
  if (step === 'acquaint') showAcquaint(form, parts);
  if (step === 'leaflet') showLeaflet(form, parts);
  if (step !== 'check') return;
  showLetter(form.querySelector('[data-family-view]'), parts);
  void showHints(form).catch(() => {}); // advice, nothing more
}

/** @param {HTMLFormElement} form */
function start(form) {
  started.add(form);
  startAcquaint(form);
  startHints(form);
  form.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button?.hasAttribute('data-print')) print();
    const finish = /** @type {HTMLInputElement | null} */ (form.querySelector('input[type=hidden][name=finish]'));
    const later = button?.hasAttribute('data-finish-later') ?? false;
    if (finish && (later || button?.type === 'submit')) finish.value = later ? 'later' : '';
    if (later) form.requestSubmit();
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {import('./letter.js').Part[]} parts
 */
function showLeaflet(form, parts) {
  const date = parts.find(({ id }) => id === 'met')?.lines[0]?.split(',')[0] ?? '';
  const heading = form.querySelector('[data-leaflet-heading]');
  if (heading && date) heading.textContent = t('leave_behind.heading', { date });
  showLetter(form.querySelector('[data-leaflet-body]'), parts.filter(({ id }) => LEAFLET.has(id) && id !== 'met'));
}
