/** The form's fields as pairs: what a draft keeps, what an envelope carries, and where the cursor stood. */

/** @typedef {[string, string]} Pair */
/** @typedef {{ name: string, value: string, caret: number | null }} Place  a field (radios and chips by value) */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

/**
 * Every named control's present value, in the order of the page. File choosers and buttons are not fields.
 * @param {HTMLElement} root
 * @returns {Pair[]}
 */
export function collect(root) {
  return controls(root)
    .filter((control) => !isChoice(control) || /** @type {HTMLInputElement} */ (control).checked)
    .map((control) => [control.name, control.value]);
}

/**
 * What is sealed: fields of blocks that this outcome does not have are left out, and so are empty ones.
 * @param {HTMLFormElement} form
 * @returns {Pair[]}
 */
export function sealedFields(form) {
  const left = new Set(form.querySelectorAll('[data-only-outcome][hidden]'));
  return controls(form)
    .filter((control) => ![...left].some((block) => block.contains(control)))
    .filter((control) => !control.name.startsWith('photo.'))
    .filter((control) => !isChoice(control) || /** @type {HTMLInputElement} */ (control).checked)
    .map((control) => /** @type {Pair} */ ([control.name, control.value]))
    .filter(([, value]) => value !== '');
}

/**
 * Put a draft's pairs back.
 * @param {HTMLElement} root
 * @param {Pair[]} pairs
 */
export function restore(root, pairs) {
  const chosen = new Set(pairs.map(([name, value]) => `${name}\n${value}`));
  /** @type {Map<string, string[]>} */
  const texts = new Map();
  for (const [name, value] of pairs) texts.set(name, [...(texts.get(name) ?? []), value]);
  for (const control of controls(root)) {
    if (isChoice(control)) {
      /** @type {HTMLInputElement} */ (control).checked = chosen.has(`${control.name}\n${control.value}`);
    } else {
      const value = texts.get(control.name)?.shift();
      if (value !== undefined) control.value = value;
    }
  }
}

/**
 * Where the cursor is, or null when it is in no field of this form.
 * @param {HTMLElement} root
 * @param {Element | null} [at]  a field that it is just leaving
 * @returns {Place | null}
 */
export function place(root, at = document.activeElement) {
  if (!isControl(at) || !root.contains(at) || !at.name) return null;
  const caret = !(at instanceof HTMLSelectElement) && !isChoice(at) ? at.selectionStart : null;
  return { name: at.name, value: isChoice(at) ? at.value : '', caret };
}

/**
 * Put the cursor back.
 * @param {HTMLElement} root
 * @param {Place | null} where
 */
export function goTo(root, where) {
  if (!where) return;
  const found = controls(root).find(
    (control) => control.name === where.name && (!isChoice(control) || control.value === where.value),
  );
  found?.focus();
  found?.scrollIntoView({ block: 'center' });
  if (found && where.caret !== null && !(found instanceof HTMLSelectElement)) {
    try {
      found.setSelectionRange(where.caret, where.caret);
    } catch {
      // time and date fields have no caret
    }
  }
}

/**
 * @param {HTMLElement} root
 * @returns {Control[]}
 */
function controls(root) {
  return [...root.querySelectorAll('input, textarea, select')].filter(
    (one) => isControl(one) && one.name !== '' && !one.disabled && !['file', 'submit', 'button'].includes(one.type),
  ).map((one) => /** @type {Control} */ (one));
}

/** @param {Element | null} one  @returns {one is Control} */
const isControl = (one) =>
  one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement;

/** @param {Control} control */
const isChoice = (control) => control.type === 'checkbox' || control.type === 'radio';
