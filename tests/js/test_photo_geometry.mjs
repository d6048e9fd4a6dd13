/** Cutting a picture and hiding its cells, in numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellsAt, cut, edgesAt, gridOf, meansOf, paintOf, pixelsOf, STEP, WHOLE, withEdge } from '../../static/js/visits/photo_geometry.js';

test('a step cuts an edge inwards, and the same step gives it back', () => {
  for (const edge of ['left', 'top', 'right', 'bottom']) {
    const once = cut(WHOLE, edge, 1);
    assert.ok(Math.abs(Math.abs(once[edge] - WHOLE[edge]) - STEP) < 1e-9, edge);
    assert.deepEqual(cut(once, edge, -1), WHOLE);
    assert.deepEqual(cut(WHOLE, edge, -1), WHOLE, 'nothing lies beyond the picture');
  }
});

test('a fifth of a side always stays', () => {
  let crop = WHOLE;
  for (let n = 0; n < 50; n += 1) crop = cut(crop, 'left', 1);
  assert.ok(Math.abs(crop.left - 0.8) < 1e-9);
  assert.equal(withEdge(crop, 'right', 0).right, 1);
});

test('a finger takes one edge, two at a corner, none in the middle', () => {
  assert.deepEqual(edgesAt(WHOLE, 0.02, 0.5, 0.1), ['left']);
  assert.deepEqual(edgesAt(WHOLE, 0.98, 0.95, 0.1), ['right', 'bottom']);
  assert.deepEqual(edgesAt(WHOLE, 0.5, 0.5, 0.1), []);
});

test('what is kept is whole pixels inside the picture', () => {
  assert.deepEqual(pixelsOf(WHOLE, 1200, 1600), { x: 0, y: 0, width: 1200, height: 1600 });
  assert.deepEqual(pixelsOf({ left: 0.25, top: 0.5, right: 0.75, bottom: 1 }, 1201, 1600), { x: 300, y: 800, width: 601, height: 800 });
});

test('a grid covers the picture to its last pixel', () => {
  for (const [width, height] of [[1200, 1600], [1600, 1067], [33, 7], [1, 1]]) {
    const { cols, rows, side } = gridOf(width, height);
    assert.ok(cols * side >= width && rows * side >= height);
    assert.ok(Math.max(cols, rows) <= 32);
  }
});

test('a tap hides a finger’s width of cells, fewer at the rim', () => {
  const grid = { cols: 4, rows: 4, side: 10 };
  assert.deepEqual(cellsAt(grid, 15, 15), [0, 1, 2, 4, 5, 6, 8, 9, 10]);
  assert.deepEqual(cellsAt(grid, 0, 0), [0, 1, 4, 5]);
  assert.deepEqual(cellsAt(grid, 39, 39), [10, 11, 14, 15]);
});

test('a hidden cell is one colour, mixed with its surroundings: its own pixels cannot be read back', () => {
  const grid = { cols: 3, rows: 1, side: 2 };
  const rgba = new Uint8ClampedArray(6 * 2 * 4);
  for (let y = 0; y < 2; y += 1) for (let x = 0; x < 2; x += 1) rgba.set([x === y ? 255 : 0, 90, 0, 255], (y * 6 + x) * 4);
  const means = meansOf(rgba, 6, grid);
  assert.deepEqual([...means.slice(0, 3)], [127.5, 90, 0]);
  assert.deepEqual([...means.slice(3)], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(paintOf(means, grid, 0), [43, 30, 0]);
});
