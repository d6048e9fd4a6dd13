/**
 * A newer build waits while a form stands open in any tab. Then it is put in place without a word; pages that are open
 * go on with their own files, and come up new at their next load, or at the lock when nothing is being written.
 */
import { refusal } from '../lib/texts.js';
import { note } from '../transport/page.js';
import { waitsForCode } from '../vault/shift_code.js';
import { onLock, whenClosed, whenOpen } from '../vault/vault.js';

const FORM = '#visit-form, #contact-form, #urgent-form, #check-in-form';
/** Whoever calls for help reads nothing else. */
const SILENT = '#urgent-form';
/** An installed app may not be loaded for days; the browser looks for a newer build only when it is. */
const LOOK_EVERY_MS = 3_600_000;
/** A browser begins only while the old worker is idle, and may miss the moment: it is asked again soon, then calmly. */
const AGAIN_MS = 1000;
const CALMLY_MS = 10_000;

/**
 * Once per page.
 * @param {ServiceWorkerRegistration} registration
 */
export function watchUpdates(registration) {
  const { serviceWorker } = navigator;
  let worker = serviceWorker.controller;
  let newer = false;
  let writing = false;
  /** @type {Element | null} */
  let told = null;
  let lookedAt = Date.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let pause = AGAIN_MS;

  /** Ask the waiting worker to begin; it looks for itself whether a form stands open in any tab. */
  function offer() {
    const { waiting, active } = registration;
    if (!waiting || !active) return;
    if (document.querySelector(FORM)) say();
    else waiting.postMessage({ type: 'update' });
    clearTimeout(timer);
    timer = setTimeout(offer, pause); // a form in another tab, or one that is just being saved
    pause = Math.min(2 * pause, CALMLY_MS);
  }

  function offerAnew() {
    pause = AGAIN_MS;
    offer();
  }

  /** Once for each form: more would be in the way. */
  function say() {
    const form = document.querySelector(FORM);
    if (form !== told && !form?.matches(SILENT)) note(refusal('update_after_save'));
    told = form;
  }

  registration.addEventListener('updatefound', () => {
    const coming = registration.installing;
    coming?.addEventListener('statechange', () => void (coming.state === 'installed' && offerAnew()));
  });
  serviceWorker.addEventListener('controllerchange', () => {
    newer = worker !== null; // the first one of all is none
    worker = serviceWorker.controller;
  });
  // A page that was still loading when the first worker claimed the others would have none until its next load.
  void serviceWorker.ready.then(({ active }) => serviceWorker.controller ?? active?.postMessage({ type: 'claim' }));
  document.addEventListener('curator:page', offerAnew);
  onLock(() => void (writing = document.querySelector(FORM) !== null));
  whenClosed((reason) => {
    offer();
    // A form that was open comes back without a question only to this page, and the shift's code opens only it.
    if (newer && !writing && reason !== 'sign-out' && !waitsForCode()) location.reload();
  });
  whenOpen(() => {
    if (Date.now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = Date.now();
    void registration.update().catch(() => {}); // no network: another time
  });
  offer();
}
