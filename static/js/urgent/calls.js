/** «Кто ответил»: a line for each call, kept at once. */
import { fromTemplate, maybe, one } from '../lib/dom.js';
import { clockTime } from '../lib/texts.js';
import { uuid7 } from '../lib/uuid.js';
import { collect } from '../visits/fields.js';

/** @typedef {import('./record.js').Call} Call */
/** @typedef {import('./record.js').Pair} Pair */

/**
 * What the page says: the alarm's own fields, and apart from them a line that was begun and not written down.
 * @param {HTMLFormElement} form
 * @returns {{ fields: Pair[], half: Pair[] }}
 */
export function saidOn(form) {
  const all = collect(form);
  const half = all.filter(([name, value]) => name.startsWith('ui.') && value);
  return {
    fields: all.filter(([name]) => !name.startsWith('ui.')),
    half: half.some(([name]) => name !== 'ui.when') ? half : [], // the time stands there by itself
  };
}

/**
 * The line that is being written, if anything of it is.
 * @param {HTMLFormElement} form
 * @returns {Call | null}
 */
export function takeLine(form) {
  const value = (/** @type {string} */ name) => field(form, name).value.trim();
  const chosen = /** @type {HTMLInputElement | null} */ (maybe(form, '[name="ui.outcome"]:checked'));
  const call = { id: uuid7(), who: value('ui.who'), when: value('ui.when'), said: value('ui.said'), outcome: chosen?.value ?? '' };
  if (!call.who && !call.said && !call.outcome) return null;
  for (const name of ['ui.who', 'ui.said']) field(form, name).value = '';
  if (chosen) chosen.checked = false;
  setNow(form);
  return call;
}

/** @param {HTMLFormElement} form  the present time stands there, and may be changed */
export const setNow = (form) => void (field(form, 'ui.when').value = clockTime(new Date()));

/**
 * @param {HTMLFormElement} form
 * @param {Call[]} calls
 */
export function showLines(form, calls) {
  const list = one(form, '[data-reached]');
  list.hidden = !calls.length;
  list.replaceChildren(
    ...calls.map(({ who, when, said, outcome }) => {
      const words = maybe(form, `[name="ui.outcome"][value="${outcome}"]`)?.dataset['words'] ?? null;
      return fromTemplate('call-line', { when, who: who || 'Звонок', outcome: words, said: said || null });
    }),
  );
}

/**
 * Who is best called for what is needed stands first.
 * @param {HTMLFormElement} form
 */
export function orderCallees(form) {
  const chosen = maybe(form, '[name=need]:checked');
  for (const hint of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-need-hint]'))) {
    hint.hidden = hint.dataset['needHint'] !== /** @type {HTMLInputElement | null} */ (chosen)?.value;
  }
  for (const role of [chosen?.dataset['second'], chosen?.dataset['first']]) {
    const row = role && maybe(form, `[data-callees] [data-role="${role}"]`);
    if (row) one(form, '[data-callees]').prepend(row);
  }
}

/**
 * What was written stands in the words to be read out.
 * @param {HTMLFormElement} form
 */
export function fillScript(form) {
  const chosen = maybe(form, '[name=need]:checked');
  const said = {
    what_seen: field(form, 'facts_seen').value,
    where_children: field(form, 'facts_children').value,
    need: chosen?.dataset['words']?.toLowerCase() ?? '',
  };
  for (const [slot, text] of Object.entries(said)) {
    const place = maybe(form, `[data-say="${slot}"]`);
    if (place) place.textContent = text.trim() || '…';
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLInputElement}
 */
const field = (form, name) => one(form, `[name="${name}"]`);
