/** The steps of the enrolment page: showing one, waiting for its button, saying what went wrong. */
import { fill, maybe, one } from '../lib/dom.js';
import { refusal } from '../lib/texts.js';

/**
 * Do something that needs a touch, as often as the person wants.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {{ what: string, safe: string, do: string }} [words]  said beforehand
 * @returns {Promise<T>}
 */
export async function gesture(ask, words) {
  let wrong = words ? sentence(words) : null;
  for (;;) {
    await next('passkey', { wrong });
    try {
      return await ask();
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem;
      wrong = sentence(refusal(problem.name === 'InvalidStateError' ? 'passkey_known' : 'passkey_cancelled'));
    }
  }
}

/**
 * Say on the step at hand that something did not work, and wait for its button.
 * @param {{ what: string, safe: string, do: string }} words
 */
export async function again(words) {
  const section = one(document, '[data-enrol-step]:not([hidden])');
  fill(section, { wrong: sentence(words) });
  await pressed(section);
}

/**
 * Show a step and wait for its button.
 * @param {string} name
 * @param {Record<string, import('../lib/dom.js').Slot>} values
 */
export async function next(name, values) {
  const section = show(step(name));
  fill(section, values);
  await pressed(section);
}

/**
 * Wait for the step's button; while what it asked for is being done, it cannot be pressed again.
 * @param {HTMLElement} section
 * @returns {Promise<void>}
 */
export function pressed(section) {
  const button = /** @type {HTMLButtonElement} */ (one(section, '[data-next]'));
  button.disabled = false;
  return new Promise((resolve) => {
    button.onclick = () => {
      button.disabled = true;
      resolve();
    };
  });
}

/** @param {HTMLElement} section */
export function show(section) {
  for (const each of document.querySelectorAll('[data-enrol-step]')) /** @type {HTMLElement} */ (each).hidden = each !== section;
  maybe(section, 'h1')?.focus({ preventScroll: true });
  return section;
}

/** @param {string} name */
export const step = (name) => one(document, `[data-enrol-step="${name}"]`);

/** @param {{ what: string, safe: string, do: string }} words */
export const refuse = (words) => fill(show(step('refusal')), { what: words.what, safe: words.safe, do: words.do });

/** @param {{ what: string, safe: string, do: string }} words */
const sentence = (words) => `${words.what} ${words.safe} ${words.do}`;
