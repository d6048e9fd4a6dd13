/**
 * A family's card read by a camera, or the link by which a body answers: the number stands behind the «#», so that
 * no log has it; here it becomes a form.
 */

/** Open what the address names. Once per page. */
export function startCard() {
  const code = location.hash.slice(1);
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-card-code]'));
  const field = form?.elements.namedItem('code');
  if (!form || !(field instanceof HTMLInputElement) || !/^(\d{20}|[\w-]{32})$/.test(code)) return;
  history.replaceState(null, '', location.pathname);
  field.value = code;
  form.submit();
}
