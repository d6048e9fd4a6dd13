/**
 * The form as a person reads it: every answer with the words that stand beside it on the glass.
 *
 * DOM: a choice's words are its label's; the question over it is its `legend` (or `aria-label` of its group); whom it is
 * about is the nearest `[data-about]`. Names beginning «ui.» or «photo.» are the page's own.
 */

/**
 * One answer. `words`: what was chosen or typed; `title`: the question; `about`: a person's name or ''; `skip`: an answer
 * that says that nothing was seen; `step`: the part of the form.
 * @typedef {{ name: string, value: string, words: string, title: string, about: string, skip: boolean, step: string }} Said
 */

const OWN = /^(ui|photo)\./;

/**
 * Everything that was said, in the order of the page; without what this outcome does not have.
 * @param {HTMLFormElement} form
 * @returns {Said[]}
 */
export function readForm(form) {
  const left = [...form.querySelectorAll('[data-only-outcome][hidden]')];
  const controls = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[name], textarea[name], select[name]')]);
  return controls
    .filter((control) => control.name && !OWN.test(control.name) && !control.disabled)
    .filter((control) => !isChoice(control) || control.checked)
    .filter((control) => control.value.trim() !== '' && !left.some((block) => block.contains(control)))
    .map(said);
}

/**
 * The parts' own headings by the step's name.
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
export function titlesOf(form) {
  const steps = /** @type {HTMLElement[]} */ ([...form.querySelectorAll('[data-step]')]);
  return Object.fromEntries(steps.map((step) => [step.dataset['step'] ?? '', plain(step.querySelector('h2'))]));
}

/** @param {HTMLInputElement} control  @returns {Said} */
function said(control) {
  const label = control.closest('label');
  return {
    name: control.name,
    value: control.value,
    words: isChoice(control) ? plain(label) : control.value.trim(),
    title: isChoice(control) ? question(control) : plain(label?.querySelector('.lab') ?? null),
    about: control.closest('[data-about]')?.getAttribute('data-about') ?? '',
    skip: label?.classList.contains('skip') ?? false,
    step: control.closest('[data-step]')?.getAttribute('data-step') ?? '',
  };
}

/** @param {Element} control */
function question(control) {
  const group = control.closest('[role=group][aria-label], [role=radiogroup][aria-label], fieldset');
  return group?.getAttribute('aria-label') ?? plain(group?.querySelector('legend') ?? null);
}

/** @param {Element | null} element  @returns {string} its text without hints and odd spaces */
function plain(element) {
  if (!element) return '';
  const copy = /** @type {Element} */ (element.cloneNode(true));
  for (const extra of copy.querySelectorAll('small, .small, svg, input, textarea')) extra.remove();
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** @param {HTMLInputElement} control */
const isChoice = (control) => control.type === 'checkbox' || control.type === 'radio';
