/** The lock screen of a phone: a neutral door with two ways in. It names nobody. */
import { fill, maybe, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';
import { vaultDoor } from './enrolments.js';
import { completed, PHRASE_WORDS, wordsOf } from './phrase.js';
import { prepareChallenge, unlockByKey, unlockByPhrase } from './unlock.js';
import { isOpen, whenClosed, whenOpen } from './vault.js';

/** @typedef {Awaited<ReturnType<typeof vaultDoor>>} Door */

/** The pause after a wrong phrase; guessing 66 bits is hopeless, this only stops a hand that hurries. */
const PAUSE_SECONDS = 3;

/**
 * Show the door and make it work.
 * @param {string} short  the enrolment's short name
 */
export async function showLock(short) {
  const screen = one(document, '#lock');
  const door = await vaultDoor(short).catch(() => null);
  if (!door) return say(screen, 'vault_gone');
  const byKey = button(screen, 'key');
  const byPhrase = button(screen, 'phrase');
  byKey.hidden = !door.byKey;
  byKey.addEventListener('click', () => void tryKey(screen, door));
  byPhrase.addEventListener('click', () => showPhrase(screen, door));
  // The server renders them disabled: a tap before this line would be lost without a word.
  byKey.disabled = byPhrase.disabled = false;
  if (!door.byKey) showPhrase(screen, door);
  whenOpen(() => (screen.hidden = true));
  whenClosed(() => {
    screen.hidden = false;
    fill(screen, { message: null });
    void prepareChallenge(short);
    maybe(screen, '[data-open]:not([hidden])')?.focus({ preventScroll: true });
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !isOpen()) void prepareChallenge(short);
  });
  void prepareChallenge(short);
}

/**
 * @param {HTMLElement} screen
 * @param {Door} door
 */
async function tryKey(screen, door) {
  const open = button(screen, 'key');
  open.disabled = true;
  try {
    const outcome = await unlockByKey(door.meta);
    if (outcome !== 'open') say(screen, 'passkey_lost');
  } catch (problem) {
    // Browsers tell neither a wrong finger from a cancelled dialog nor a removed passkey from both, on purpose.
    const cancelled = problem instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(problem.name);
    say(screen, cancelled ? 'passkey_refused' : 'passkey_lost');
    void prepareChallenge(door.meta.short);
  } finally {
    open.disabled = false;
  }
}

/**
 * @param {HTMLElement} screen
 * @param {Door} door
 */
function showPhrase(screen, door) {
  const form = /** @type {HTMLFormElement} */ (one(screen, '[data-phrase]'));
  const first = form.hidden;
  form.hidden = false;
  button(screen, 'phrase').hidden = true;
  const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('[data-word]')]);
  fields[0]?.focus();
  if (form.dataset['ready']) return;
  form.dataset['ready'] = String(first);
  fields.forEach((field, place) => {
    field.addEventListener('input', (event) => {
      if (!/^delete/.test(/** @type {InputEvent} */ (event).inputType)) complete(field, fields[place + 1], door.words);
    });
    field.addEventListener('paste', (event) => spread(event, fields));
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void tryPhrase(screen, form, fields, door);
  });
}

/**
 * @param {HTMLElement} screen
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement[]} fields
 * @param {Door} door
 */
async function tryPhrase(screen, form, fields, door) {
  const submit = /** @type {HTMLButtonElement} */ (one(form, '[type="submit"]'));
  submit.disabled = true;
  if (await unlockByPhrase(door.meta, fields.map((field) => field.value))) {
    form.reset();
    form.hidden = door.byKey;
    button(screen, 'phrase').hidden = !door.byKey;
  } else {
    const said = refusal('phrase_wrong', { n: PAUSE_SECONDS });
    fill(screen, { message: `${said.what} ${said.safe} ${said.do}` });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_SECONDS * 1000));
  }
  submit.disabled = false;
}

/**
 * @param {HTMLInputElement} field
 * @param {HTMLInputElement | undefined} next
 * @param {string[]} words
 */
function complete(field, next, words) {
  const word = completed(field.value, words);
  // Only at the deciding letter: whoever corrects a completed word must be able to.
  if (!word || field.value.trim().length !== 4) return;
  field.value = word;
  (next ?? maybe(field.form ?? document, '[type="submit"]'))?.focus();
}

/**
 * @param {ClipboardEvent} event
 * @param {HTMLInputElement[]} fields
 */
function spread(event, fields) {
  const words = wordsOf(event.clipboardData?.getData('text') ?? '');
  if (words.length !== PHRASE_WORDS) return;
  event.preventDefault();
  fields.forEach((field, place) => (field.value = words[place] ?? ''));
}

/**
 * @param {HTMLElement} screen
 * @param {'key' | 'phrase'} way
 * @returns {HTMLButtonElement}
 */
const button = (screen, way) => one(screen, `[data-open="${way}"]`);

/**
 * @param {HTMLElement} screen
 * @param {string} id
 */
function say(screen, id) {
  const { what, safe, do: act } = refusal(id);
  fill(screen, { message: `${what} ${safe} ${act}` });
}
