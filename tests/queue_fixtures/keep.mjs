/**
 * Keep what this release's client is and makes, for the tests of every later server (README.md beside this).
 *
 *     node tests/queue_fixtures/keep.mjs 2026-11-22b-whole-visit
 *
 * FOLDER/client.mjs: the client that tests/model drives, in one file. FOLDER/envelopes.json: records that it sealed, with
 * the keys that a test's server needs to open them.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import 'fake-indexeddb/auto';

const HERE = path.dirname(new URL(import.meta.url).pathname);
const ROOT = path.join(HERE, '..', '..');
const [name = ''] = process.argv.slice(2);
const folder = path.join(HERE, name);
const SHORT = 'f1f1f1f1';
const ON = new Date().toISOString().slice(0, 10);
const FAMILY = '01939f00-0000-7000-8000-00000000fa11';

/** @param {Record<string, unknown>} given */
const pretend = (given) => Object.entries(given).forEach(([key, value]) => Object.defineProperty(globalThis, key, { value, configurable: true, writable: true }));
pretend({
  navigator: { onLine: false, locks: { request: (/** @type {any[]} */ ...given) => given[2](null) } },
  location: { origin: 'http://localhost' },
  document: { querySelector: () => null },
});

mkdirSync(folder, { recursive: true });
await esbuild.build({
  absWorkingDir: ROOT, entryPoints: ['tests/model/glass.mjs'], outfile: path.join(folder, 'client.mjs'),
  bundle: true, minify: true, format: 'esm', target: 'node20', legalComments: 'none',
});
const glass = await import(path.join(folder, 'client.mjs'));

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const point = Buffer.from(publicKey.export({ format: 'der', type: 'spki' })).subarray(-65);
const kid = `${ON.replaceAll('-', '')}000000-${createHash('sha256').update(point).digest('hex').slice(0, 8)}`;
const sync = { kid, suite: 'DHKEM_P256_HKDF_SHA256-HKDF_SHA256-AES_256_GCM', public_key: point.toString('base64url') };
const signing_key = await glass.enrol({ id: 'x', short: SHORT, sync });
await glass.unlock({ short: SHORT });

const about = { family: FAMILY, surname: 'Проверкины' };
const visit = { ...about, form_version: newest('visit') };
const picture = readFileSync(path.join(HERE, 'picture.jpg')).toString('base64');
const fields = [['on', ON], ['started', '14:05'], ['ended', '14:50'], ['outcome', 'visit'], ['where', 'at_home'], ['good_today', 'Дети накормлены, тепло.']];
const first = await glass.finish({ id: await glass.write({ ...visit, fields, photos: [picture] }) });
await glass.finish({ id: await glass.amend({ group: first, changes: [['good_today', 'Дети накормлены; в доме тепло и чисто.']] }) });
await glass.finish({ id: await glass.write({ ...visit, fields: [['on', ON], ['outcome', 'nobody_home']] }) });
await glass.contact({ ...about, form_version: newest('contact'), fields: [['on', ON], ['kind', 'contact_call'], ['with_whom', 'мама'], ['summary', 'Записали Лёву к врачу.']] });
await glass.alarm({ ...about, form_version: newest('urgent_content'), fields: [['need', 'need_doctor'], ['facts_seen', 'Ребёнок горячий']] });
await glass.short({ ...about, kind: 'acquaintance', form_version: 'acquaintance@1', fields: [['about', 'group'], ['on', ON], ['how', 'plain_words'], ['words', 'Спросили, когда заседание.']] });
await glass.short({ ...about, kind: 'acknowledgement', form_version: 'acknowledgement@1', fields: [['on', ON], ['number', '17/4']] });
await glass.short({ ...about, kind: 'measure', form_version: 'measure@1', fields: [
  ['kind', 'first_measures'], ['on', ON], ['child', 'other'], ['child_name', 'Лёва'], ['place', 'relatives'], ['with_whom', 'бабушка'],
  ['measures-0-threat', 'Дома отключили свет'], ['measures-0-measure', 'Ночует у бабушки'], ['measures-0-who', 'бабушка'], ['measures-0-until_on', ON], ['measures-0-agreed', 'by_phone'],
] });
await glass.short({ ...about, kind: 'plan', form_version: 'plan@1', fields: [['on', ON], ['time', '15:30'], ['reason', 'road'], ['word', 'Мост закрыт']] });
await glass.short({ surname: '', family: null, kind: 'signal', form_version: 'signal@1', fields: [['facts', 'Мальчик один во дворе в мороз'], ['safe_now', 'unknown'], ['known_on', ON], ['source', 'neighbours']] });

const { rows } = await glass.look({ short: SHORT });
const [headers, sealed] = [await stored('outbox'), await stored('sealed')];
const envelopes = rows.map((/** @type {any} */ { id, kind, fields: said = [] }) => ({
  id, kind, fields: said, header: headers.get(id).header, sealed: Buffer.from(sealed.get(id).bytes).toString('base64'),
}));
const server = { kid, pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
writeFileSync(path.join(folder, 'envelopes.json'), `${JSON.stringify({ short: SHORT, signing_key, family: FAMILY, server, envelopes }, null, 1)}\n`);
process.exit(); // the outbox goes on trying to send

/** @param {string} form  @returns {string} its newest release in this tree */
function newest(form) {
  return { visit: 'visit@2', contact: 'contact@1', urgent_content: 'urgent_content@1' }[form] ?? form;
}

/** @param {string} store  @returns {Promise<Map<string, any>>} */
function stored(store) {
  return new Promise((resolve) => {
    indexedDB.open(`curator-${SHORT}`).onsuccess = (opened) => {
      const db = /** @type {any} */ (opened.target).result;
      db.transaction([store]).objectStore(store).getAll().onsuccess = (/** @type {any} */ read) =>
        resolve(new Map(read.target.result.map((/** @type {any} */ row) => [row.id, row])));
    };
  });
}
