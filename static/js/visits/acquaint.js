/**
 * «Прочитали вместе»: the text stands in full above the answers. The first answer freezes it, with its SHA-256; a change
 * of the visit afterwards makes it stale: the answer and the mark go, and the page says so. All answers are equal.
 *
 * DOM: `[data-acquaint-text|stale|frozen|unread]`, fields `acquaint*`, `[data-mark]` with a canvas, `[data-beside]`.
 */
import { hex, sha256, utf8 } from '../lib/bytes.js';
import { maybe } from '../lib/dom.js';
import { clockTime, t } from '../lib/texts.js';
import { familyText } from './family_view.js';
import { showLetter, viewOf } from './letter.js';

/** @typedef {import('./letter.js').Part} Part */

const MARK = 'mark_on_screen';

/**
 * Listen to the answers. Once for each form.
 * @param {HTMLFormElement} form
 */
export function startAcquaint(form) {
  if (!field(form, 'acquaint_text')) return;
  form.addEventListener('change', (event) => {
    const { name } = /** @type {HTMLInputElement} */ (event.target);
    if (name === 'acquaint') void freeze(form);
    if (name === 'acquaint_member') showBeside(form);
  });
  showBeside(form);
  void showMark(form);
}

/**
 * The step itself: the text as it is frozen, or as it would be.
 * @param {HTMLFormElement} form
 * @param {Part[]} parts
 */
export function showAcquaint(form, parts) {
  showLetter(maybe(form, '[data-acquaint-text]'), parts);
  showBeside(form);
  void showMark(form);
}

/**
 * A text that no longer says what the visit says is nobody's acquaintance: forget it, and ask to read again. What a
 * correction takes over stays: it is what the family read that day.
 * @param {HTMLFormElement} form
 * @param {Part[]} parts
 */
export function clearStale(form, parts) {
  const frozen = field(form, 'acquaint_text');
  const unread = maybe(form, '[data-acquaint-unread]');
  if (!frozen?.value) return;
  const changed = frozen.value !== familyText(parts);
  if (unread) unread.hidden = !changed;
  if (!changed || form.dataset['supersedes']) return;
  for (const chosen of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[name=acquaint]:checked'))) chosen.checked = false;
  for (const name of ['acquaint_text', 'acquaint_sha256', 'acquaint_mark']) set(form, name, '');
  say(form, '');
  const stale = maybe(form, '[data-acquaint-stale]');
  if (stale) stale.hidden = false;
  saved(form);
}

/** @param {HTMLFormElement} form */
async function freeze(form) {
  const parts = viewOf(form);
  const text = familyText(parts);
  const digest = hex(await sha256(utf8(text)));
  if (!form.isConnected) return;
  if (digest !== field(form, 'acquaint_sha256')?.value) set(form, 'acquaint_mark', '');
  set(form, 'acquaint_text', text);
  set(form, 'acquaint_sha256', digest);
  for (const name of ['stale', 'unread']) {
    const box = maybe(form, `[data-acquaint-${name}]`);
    if (box) box.hidden = true;
  }
  say(form, t('acquaint.frozen', { time: clockTime(new Date()) }));
  await showMark(form);
  saved(form);
}

/**
 * The field for the mark stands only under its own answer; another answer takes the mark away.
 * @param {HTMLFormElement} form
 */
async function showMark(form) {
  const box = maybe(form, '[data-mark]');
  const marks = field(form, 'acquaint_mark');
  if (!box || !marks) return;
  const wanted = maybe(form, `[name=acquaint][value=${MARK}]:checked`) !== null;
  box.hidden = !wanted;
  if (!wanted) {
    marks.value = '';
    return;
  }
  const { startMark } = await import('./mark.js');
  if (!box.offsetParent || box.hidden) return; // another step meanwhile
  startMark(box, marks.value, (strokes) => {
    marks.value = strokes;
    saved(form);
  });
}

/**
 * A minor marks only beside the representative.
 * @param {HTMLFormElement} form
 */
function showBeside(form) {
  const box = maybe(form, '[data-beside]');
  if (!box) return;
  const alone = maybe(form, '[name=acquaint_member]:checked') === null;
  for (const choice of /** @type {NodeListOf<HTMLInputElement>} */ (box.querySelectorAll('[name=acquaint_beside]'))) {
    choice.disabled = alone;
    if (alone) choice.checked = choice.value === '';
  }
}

/** @param {HTMLFormElement} form  @param {string} words */
function say(form, words) {
  const line = maybe(form, '[data-acquaint-frozen]');
  if (line) line.textContent = words;
}

/** @param {HTMLFormElement} form  @param {string} name  @returns {HTMLInputElement | null} */
const field = (form, name) => form.querySelector(`input[type=hidden][name="${name}"]`);

/** @param {HTMLFormElement} form  @param {string} name  @param {string} value */
function set(form, name, value) {
  const input = field(form, name);
  if (input) input.value = value;
}

/** Hidden fields say nothing of their change by themselves. @param {HTMLFormElement} form */
const saved = (form) => form.dispatchEvent(new Event('input', { bubbles: true }));
