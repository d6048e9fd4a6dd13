import assert from 'node:assert/strict';
import test from 'node:test';
import { isRepeat, noticeOf, pageOf, windowOf } from '../../service_worker/notices.js';

const HOME = 'https://curator.example';
const ID = '01890000-0000-7000-8000-000000000001';
const WORDS = { title: 'Куратор', generic: 'Есть новое по вашей работе' };

test('a message is shown in its own words under its own tag', () => {
  const said = { id: '1', tag: 'day', title: 'Куратор', body: 'Подходит срок', path: `/families/${ID}`, count: 3 };
  const { title, options, count } = noticeOf(JSON.stringify(said), WORDS);
  assert.deepEqual([title, options.body, options.tag, count], ['Куратор', 'Подходит срок', 'day', 3]);
  assert.deepEqual(options.data, { id: '1', path: `/families/${ID}` });
});

for (const text of ['', 'not json', '[]', 'null', '{"title":1,"body":{},"count":-1,"path":7}']) {
  test(`what cannot be read says only that there is something: ${text || 'nothing'}`, () => {
    const { title, options, count } = noticeOf(text, WORDS);
    assert.deepEqual([title, options.body, options.data.path, count], ['Куратор', 'Есть новое по вашей работе', '/today', null]);
  });
}

test('the same message again is quiet, another under the same tag is not', () => {
  const notice = noticeOf('{"id":"1","tag":"day"}', WORDS);
  assert.equal(isRepeat(notice, [{ data: { id: '1' } }]), true);
  assert.equal(isRepeat(notice, [{ data: { id: '2' } }]), false);
  assert.equal(isRepeat(noticeOf('', WORDS), [{ data: { id: '' } }]), false);
});

for (const path of ['/today', `/families/${ID}`, `/families/${ID}/urgent`, '/check-in', '/outbox']) {
  test(`a tap may lead to ${path}`, () => assert.equal(pageOf(path, HOME), path));
}

for (const path of ['https://evil.example/today', '//evil.example/today', 'javascript:alert(1)', '/sign-out', `/cases/${ID}`, 'http://[', null, undefined]) {
  test(`a tap never leads to ${path}`, () => assert.equal(pageOf(path, HOME), '/today'));
}

test('the window that is looked at is taken, then any of ours, and no other page of the site', () => {
  /** @param {string} path @param {boolean} [focused] @param {string} [visibilityState] */
  const made = (path, focused = false, visibilityState = 'hidden') => ({ url: new URL(path, HOME).href, focused, visibilityState });
  const [hidden, visible, focused] = [made('/today'), made('/families', false, 'visible'), made(`/families/${ID}`, true, 'visible')];
  assert.equal(windowOf([hidden, visible, focused], HOME), focused);
  assert.equal(windowOf([hidden, visible], HOME), visible);
  assert.equal(windowOf([hidden], HOME), hidden);
  assert.equal(windowOf([made('/rescue', true, 'visible'), made('/enrol')], HOME), null);
  assert.equal(windowOf([], HOME), null);
});
