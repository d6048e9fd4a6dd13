import './browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { random, utf8 } from '../../static/js/lib/bytes.js';
import { makeVault, openByPhrase, vaultDoor } from '../../static/js/vault/enrolments.js';
import { forgetCode, isCode, setCode, TRIES, waitsForCode } from '../../static/js/vault/shift_code.js';
import { decrypt, encrypt, isOpen, lock, openByCode } from '../../static/js/vault/vault.js';

const PHRASE = ['абзац', 'ёжик', 'дом', 'река', 'поле', 'лес'];

/** A phone without PRF, opened by its phrase, with a code for the shift. */
async function openedWithCode() {
  const short = Buffer.from(random(4)).toString('hex');
  await makeVault({ id: 'id', short }, { credential: 'key', prf: null, phrase: PHRASE, words: [] });
  const { meta } = await vaultDoor(short);
  await openByPhrase(meta, PHRASE);
  await setCode('4711');
  return meta;
}

test('a code is four to six digits', () => {
  assert.deepEqual(['123', '1234', '123456', '1234567', '12a4', ''].map(isCode), [false, true, true, false, false, false]);
});

test('the code opens what the idle lock closed, with the same keys', async () => {
  await openedWithCode();
  const kept = await encrypt('drafts|d', utf8('мама дома'));
  await lock('idle');
  await assert.rejects(decrypt('drafts|d', kept), /locked/);

  assert.equal(await openByCode('4711'), TRIES);

  assert.equal(new TextDecoder().decode(await decrypt('drafts|d', kept)), 'мама дома');
  await lock('sign-out');
});

test('the fifth wrong code ends the shift, and then the right one opens nothing', async () => {
  await openedWithCode();
  await lock('hidden');

  const left = [];
  for (let guess = 0; guess < TRIES; guess += 1) left.push(await openByCode(`000${guess}`));

  assert.deepEqual(left, [4, 3, 2, 1, 0]);
  assert.equal(waitsForCode(), false);
  assert.equal(await openByCode('4711'), 0);
  assert.equal(isOpen(), false);
});

test('a wrong code between right ones costs nothing later', async () => {
  await openedWithCode();
  await lock('hide');
  assert.equal(await openByCode('0000'), 4);
  assert.equal(await openByCode('4711'), TRIES);
  await lock('hide');
  assert.equal(await openByCode('0000'), 4);
  await lock('sign-out');
  forgetCode();
});

test('signing out ends the shift', async () => {
  await openedWithCode();
  await lock('sign-out');
  assert.equal(waitsForCode(), false);
});

test('after twelve hours the phrase is asked for again', async (context) => {
  await openedWithCode();
  await lock('idle');
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 12 * 3600_000 + 1 });
  assert.equal(waitsForCode(), false);
  assert.equal(await openByCode('4711'), 0);
});
