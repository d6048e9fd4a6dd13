import './browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { createHash } from 'node:crypto';
import { base64url, utf8 } from '../../static/js/lib/bytes.js';
import { askPasskey, createPasskey, guarded } from '../../static/js/vault/prf.js';

const SECRET = new Uint8Array(32).fill(7).buffer;
const OPTIONS = { challenge: 'AQID', rp: { id: 'localhost', name: 'Куратор' }, user: { id: 'BAUG', name: 'т', displayName: 'т' }, pubKeyCredParams: [] };

/**
 * An authenticator that answers as a browser would.
 * @param {unknown} prf  what its PRF extension says
 */
function authenticator(prf) {
  /** @type {any[]} */
  const asked = [];
  const bytes = utf8('x').buffer;
  const response = { clientDataJSON: bytes, attestationObject: bytes, authenticatorData: bytes, signature: bytes, getTransports: () => ['internal'] };
  const credential = { id: 'Y3JlZA', rawId: bytes, type: 'public-key', response, getClientExtensionResults: () => ({ prf }) };
  const ask = async (/** @type {any} */ { publicKey }) => (asked.push(publicKey), credential);
  Object.defineProperty(globalThis, 'navigator', { value: { credentials: { create: ask, get: ask } }, configurable: true });
  return asked;
}

test('the PRF output is for this page and stands nowhere in what is sent', async () => {
  authenticator({ enabled: true, results: { first: SECRET } });
  for (const answer of [await createPasskey(OPTIONS), await askPasskey({ challenge: 'AQID' }, ['Y3JlZA'])]) {
    assert.equal(answer.prf, SECRET);
    const sent = JSON.stringify(answer.json);
    assert.equal(sent.includes('prf'), false);
    assert.equal(sent.includes(base64url(SECRET)), false);
  }
});

test('every gesture evaluates the PRF over the same salt, for the given credentials only', async () => {
  const asked = authenticator({ results: { first: SECRET } });
  await createPasskey(OPTIONS);
  await askPasskey(null, ['Y3JlZA']);
  const salt = createHash('sha256').update('curator/vault/v1').digest();
  for (const publicKey of asked) assert.deepEqual(Buffer.from(publicKey.extensions.prf.eval.first), salt);
  assert.deepEqual(asked[1].allowCredentials.map((/** @type {any} */ each) => Buffer.from(each.id).toString()), ['cred']);
  assert.equal(asked[1].challenge.length, 32);
  assert.equal(asked[1].userVerification, 'required');
});

test('a phone that gives the output only at get() is asked once more, one without PRF is not', async () => {
  authenticator({ enabled: true });
  assert.deepEqual(pick(await createPasskey(OPTIONS)), { prf: null, mayHavePrf: true });
  authenticator({ enabled: false });
  assert.deepEqual(pick(await createPasskey(OPTIONS)), { prf: null, mayHavePrf: false });
  authenticator(undefined);
  assert.deepEqual(pick(await createPasskey(OPTIONS)), { prf: null, mayHavePrf: false });
});

test('a body with a PRF result anywhere is not sent', () => {
  assert.throws(() => guarded({ credential: { clientExtensionResults: { prf: { results: { first: 'x' } } } } }), /must not leave/);
  assert.throws(() => guarded({ list: [{ prf: null }] }), /must not leave/);
  assert.deepEqual(guarded({ token: 'a' }), { token: 'a' });
});

/** @param {{ prf: unknown, mayHavePrf: boolean }} answer */
const pick = ({ prf, mayHavePrf }) => ({ prf, mayHavePrf });
