/** «Ключ и фраза» on «Ещё»: prove an old way in, then make a passkey or draw new words. */
import { askBack, showPhrase } from '../auth/enrol_phrase.js';
import { pressed } from '../auth/enrol_steps.js';
import { csrf, post, Refusal } from '../auth/session.js';
import { fill, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';
import { app } from '../transport/page.js';
import { vaultDoor } from './enrolments.js';
import { drawPhrase } from './phrase.js';
import { askPasskey, createPasskey } from './prf.js';
import { addPasskey, dropPasskey, keyByFinger, keyByPhrase, replacePhrase } from './secrets.js';
import { current, lock } from './vault.js';

/** @typedef {import('./secrets.js').Dek} Dek */
/** @typedef {Awaited<ReturnType<typeof vaultDoor>>} Door */

/** Make the buttons work. Once per page. */
export function startSecrets() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-secret]');
    if (button instanceof HTMLElement) void change(/** @type {'key' | 'phrase'} */ (button.dataset['secret']));
  });
}

/** @param {'key' | 'phrase'} what */
async function change(what) {
  const root = one(app(), '[data-secrets]');
  const door = await vaultDoor(current().short);
  const dek = await proved(root, door);
  try {
    await (what === 'key' ? newKey(root, door, dek) : newPhrase(root, door, dek));
    fill(show(root, 'done'), { text: t(`secrets.done_${what}`) });
    await pressed(step(root, 'done'));
    // What was changed is tried at once: the page comes up locked.
    await lock('hide');
    location.reload();
  } catch (problem) {
    fill(show(root, 'trouble'), { wrong: wordsFor(problem) });
  } finally {
    dek.fill(0);
  }
}

/**
 * Ask for the finger or the words until one of them opens.
 * @param {HTMLElement} root
 * @param {Door} door
 * @returns {Promise<Dek>}
 */
function proved(root, { meta, byKey }) {
  const section = show(root, 'prove');
  const finger = /** @type {HTMLButtonElement} */ (one(section, '[data-prove-key]'));
  const form = /** @type {HTMLFormElement} */ (one(section, 'form'));
  finger.hidden = !byKey;
  fill(section, { wrong: null });
  return new Promise((resolve) => {
    /** @param {Promise<Dek | null>} asked @param {string} refused */
    const attempt = async (asked, refused) => {
      const dek = await asked.catch(() => null);
      fill(section, { wrong: dek ? null : said(refused) });
      if (!dek) return;
      form.reset();
      resolve(dek);
    };
    finger.onclick = () => void attempt(keyByFinger(meta), 'passkey_refused');
    form.onsubmit = (event) => {
      event.preventDefault();
      const words = [...form.querySelectorAll('input')].map(({ value }) => value);
      void attempt(keyByPhrase(meta, words), 'phrase_other');
    };
  });
}

/**
 * @param {HTMLElement} root
 * @param {Door} door
 * @param {Dek} dek
 */
async function newPhrase(root, { meta, words }, dek) {
  const phrase = drawPhrase(words);
  do {
    showPhrase(step(root, 'words'), phrase);
    await pressed(show(root, 'words'));
  } while (!(await askBack(show(root, 'check'), phrase, words)));
  await replacePhrase(meta, dek, phrase);
  one(step(root, 'words'), 'ol').replaceChildren();
}

/**
 * On the phone's disk first, as at the enrolment: a passkey that the server knows and the vault does not opens nothing.
 * @param {HTMLElement} root
 * @param {Door} door
 * @param {Dek} dek
 */
async function newKey(root, { meta }, dek) {
  const token = await csrf();
  const { publicKey } = await post('/passkeys/start', {}, { token });
  await pressed(show(root, 'key'));
  const made = await createPasskey(publicKey);
  const prf = made.prf ?? (made.mayHavePrf ? (await askPasskey(null, [made.id])).prf : null);
  await addPasskey(meta, dek, { id: made.id, prf });
  try {
    await post('/passkeys/finish', { credential: made.json }, { token });
  } catch (problem) {
    if (problem instanceof Refusal) await dropPasskey(meta, made.id);
    throw problem;
  }
}

/** @param {unknown} problem */
function wordsFor(problem) {
  if (problem instanceof Refusal && problem.words) return `${problem.words.what} ${problem.words.safe} ${problem.words.do}`;
  if (problem instanceof DOMException) return said('passkey_cancelled');
  return said('only_online', { what_needs: t('secrets.needs') });
}

/** @param {string} id @param {Record<string, string>} [values] */
function said(id, values) {
  const { what, safe, do: act } = refusal(id, values);
  return `${what} ${safe} ${act}`;
}

/** @param {HTMLElement} root @param {string} name */
const step = (root, name) => one(root, `[data-secret-step="${name}"]`);

/** @param {HTMLElement} root @param {string} name */
function show(root, name) {
  for (const each of root.querySelectorAll('[data-secret-step]')) /** @type {HTMLElement} */ (each).hidden = true;
  const section = step(root, name);
  section.hidden = false;
  section.querySelector('h3')?.focus({ preventScroll: true });
  section.scrollIntoView({ block: 'nearest' });
  return section;
}
