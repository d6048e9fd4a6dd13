/** What a draft is called in a list, and the page on which it is taken up again. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'smol-toml';
import { pageWithTexts } from './browser.mjs';
import { pathOf, titleOf } from '../../static/js/visits/draft.js';

pageWithTexts(/** @type {any} */ (parse(await readFile('curator_app/texts/app.toml', 'utf8'))));

const FAMILY = '01890000-0000-7000-8000-000000000001';
const DRAFT = /** @type {any} */ ({ family: FAMILY, surname: 'Чижовы' });

for (const [kind, path, title] of /** @type {[any, string, string][]} */ ([
  [undefined, `/families/${FAMILY}/visit`, 'Чижовы'],
  ['contact', `/families/${FAMILY}/contact`, 'Чижовы, контакт'],
  ['acquaintance', `/families/${FAMILY}/acquaintance`, 'Чижовы, ознакомление'],
  ['acknowledgement', `/families/${FAMILY}/acknowledgement`, 'Чижовы, постановление получено'],
])) {
  test(`${kind ?? 'a visit'} of a family is taken up on its own page`, () => {
    assert.equal(pathOf({ ...DRAFT, kind }), path);
    assert.equal(titleOf({ ...DRAFT, kind }), title);
  });
}

test('a signal is of no family yet, and is called what it is', () => {
  const draft = { ...DRAFT, family: '', surname: '', kind: 'signal' };
  assert.equal(pathOf(draft), '/signal');
  assert.equal(titleOf(draft), 'Сигнал');
});
