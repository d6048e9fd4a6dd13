/** «Срочно» and «Вернусь на связь» on the phone: what is sealed, how far it is, what is kept until it is over. */
import './phone.mjs';
import { pageWithTexts } from './browser.mjs';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { parse } from 'smol-toml';
import { get, put, tx } from '../../static/js/lib/db.js';
import { unsentCalls } from '../../static/js/outbox/store.js';
import { isUnanswered, meaning } from '../../static/js/outbox/receipts.js';
import { halfDone, keepHalf, OVER } from '../../static/js/urgent/half.js';
import { saidOf } from '../../static/js/urgent/out.js';
import { alarms, checkIns, fresh, keep, sweep } from '../../static/js/urgent/record.js';
import { actFields, content } from '../../static/js/urgent/sending.js';
import { codeOf, line } from '../../static/js/urgent/state.js';
import { makeVault, openByPhrase, vaultDoor } from '../../static/js/vault/enrolments.js';
import { current, lock } from '../../static/js/vault/vault.js';

const urgent = parse(await readFile('curator_app/texts/urgent.toml', 'utf8'));
pageWithTexts({ urgent });
const PHRASE = ['абзац', 'ёжик', 'дом', 'река', 'поле', 'лес'];
const ABOUT = { family: '01890000-0000-7000-8000-000000000001', familyName: 'Рябинкины', formVersion: 'urgent_content@1' };
const CALL = { id: '01890000-0000-7000-8000-000000000009', who: 'Норина', when: '14:21', said: 'Выехали', outcome: 'call_coming' };

/** @param {object} [part] */
const alarm = (part = {}) => ({ ...fresh(ABOUT), ...part });
/** @param {object} part  @returns {any} */
const row = (part) => ({ id: 'e1', kind: 'alarm', state: 'waiting', applied: false, receipt: null, ...part });

/** @param {string} short */
async function openPhone(short) {
  await makeVault({ id: `id-${short}`, short }, { credential: 'c', prf: null, phrase: PHRASE, words: [] });
  await openByPhrase((await vaultDoor(short)).meta, PHRASE);
  return current().db;
}

test('each act carries everything, so that any of them alone makes the alarm', () => {
  const at = new Date('2026-11-24T07:21:00Z');
  const fields = Object.fromEntries(
    actFields(alarm({ raised_at: at.getTime(), fields: [['need', 'need_doctor'], ['facts_seen', 'Дым'], ['facts_done', '']], calls: [CALL] }), 'cancel', [['cancel_reason', 'clear_safe']], at),
  );
  assert.deepEqual([fields.act, fields.need, fields.facts_seen, fields.cancel_reason], ['cancel', 'need_doctor', 'Дым', 'clear_safe']);
  assert.deepEqual([fields['reached-0-id'], fields['reached-0-who'], fields['reached-0-outcome']], [CALL.id, 'Норина', 'call_coming']);
  assert.equal(new Date(fields.raised_at ?? '').getTime(), at.getTime());
  assert.equal('facts_done' in fields, false, 'what is empty is not said');
});

test('what was sent and what is new are told apart by what they say', () => {
  const before = content(alarm({ fields: [['facts_seen', '']] }));
  assert.equal(content(alarm()), before);
  assert.notEqual(content(alarm({ calls: [CALL] })), before);
});

test('how far an alarm is: the phone, the server, a person, and the furthest counts', () => {
  const mine = alarm({ raised_at: 1 });
  /** @param {string} code */
  const said = (code) => row({ state: 'on_server', applied: true, receipt: { alarm: code } });
  assert.equal(codeOf(mine, [row({})], false), 'on_phone');
  assert.equal(codeOf(mine, [row({})], true), 'sending');
  assert.equal(codeOf(mine, [row({ state: 'needs_you' })], true), 'stuck');
  assert.equal(codeOf(mine, [said('open'), row({})], true), 'on_server');
  assert.equal(codeOf(mine, [said('open'), said('seen')], true), 'seen');
  assert.equal(codeOf(mine, [said('confirmed'), said('seen')], false), 'confirmed');
  assert.equal(codeOf(mine, [said('cancelled'), said('confirmed')], false), 'cancelled');
  assert.equal(codeOf(mine, [], true), 'on_server', 'the phone has let go of it');
  assert.equal(line('seen'), 'Ждём подтверждения. Сообщение дежурный видит');
  for (const code of /** @type {const} */ (['on_phone', 'sending', 'stuck', 'on_server', 'confirmed', 'cancelled'])) assert.ok(line(code).length > 5, code);
});

test('the phone goes on asking until a person has confirmed or it is over', () => {
  const applied = row({ state: 'on_server', applied: true, receipt: { state: 'applied', seq: 1, number: null, alarm: 'open' } });
  assert.equal(isUnanswered(applied), true);
  const after = { ...applied, ...meaning(applied, /** @type {any} */ ({ state: 'applied', seq: 1, number: null, reasons: [], alarm: 'confirmed' })) };
  assert.equal(isUnanswered(after), false);
  assert.equal(isUnanswered(row({ kind: 'visit', applied: true, receipt: {} })), false);
});

