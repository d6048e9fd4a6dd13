/**
 * Saves a visit's draft while it is being written: two seconds after a change at the latest, one save at a time.
 */

const SOON_MS = 700;
const LATEST_MS = 1500;

/**
 * @param {() => Promise<void>} save  writes the present state; resolves once it is on the disk
 * @param {{ saved: () => void, failed: () => void }} say
 */
export function saver(save, say) {
  let dirty = false;
  let stopped = false;
  let since = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<void>} */
  let running = Promise.resolve();

  /** Write what there is, after the save under way. */
  function now() {
    clearTimeout(timer);
    running = running.then(async () => {
      if (!dirty || stopped) return;
      dirty = false;
      try {
        await save();
        say.saved();
      } catch {
        dirty = true; // still only on the glass
        say.failed();
      }
    });
    return running;
  }

  /** Something was typed or tapped. */
  function changed() {
    if (!dirty) since = Date.now();
    dirty = true;
    clearTimeout(timer);
    if (stopped) return;
    const left = LATEST_MS - (Date.now() - since);
    timer = setTimeout(() => void now(), Math.max(0, Math.min(SOON_MS, left)));
  }

  return {
    now,
    changed,
    /** No more saves: what is on the glass is being sealed. Resolves when the last save is through. */
    stop() {
      clearTimeout(timer);
      stopped = true;
      return running;
    },
    /** It was not sealed: the draft is what counts again. */
    goOn() {
      stopped = false;
      changed();
    },
  };
}
