/**
 * The page without an account: «Быстро уйти». Without this script the link itself leads away; with it what was typed
 * is gone, the page is no longer behind the back button, and Escape twice does the same.
 */

const link = document.querySelector('[data-leave]');
const TWICE_MS = 1000;
let pressed = 0;

/** Empties the forms and goes away without a trace in this tab's history. */
function leave() {
  for (const form of document.forms) form.reset();
  document.body.replaceChildren();
  if (link instanceof HTMLAnchorElement) location.replace(link.href);
}

link?.addEventListener('click', (event) => {
  event.preventDefault();
  leave();
});
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  if (event.timeStamp - pressed < TWICE_MS) leave();
  pressed = event.timeStamp;
});
// Typed words must not come back with the page.
addEventListener('pageshow', (event) => {
  if (event.persisted) for (const form of document.forms) form.reset();
});
