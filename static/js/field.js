/** A phone's page, locked and open: which modules live behind the lock, and what comes and goes with the key. */
import { settled } from './auth/session.js';
import { hear } from './lib/bus.js';
import { startLeaving } from './auth/leaving.js';
import { startFind } from './families/find.js';
import { hasKit, takeKit } from './kit/kit.js';
import { startKitButton } from './kit/button.js';
import { startStatus } from './outbox/status.js';
import { eraseOrdered } from './outbox/erase.js';
import { startHandedIn } from './outbox/handed_in.js';
import { startOutboxPage } from './outbox/page.js';
import { startThemeChoice } from './lib/theme.js';
import { startClockNote } from './pwa/clock_note.js';
import { startInstallHint } from './pwa/install.js';
import { registerServiceWorker } from './pwa/register.js';
import { watchUpdates } from './pwa/update.js';
import { startArriving } from './reminders/arriving.js';
import { startAsking } from './reminders/asking.js';
import { keepUp } from './reminders/push.js';
import { makeReserve } from './lib/reserve.js';
import { expire } from './transport/fragments.js';
import { app, clear } from './transport/page.js';
import { go, startTransport } from './transport/transport.js';
import { startAlarms } from './urgent/alarm.js';
import { startCheckIns } from './urgent/check_in.js';
import { startCallNotes } from './urgent/notes.js';
import { takeBack } from './visits/aside.js';
import { startSecrets } from './vault/secrets_page.js';
import { current, isOpen, whenClosed, whenOpen } from './vault/vault.js';
import { startPlanDays } from './visits/plan_days.js';
import { startForms } from './visits/form.js';
import { startShortForms } from './visits/short_form.js';

/** Nothing waits for the reserve, and writing it takes the disk for a moment. */
const RESERVE_AFTER_MS = 10_000;

/**
 * @param {{ id: string, short: string }} enrolment
 */
export function startField({ id, short }) {
  startTransport({ field: true });
  startStatus({ id, short });
  startThemeChoice();
  startPlanDays();
  startForms();
  startShortForms();
  startAlarms();
  startCheckIns();
  startCallNotes();
  startOutboxPage();
  startKitButton();
  startFind();
  startLeaving();
  startSecrets();
  startHandedIn();
  startClockNote();
  startInstallHint();
  startAsking();
  startArriving();
  hear('erase', () => void erase().catch(() => {})); // the next contact orders it again
  void registerServiceWorker().then((registration) => registration && watchUpdates(registration));
  whenOpen(() => void enter());
  whenClosed(() => {
    clear();
    app().hidden = true;
  });
}

/** The page that the address names, as if the lock had not been. */
async function enter() {
  app().hidden = false;
  await expire();
  await erase().catch(() => {});
  await takeBack().catch(() => {});
  await go(location.pathname + location.search, { replace: true });
  await settled();
  void keepUp().catch(() => {}); // no network, or the browser's service is away: the next unlock tries again
  // Families handed over leave the phone at the next contact; unchanged ones cost one short answer.
  if (await hasKit()) await takeKit().catch(() => {});
  setTimeout(() => isOpen() && void makeReserve(current().db).catch(() => {}), RESERVE_AFTER_MS);
}

/** Pictures that families took back go from the disk, and from the glass if one of them stands there. */
async function erase() {
  if (!isOpen()) return;
  const gone = await eraseOrdered();
  for (const image of /** @type {NodeListOf<HTMLImageElement>} */ (app().querySelectorAll('img[data-photo]'))) {
    if (!gone.has(image.dataset['photo'] ?? '') || !image.src) continue;
    URL.revokeObjectURL(image.src);
    image.removeAttribute('src');
  }
}
