/** What Node lacks of a browser, for the modules under test. Import it first. */
import { useTexts } from '../../static/js/lib/texts.js';
import 'fake-indexeddb/auto';

const { BroadcastChannel: NodeChannel } = globalThis;

/** A channel that does not keep the test process alive. */
globalThis.BroadcastChannel = class extends NodeChannel {
  /** @param {string} name */
  constructor(name) {
    super(name);
    /** @type {any} */ (this).unref();
  }
};

/**
 * Let `t()` find texts as it does in the page.
 * @param {Record<string, unknown>} texts
 */
export function pageWithTexts(texts) {
  useTexts(texts);
}
