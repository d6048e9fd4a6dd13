/**
 * The viewfinder in the page: several in a row, nothing in the phone's gallery. Out of sight its tracks stop at once.
 *
 * DOM: template `camera` with `video`, `[data-shutter]`, `[data-torch]`, `[data-places]`, `[data-thumbs]`, `[data-last]`.
 */
import { fill, fromTemplate, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';
import { openOverlay } from './overlay.js';

/** @typedef {import('./permission.js').About} About */
/** @typedef {import('./permission.js').Last} Last */

/** Four by three, and a little over what is kept of it. */
const WISH = { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1440 } };
/** Pictures on their way to the disk at one time: each is 11 MB until it is shrunk. */
const MOST_WAITING = 3;

/**
 * Take pictures until «Готово».
 * @param {object} what
 * @param {About[]} what.allowed  places that may be taken, the one at hand first
 * @param {Last | null} what.last
 * @param {(place: string) => string} what.label
 * @param {(picture: ImageBitmap, about: About) => Promise<string | null>} what.take  resolves to a refusal's id or null
 * @returns {Promise<string | null>} a refusal's id when there is no viewfinder
 */
export async function openCamera({ allowed, last, label, take }) {
  let [taken, waiting] = [0, 0];
  let refused = /** @type {string | null} */ (null);
  /** @type {MediaStream | null} */
  let stream = null;
  let about = /** @type {About} */ (allowed[0]);
  let closed = false;
  let finished = () => {};
  /** @type {Promise<null>} */
  const done = new Promise((resolve) => (finished = () => resolve(null)));
  const { box, close } = openOverlay('camera', { ended: end });
  const shutter = /** @type {HTMLButtonElement} */ (one(box, '[data-shutter]'));
  const hidden = () => document.hidden && close();
  document.addEventListener('visibilitychange', hidden);
  const video = /** @type {HTMLVideoElement} */ (one(box, 'video'));

  function end() {
    closed = true;
    document.removeEventListener('visibilitychange', hidden);
    stop(stream);
    video.srcObject = null;
    finished();
  }

  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: WISH, audio: false });
  } catch (problem) {
    const left = closed;
    close();
    if (left) return null;
    return problem instanceof DOMException && problem.name === 'NotAllowedError' ? 'camera_denied' : 'camera_absent';
  }
  if (closed) {
    stop(stream); // the phone was put away while it was asking
    return null;
  }
  video.srcObject = stream;
  const track = stream.getVideoTracks()[0];
  track?.addEventListener('ended', close);
  if (track) offerTorch(box, track);
  showLast(box, last);
  showPlaces(box, allowed, label, (chosen) => (about = chosen));
  void video.play().catch(() => {}); // taken off the glass meanwhile

  shutter.addEventListener('click', async () => {
    if (!video.videoWidth) return; // before its first picture
    const chosen = about;
    shutter.disabled = ++waiting >= MOST_WAITING;
    showTaken(box, video, label(chosen.place), ++taken);
    // Not a JPEG yet: a page that shows moving pictures is never idle, and Chromium lets its encoder wait for that.
    const picture = await createImageBitmap(video).catch(() => null); // put away in this moment
    const problem = picture && (await take(picture, chosen));
    waiting -= 1;
    if (closed) return;
    refused ||= problem;
    shutter.disabled = refused !== null;
    if (!problem) return;
    const { what, safe, do: act } = refusal(problem);
    fill(box, { state: `${what} ${safe} ${act}` });
  });
  return done;
}

/**
 * Show at once that it was taken.
 * @param {HTMLElement} box  @param {HTMLVideoElement} video  @param {string} place  @param {number} n  with this one
 */
function showTaken(box, video, place, n) {
  const thumb = fromTemplate('camera-thumb', { place });
  const canvas = /** @type {HTMLCanvasElement} */ (one(thumb, 'canvas'));
  const side = Math.min(video.videoWidth, video.videoHeight);
  const [x, y] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  canvas.getContext('2d', { alpha: false })?.drawImage(video, x, y, side, side, 0, 0, canvas.width, canvas.height);
  one(box, '[data-thumbs]').append(thumb);
  fill(box, { count: t('visit.photos', { n }) });
}

/** @param {MediaStream | null} stream */
const stop = (stream) => stream?.getTracks().forEach((track) => track.stop());

/**
 * @param {HTMLElement} box
 * @param {MediaStreamTrack} track
 */
function offerTorch(box, track) {
  const button = one(box, '[data-torch]');
  button.hidden = !('torch' in (track.getCapabilities?.() ?? {}));
  button.addEventListener('click', async () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    const wish = /** @type {MediaTrackConstraintSet} */ ({ torch: on });
    await track.applyConstraints({ advanced: [wish] }).then(() => button.setAttribute('aria-pressed', String(on)), () => (button.hidden = true));
  });
}

/**
 * @param {HTMLElement} box
 * @param {Last | null} last
 */
function showLast(box, last) {
  fill(box, { last: last && { src: last.src }, 'last-on': last && t('visit.last_photo', { on: last.on }) });
  const toggle = one(box, '[data-last]');
  toggle.hidden = !last;
  toggle.addEventListener('click', () => {
    const on = toggle.getAttribute('aria-pressed') !== 'true';
    toggle.setAttribute('aria-pressed', String(on));
    fill(box, { last: on ? {} : null, 'last-on': on && last ? t('visit.last_photo', { on: last.on }) : null });
  });
}

/**
 * @param {HTMLElement} box
 * @param {About[]} allowed
 * @param {(place: string) => string} label
 * @param {(about: About) => void} choose
 */
function showPlaces(box, allowed, label, choose) {
  for (const [n, about] of allowed.entries()) {
    const chip = fromTemplate('camera-place', { place: label(about.place) });
    const input = /** @type {HTMLInputElement} */ (one(chip, 'input'));
    input.checked = n === 0;
    input.addEventListener('change', () => choose(about));
    one(box, '[data-places]').append(chip);
  }
}
