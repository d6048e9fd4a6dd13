/** One channel between the tabs and the service worker of this browser. Messages carry no personal data. */

/**
 * `lock`: every tab locks · `outbox`: counts or states changed · `draft`: a draft was begun, saved or removed ·
 * `erase`: the server named pictures that families took back · `closed`: this phone was switched off ·
 * `turn`: another tab asks to write the draft `id` · `stranger`: the server gave a page to nobody signed in.
 * @typedef {{ type: 'lock' | 'outbox' | 'draft' | 'erase' | 'closed' | 'turn' | 'stranger', id?: string }} Message
 */

/** @type {BroadcastChannel | null} */
let channel = null;
/** @type {Set<(message: Message) => void>} */
const listeners = new Set();

/**
 * Tell the other tabs and, so that a caller needs no second path, the listeners of this one.
 * @param {Message['type']} type
 * @param {string} [id]  of what, where the type alone does not say it
 */
export function tell(type, id) {
  const message = id ? { type, id } : { type };
  open().postMessage(message);
  deliver(message);
}

/**
 * Hear messages of one type, from this tab too.
 * @param {Message['type']} type
 * @param {(id?: string) => void} listener
 * @returns {() => void} stops listening
 */
export function hear(type, listener) {
  open();
  /** @param {Message} message */
  const wanted = (message) => void (message.type === type && listener(message.id));
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
