import './browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { reasonToLock } from '../../static/js/vault/lock.js';

const MINUTE = 60_000;
const NOW = 1_763_800_000_000;

/** @param {{ touched?: number, hidden?: number, chooser?: number }} agoMinutes */
const reason = ({ touched = 0, hidden, chooser }) =>
  reasonToLock({
    now: NOW,
    touchedAt: NOW - touched * MINUTE,
    hiddenAt: hidden === undefined ? null : NOW - hidden * MINUTE,
    chooserAt: chooser === undefined ? null : NOW - chooser * MINUTE,
  });

test('the vault stays open for three minutes out of sight and ten without a touch', () => {
  assert.equal(reason({ hidden: 2.9 }), null);
  assert.equal(reason({ hidden: 3 }), 'hidden');
  assert.equal(reason({ touched: 9.9 }), null);
  assert.equal(reason({ touched: 10 }), 'idle');
});

test('a camera that we opened is waited for, ten minutes at most', () => {
  assert.equal(reason({ hidden: 8, chooser: 8 }), null);
  assert.equal(reason({ hidden: 10, touched: 10, chooser: 10 }), 'hidden');
});

test('a clock that was set back locks', () => {
  assert.equal(reason({ hidden: -60 }), 'hidden');
  assert.equal(reason({ touched: -1 }), 'hidden');
});
