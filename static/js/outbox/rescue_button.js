/** «Спасти записи» in «Отправка»: offered while anything is unsent, and it says what was put into the file. */
import { fill, maybe, one } from '../lib/dom.js';
import { t } from '../lib/texts.js';
import { current } from '../vault/vault.js';
import { makeRescueFile, saveRescueFile } from './rescue.js';

/** Make the button of the pages to come work. Once per browser page. */
export function startRescueButton() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-rescue-save]');
    if (button) void save();
  });
}

/**
 * Show the offer or take it away; what was just saved stays said.
 * @param {ParentNode} page
 * @param {number} unsent
 */
export function offerRescue(page, unsent) {
  const box = maybe(page, '[data-outbox-rescue]');
  if (box) box.hidden = unsent === 0 && maybe(box, '[data-fill=saved]')?.hidden !== false;
}

async function save() {
  const file = await makeRescueFile([current().db]);
  if (!file) return;
  await saveRescueFile(file);
  fill(one(document, '[data-outbox-rescue]'), { saved: t('queue.rescue_done', { n: file.records }) });
}
