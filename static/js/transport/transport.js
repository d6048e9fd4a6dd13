/**
 * The one way in and out of every page: each request of htmx goes through here.
 *
 * A form marked `data-outbox` goes to the outbox; a read of a phone asks the network with patience and then shows the
 * encrypted copy; everything else goes to the server with the session's token. Each navigation has a number: a late
 * answer swaps only while its number is current, nothing was touched meanwhile and no visit form stands there.
 */
import { maybe } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { isOpen } from '../vault/vault.js';
import htmx from './htmx.js';
import { absent, app, arrived, hideAge, leave, note, offerFresh, place, showAge } from './page.js';
import { readPage } from './reads.js';
import { signInThen } from './sign_in_note.js';
import { write } from './writes.js';

/** @typedef {import('./reads.js').Page} Page */
/** @typedef {any} Ctx  htmx's request context */

let field = false;
let number = 0;
let underWay = new AbortController();
let touchedAt = 0;

const signInHere = () => signInThen(() => go(location.pathname + location.search, { restored: true }));

/**
 * Take over htmx's requests. Once per page.
 * @param {{ field: boolean }} kind  an office browser has no vault: its reads go straight to the server
 */
export function startTransport(kind) {
  field = kind.field;
  app().setAttribute('hx-sync', 'this:replace');
  document.addEventListener('htmx:config:request', (event) => configure(/** @type {CustomEvent} */ (event).detail.ctx));
  document.addEventListener('htmx:before:history:restore', (event) => {
    event.preventDefault();
    if (readable()) void go(location.pathname + location.search, { restored: true });
  });
  document.addEventListener('htmx:before:swap', (event) => {
    if (!readable()) event.preventDefault(); // an answer that comes after the lock
    else if (/** @type {CustomEvent} */ (event).detail.ctx.target === app()) leave();
  });
  document.addEventListener('htmx:after:swap', (event) => swapped(/** @type {CustomEvent} */ (event).detail.ctx));
  for (const type of ['pointerdown', 'keydown', 'input', 'scroll']) {
    addEventListener(type, () => void (touchedAt = performance.now()), { passive: true, capture: true });
  }
}

/**
 * Go to a page from code.
 * @param {string} url
 * @param {{ replace?: boolean, restored?: boolean }} [how]  `replace`: instead of the current entry of the history;
 *   `restored`: the history stands there already
 * @returns {Promise<void>}
 */
export function go(url, { replace = false, restored = false } = {}) {
  const entry = restored ? {} : replace ? { replace: 'true' } : { push: 'true' };
  return htmx.ajax('GET', url, /** @type {any} */ ({ target: app(), source: app(), swap: 'innerHTML', restored, ...entry }));
}

/**
 * Put a page that is here already in the place of the one that stands there; the address stays.
 * @param {string} text  HTML
 */
export function showPage(text) {
  const swap = { text, target: app(), sourceElement: app(), swap: 'innerHTML', late: true };
  void htmx.swap(/** @type {any} */ (swap));
}

/** Whether pages may stand on the glass: always at the office, on a phone while the vault is open. */
const readable = () => !field || isOpen();

/** @param {Ctx} ctx */
function configure(ctx) {
  const form = ctx.sourceElement.closest?.('form[data-outbox]');
  if (ctx.request.method === 'GET') {
    if (ctx.target === app()) ctx.fetch = numbered(ctx);
  } else if (field && form) {
    ctx.fetch = async () => html(await (await import('../outbox/forms.js')).submitForm(form));
  } else {
    const without = ctx.sourceElement.closest?.('[data-needs-network]')?.dataset.needsNetwork;
    ctx.fetch = (/** @type {string} */ url, /** @type {RequestInit} */ request) => write(url, request, without);
  }
}

/**
 * @param {Ctx} ctx
 * @returns {(url: string, request: RequestInit) => Promise<Response>}
 */
function numbered(ctx) {
  return async (url, request) => {
    const mine = ++number;
    underWay.abort();
    underWay = new AbortController();
    const { signal } = underWay;
    const asked = field ? readPage(url, /** @type {any} */ (request.headers), signal) : fetch(url, { ...request, signal });
    const page = await asked.catch((problem) => {
      if (mine === number && readable()) throw problem;
    });
    if (!page || mine !== number || !readable()) throw new DOMException('another page was asked for', 'AbortError');
    if (page instanceof Response) return page;
    ctx.curator = { page, mine };
    return html(page.html ?? '<main></main>', page);
  };
}

/** @param {Ctx} ctx */
function swapped(ctx) {
  if (ctx.target !== app()) return;
  const shownAt = performance.now();
  const { page, mine } = ctx.curator ?? {};
  if (page?.html === null) {
    page.why === 'signin' ? absent('signin_read', signInHere) : absent('not_on_phone');
    htmx.process(app());
  }
  app().dataset['takenAt'] = String((!ctx.late && page?.at) || '');
  arrived(field, ctx.late ? ctx.text : (page?.html ?? ''));
  if (!ctx.late) place(ctx.restored ?? false);
  if (page?.at) showAge(page.at);
  if (page?.at && page.why === 'signin') note(refusal('signin_read'), { act: signInHere });
  void page?.late?.then((/** @type {string | null} */ fresh) => {
    if (fresh === null || mine !== number || !readable()) return;
    if (fresh === page.html) hideAge();
    else offer(fresh, shownAt);
  });
}

/**
 * @param {string} fresh
 * @param {number} shownAt  milliseconds of performance.now()
 */
function offer(fresh, shownAt) {
  const show = () => showPage(fresh);
  if (touchedAt < shownAt && !maybe(app(), 'form[data-outbox]')) show();
  else offerFresh(show);
}

/**
 * @param {string} text
 * @param {Partial<Page>} [page]
 */
function html(text, { status = 200, headers } = {}) {
  /** @type {Record<string, string>} */
  const kept = { 'Content-Type': 'text/html' };
  headers?.forEach((value, name) => void (name.startsWith('hx-') && (kept[name] = value)));
  return new Response(text, { status, headers: kept });
}
