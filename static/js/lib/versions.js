/**
 * What each version of one enrolment's database added: stores, and where each keeps its key (null: the key is given
 * beside the value). A released version never changes, since phones have it; a change is a version more.
 * @type {import('./connection.js').Stores[]}
 */
export const ENROLMENT_VERSIONS = [{
  fragments: 'name',
  drafts: 'id',
  photos: 'id',
  outbox: 'id',
  sealed: 'id', // the outbox's bytes, apart: the status line reads every outbox row at every change
  copies: 'id',
  wraps: null,
  meta: null,
}, {
  reserve: 'id', // lib/reserve.js
}];
