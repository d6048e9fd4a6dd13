/** What a push message becomes on the screen and where a tap on it leads: decisions only, without a browser. */
import { SHELL_PATHS } from './rules.js';

const TODAY = '/today';

/**
 * A notification as the browser takes it, and the number for the app's icon.
 * @typedef {{ title: string, options: NotificationOptions & { renotify?: boolean }, count: number | null }} Notice
 */

/**
 * Read a message of ours. Browsers demand that something is shown for every message: what cannot be read says only
 * that there is something.
 * @param {string} text  the payload
 * @param {{ title: string, generic: string }} words
 * @returns {Notice}
 */
export function noticeOf(text, words) {
  const said = parsed(text);
  const line = (/** @type {string} */ name) => (typeof said[name] === 'string' ? said[name] : '');
  return {
    title: line('title') || words.title,
    options: {
      body: line('body') || words.generic,
      tag: line('tag') || 'day',
      lang: 'ru',
      data: { id: line('id'), path: line('path') || TODAY },
    },
    count: Number.isInteger(said['count']) && said['count'] >= 0 ? said['count'] : null,
  };
}

/**
 * Whether it disturbs: the same message that came again after a fault does so only once.
 * @param {Notice} notice
 * @param {readonly { data?: { id?: string } }[]} shown  what stands on the screen under its tag
 */
export const isRepeat = ({ options }, shown) => shown.some(({ data }) => Boolean(data?.id) && data?.id === options.data.id);

/**
 * Where a tap leads: a page of the phone's own app, or else «Сегодня».
 * @param {unknown} path  as the message said
 * @param {string} origin
 * @returns {string}
 */
export function pageOf(path, origin) {
  try {
    const url = new URL(String(path), origin);
    return url.origin === origin && SHELL_PATHS.test(url.pathname) ? url.pathname + url.search : TODAY;
  } catch {
    return TODAY;
  }
}

/**
 * The open window to take: the one looked at, else any that the app runs in. None: a new one is opened.
 * @template {{ url: string, focused: boolean, visibilityState: string }} T
 * @param {readonly T[]} windows
 * @param {string} origin
 * @returns {T | null}
 */
export function windowOf(windows, origin) {
  const ours = windows.filter(({ url }) => {
    const { origin: from, pathname } = new URL(url);
    return from === origin && (SHELL_PATHS.test(pathname) || pathname.startsWith('/reminders'));
  });
  return ours.find(({ focused }) => focused) ?? ours.find(({ visibilityState }) => visibilityState === 'visible') ?? ours[0] ?? null;
}

/** @param {string} text  @returns {Record<string, any>} */
function parsed(text) {
  try {
    const said = JSON.parse(text);
    return said && typeof said === 'object' ? said : {};
  } catch {
    return {};
  }
}
