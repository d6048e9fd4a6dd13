/** «Сообщить в поддержку»: what helps whoever looks after the phones, to be read out or copied. No name and no record. */
import { fill, maybe } from '../lib/dom.js';
import { t, when } from '../lib/texts.js';
import { current } from '../vault/vault.js';
import { groupsOf } from './groups.js';
import { isUnsent, items, line } from './store.js';

/** Show it under the note. */
export async function tellSupport() {
  const box = maybe(document, '[data-outbox-support]');
  if (!box) return;
  const { db, short } = current();
  const [rows, { still_at, contact_at }] = [await items(db), await line(db)];
  const said = t('queue.support', {
    short,
    n: groupsOf(rows.filter(isUnsent)).length,
    since: when(new Date(still_at || Date.now())),
    contact: contact_at ? when(new Date(contact_at)) : t('queue.support_never'),
  });
  fill(box, { said });
  box.hidden = false;
  box.querySelector('button')?.addEventListener('click', () => void navigator.clipboard?.writeText(said).catch(() => {}), { once: true });
  box.scrollIntoView({ block: 'nearest' });
}
