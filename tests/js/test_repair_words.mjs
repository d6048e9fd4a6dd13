import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';
import { detail } from '../../static/js/outbox/words.js';
import { pageWithTexts } from './browser.mjs';

pageWithTexts(/** @type {any} */ (parse(await readFile('curator_app/texts/app.toml', 'utf8'))));

/** @param {{ code: string, field?: string }[]} reasons */
const said = (reasons) =>
  detail(/** @type {any} */ ({ state: 'needs_you', trouble: 'parked_need_fix', reasons, photos: { n: 0 }, at: 0 }), { outcome: 'visit' });

test('a record that the server could not take names the field to mend', () => {
  assert.match(said([{ code: 'field', field: 'on' }]), /«Нужно поправить»: дата посещения\./);
  assert.match(said([{ code: 'field', field: 'next_time' }]), /время следующей встречи\./);
});

test('a field without a name of its own and an unknown reason are said in words too', () => {
  assert.match(said([{ code: 'field', field: 'promises-0-what' }]), /что-то не заполнено или не сходится\./);
  assert.match(said([{ code: 'of_tomorrow' }]), /нужна проверка\./);
  assert.match(said([]), /нужна проверка\./);
});
