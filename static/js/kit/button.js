/** «Перед выездом»: the button that takes the kit along, with its progress. */
import { Refusal } from '../auth/session.js';
import { fill, maybe } from '../lib/dom.js';
import { megabytes, t } from '../lib/texts.js';
import { takeKit } from './kit.js';

/** A broken stream is taken up again so many times before the person is asked. */
const TRIES = 3;

/** Make every `[data-kit]` of the pages to come work. Once per page. */
export function startKitButton() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('[data-kit]');
    if (button instanceof HTMLButtonElement && !button.disabled) void take(button);
  });
}

/** @param {HTMLButtonElement} button */
async function take(button) {
  const box = maybe(document, '[data-kit-progress]');
  const say = (/** @type {string} */ line) => box && fill(box, { line });
  if (box) box.hidden = false;
  button.disabled = true;
  try {
    await persistently(box, say);
    say(t('queue.day_start_done'));
  } catch (problem) {
    const { what, do: act } = problem instanceof Refusal ? (problem.words ?? { what: t('client.kit_broke'), do: '' }) : { what: t('client.kit_broke'), do: '' };
    say(`${what} ${act}`.trim());
  } finally {
    button.disabled = false;
  }
}

/**
 * @param {HTMLElement | null} box
 * @param {(line: string) => unknown} say
 */
async function persistently(box, say) {
  for (let tries = 1; ; tries += 1) {
    try {
      await takeKit(({ done, of, bytes }) => {
        const bar = box && /** @type {HTMLProgressElement | null} */ (maybe(box, 'progress'));
        if (bar) Object.assign(bar, { max: of || 1, value: done });
        say(t('queue.day_start_progress', { i: done, n: of, mb: megabytes(bytes) }));
      });
      return;
    } catch (problem) {
      if (problem instanceof Refusal || tries === TRIES) throw problem;
    }
  }
}