test('a record is kept under the key, the newest is found first, and leaves a week after it was over', async () => {
  const db = await openPhone('0000a1a1');
  const old = alarm({ id: '01890000-0000-7000-8000-00000000000a', done: true, saved_at: 1, raised_at: 1 });
  const mine = alarm({ fields: [['facts_seen', 'Пахнет газом']] });
  await keep('alarm', old);
  await keep('alarm', mine);
  await put(db, 'copies', { id: 'label:x', iv: new ArrayBuffer(12), ct: new ArrayBuffer(1) });
  assert.deepEqual((await alarms()).map(({ id }) => id), [mine.id, old.id]);
  const stored = Buffer.from((await get(db, 'copies', `alarm:${mine.id}`)).ct).toString('utf8');
  assert.equal(stored.includes('газ'), false);
  await sweep();
  assert.deepEqual((await alarms()).map(({ id }) => id), [mine.id]);
  await lock('hide');
});

test('what was written and not sent keeps the phone from being wiped; what was sent does not', async () => {
  const db = await openPhone('0000a1a2');
  const mine = alarm({ fields: [['facts_seen', 'Дым']] });
  await keep('alarm', mine);
  assert.equal(await tx(db, 'copies', 'readonly', unsentCalls), 1);
  await keep('alarm', { ...mine, raised_at: 5 });
  assert.equal(await tx(db, 'copies', 'readonly', unsentCalls), 0);
  await lock('hide');
});

test('«Дежурный знает» is said only of the hour that the server has; a later one is said not to have gone', async () => {
  const db = await openPhone('0000a1a3');
  const now = Date.now();
  const hour = 3_600_000;
  /** @type {import('../../static/js/urgent/record.js').CheckIn} */
  const out = { id: 'c', family: '', surname: '', case_no: '418', form_version: 'urgent_content@1', opened_at: now, until_at: now + hour, closed_at: 0, steps: [{ envelope: 'e1', act: 'open', until: now + hour }] };
  await put(db, 'outbox', row({ kind: 'check_in' }));
  assert.match((await saidOf(out))?.what ?? '', /Говорим дежурному/);
  assert.equal((await saidOf(out))?.known, false);
  await put(db, 'outbox', row({ kind: 'check_in', state: 'on_server', applied: true, receipt: { check_in: 'open' } }));
  assert.match((await saidOf(out))?.what ?? '', /Дежурный знает: ждём вас в \d\d:\d\d/);
  assert.match((await saidOf(out))?.where ?? '', /^Я у семьи № 418, вернусь в сеть к \d\d:\d\d$/);
  assert.equal((await saidOf(out))?.more, null);
  assert.match((await saidOf(out, now + hour - 60_000))?.more ?? '', /Через 15 минут/);
  assert.match((await saidOf(out, now + hour + 60_000))?.more ?? '', /Время связи прошло/);
  await put(db, 'outbox', row({ id: 'e2', kind: 'check_in' }));
  const later = { ...out, until_at: now + 2 * hour, steps: [...out.steps, { envelope: 'e2', act: 'extend', until: now + 2 * hour }] };
  assert.match((await saidOf(later))?.more ?? '', /ещё не ушло/);
  await lock('hide');
});

test('what was chosen and not said is kept under the key for an hour, and is no record', async () => {
  const db = await openPhone('0000a1a5');
  assert.equal(await halfDone(), null);
  await keepHalf([['hours', 'time'], ['time', '18:40'], ['family', 'Рябинкины']]);

  assert.deepEqual(await halfDone(), [['hours', 'time'], ['time', '18:40'], ['family', 'Рябинкины']]);
  assert.equal(await halfDone(Date.now() + 3_600_000), null, 'after an hour the question is asked anew');
  assert.equal(Buffer.from((await get(db, 'copies', OVER.id)).ct).toString('utf8').includes('Рябинкины'), false);
  assert.deepEqual(await checkIns(), []);
  assert.equal(await tx(db, 'copies', 'readonly', unsentCalls), 0);
  await lock('hide');
});

test('a return that comes after the duty person has looked for them says so calmly', async () => {
  const db = await openPhone('0000a1a4');
  const now = Date.now();
  const out = { id: 'c', family: '', surname: '', case_no: '', form_version: '', opened_at: 1, until_at: 2, closed_at: now, steps: [{ envelope: 'e1', act: 'return', until: 2 }] };
  await put(db, 'outbox', row({ kind: 'check_in' }));
  assert.match((await saidOf(out))?.what ?? '', /на телефоне/);
  await put(db, 'outbox', row({ kind: 'check_in', state: 'on_server', applied: true, receipt: { check_in: 'closed_late' } }));
  assert.match((await saidOf(out))?.what ?? '', /Дежурный уже искал вас/);
  await put(db, 'outbox', row({ kind: 'check_in', state: 'on_server', applied: true, receipt: { check_in: 'closed' } }));
  assert.match((await saidOf(out))?.what ?? '', /всё в порядке/);
  assert.equal(await saidOf(out, now + 3_600_000), null, 'thanked long ago');
  assert.deepEqual(await checkIns(), []);
  await lock('hide');
});
