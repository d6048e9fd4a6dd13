/**
 * Where the page begins: decides which of the few kinds of page this is and loads what that kind needs, after the
 * first paint. A phone's page starts locked; whose it is stays unknown until the finger.
 */

import { loadTexts } from './lib/texts.js';
import { showTheme } from './lib/theme.js';

const { page, enrolment, texts } = document.body.dataset;
const afterPaint = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** A phone: the lock, and behind it the pages. */
async function startField() {
  const [{ activeEnrolment }, { watchStorage }] = await Promise.all([import('./vault/enrolments.js'), import('./pwa/trouble.js')]);
  watchStorage();
  const entry = await activeEnrolment().catch(() => null);
  // The server gives everybody the same shell; a browser without a vault signs in at the office's page.
  if (entry?.kind !== 'field') return location.replace(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
  const { showClosed, watchClosing } = await import('./vault/closed_screen.js');
  watchClosing();
  if (entry.closed) return showClosed(entry);
  const [{ showLock }, { watch }] = await Promise.all([import('./vault/lock_screen.js'), import('./vault/lock.js')]);
  watch();
  await showLock(entry.short);
  // What the pages need comes while the finger is on its way.
  const { startField: start } = await import('./field.js');
  start(entry);
}

/** The office: whole pages from the server; htmx and the forms' behaviours on top. */
async function startOffice() {
  const { startOffice: start } = await import('./office.js');
  start();
}

showTheme();
await afterPaint;
if (texts) await loadTexts(texts);
if (page === 'enrol') await import('./auth/enrol.js').then((module) => module.startEnrolment());
else if (page === 'sign-in') await import('./auth/sign_in_page.js').then((module) => module.startSignIn());
else if (page === 'card') await import('./card.js').then((module) => module.startCard());
else if (enrolment === 'office') await startOffice();
else if (enrolment === 'field') await startField();
// From here the page works; guard.js waits for this word.
document.body.dataset['alive'] = '';
