/**
 * One tab at a time writes a draft: the one that holds the draft's Web Lock. Another tab may ask for the turn; the
 * holder saves what is on its glass and gives it. The locks also tell the service worker that a form stands open.
 */
import { tell } from '../lib/bus.js';

const PREFIX = 'draft-';
/** A holder that has not answered by then is frozen or hung: the turn is taken, and it can write no more. */
const ANSWER_MS = 3000;

/**
 * `held`: whether this tab may still write · `give`: back, once `after` has come to its end.
 * @typedef {{ held: () => boolean, give: (after?: Promise<unknown>) => Promise<void> }} Turn
 */

/** @type {Map<string, Promise<unknown>>} turns on their way back from this very tab: its next page waits for them */
const returning = new Map();

/**
 * Take the turn of a draft if nobody has it.
 * @param {string} id
 * @param {() => void} lost  it was taken from this tab without an answer
 * @returns {Promise<Turn | null>} null: another tab writes this draft
 */
export async function takeTurn(id, lost) {
  await returning.get(id);
  return hold(id, { ifAvailable: true }, lost);
}

/**
 * Make the other tab save and let go; what it had written is on the disk when this resolves, unless it hangs.
 * @param {string} id
 */
export async function endOtherTurn(id) {
  tell('turn', id);
  const lost = () => {};
  const turn = await hold(id, { signal: AbortSignal.timeout(ANSWER_MS) }, lost).catch(() => hold(id, { steal: true }, lost));
  await turn?.give();
}

/**
 * Whether some tab, this one too, writes this draft now.
 * @param {string} id
 */
export async function isHeld(id) {
  await returning.get(id);
  return ((await navigator.locks.query()).held ?? []).some(({ name }) => name === PREFIX + id);
}

/**
 * A form that any number of tabs may have open, and whose page keeps what is typed by itself: as long as one stands, no
 * newer build takes the service worker's place.
 * @param {string} name
 * @returns {() => void} to be called when it goes
 */
export function standOpen(name) {
  /** @type {() => void} */
  let release = () => {};
  const over = new Promise((done) => (release = () => done(null)));
  navigator.locks.request(PREFIX + name, { mode: 'shared' }, () => over).catch(() => {}); // a page that goes with it
  return release;
}

/**
 * @param {string} id
 * @param {LockOptions} options
 * @param {() => void} lost
 * @returns {Promise<Turn | null>}
 */
function hold(id, options, lost) {
  return new Promise((resolve, reject) => {
    let held = false;
    /** @type {() => void} */
    let release = () => {};
    const over = new Promise((done) => (release = () => done(null)));
    const ended = navigator.locks.request(PREFIX + id, options, async (lock) => {
      held = lock !== null;
      resolve(lock && { held: () => held, give });
      if (lock) await over;
    });
    ended.catch((problem) => {
      reject(problem); // says nothing to who has the turn already
      if (held) lost();
      held = false;
    });

    /** @param {Promise<unknown>} [after] */
    async function give(after) {
      const back = Promise.resolve(after).catch(() => {}).then(() => {
        held = false;
        release();
        return ended.catch(() => {});
      });
      returning.set(id, back);
      await back;
      if (returning.get(id) === back) returning.delete(id);
    }
  });
}
