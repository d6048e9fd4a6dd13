/** Which module finishes which form: `<form data-outbox="kind">` is sealed by its kind's `submit`, loaded when needed. */

/** @typedef {(form: HTMLFormElement) => Promise<string>} Submit  resolves with HTML of the page that follows */

const short = () => import('../visits/short_form.js');

/** @type {Record<string, () => Promise<{ submit: Submit }>>} */
const MODULES = {
  visit: () => import('../visits/form.js'),
  contact: short,
  acquaintance: short,
  acknowledgement: short,
  signal: short,
  measure: short,
  plan: short,
  alarm: () => import('../urgent/alarm.js'),
  check_in: () => import('../urgent/check_in.js'),
};

/**
 * Finish a form on the phone.
 * @param {HTMLFormElement} form
 * @returns {Promise<string>} HTML for the page
 * @throws {DOMException} AbortError when something is missing, and the page says what
 * @throws {Error} when the phone did not take it: the form stands as it stood
 */
export async function submitForm(form) {
  const kind = form.dataset['outbox'] ?? '';
  const load = MODULES[kind];
  if (!load) throw new Error(`nobody finishes forms of kind "${kind}"`);
  return (await load()).submit(form);
}
