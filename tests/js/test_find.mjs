/** What a phone finds among its own families: the same rules as the server's, over the words that came with the page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, fits, nearlyFits, oneLetterApart } from '../../static/js/families/words.js';

const ROW = ['418', '14', '3', 'анн', 'вер', 'лев', 'миш', 'придуманн', 'рябинкин', 'сон'];

/** @param {string} text */
const exactly = (text) => fits(asked(text).words, ROW);
/** @param {string} text */
const nearly = (text) => nearlyFits(asked(text).words, ROW);

test('a surname is found in any case, number and gender, and while it is typed', () => {
  for (const text of ['Рябинкины', 'РЯБИНКИНА', 'рябинкиной', 'Рябинкину', 'ряб', 'рябинк']) assert.ok(exactly(text), text);
  assert.ok(!exactly('Рябчиковы'));
});

test('ё and е are one letter, typed whole or as two signs', () => {
  assert.ok(exactly('Лёва'));
  assert.ok(exactly('лева'));
  assert.ok(exactly('Ле\u0308ву'));
});

test('a letter may be wrong, missing, extra or swapped; two may not', () => {
  for (const text of ['рябимкины', 'рябнкины', 'рябиинкины', 'ряибнкины', 'дябинкина']) {
    assert.ok(!exactly(text), text);
    assert.ok(nearly(text), text);
  }
  assert.ok(!nearly('рыбимкины'));
  assert.ok(!nearly('мышц')); // short words would all be alike
});

test('every word must fit; initials and «ул.» are no words', () => {
  assert.ok(exactly('Миша Рябинкин'));
  assert.ok(!exactly('Роман Рябинкин'));
  assert.deepEqual(asked('Рябинкина О. В.'), { words: ['рябинкин'], initials: ['о', 'в'] });
  assert.deepEqual(asked('О.В.Рябинкина').initials, ['о', 'в']);
  assert.deepEqual(asked('ул. Придуманная, 14').words, ['придуманн', '14']);
  assert.deepEqual(asked('р'), { words: ['р'], initials: [] });
});

test('numbers are never forgiven', () => {
  assert.ok(exactly('№ 418'));
  assert.ok(!nearly('4188'));
});

test('one letter apart is a relation of both sides', () => {
  const pairs = [['рябинкин', 'рябикнин', true], ['аб', 'ба', true], ['', 'а', true], ['абв', 'ваб', false], ['аб', 'абвг', false], ['а', 'а', true]];
  for (const [one, other, near] of /** @type {[string, string, boolean][]} */ (pairs)) {
    assert.equal(oneLetterApart(one, other), near, `${one} ${other}`);
    assert.equal(oneLetterApart(other, one), near, `${other} ${one}`);
  }
});
