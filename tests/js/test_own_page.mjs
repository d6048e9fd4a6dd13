/** The page a visit was begun on: kept under the vault's key, taken along by the record, gone with its last envelope. */
import './phone.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { DhkemP256HkdfSha256 } from '@hpke/core';
import { base64url, text } from '../../static/js/lib/bytes.js';
import { get, put } from '../../static/js/lib/db.js';
import { queueVisit } from '../../static/js/outbox/queue.js';
import { drop, pageKey } from '../../static/js/outbox/store.js';
import { makeVault, openByPhrase, vaultDoor } from '../../static/js/vault/enrolments.js';
import { current, lock } from '../../static/js/vault/vault.js';
import { keepPage, packedPage, pageOf, withIcons } from '../../static/js/visits/own_page.js';

const PHRASE = ['абзац', 'ёжик', 'дом', 'река', 'поле', 'лес'];
const PAGE = `<form data-form-version="visit@1">Рябинкины ${'<label>Дома тепло</label>'.repeat(200)}</form>`;
const FAMILY = '01890000-0000-7000-8000-000000000001';
/** @type {any} */ (globalThis).document = { querySelector: () => null };
/** @type {any} */ (globalThis).location = { origin: 'http://127.0.0.1:9' };

let made = 0;

async function openPhone() {
  const short = `f000000${(made += 1)}`;
  await makeVault({ id: `id-${short}`, short }, { credential: 'c', prf: null, phrase: PHRASE, words: [] });
  await openByPhrase((await vaultDoor(short)).meta, PHRASE);
  const kem = new DhkemP256HkdfSha256();
  const public_key = base64url(await kem.serializePublicKey((await kem.generateKeyPair()).publicKey));
  await put(current().db, 'meta', { kid: 'k1', suite: 'DHKEM_P256_HKDF_SHA256-HKDF_SHA256-AES_256_GCM', public_key }, 'sync_key');
  return current().db;
}

test('a page comes back to the letter, and lies small and unreadable on the disk', async () => {
  const db = await openPhone();
  await keepPage('d1', PAGE);

  assert.equal(await pageOf('d1'), PAGE);
  assert.equal(await pageOf('other'), null);
  const row = await get(db, 'copies', pageKey('d1'));
  assert.doesNotMatch(text(row.ct), /Рябинкины|Дома тепло/);
  assert.ok(row.ct.byteLength < PAGE.length / 4, `${row.ct.byteLength} bytes`);
  await lock('hide');
});

test('the record takes the page along from its draft, and lets go of it with its last envelope', async () => {
  const db = await openPhone();
  await keepPage('d1', PAGE);

  const { group } = await queueVisit({
    visitId: 'd1', familyId: FAMILY, formVersion: 'visit@1', fields: [['id', 'd1']], photos: [],
    remove: { drafts: ['d1'] }, label: { family: 'Рябинкины', on: '', outcome: 'visit' }, page: await packedPage('d1'),
  });

  assert.equal(await pageOf('d1'), null);
  assert.equal(await pageOf(group), PAGE);
  await drop(db, [group]);
  assert.equal(await get(db, 'copies', pageKey(group)), undefined);
  await lock('hide');
});

test('a page of an older build shows icons of today', () => {
  const old = '<use href="/static/dist/icons-AAAAAAAA.svg#house"/>';

  assert.equal(withIcons(old, '/static/dist/icons-BBBBBBBB.svg#sun'), '<use href="/static/dist/icons-BBBBBBBB.svg#house"/>');
  assert.equal(withIcons(old, ''), old);
});
