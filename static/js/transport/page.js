/** What happens around a swap into the page: the age of a copy, the chip «Есть свежее», notes, pictures, focus. */
import { allFromTemplate, fromTemplate, maybe } from '../lib/dom.js';
import { refusal, t, when } from '../lib/texts.js';
import { readPicture } from './reads.js';
import { showWrongs } from './wrongs.js';

/** @type {Set<string>} */
const pictures = new Set();
/** @type {Map<string, number>} where each page stood when it was left */
const positions = new Map();
let shown = '';

/** @returns {HTMLElement} */
export const app = () => /** @type {HTMLElement} */ (document.getElementById('app'));

/** Tell the behaviours of the page that it goes; they take their state off the DOM in this very turn. */
export function leave() {
  positions.set(shown, scrollY);
  document.dispatchEvent(new CustomEvent('curator:leave'));
}

/**
 * Tell the behaviours that a page stands, and fill its pictures.
 * @param {boolean} field
 * @param {string} [html]  the page as it came
 */
export function arrived(field, html = '') {
  void showPictures(field);
  document.dispatchEvent(new CustomEvent('curator:page', { detail: { root: app(), url: location.pathname, html } }));
}

/** Take the page away: at the lock nothing of it may stay in memory or on the glass. */
export function clear() {
  leave();
  app().replaceChildren();
  revokePictures();
}

/**
 * Say how old the page is.
 * @param {number} at  milliseconds
 */
export function showAge(at) {
  if (maybe(app(), '[data-outbox-page]')) return; // what stands there is the phone's own, and of this moment
  const line = maybe(app(), '[data-age]') ?? ageLine();
  line.hidden = false;
  line.textContent = t('status_line.data_age', { when: when(new Date(at)) });
}

/** The server said that the copy is what it would say today. */
export function hideAge() {
  const line = maybe(app(), '[data-age]');
  if (line) line.hidden = true;
}

/**
 * Offer a newer page without taking the one at hand away.
 * @param {() => void} show
 */
export function offerFresh(show) {
  maybe(app(), '[data-fresh]')?.remove();
  const chip = fromTemplate('fresh');
  chip.addEventListener('click', () => {
    chip.remove();
    show();
  });
  main().prepend(chip);
}

/**
 * A note at the top of the page; at most one.
 * @param {{ what: string, safe: string, do: string, button: string }} words
 * @param {{ act?: () => void }} [options]  what its button does; without it there is none
 */
export function note(words, { act } = {}) {
  maybe(app(), '[data-note]')?.remove();
  const box = fromTemplate('note', { what: words.what, safe: words.safe, do: words.do });
  box.dataset['note'] = '';
  const button = maybe(box, '[data-note-act]');
  if (button) {
    button.hidden = !act || !words.button;
    button.textContent = words.button;
    button.addEventListener('click', () => act?.());
  }
  main().prepend(box);
}

/**
 * The page that stands where neither the network nor the phone has the one asked for.
 * @param {string} id
 * @param {() => void} [act]
 */
export function absent(id, act) {
  const words = refusal(id);
  app().replaceChildren(...allFromTemplate('no-copy', { what: words.what, safe: words.safe, do: words.do }));
  if (act) note(words, { act });
}

/**
 * Put the reader where a page begins, at the day that a link names, or where it was left; a screen reader hears its heading, or what was wrong.
 * @param {boolean} restored  whether the history leads back to it
 */
export function place(restored) {
  shown = location.pathname + location.search;
  scrollTo(0, restored ? (positions.get(shown) ?? 0) : 0);
  const day = !restored && location.hash.startsWith('#day-') ? document.getElementById(location.hash.slice(1)) : null;
  day?.scrollIntoView();
  const first = showWrongs(app()) ?? day ?? maybe(app(), 'h1');
  first?.setAttribute('tabindex', '-1');
  first?.focus({ preventScroll: true });
}

/** @param {boolean} field */
async function showPictures(field) {
  revokePictures();
  for (const image of /** @type {NodeListOf<HTMLImageElement>} */ (app().querySelectorAll('img[data-photo]'))) {
    const size = image.dataset['size'] ?? 'thumb';
    const url = `/photos/${image.dataset['photo']}/${size}`;
    if (!field) image.src ||= url;
    else await showPicture(image, url, size === 'thumb').catch(() => {}); // locked meanwhile
  }
}

/**
 * @param {HTMLImageElement} image
 * @param {string} url
 * @param {boolean} keepIt
 */
async function showPicture(image, url, keepIt) {
  const blob = await readPicture(url, keepIt);
  if (!blob || !image.isConnected) return;
  const address = URL.createObjectURL(blob);
  pictures.add(address);
  image.src = address;
}

function revokePictures() {
  for (const address of pictures) URL.revokeObjectURL(address);
  pictures.clear();
}

function ageLine() {
  const line = Object.assign(document.createElement('p'), { className: 'age', role: 'status' });
  line.dataset['age'] = '';
  main().prepend(line);
  return line;
}

const main = () => maybe(app(), 'main') ?? app();
