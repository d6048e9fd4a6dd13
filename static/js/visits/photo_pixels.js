/** A picture opened to be changed: drawn with its marks, and burnt into a new JPEG. */
import { gridOf, meansOf, paintOf, pixelsOf } from './photo_geometry.js';

/** @typedef {{ crop: import('./photo_geometry.js').Crop, hidden: Set<number> }} Look */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

/** A second time through JPEG: a little finer than the first. */
const QUALITY = 0.85;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function openPicture(bytes) {
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  const { width, height } = bitmap;
  const grid = gridOf(width, height);
  const canvas = new OffscreenCanvas(width, height);
  const reader = context(canvas.getContext('2d', { alpha: false }));
  reader.drawImage(bitmap, 0, 0);
  const means = meansOf(reader.getImageData(0, 0, width, height).data, width, grid);
  canvas.width = canvas.height = 1; // gives the pixels back now

  /**
   * @param {Context} onto
   * @param {Set<number>} hidden
   */
  function paint(onto, hidden) {
    onto.drawImage(bitmap, 0, 0);
    for (const cell of hidden) {
      onto.fillStyle = `rgb(${paintOf(means, grid, cell).join(' ')})`;
      onto.fillRect((cell % grid.cols) * grid.side, Math.floor(cell / grid.cols) * grid.side, grid.side, grid.side);
    }
  }

  return {
    grid,
    close: () => bitmap.close(),
    /**
     * Show it with what is cut off in the shade.
     * @param {HTMLCanvasElement} glass
     * @param {Look} look
     * @param {{ x: number, y: number } | null} cursor
     */
    draw(glass, { crop, hidden }, cursor) {
      if (glass.width !== width || glass.height !== height) [glass.width, glass.height] = [width, height];
      const onto = context(glass.getContext('2d', { alpha: false }));
      paint(onto, hidden);
      const kept = pixelsOf(crop, width, height);
      onto.fillStyle = 'rgb(0 0 0 / .65)';
      onto.beginPath();
      onto.rect(0, 0, width, height);
      onto.rect(kept.x, kept.y, kept.width, kept.height);
      onto.fill('evenodd');
      onto.lineWidth = Math.max(width, height) / 160;
      onto.strokeStyle = '#fff';
      if (kept.width < width || kept.height < height) onto.strokeRect(kept.x, kept.y, kept.width, kept.height);
      if (cursor) onto.strokeRect(cursor.x - grid.side * 1.5, cursor.y - grid.side * 1.5, grid.side * 3, grid.side * 3);
    },
    /**
     * @param {Look} look
     * @returns {Promise<Uint8Array<ArrayBuffer>>} a JPEG that holds nothing of what was cut off or hidden
     */
    async burn({ crop, hidden }) {
      const kept = pixelsOf(crop, width, height);
      const made = new OffscreenCanvas(kept.width, kept.height);
      const onto = context(made.getContext('2d', { alpha: false }));
      onto.translate(-kept.x, -kept.y);
      paint(onto, hidden);
      const blob = await made.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
      made.width = made.height = 1;
      return new Uint8Array(await blob.arrayBuffer());
    },
  };
}

/**
 * @template {Context} T
 * @param {T | null} made
 * @returns {T}
 */
function context(made) {
  if (!made) throw new Error('this browser draws nothing');
  return made;
}
