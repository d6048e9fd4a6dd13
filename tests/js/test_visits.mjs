/** What the visit form's small parts promise: ids, EXIF. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exifTime, readExif } from '../../static/js/visits/exif.js';
import { uuid7 } from '../../static/js/lib/uuid.js';

/**
 * A JPEG's beginning with an EXIF block.
 * @param {{ little?: boolean, orientation: number, taken?: string, offset?: string }} what
 */
function jpeg({ little = true, orientation, taken = '', offset = '' }) {
  const view = new DataView(new ArrayBuffer(512));
  const base = 12;
  const put16 = (at, value) => view.setUint16(base + at, value, little);
  const put32 = (at, value) => view.setUint32(base + at, value, little);
  const entry = (at, tag, type, count, value) => {
    put16(at, tag);
    put16(at + 2, type);
    put32(at + 4, count);
    type === 3 ? put16(at + 8, value) : put32(at + 8, value);
  };
  const ascii = (at, text) => [...text, '\0'].forEach((c, i) => view.setUint8(base + at + i, c.charCodeAt(0)));
  view.setUint16(0, 0xffd8);
  view.setUint16(2, 0xffe1);
  view.setUint16(4, 500);
  view.setUint32(6, 0x45786966);
  view.setUint16(base, little ? 0x4949 : 0x4d4d);
  put16(2, 42);
  put32(4, 8);
  put16(8, 2);
  entry(10, 0x0112, 3, 1, orientation);
  entry(22, 0x8769, 4, 1, 100);
  put16(100, 2);
  entry(102, 0x9003, 2, taken.length + 1, 200);
  entry(114, 0x9011, 2, offset.length + 1, 240);
  ascii(200, taken);
  ascii(240, offset);
  return view.buffer;
}

test('an id has version 7, variant 1, and sorts by the moment it was made', () => {
  const [earlier, later] = [uuid7(1_700_000_000_000), uuid7(1_700_000_000_001)];

  assert.match(earlier, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(earlier < later);
  assert.equal(parseInt(earlier.replaceAll('-', '').slice(0, 12), 16), 1_700_000_000_000);
});

for (const little of [true, false]) {
  test(`EXIF is read in ${little ? 'little' : 'big'}-endian`, () => {
    const buffer = jpeg({ little, orientation: 6, taken: '2026:11:24 14:05:33', offset: '+07:00' });

    assert.deepEqual(readExif(buffer), { orientation: 6, takenAt: '2026:11:24 14:05:33 +07:00' });
  });
}

test('a picture without EXIF, and bytes that are no picture, say nothing', () => {
  assert.deepEqual(readExif(new ArrayBuffer(0)), { orientation: 1, takenAt: '' });
  assert.deepEqual(readExif(Uint8Array.from([0xff, 0xd8, 0xff, 0xda, 0, 2]).buffer), { orientation: 1, takenAt: '' });
});

test('an EXIF block cut anywhere never throws', () => {
  const whole = jpeg({ orientation: 6, taken: '2026:11:24 14:05:33', offset: '+07:00' });

  for (let length = 0; length < whole.byteLength; length += 1) readExif(whole.slice(0, length));
});

test('every byte of an EXIF block may be wrong without a throw', () => {
  const whole = new Uint8Array(jpeg({ orientation: 6, taken: '2026:11:24 14:05:33' }));

  for (let at = 0; at < 300; at += 1) {
    const broken = whole.slice();
    broken[at] ^= 0xff;
    readExif(broken.buffer);
  }
});

test('a moment is written as a camera writes it, with the clock’s offset', () => {
  const at = new Date(2026, 10, 22, 14, 5, 9);
  assert.match(exifTime(at), /^2026:11:22 14:05:09 [+-]\d\d:\d\d$/);
  assert.equal(readExif(jpeg({ orientation: 1, taken: exifTime(at).slice(0, 19), offset: exifTime(at).slice(20) })).takenAt, exifTime(at));
});
