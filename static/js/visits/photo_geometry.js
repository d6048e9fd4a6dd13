/**
 * Where a picture is cut and which of its cells are hidden: sums, no pixels on any glass.
 *
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Crop  parts of the picture, 0…1
 * @typedef {keyof Crop} Edge
 * @typedef {{ cols: number, rows: number, side: number }} Grid  `side` in pixels
 */

/** @type {Crop} */
export const WHOLE = { left: 0, top: 0, right: 1, bottom: 1 };
export const STEP = 0.05;
/** Less than this of a side is no picture. */
const LEAST = 0.2;
/** Cells along the longer side. */
const CELLS = 32;
/** A hidden cell takes the mean of so many around it on each side: what is left says nothing of what was there. */
const AROUND = 2;

/** @type {Record<Edge, Edge>} */
const OPPOSITE = { left: 'right', right: 'left', top: 'bottom', bottom: 'top' };

/**
 * Put one edge somewhere, as far as there stays a picture.
 * @param {Crop} crop
 * @param {Edge} edge
 * @param {number} at
 * @returns {Crop}
 */
export function withEdge(crop, edge, at) {
  const other = crop[OPPOSITE[edge]];
  const first = edge === 'left' || edge === 'top';
  return { ...crop, [edge]: first ? clamp(at, 0, other - LEAST) : clamp(at, other + LEAST, 1) };
}

/**
 * Cut a step more off one edge, or give a step back.
 * @param {Crop} crop
 * @param {Edge} edge
 * @param {1 | -1} by
 */
export const cut = (crop, edge, by) => withEdge(crop, edge, crop[edge] + STEP * by * (edge === 'left' || edge === 'top' ? 1 : -1));

/**
 * The edges that a finger at this point is near to; two at a corner.
 * @param {Crop} crop
 * @param {number} x  part of the width
 * @param {number} y
 * @param {number} reach
 * @returns {Edge[]}
 */
export function edgesAt(crop, x, y, reach) {
  const near = (/** @type {Edge} */ edge) => Math.abs((edge === 'left' || edge === 'right' ? x : y) - crop[edge]) <= reach;
  return /** @type {Edge[]} */ (['left', 'top', 'right', 'bottom']).filter(near);
}

/**
 * @param {Crop} crop
 * @param {number} width
 * @param {number} height
 */
export function pixelsOf(crop, width, height) {
  const x = Math.round(crop.left * width);
  const y = Math.round(crop.top * height);
  return { x, y, width: Math.round(crop.right * width) - x, height: Math.round(crop.bottom * height) - y };
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {Grid}
 */
export function gridOf(width, height) {
  const side = Math.max(1, Math.ceil(Math.max(width, height) / CELLS));
  return { cols: Math.ceil(width / side), rows: Math.ceil(height / side), side };
}

/**
 * The cells under a finger: the one it is on and those around it.
 * @param {Grid} grid
 * @param {number} x  in pixels of the picture
 * @param {number} y
 * @returns {number[]}
 */
export const cellsAt = (grid, x, y) => block(grid, Math.floor(x / grid.side), Math.floor(y / grid.side), 1);

/**
 * The mean colour of every cell.
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {Grid} grid
 * @returns {Float32Array} three numbers a cell
 */
export function meansOf(rgba, width, grid) {
  const sums = new Float64Array(grid.cols * grid.rows * 4);
  for (let at = 0; at < rgba.length; at += 4) {
    const pixel = at / 4;
    const cell = (Math.floor(Math.floor(pixel / width) / grid.side) * grid.cols + Math.floor((pixel % width) / grid.side)) * 4;
    for (let n = 0; n < 3; n += 1) sums[cell + n] = (sums[cell + n] ?? 0) + (rgba[at + n] ?? 0);
    sums[cell + 3] = (sums[cell + 3] ?? 0) + 1;
  }
  return Float32Array.from({ length: grid.cols * grid.rows * 3 }, (_, n) => {
    const cell = Math.floor(n / 3) * 4;
    return (sums[cell + (n % 3)] ?? 0) / (sums[cell + 3] || 1);
  });
}

/**
 * What a hidden cell is painted with.
 * @param {Float32Array} means
 * @param {Grid} grid
 * @param {number} cell
 * @returns {number[]} red, green, blue
 */
export function paintOf(means, grid, cell) {
  const around = block(grid, cell % grid.cols, Math.floor(cell / grid.cols), AROUND);
  return [0, 1, 2].map((n) => Math.round(around.reduce((sum, one) => sum + (means[one * 3 + n] ?? 0), 0) / around.length));
}

/**
 * @param {Grid} grid
 * @param {number} col
 * @param {number} row
 * @param {number} reach
 */
function block({ cols, rows }, col, row, reach) {
  const found = [];
  for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y += 1) {
    for (let x = Math.max(0, col - reach); x <= Math.min(cols - 1, col + reach); x += 1) found.push(y * cols + x);
  }
  return found;
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
