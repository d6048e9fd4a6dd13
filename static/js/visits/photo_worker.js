/**
 * Shrinks a photo away from the page: upright, at most 1600 px, JPEG, without EXIF, with its SHA-256.
 * One at a time (the page waits for each answer): a 48-megapixel picture takes 260 MB while it is open.
 */
import { hex, sha256 } from '../lib/bytes.js';
import { readExif } from './exif.js';

const LONGEST_PX = 1600;
const QUALITY = 0.8;
const EXIF_BYTES = 256 * 1024;

/** @typedef {{ bytes: ArrayBuffer, sha256: string, width: number, height: number, takenAt: string }} Shrunk */

addEventListener('message', async (/** @type {MessageEvent<File | ImageBitmap>} */ event) => {
  try {
    const shrunk = await shrink(event.data);
    postMessage(shrunk, { transfer: [shrunk.bytes] });
  } catch {
    postMessage(null); // not a picture this browser can open
  }
});

/**
 * @param {File | ImageBitmap} picture
 * @returns {Promise<Shrunk>}
 */
async function shrink(picture) {
  const takenAt = picture instanceof File ? readExif(await picture.slice(0, EXIF_BYTES).arrayBuffer()).takenAt : '';
  // The browser turns a file by its EXIF; the new one has none, so it must stand right by itself.
  const bitmap = picture instanceof File ? await createImageBitmap(picture, { imageOrientation: 'from-image' }) : picture;
  const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  canvas.width = canvas.height = 1; // gives the pixels back now, not at the next collection
  if (blob.type !== 'image/jpeg') throw new Error('this browser writes no JPEG');
  const bytes = await blob.arrayBuffer();
  return { bytes, sha256: hex(await sha256(bytes)), width, height, takenAt };
}
