/** What stops everything: another tab holds the storage back, or the phone has closed it. A sentence and one button. */
import { onStorage } from '../lib/connection.js';
import { fill, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { saveAll } from '../vault/occasions.js';

/** A tab that hears us saves and lets go by then. */
const PATIENCE_MS = 3000;

/** Once per page, before the storage is touched. */
export function watchStorage() {
  const box = one(document, '#trouble');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} id */
  function show(id) {
    const { what, safe, do: act, button } = refusal(id);
    fill(box, { what, safe, do: act, button });
    block(true);
    one(box, 'button').focus();
  }

  /** @param {boolean} on */
  function block(on) {
    box.hidden = !on;
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('#app, #lock'))) part.inert = on;
  }

  onStorage((what) => {
    if (what === 'blocked') timer = setTimeout(() => show('close_other_tab'), PATIENCE_MS);
    if (what === 'lost') show('memory_link_lost');
    if (what === 'closing') return saveAll();
    if (what !== 'open' || !timer) return null;
    clearTimeout(timer);
    timer = undefined;
    block(false);
    return null;
  });
  one(box, 'button').addEventListener('click', async () => {
    await saveAll(); // what the phone does not take is set aside, encrypted, for the page that comes
    location.reload();
  });
}
