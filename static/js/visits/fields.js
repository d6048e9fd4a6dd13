/** The form's fields as pairs: what a draft keeps, what an envelope carries, and where the cursor stood. */

/** @typedef {[string, string]} Pair */
/** @typedef {{ name: string, value: string, caret: number | null }} Place  a field (radios and chips by value) */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

/** Names that begin so are the page's own: which panel is open, what a photo's tile shows. They are never sealed. */
const OWN = /^(ui|photo)\./;

/**
 * Every field's present value, in the order of the page. The browser gathers them: a form has some 1500 controls, and
 * this runs at every pause in the typing.
 * @param {HTMLFormElement} form
 * @returns {Pair[]}
 */
export const collect = (form) =>
  /** @type {Pair[]} */ ([...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !name.startsWith('photo.')));

/**
 * What is sealed: what this outcome and the answers above do not ask for is left out, and so are empty fields.
 * A panel of somebody else, or a step that is not on the glass, is out of sight only.
 * @param {HTMLFormElement} form
 * @returns {Pair[]}
 */
export function sealedFields(form) {
  return controls(form)
    .filter((control) => !OWN.test(control.name) && control.value !== '')
    .filter((control) => !isChoice(control) || /** @type {HTMLInputElement} */ (control).checked)
    .filter(isAsked)
    .map((control) => [control.name, control.value]);
}

/**
 * Whether every block round a field that depends on an answer is there now. The style sheet decides it, so that this
 * holds without a script as well; a block's own display says it, whatever stands round it.
 * @param {Element} control
 */
export function isAsked(control) {
  let block = control.closest('.if, [data-only-outcome]');
  while (block && getComputedStyle(block).display !== 'none') block = block.parentElement?.closest('.if, [data-only-outcome]') ?? null;
  return block === null;
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
