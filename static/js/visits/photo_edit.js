/**
 * Cutting a picture and hiding what should not be seen: burnt in when saved, taken back step by step until then.
 *
 * A finger drags or taps; edges also move by buttons and cells by the arrow keys.
 * DOM: template `photo-edit` with `canvas`, `[name="photo.tool"]`, `[data-edge][data-by]`, `[data-back]`, `[data-save]`.
 */
import { one } from '../lib/dom.js';
import { openOverlay } from './overlay.js';
import { cellsAt, cut, edgesAt, withEdge, WHOLE } from './photo_geometry.js';
import { openPicture } from './photo_pixels.js';

/** @typedef {import('./photo_geometry.js').Edge} Edge */
/** @typedef {import('./photo_pixels.js').Look} Look */

/** CSS pixels: as wide as a thumb. */
const REACH = 32;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {Uint8Array<ArrayBuffer>} bytes  the JPEG
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} the JPEG that takes its place, or null: nothing changes
 */
export async function editPicture(bytes) {
  const picture = await openPicture(bytes);
  /** @type {Uint8Array<ArrayBuffer> | null} */
  let burnt = null;
  /** @type {() => void} */
  let finished = () => {};
  const done = new Promise((resolve) => (finished = () => resolve(null)));
  const { box, close } = openOverlay('photo-edit', { ended: () => finished() });
  const canvas = /** @type {HTMLCanvasElement} */ (one(box, 'canvas'));
  const save = /** @type {HTMLButtonElement} */ (one(box, '[data-save]'));
  const back = /** @type {HTMLButtonElement} */ (one(box, '[data-back]'));
  /** @type {Look[]} */
  const before = [];
  /** @type {Look} */
  let look = { crop: WHOLE, hidden: new Set() };
  /** @type {{ x: number, y: number } | null} where the arrow keys are */
  let cursor = null;

  /** @param {Look} next */
  function show(next) {
    look = next;
    picture.draw(canvas, look, cursor);
    save.disabled = back.disabled = before.length === 0;
  }

  /** @param {Look} next  a step of its own */
  function step(next) {
    before.push(look);
    show(next);
  }

  /** @param {number} x  @param {number} y */
  const hide = (x, y) => ({ ...look, hidden: new Set([...look.hidden, ...cellsAt(picture.grid, x, y)]) });
  const tool = () => /** @type {HTMLInputElement} */ (one(box, '[name="photo.tool"]:checked')).value;

  box.addEventListener('change', () => {
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll('[data-for-tool]'))) {
      part.hidden = part.dataset['forTool'] !== tool();
    }
  });
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll('[data-edge]'))) {
    const { edge, by } = button.dataset;
    button.addEventListener('click', () =>
      step({ ...look, crop: cut(look.crop, /** @type {Edge} */ (edge), by === '1' ? 1 : -1) }));
  }
  back.addEventListener('click', () => show(before.pop() ?? look));
  save.addEventListener('click', async () => {
    save.disabled = true;
    burnt = await picture.burn(look);
    close();
  });
  canvas.addEventListener('keydown', (event) => {
    const way = ARROWS[event.key];
    if (tool() !== 'hide' || (!way && event.key !== ' ' && event.key !== 'Enter')) return;
    event.preventDefault();
    cursor ??= { x: canvas.width / 2, y: canvas.height / 2 };
    if (!way) return step(hide(cursor.x, cursor.y));
    const along = (/** @type {number} */ at, /** @type {number} */ by, /** @type {number} */ end) =>
      Math.min(end - 1, Math.max(0, at + by * picture.grid.side));
    cursor = { x: along(cursor.x, way[0], canvas.width), y: along(cursor.y, way[1], canvas.height) };
    show(look);
  });
  drag(canvas, {
    /** @param {{ x: number, y: number, reach: number }} at */
    begin({ x, y, reach }) {
      const edges = tool() === 'crop' ? edgesAt(look.crop, x, y, reach) : null;
      if (edges?.length === 0) return null;
      before.push(look);
      return (point) => show(edges
        ? { ...look, crop: edges.reduce((crop, edge) => withEdge(crop, edge, edge === 'left' || edge === 'right' ? point.x : point.y), look.crop) }
        : hide(point.x * canvas.width, point.y * canvas.height));
    },
  });
  show(look);
  await done;
  picture.close();
  canvas.width = canvas.height = 1;
  return burnt;
}

/**
 * A finger on the picture, in parts of its sides.
 * @param {HTMLCanvasElement} canvas
 * @param {{ begin: (at: { x: number, y: number, reach: number }) => ((to: { x: number, y: number }) => void) | null }} on
 */
function drag(canvas, { begin }) {
  /** @type {((to: { x: number, y: number }) => void) | null} */
  let move = null;
  const where = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height, reach: REACH / Math.min(width, height) };
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (!event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    move = begin(where(event));
    move?.(where(event));
  });
  canvas.addEventListener('pointermove', (event) => event.isPrimary && move?.(where(event)));
  for (const type of ['pointerup', 'pointercancel']) canvas.addEventListener(type, () => (move = null));
}
