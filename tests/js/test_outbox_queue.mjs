import './phone.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { base64url, fromBase64, joined, random, sha256, text, utf8 } from '../../static/js/lib/bytes.js';
import { all, get, openRegistry, put } from '../../static/js/lib/db.js';
import { headerOf, isoWithOffset } from '../../static/js/outbox/envelope.js';
import { itemsOf, queueForm, queueVisit } from '../../static/js/outbox/queue.js';
import { resealUnreadable } from '../../static/js/outbox/reseal.js';
import { change, items, labelKey, sealedBytes } from '../../static/js/outbox/store.js';
import { makeVault, openByPhrase, vaultDoor } from '../../static/js/vault/enrolments.js';
import { current, decrypt, lock } from '../../static/js/vault/vault.js';

const PHRASE = ['абзац', 'ёжик', 'дом', 'река', 'поле', 'лес'];
const SUITE = 'DHKEM_P256_HKDF_SHA256-HKDF_SHA256-AES_256_GCM';
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const FAMILY = '01890000-0000-7000-8000-000000000001';
const VISIT = '01890000-0000-7000-8000-000000000002';
const PHOTO = '01890000-0000-7000-8000-000000000003';
/** @type {any} */ (globalThis).location = { origin: 'http://127.0.0.1:9' };

let made = 0;

/** An open vault that knows the server's key. */
async function openPhone() {
  const short = `e000000${(made += 1)}`;
  const signing = await makeVault({ id: `id-${short}`, short }, { credential: 'c', prf: null, phrase: PHRASE, words: [] });
  await openByPhrase((await vaultDoor(short)).meta, PHRASE);
  const server = await suite.kem.generateKeyPair();
  const public_key = base64url(await suite.kem.serializePublicKey(server.publicKey));
  const { db } = current();
  await put(db, 'meta', { kid: 'k1', suite: SUITE, public_key }, 'sync_key');
  return { short, db, server, signing };
}

/** A visit with one photo, as the form gives it. */
const visit = () => ({
  visitId: VISIT,
  familyId: FAMILY,
  formVersion: 'visit@1',
  fields: /** @type {[string, string][]} */ ([['id', VISIT], ['family', FAMILY], ['good_today', 'Тепло & чисто'], ['photos-0-id', PHOTO]]),
  photos: [{ id: PHOTO, bytes: random(3000) }],
  remove: { drafts: ['d1'], photos: [PHOTO] },
  label: { family: 'Рябинкины', on: '2026-11-24', outcome: 'visit' },
});

/** What the server finds in an envelope. @param {Awaited<ReturnType<typeof openPhone>>} phone @param {import('../../static/js/outbox/store.js').Item} item */
async function opened({ db, server, signing }, item) {
  const header = fromBase64(item.header);
  const sealed = new Uint8Array(await sealedBytes(db, item.id));
  assert.equal(Buffer.from(await sha256(sealed)).toString('base64'), item.sha256);
  const info = joined(utf8('curator/1'), await sha256(header));
  const plain = new Uint8Array(await suite.open({ recipientKey: server.privateKey, enc: sealed.slice(0, 65), info }, sealed.slice(65)));
  const body = plain.slice(64);
  const key = await crypto.subtle.importKey('raw', fromBase64(signing), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const signed = joined(await sha256(header), await sha256(body));
  assert.ok(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, plain.slice(0, 64), signed), 'signed by this phone');
  return { header: JSON.parse(text(header)), body };
}

test('«Готово»: sealed, signed, copied, labelled, and the draft is gone, all at once', async () => {
  const mine = await openPhone();
  await put(mine.db, 'drafts', { id: 'd1' });
  await put(mine.db, 'photos', { id: PHOTO });
  const given = visit();

  const { group } = await queueVisit(given);

  const [first, second] = (await itemsOf(group)).sort((a, b) => (a.kind < b.kind ? 1 : -1));
  assert.ok(first && second);
  const record = await opened(mine, first);
  assert.equal(record.header.id, first.id);
  assert.deepEqual(record.header.parts, [second.id]);
  assert.equal(record.header.enrolment, mine.short);
  assert.equal(new URLSearchParams(text(record.body)).get('good_today'), 'Тепло & чисто');
  const photo = await opened(mine, second);
  const cut = photo.body.indexOf(10);
  assert.deepEqual(JSON.parse(text(photo.body.slice(0, cut))), { photo: PHOTO, visit: VISIT });
  assert.deepEqual(photo.body.slice(cut + 1), given.photos[0]?.bytes);
  assert.deepEqual([await all(mine.db, 'drafts'), await all(mine.db, 'photos')], [[], []]);
  const label = await get(mine.db, 'copies', labelKey(group));
  assert.equal(JSON.parse(text(await decrypt(`copies|${labelKey(group)}`, label))).family, 'Рябинкины');
  await lock('hide');
});

test('a full phone changes nothing: the draft stands as it stood', async () => {
  const mine = await openPhone();
  await put(mine.db, 'drafts', { id: 'd1' });
  const given = visit();
  const unsound = /** @type {any} */ ({ ...given, remove: { drafts: ['d1'], photos: [{}] } }); // a key no store takes
  await assert.rejects(queueVisit(unsound));
  assert.equal((await all(mine.db, 'drafts')).length, 1);
  assert.deepEqual([await items(mine.db), await all(mine.db, 'sealed'), await all(mine.db, 'copies')], [[], [], []]);
  await lock('hide');
});

