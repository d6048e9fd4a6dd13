/**
 * The mark on the screen: strokes by finger, kept in thousandths of the field's width, so that they mean the same on any
 * glass. It says that the text was read; it is no signature in law. Loaded only when somebody chooses it.
 */
import SignaturePad from 'signature_pad';
import { one } from '../lib/dom.js';

/** Height of the field to its width. */
const SHAPE = 0.4;
const UNITS = 1000;

/** @type {WeakMap<HTMLElement, SignaturePad>} */
const pads = new WeakMap();

/**
 * Make the field ready, with the strokes that are there already.
 * @param {HTMLElement} box  holds a canvas and `[data-mark-clear]`
 * @param {string} strokes  JSON [[[x, y], …], …], or ''
 * @param {(strokes: string) => void} changed  after every stroke, and when it is cleared
 */
export function startMark(box, strokes, changed) {
  const canvas = /** @type {HTMLCanvasElement} */ (one(box, 'canvas'));
  const width = fit(canvas);
  let pad = pads.get(box);
  if (!pad) {
    const made = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3 });
    pad = made;
    pads.set(box, made);
    made.addEventListener('endStroke', () => changed(written(made, canvas.clientWidth)));
    one(box, '[data-mark-clear]').addEventListener('click', () => {
      made.clear();
      changed('');
    });
  }
  pad.penColor = getComputedStyle(canvas).color;
  pad.clear();
  if (strokes) pad.fromData(read(strokes, width, pad.penColor));
}

/**
 * As many dots as the glass has, or the stroke would be blurred.
 * @param {HTMLCanvasElement} canvas
 * @returns {number} its width in CSS pixels
 */
function fit(canvas) {
  const width = canvas.clientWidth;
  const dots = Math.max(devicePixelRatio || 1, 1);
  canvas.width = width * dots;
  canvas.height = Math.round(width * SHAPE) * dots;
  canvas.getContext('2d')?.scale(dots, dots);
  return width;
}

/** @param {SignaturePad} pad  @param {number} width */
function written(pad, width) {
  const unit = (/** @type {number} */ at) => Math.min(Math.max(Math.round((at / width) * UNITS), 0), 4 * UNITS);
  return JSON.stringify(pad.toData().map(({ points }) => points.map(({ x, y }) => [unit(x), unit(y)])));
}

/**
 * @param {string} strokes
 * @param {number} width
 * @param {string} penColor
 * @returns {import('signature_pad').PointGroup[]}
 */
function read(strokes, width, penColor) {
  const at = (/** @type {number} */ units) => (units * width) / UNITS;
  return JSON.parse(strokes).map((/** @type {[number, number][]} */ stroke) => ({
    penColor, dotSize: 0, minWidth: 1, maxWidth: 3, velocityFilterWeight: 0.7, compositeOperation: 'source-over',
    points: stroke.map(([x, y], n) => ({ x: at(x), y: at(y), pressure: 0.5, time: n * 16 })),
  }));
}
