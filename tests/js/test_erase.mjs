import './phone.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { random, utf8 } from '../../static/js/lib/bytes.js';
import { all, get, put } from '../../static/js/lib/db.js';
import { eraseOrdered } from '../../static/js/outbox/erase.js';
import { labelKey } from '../../static/js/outbox/store.js';
import { find, keep } from '../../static/js/transport/fragments.js';
import { makeVault, openByPhrase, vaultDoor } from '../../static/js/vault/enrolments.js';
import { current, encrypt, lock } from '../../static/js/vault/vault.js';
import { queued } from './phone.mjs';

const PHRASE = ['абзац', 'ёжик', 'дом', 'река', 'поле', 'лес'];
const GONE = '01890000-0000-7000-8000-00000000000a';
const STAYS = '01890000-0000-7000-8000-00000000000b';
let made = 0;

/** An open vault with two pictures in its kit, in its drafts and in its outbox. */
async function phone() {
  const short = `f000000${(made += 1)}`;
  await makeVault({ id: `id-${short}`, short }, { credential: 'c', prf: null, phrase: PHRASE, words: [] });
  await openByPhrase((await vaultDoor(short)).meta, PHRASE);
  const { db } = current();
  const { id: visit } = await queued({ db, short });
  for (const photo of [GONE, STAYS]) {
    for (const size of ['thumb', 'full']) await keep(`/photos/${photo}/${size}`, random(50));
    await put(db, 'photos', { id: photo, draft: 'd1' });
    await carrier({ db, short }, photo, visit);
  }
  await put(db, 'copies', { id: labelKey(visit), iv: new ArrayBuffer(1), ct: new ArrayBuffer(1) });
  await put(db, 'meta', [GONE], 'erase_photos');
  return { db, short, visit };
}

/**
 * An envelope with a picture, whose copy lies under the key.
 * @param {{ db: import('../../static/js/lib/db.js').Database, short: string }} phone
 * @param {string} photo
 * @param {string} group
 */
async function carrier({ db, short }, photo, group) {
  const { id } = await queued({ db, short }, { kind: 'photo', group, row: { state: 'on_server' } });
  const copy = await encrypt(`copies|${id}`, utf8(`${JSON.stringify({ photo, visit: group })}\n\u00ff`));
  await put(db, 'copies', { id, ...copy });
  return id;
}

/** @param {string} photo */
const inKit = async (photo) => Promise.all(['thumb', 'full'].map(async (size) => (await find(`/photos/${photo}/${size}`)) !== null));

test('a picture that was taken back leaves the kit, the drafts and the outbox; the others stay', async () => {
  const { db, visit } = await phone();

  assert.deepEqual([...(await eraseOrdered())], [GONE]);

  assert.deepEqual(await inKit(GONE), [false, false]);
  assert.deepEqual(await inKit(STAYS), [true, true]);
  assert.deepEqual((await all(db, 'photos')).map(({ id }) => id), [STAYS]);
  const left = (await all(db, 'outbox')).map(({ id, kind }) => [id, kind]);
  assert.deepEqual(left.map(([, kind]) => kind), ['visit', 'photo']);
  for (const store of ['sealed', 'copies']) {
    const ids = (await all(db, store)).map(({ id }) => id).filter((id) => !id.startsWith('label:'));
    assert.deepEqual(ids.toSorted(), left.map(([id]) => id).toSorted(), store);
  }
  assert.ok(await get(db, 'copies', labelKey(visit)), 'the record keeps its name');
  await lock('hide');
});

test('the same order again does nothing, and so does one about pictures that were never here', async () => {
  const { db } = await phone();
  await eraseOrdered();
  const before = await Promise.all(['outbox', 'sealed', 'copies', 'photos', 'fragments'].map((store) => all(db, store)));

  await put(db, 'meta', [GONE, '01890000-0000-7000-8000-00000000000c'], 'erase_photos');
  await eraseOrdered();

  const after = await Promise.all(['outbox', 'sealed', 'copies', 'photos', 'fragments'].map((store) => all(db, store)));
  assert.deepEqual(after, before);
  await lock('hide');
});

test('a damaged copy saves no other picture', async () => {
  const { db, short } = await phone();
  await queued({ db, short }, { kind: 'photo', at: Date.now() - 60_000 }); // its copy does not decrypt

  await eraseOrdered();

  assert.deepEqual(await inKit(GONE), [false, false]);
  assert.equal((await all(db, 'outbox')).length, 3);
  await lock('hide');
});
