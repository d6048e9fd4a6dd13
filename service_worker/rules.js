/**
 * What the service worker answers from where: a table, nothing else. curator_app/pwa/routes.py has the same list of
 * shell pages; a test compares them.
 */

/** Pages that a phone opens from the cached shell. The first alternative is `/` itself. */
export const SHELL_PATHS = /^\/(today|families|plan|outbox|more|check-in|signal)?$|^\/duty(\/check-ins|\/alarms(\/[0-9a-f-]{36})?)?$|^\/families\/[0-9a-f-]{36}(\/(visit|door|plan|contact|urgent|acquaintance|acknowledgement|measure|card))?$/;
const ASSETS = /^\/static\/dist\/[^/]+-[0-9A-Z]{8}\.[a-z0-9]+$/;

/**
 * How a request is answered: `shell`, the cached page without personal data, for a phone; `asset`, a file whose name
 * changes with its content; `rescue`, the page that needs
 * no app, from the network with a copy behind it; `network`, everything else. Nothing personal is ever kept.
 * @param {{ method: string, mode: string }} request
 * @param {URL} url
 * @param {string} origin
 * @returns {'shell' | 'rescue' | 'asset' | 'network'}
 */
export function ruleFor({ method, mode }, url, origin) {
  if (method !== 'GET' || url.origin !== origin) return 'network';
  if (mode === 'navigate' && url.pathname === '/rescue') return 'rescue';
  if (mode === 'navigate') return SHELL_PATHS.test(url.pathname) ? 'shell' : 'network';
  return ASSETS.test(url.pathname) ? 'asset' : 'network';
}
