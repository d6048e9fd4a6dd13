/** A phone for the outbox's tests: Web Locks as far as Node lacks them, an enrolment, and rows in its outbox. */
import './browser.mjs';
import { createHash, randomBytes } from 'node:crypto';
import { openEnrolment, openRegistry, put } from '../../static/js/lib/db.js';
import { uuid7 } from '../../static/js/lib/uuid.js';
import { items } from '../../static/js/outbox/store.js';

/** @type {Map<string, symbol>} */
const held = new Map();
Object.defineProperty(globalThis, 'navigator', {
  configurable: true,
  value: {
    onLine: true,
    locks: {
      /** @param {string} name @param {LockOptions} options @param {(lock: unknown) => Promise<unknown>} work */
      async request(name, { steal = false }, work) {
        if (held.has(name) && !steal) return work(null);
        const mine = Symbol(name);
        held.set(name, mine);
        return work({ name }).finally(() => held.get(name) === mine && held.delete(name));
      },
    },
  },
});

let phones = 0;

/** An enrolment in the registry with an empty outbox. @param {'field' | 'office'} [kind] */
export async function phone(kind = 'field') {
  const short = (phones += 1).toString(16).padStart(8, '0');
  const db = await openEnrolment(short);
  await put(await openRegistry(), 'enrolments', { id: `id-${short}`, short, kind, created_at: '', active: true });
  await put(db, 'meta', { kid: 'k1' }, 'sync_key');
  return { short, db };
}

/**
 * Put an envelope into the outbox, as queue.js does, with bytes of no meaning.
 * @param {Awaited<ReturnType<typeof phone>>} phone
 * @param {{ kind?: string, size?: number, group?: string, at?: number, row?: Partial<import('../../static/js/outbox/store.js').Item> }} [about]
 */
export async function queued({ db, short }, { kind = 'visit', size = 2000, group, at = Date.now(), row = {} } = {}) {
  const id = uuid7(at);
  const bytes = randomBytes(size);
  const header = { v: 1, id, kind, enrolment: short, kid: 'k1', form_version: 'visit@1', parts: [] };
  const item = {
    id, group: group ?? id, kind, header: Buffer.from(JSON.stringify(header)).toString('base64'),
    sha256: createHash('sha256').update(bytes).digest('base64'), size, state: 'waiting', created_at: new Date(at).toISOString(),
    tries: 0, next_at: 0, probe: false, rejects: 0, resealed: 0, sent_at: 0, receipt: null, applied: false, trouble: null, ...row,
  };
  await put(db, 'outbox', item);
  await put(db, 'sealed', { id, bytes: new Uint8Array(bytes).buffer });
  await put(db, 'copies', { id, iv: new ArrayBuffer(12), ct: new ArrayBuffer(1) });
  return { id, bytes };
}

/** @param {Awaited<ReturnType<typeof phone>>} phone @param {string} id */
export async function rowOf({ db }, id) {
  const found = (await items(db)).find((item) => item.id === id);
  if (!found) throw new Error('no such row');
  return found;
}
