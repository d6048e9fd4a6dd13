/**
 * When the vault closes: hidden for three minutes, idle for ten, or by «Скрыть».
 *
 * The wall clock decides, when the page comes back and before anything is painted: timers of a sleeping phone do not
 * run. Going out of sight covers the page at once, so that the picture in the task switcher shows nothing.
 */
import { one } from '../lib/dom.js';
import { isOpen, lock, whenOpen } from './vault.js';

const HIDDEN_LIMIT_MS = 3 * 60_000;
const IDLE_LIMIT_MS = 10 * 60_000;
/** A camera or a file chooser that we opened hides the page for as long as taking a picture takes. */
const CHOOSER_LIMIT_MS = 10 * 60_000;
const LOOK_EVERY_MS = 15_000;

let touchedAt = Date.now();
/** @type {number | null} */
let hiddenAt = null;
/** @type {number | null} */
let chooserAt = null;

/** A file chooser or camera of ours is about to open. */
export const chooserOpened = () => void (chooserAt = Date.now());

/** It gave a file, or was cancelled. */
export const chooserClosed = () => void (chooserAt = null);

/** Begin to watch. Once per page. */
export function watch() {
  for (const type of ['pointerdown', 'keydown', 'input', 'scroll']) {
    addEventListener(type, touched, { passive: true, capture: true });
  }
  document.addEventListener('visibilitychange', () => (document.hidden ? hid() : void cameBack()));
  addEventListener('pagehide', hid);
  addEventListener('pageshow', () => void cameBack());
  setInterval(() => void look(), LOOK_EVERY_MS);
  document.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-hide]')) void hide();
  });
  whenOpen(() => {
    touched();
    hiddenAt = document.hidden ? Date.now() : null;
  });
}

/** «Скрыть»: the cover first, then the lock behind it. */
async function hide() {
  cover(true);
  await lock('hide');
  cover(false);
}

/**
 * Whether the vault may stay open.
 * @param {{ now: number, touchedAt: number, hiddenAt: number | null, chooserAt: number | null }} clocks
 *   milliseconds of the wall clock
 * @returns {'idle' | 'hidden' | null} why not
 */
export function reasonToLock({ now, touchedAt: touch, hiddenAt: hidden, chooserAt: chooser }) {
  if (now < touch || (hidden !== null && now < hidden)) return 'hidden'; // the clock was set back: nobody knows how long
  const waitsForChooser = chooser !== null && now - chooser < CHOOSER_LIMIT_MS;
  if (waitsForChooser) return null;
  if (hidden !== null && now - hidden >= HIDDEN_LIMIT_MS) return 'hidden';
  return now - touch >= IDLE_LIMIT_MS ? 'idle' : null;
}

function touched() {
  touchedAt = Date.now();
}

function hid() {
  if (!isOpen()) return;
  cover(true);
  hiddenAt ??= Date.now();
}

async function cameBack() {
  await look();
  hiddenAt = null;
  cover(false);
}

async function look() {
  const reason = reasonToLock({ now: Date.now(), touchedAt, hiddenAt, chooserAt });
  if (!isOpen() || !reason) return;
  cover(true);
  await lock(reason);
  chooserAt = null;
  if (!document.hidden) cover(false);
}

/** @param {boolean} on */
function cover(on) {
  one(document, '#cover').hidden = !on;
}
