/** The page /sign-in: one button, then where one wanted to go. */
import { fill, one } from '../lib/dom.js';
import { refusal, t } from '../lib/texts.js';
import { remember } from '../vault/enrolments.js';
import { activate } from '../vault/others.js';
import { deviceName } from './browser.js';
import { leftUnsent } from './left_unsent.js';
import { csrf, post, Refusal } from './session.js';
import { signIn } from './sign_in.js';

/** Make the button work. */
export function startSignIn() {
  const page = one(document, '#sign-in');
  const button = /** @type {HTMLButtonElement} */ (one(page, '[data-sign-in]'));
  button.disabled = false;
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      const { enrolment, announced } = await signIn();
      if (enrolment.kind === 'office') await remember(enrolment);
      // The passkey of a phone: this very one, with its vault, or one that has none yet.
      else if (!(await activate(enrolment.short))) return prepare(page, leftUnsent(announced));
      location.replace(wanted());
    } catch (problem) {
      const { what, do: act } = said(problem);
      fill(page, { message: `${what} ${act}` });
      button.disabled = false;
    }
  });
}

/**
 * Offer to make this browser a phone: signing in alone does not.
 * @param {HTMLElement} page
 * @param {string | null} missing  what the server never got from the phone that this was
 */
function prepare(page, missing) {
  fill(page, { prepare: t('enrolment.prepare.text'), message: missing });
  one(page, '[data-sign-in]').hidden = true;
  const button = /** @type {HTMLButtonElement} */ (one(page, '[data-prepare]'));
  button.hidden = false;
  button.onclick = async () => {
    button.disabled = true;
    try {
      const { token } = await post('/enrol/ask', { label: deviceName() }, { token: await csrf() });
      location.replace(`/enrol#${token}`);
    } catch (problem) {
      const { what, do: act } = said(problem);
      fill(page, { message: `${what} ${act}` });
      button.disabled = false;
    }
  };
}

/** Where the person was going: a path of ours, nothing that leads elsewhere. */
function wanted() {
  const next = new URLSearchParams(location.search).get('next') ?? '/today';
  return /^\/(?!\/)[\w/-]*$/.test(next) ? next : '/today';
}

/** @param {unknown} problem */
function said(problem) {
  if (problem instanceof Refusal && problem.words) return problem.words;
  if (problem instanceof DOMException) return refusal('passkey_cancelled');
  return refusal('server_busy', { next_time: '' });
}
