/** «Дописать или исправить» on the glass: the record's form opens again, filled with what was written. */
import { items } from '../outbox/store.js';
import { current } from '../vault/vault.js';
import { amendment } from './amendment.js';
import { drafts } from './draft.js';
import { resumeDraft } from './form.js';

export { amendable } from './amendment.js';

/**
 * Open the record's form, filled with what was written; a correction already begun goes on.
 * @param {string} group
 */
export async function amend(group) {
  const { db } = current();
  const item = (await items(db)).find((one) => one.group === group && one.kind === 'visit');
  if (!item) return;
  const begun = (await drafts()).find(({ supersedes }) => supersedes === item.id);
  resumeDraft(begun ?? (await amendment(item)));
}
