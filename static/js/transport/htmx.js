/**
 * htmx, with our policy in its hands. A chunk of its own: it loads after the first paint.
 *
 * htmx 4 makes no Trusted Types policy and swaps nothing without one; an extension's `init` gets the internal
 * `initSecurity` that takes ours. The two constructors it asks for would run code out of attributes: both refuse.
 */
import htmx from 'htmx.org';
import { policy } from './trusted.js';

/** @returns {never} */
function refuse() {
  throw new TypeError('attributes hold no code here');
}

htmx.registerExtension('curator', {
  /** @param {any} api */
  init: (api) => api.initSecurity(policy, refuse, refuse),
});

export default htmx;
