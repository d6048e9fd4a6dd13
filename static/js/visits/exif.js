/**
 * Three fields of a JPEG's EXIF (TIFF 6.0 inside APP1): when it was taken, by which offset, and which way up.
 * Reads a prefix of the file and checks every bound: the file may come from anywhere.
 */

const TAG = { orientation: 0x0112, exif: 0x8769, taken: 0x9003, offset: 0x9011 };

/**
 * @param {ArrayBuffer} buffer  the first 256 KB are enough
 * @returns {{ orientation: number, takenAt: string }} orientation 1–8 (1 when unknown); `takenAt` as the camera wrote
 *   it, «2026:11:24 14:05:33», with its offset behind when it had one; empty when it wrote none
 */
export function readExif(buffer) {
  const view = new DataView(buffer);
  const nothing = { orientation: 1, takenAt: '' };
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return nothing;
  let at = 2;
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda || length < 2) return nothing;
    if (marker === 0xffe1 && at + 10 <= view.byteLength && view.getUint32(at + 4) === 0x45786966) {
      const end = Math.min(at + 2 + length, view.byteLength);
      try {
        return readTiff(new DataView(buffer, at + 10, end - at - 10));
      } catch (problem) {
        if (problem instanceof RangeError) return nothing; // an offset that points out of the block
        throw problem;
      }
    }
    at += 2 + length;
  }
  return nothing;
}

/**
 * A moment as a camera writes it: «2026:11:22 14:05:00 +03:00».
 * @param {Date} at
 */
export function exifTime(at) {
  const ahead = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + ahead * 60_000).toISOString().slice(0, 19);
  const two = (/** @type {number} */ number) => String(Math.floor(number)).padStart(2, '0');
  return `${local.replaceAll('-', ':').replace('T', ' ')} ${ahead < 0 ? '-' : '+'}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
}

/** @param {DataView} tiff */
function readTiff(tiff) {
  const little = tiff.getUint16(0) === 0x4949;
  const first = entries(tiff, tiff.getUint32(4, little), little);
  const orientation = first.get(TAG.orientation);
  const pointer = first.get(TAG.exif);
  const exif = pointer === undefined ? new Map() : entries(tiff, tiff.getUint32(pointer + 8, little), little);
  const way = orientation === undefined ? 1 : tiff.getUint16(orientation + 8, little);
  const taken = ascii(tiff, exif.get(TAG.taken), little);
  const offset = ascii(tiff, exif.get(TAG.offset), little);
  return { orientation: way >= 1 && way <= 8 ? way : 1, takenAt: [taken, offset].filter(Boolean).join(' ') };
}

/**
 * @param {DataView} tiff
 * @param {number} at
 * @param {boolean} little
 * @returns {Map<number, number>} tag → position of its entry
 */
function entries(tiff, at, little) {
  /** @type {Map<number, number>} */
  const found = new Map();
  const count = tiff.getUint16(at, little);
  for (let i = 0; i < count; i += 1) found.set(tiff.getUint16(at + 2 + i * 12, little), at + 2 + i * 12);
  return found;
}

/**
 * @param {DataView} tiff
 * @param {number | undefined} entry
 * @param {boolean} little
 */
function ascii(tiff, entry, little) {
  if (entry === undefined || tiff.getUint16(entry + 2, little) !== 2) return '';
  const length = tiff.getUint32(entry + 4, little);
  const start = length <= 4 ? entry + 8 : tiff.getUint32(entry + 8, little);
  if (length > 64) return '';
  let text = '';
  for (let i = 0; i < length; i += 1) text += String.fromCharCode(tiff.getUint8(start + i));
  return text.replace(/\0.*$/s, '').replace(/[^0-9:+\- ]/g, '').trim();
}
