/** Back and forward between the steps of one form stay in it; anywhere else is the transport's business. */

/**
 * @param {(hash: string) => boolean} show  the step that an address names; false when the address is not the form's
 */
export function keepSteps(show) {
  document.addEventListener('htmx:before:history:restore', (event) => {
    if (!show(location.hash)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  // Chromium's htmx leaves steps that differ by the hash alone to us; the others ask through the event above.
  addEventListener('popstate', () => void show(location.hash));
}
