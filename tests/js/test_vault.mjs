import './browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { fromBase64, random, utf8 } from '../../static/js/lib/bytes.js';
import { all, openEnrolment, tx, writable } from '../../static/js/lib/db.js';
import { activeEnrolment, makeVault, openByPasskey, openByPhrase, remember, vaultDoor } from '../../static/js/vault/enrolments.js';
import { current, decrypt, encrypt, isOpen, lock, nameOf, onLock, sign, whenClosed } from '../../static/js/vault/vault.js';

const WORDS = Array.from({ length: 2048 }, (_, n) => `слово${n}`);
const PHRASE = ['абзац', 'ёжик', 'дом', 'река', 'поле', 'лес'];
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

/** @param {string} short @param {Uint8Array | null} prf */
async function enrolled(short, prf) {
  const publicKey = await makeVault({ id: `id-${short}`, short }, { credential: 'key1', prf, phrase: PHRASE, words: WORDS });
  return { publicKey, meta: (await vaultDoor(short)).meta };
}

test('the passkey opens what the phrase can open too, and the other way round', async () => {
  const prf = random(32);
  const { meta } = await enrolled('aaaaaaaa', prf);
  assert.equal(await openByPasskey(meta, 'key1', prf), true);
  const kept = await encrypt('drafts|d1', utf8('мама дома'));
  await lock('hide');

  assert.equal(await openByPhrase(meta, ['Абзац', 'ежик', 'ДОМ', 'река', 'поле', 'лес']), true);
  assert.equal(new TextDecoder().decode(await decrypt('drafts|d1', kept)), 'мама дома');
  await lock('hide');
});

test('another finger, another passkey and another phrase open nothing', async () => {
  const { meta } = await enrolled('bbbbbbbb', random(32));
  assert.equal(await openByPasskey(meta, 'key1', random(32)), false);
  assert.equal(await openByPasskey(meta, 'key2', random(32)), false);
  assert.equal(await openByPhrase(meta, ['дом', 'ёжик', 'абзац', 'река', 'поле', 'лес']), false);
  assert.equal(isOpen(), false);
});

test('a phone that was emptied while the finger was on its way opens nothing, and nothing breaks', async () => {
  const prf = random(32);
  const { meta } = await enrolled('b1111111', prf);
  // The order of the office clears them one by one as far as a reader in between is concerned.
  const db = await openEnrolment('b1111111');
  await tx(db, ['wraps'], 'readwrite', async (transaction) => {
    await writable(transaction, 'wraps').delete('signing');
  });
  assert.equal(await openByPasskey(meta, 'key1', prf), false);
  assert.equal(isOpen(), false);
});

test('without PRF the phrase alone opens, and the door knows it', async () => {
  const { meta } = await enrolled('cccccccc', null);
  assert.equal((await vaultDoor('cccccccc')).byKey, false);
  assert.equal(await openByPhrase(meta, PHRASE), true);
  await lock('hide');
});

test('what lies under one name does not decrypt under another', async () => {
  const { meta } = await enrolled('dddddddd', null);
  await openByPhrase(meta, PHRASE);
  const kept = await encrypt('fragments|one', utf8('text'));
  await assert.rejects(decrypt('fragments|two', kept), { name: 'OperationError' });
  await lock('hide');
});

test('a signature verifies under the key that was registered', async () => {
  const { meta, publicKey } = await enrolled('eeeeeeee', null);
  await openByPhrase(meta, PHRASE);
  const signature = await sign(utf8('посещение'));
  const key = await crypto.subtle.importKey('raw', fromBase64(publicKey), CURVE, false, ['verify']);

  assert.equal(signature.length, 64);
  assert.equal(fromBase64(publicKey).length, 65);
  assert.equal(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, utf8('посещение')), true);
  await lock('hide');
});

test('names on the disk differ between phones', async () => {
  const one = await enrolled('f0000001', null);
  const other = await enrolled('f0000002', null);
  await openByPhrase(one.meta, PHRASE);
  const name = await nameOf('/families/1');
  await lock('hide');
  await openByPhrase(other.meta, PHRASE);

  assert.match(name, /^[0-9a-f]{64}$/);
  assert.notEqual(await nameOf('/families/1'), name);
  await lock('hide');
});

test('at the lock savers run with the keys still there, a slow one for two seconds at most, then nothing can be read', async () => {
  const { meta } = await enrolled('f1111111', null);
  await openByPhrase(meta, PHRASE);
  /** @type {string[]} */
  const order = [];
  const forget = [
    onLock(async () => void (await encrypt('drafts|d', utf8('x')), order.push('saved'))),
    onLock(() => new Promise(() => {})),
    onLock(() => {
      throw new Error('this saver is broken');
    }),
  ];
  whenClosed((reason) => order.push(`closed: ${reason}`));

  const began = Date.now();
  await Promise.all([lock('idle'), lock('hide')]);

  assert.deepEqual(order, ['saved', 'closed: idle']);
  assert.ok(Date.now() - began < 4000);
  assert.throws(current, /locked/);
  await assert.rejects(encrypt('drafts|d', utf8('x')), /locked/);
  for (const each of forget) each();
});

test('neither the data key, nor the signing key, nor the phrase lies on the disk in the clear', async () => {
  const prf = random(32);
  await enrolled('f2222222', prf);
  const db = await openEnrolment('f2222222');
  const disk = JSON.stringify([await all(db, 'wraps'), await all(db, 'meta')], (_, value) =>
    value instanceof ArrayBuffer ? Buffer.from(value).toString('base64') : value,
  );
  assert.equal(disk.includes('CryptoKey'), false);
  assert.equal(disk.includes(Buffer.from(prf).toString('base64').slice(0, 20)), false);
  assert.equal(disk.includes('ёжик'), false);
});

test('the last enrolment of a browser is the one in use', async () => {
  await remember({ id: '1', short: 'aaaaaaaa', kind: 'field' });
  await remember({ id: '2', short: 'bbbbbbbb', kind: 'office' });
  assert.equal((await activeEnrolment())?.short, 'bbbbbbbb');
});
