/** One channel between the tabs and the service worker of this browser. Messages carry no personal data. */

/**
 * `lock`: every tab locks · `outbox`: counts or states changed · `draft`: a draft was begun, saved or removed ·
 * `erase`: the server named pictures that families took back · `closed`: this phone was switched off.
 * @typedef {{ type: 'lock' | 'outbox' | 'draft' | 'erase' | 'closed' }} Message
 */

/** @type {BroadcastChannel | null} */
let channel = null;
/** @type {Set<(message: Message) => void>} */
const listeners = new Set();

/**
 * Tell the other tabs and, so that a caller needs no second path, the listeners of this one.
 * @param {Message['type']} type
 */
export function tell(type) {
  open().postMessage({ type });
  deliver({ type });
}

/**
 * Hear messages of one type, from this tab too.
 * @param {Message['type']} type
 * @param {() => void} listener
 * @returns {() => void} stops listening
 */
export function hear(type, listener) {
  open();
  /** @param {Message} message */
  const wanted = (message) => void (message.type === type && listener());
  listeners.add(wanted);
  return () => listeners.delete(wanted);
}

function open() {
  if (!channel) {
    channel = new BroadcastChannel('curator');
    channel.onmessage = (event) => deliver(event.data);
  }
  return channel;
}

/** @param {Message} message */
function deliver(message) {
  for (const listener of listeners) listener(message);
}
