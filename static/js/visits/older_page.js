/** A visit that was begun on an earlier release of the form stands on the page it began with, and says so. */
import { refusal } from '../lib/texts.js';
import { note } from '../transport/page.js';
import { showPage } from '../transport/transport.js';

let shown = '';

/**
 * Put a visit's own page where the present one would stand.
 * @param {string} html
 */
export function showOlder(html) {
  shown = html;
  showPage(html);
}

/**
 * Say it, if it is that page that stands now.
 * @param {string} html
 */
export function sayOlder(html) {
  if (html && html === shown) note(refusal('form_renewed'));
}
