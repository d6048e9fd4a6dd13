/**
 * The status line at the foot of every screen, the number in the bar and the state of the record that was just
 * finished: kept up to date from the outbox's clear lines, so also while the phone is locked.
 */
import { settled } from '../auth/session.js';
import { hear, tell } from '../lib/bus.js';
import { openEnrolment } from '../lib/db.js';
import { fill } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { isOpen, whenOpen } from '../vault/vault.js';
import { groupsOf, underWay } from './groups.js';
import { isTooBig } from './order.js';
import { items, line } from './store.js';
import { send, startTriggers } from './triggers.js';
import { asSaid } from './watchdog.js';
import { journey, statusLine } from './words.js';

/** @typedef {import('./groups.js').Group} Group */

const LOOK_MS = 60_000;
/** Pages of a family have «Срочно» in the line as well, and half of the room for words. */
const WITH_URGENT = 3;

let short = '';
let under = false;
let again = false;

/**
 * Keep the lines up to date, and begin to send. Once per page.
 * @param {{ id: string, short: string }} enrolment
 */
export function startStatus(enrolment) {
  short = enrolment.short;
  hear('outbox', update);
  hear('stranger', () => void send({ hello: true }));
  for (const type of ['online', 'offline']) addEventListener(type, update);
  document.addEventListener('curator:page', update);
  whenOpen(() => {
    void import('./reseal.js').then(({ resealUnreadable }) => resealUnreadable()).catch(() => {});
    void settled().then(() => send({ eager: true })); // the finger signs in as well: what waited for that goes now
  });
  startTriggers();
  // Times go by without an event: the next try, and a hang that nobody reports.
  setInterval(() => tell('outbox'), LOOK_MS);
  update();
}

/** Show what is; calls that come while it is being read are answered by one more reading. */
function update() {
  again = true;
  if (under) return;
  under = true;
  void (async () => {
    while (again) {
      again = false;
      await show().catch(() => {}); // storage may be gone for a moment; the next change asks again
    }
    under = false;
  })();
}

async function show() {
  const db = await openEnrolment(short);
  const [rows, how] = [await items(db), await line(db)];
  const groups = groupsOf(rows);
  if (isOpen() && rows.some(isTooBig)) void import('./smaller.js').then(({ makeSmaller }) => makeSmaller()).catch(() => {});
  const { state, text } = statusLine(groups, asSaid(rows, how), underWay(rows, how), navigator.onLine !== false);
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-status-line]'))) {
    element.dataset['state'] = state;
    say(element, element.closest('.strip')?.childElementCount === WITH_URGENT ? brief(state, text) : text);
  }
  const unsent = groups.filter((group) => group.state !== 'on_server').length;
  for (const element of document.querySelectorAll('[data-outbox-count]')) say(element, unsent ? String(unsent) : '');
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-outbox-state]'))) {
    const group = groups.find((one) => one.group === element.dataset['outboxState']);
    if (group) showRecord(element, group);
  }
}

/**
 * @param {HTMLElement} element
 * @param {Group} group
 */
function showRecord(element, group) {
  element.dataset['state'] = group.state;
  const words = journey(group);
  if (element.querySelector('[data-fill=status]')) fill(element, words);
  else say(element, words.status);
}

/**
 * The same in fewer words: what happened, without the rest of the sentence.
 * @param {string} state
 * @param {string} text
 */
function brief(state, text) {
  if (state === 'offline') return t('status_line.offline_short');
  return text.replace(/[:,](?! \d).*$/, '');
}

/**
 * Change a live region only when it says something new: a screen reader reads every change.
 * @param {Element} element
 * @param {string} text
 */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