test('nothing of what was written lies on the disk in the clear', async () => {
  const mine = await openPhone();
  await queueVisit(visit());
  const disk = JSON.stringify(
    [await items(mine.db), await all(mine.db, 'sealed'), await all(mine.db, 'copies'), await all(mine.db, 'meta'), await all(await openRegistry(), 'enrolments')],
    (_, value) => (value instanceof ArrayBuffer ? Buffer.from(value).toString('latin1') : value),
  );
  const utf = Buffer.from('Рябинкины').toString('latin1');
  for (const canary of ['Рябинкины', utf, 'good_today', FAMILY]) assert.equal(disk.includes(canary), false, canary);
  await lock('hide');
});

test('what the server could not read is sealed anew to its new key, under a new id that names the old', async () => {
  const mine = await openPhone();
  const { group } = await queueVisit(visit());
  const old = (await itemsOf(group)).find(({ kind }) => kind === 'visit');
  assert.ok(old);
  await change(mine.db, old.id, { state: 'on_server', receipt: /** @type {any} */ ({ state: 'unreadable', seq: 1 }) });
  const server = await suite.kem.generateKeyPair();
  const public_key = base64url(await suite.kem.serializePublicKey(server.publicKey));
  await put(mine.db, 'meta', { kid: 'k2', suite: SUITE, public_key }, 'sync_key');

  await resealUnreadable();

  const again = (await itemsOf(group)).find(({ kind }) => kind === 'visit');
  assert.ok(again && again.id !== old.id);
  const { header, body } = await opened({ ...mine, server }, again);
  assert.equal(header.supersedes, old.id);
  assert.equal(header.kid, 'k2');
  assert.deepEqual(header.parts, headerOf(old.header).parts);
  assert.equal(new URLSearchParams(text(body)).get('id'), VISIT, 'known again by its own id');
  assert.equal(again.resealed, 1);
  assert.equal(await get(mine.db, 'sealed', old.id), undefined);
  await lock('hide');
});

const ALARM = '01890000-0000-7000-8000-000000000004';

/** A short form, as its page gives it. */
const alarm = () => ({
  kind: /** @type {const} */ ('alarm'),
  id: ALARM,
  familyId: FAMILY,
  formVersion: 'urgent_content@1',
  fields: /** @type {[string, string][]} */ ([['act', 'raise'], ['facts_seen', 'Дым & крик']]),
  remove: { drafts: [ALARM] },
  keep: [{ id: `alarm:${ALARM}`, value: { state: 'sent' } }],
  label: { family: 'Рябинкины', on: '2026-11-24', outcome: '', kind: 'alarm_note' },
});

test('a short form is sealed with its own id, family and version, and what is kept of it lies beside', async () => {
  const mine = await openPhone();
  await put(mine.db, 'drafts', { id: ALARM });

  const { group, envelope } = await queueForm(alarm());

  const [item] = await itemsOf(group);
  assert.ok(item && item.id === envelope && item.kind === 'alarm');
  const { header, body } = await opened(mine, item);
  assert.deepEqual([header.id, header.kind, header.form_version, header.parts], [envelope, 'alarm', 'urgent_content@1', []]);
  assert.deepEqual([...new URLSearchParams(text(body))], [
    ['id', ALARM], ['family', FAMILY], ['form_version', 'urgent_content@1'], ['act', 'raise'], ['facts_seen', 'Дым & крик'],
  ]);
  assert.deepEqual(await all(mine.db, 'drafts'), []);
  const kept = await get(mine.db, 'copies', `alarm:${ALARM}`);
  assert.deepEqual(JSON.parse(text(await decrypt(`copies|alarm:${ALARM}`, kept))), { state: 'sent' });
  const label = JSON.parse(text(await decrypt(`copies|${labelKey(group)}`, await get(mine.db, 'copies', labelKey(group)))));
  assert.deepEqual([label.family, label.kind, label.family_id], ['Рябинкины', 'alarm_note', FAMILY]);
  await lock('hide');
});

test('a short form that belongs to no family says so', async () => {
  const mine = await openPhone();
  const { group } = await queueForm({ ...alarm(), familyId: null });
  const [item] = await itemsOf(group);
  assert.ok(item);
  assert.equal(new URLSearchParams(text((await opened(mine, item)).body)).get('family'), '');
  await lock('hide');
});

test('without the key of the server nothing is queued', async () => {
  const mine = await openPhone();
  await put(mine.db, 'meta', undefined, 'sync_key');
  await assert.rejects(queueVisit(visit()), /key/);
  assert.deepEqual(await items(mine.db), []);
  await lock('hide');
});

test("the phone's clock goes along with its offset", () => {
  const at = new Date('2026-11-24T12:00:00.000Z');
  assert.match(isoWithOffset(at), /^2026-11-24T\d\d:\d\d:00\.000[+-]\d\d:\d\d$/);
  assert.equal(new Date(isoWithOffset(at)).getTime(), at.getTime());
});
