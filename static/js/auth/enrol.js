/**
 * Enrolment of this browser by a one-time link `/enrol#<token>`.
 *
 * The order matters: everything the phone needs lies on its own disk before the server is told, so that a page that
 * dies on the way burns no link. The token stays in the URL's fragment, which browsers never send.
 */
import { fill } from '../lib/dom.js';
import { day, refusal, t } from '../lib/texts.js';
import { registerServiceWorker } from '../pwa/register.js';
import { forgetVault, makeVault, remember } from '../vault/enrolments.js';
import { askPasskey, createPasskey } from '../vault/prf.js';
import { drawPhrase } from '../vault/phrase.js';
import { openEnrolment, put } from '../lib/db.js';
import { browserProblem, deviceName } from './browser.js';
import { askBack, showPhrase } from './enrol_phrase.js';
import { leftUnsent } from './left_unsent.js';
import { again, gesture, next, refuse, show, step } from './enrol_steps.js';
import { entered, post, Refusal } from './session.js';
import { signIn } from './sign_in.js';

/** @typedef {{ person: { name: string, post: string }, kind: 'field' | 'office', enrolment: { id: string, short: string }, publicKey: Record<string, any> }} Invitation */

/** Somebody is on the telephone with whoever approves. */
const LOOK_AGAIN_MS = 3000;

/** Run the page. */
export async function startEnrolment() {
  const token = location.hash.slice(1);
  const problem = token ? await browserProblem() : 'link_broken';
  if (problem) return refuse(refusal(problem));
  try {
    const invitation = await approved(token);
    await check(invitation);
    const passkey = await makePasskey(invitation);
    const done = invitation.kind === 'field' ? enrolField : enrolOffice;
    const { announced } = await done(token, invitation, passkey);
    await next('done', { wrong: leftUnsent(announced) });
    location.replace('/today');
  } catch (failure) {
    refuse(wordsFor(failure));
  }
}

/**
 * What the link says; one that this phone asked for waits until somebody at the office approves it.
 * @param {string} token
 * @returns {Promise<Invitation>}
 */
async function approved(token) {
  for (;;) {
    const answer = await post('/enrol/start', { token });
    if (!answer.waits) return answer;
    const { unsent, oldest } = answer.announced;
    const left = unsent ? t('enrolment.prepare.left', { n: unsent, date: day(new Date(oldest ?? Date.now())) }) : null;
    fill(show(step('wait')), { left });
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** @param {Invitation} invitation */
const check = ({ person }) => next('check', { text: t('enrolment.steps.enrol_check.text', person) });

/**
 * The passkey, and where the browser gives the PRF output only at get(), one more touch for it.
 * @param {Invitation} invitation
 * @returns {Promise<{ id: string, json: Record<string, any>, prf: ArrayBuffer | null }>}
 */
async function makePasskey({ publicKey, kind }) {
  const made = await gesture(() => createPasskey(publicKey));
  if (kind === 'office' || made.prf || !made.mayHavePrf) return made;
  fill(step('passkey'), { text: t('client.key_second') });
  // At once where the browser lets us; else the button asks for a touch of its own.
  const { prf } = await askPasskey(null, [made.id]).catch(() => gesture(() => askPasskey(null, [made.id])));
  return { ...made, prf };
}

/**
 * @param {string} token
 * @param {Invitation} invitation
 * @param {{ id: string, json: Record<string, any>, prf: ArrayBuffer | null }} passkey
 */
async function enrolField(token, { enrolment }, { id, json, prf }) {
  const words = await (await fetch('/enrol/words.json', { redirect: 'error' })).json();
  const phrase = drawPhrase(words);
  if (!prf) fill(step('phrase'), { no_prf: t('enrolment.no_prf') });
  do {
    showPhrase(step('phrase'), phrase);
    await next('phrase', {});
  } while (!(await askBack(show(step('phrase_check')), phrase, words)));
  const signing_key = await makeVault(enrolment, { credential: id, prf, phrase, words });
  const answer = await finish(token, enrolment.short, id, { credential: json, signing_key });
  await put(await openEnrolment(enrolment.short), 'meta', answer.sync, 'sync_key');
  await put(await openEnrolment(enrolment.short), 'meta', Date.now(), 'last_contact_at');
  await remember({ ...enrolment, kind: 'field' });
  await registerServiceWorker();
  return answer;
}

/**
 * @param {string} token
 * @param {Invitation} invitation
 * @param {{ id: string, json: Record<string, any> }} passkey
 */
async function enrolOffice(token, { enrolment }, { id, json }) {
  const answer = await finish(token, enrolment.short, id, { credential: json });
  await remember({ ...enrolment, kind: 'office' });
  return answer;
}

/**
 * Use the link up. A lost answer is asked for again, by us or by the browser itself; a link that turns out to be used
 * may have been used by our own lost request: then this very passkey signs in, and brings the cookies.
 * @param {string} token
 * @param {string} short
 * @param {string} credential
 * @param {Record<string, unknown>} body
 */
async function finish(token, short, credential, body) {
  for (;;) {
    try {
      const answer = await post('/enrol/finish', { token, label: deviceName(), ...body });
      entered(answer);
      return answer;
    } catch (problem) {
      if (problem instanceof Refusal) return mayBeOurs(problem, short, credential);
      await again(refusal('finish_lost'));
    }
  }
}

/**
 * @param {Refusal} refused
 * @param {string} short
 * @param {string} credential
 */
async function mayBeOurs(refused, short, credential) {
  try {
    if (refused.status === 410) return await gesture(() => signIn({ short, credentials: [credential] }), refusal('finish_lost'));
  } catch {
    // the server does not know the passkey: somebody else was first
  }
  await forgetVault(short);
  throw refused;
}

/** @param {unknown} failure */
function wordsFor(failure) {
  if (failure instanceof Refusal && failure.words) return failure.words;
  return refusal('server_unreachable', { next_time: '' });
}
