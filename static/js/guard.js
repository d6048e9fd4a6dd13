/**
 * Watches whether the app comes alive, and imports nothing of it: a release that does not start must not take this along.
 * After a while without a sign it shows the way to «Спасти записи» and sends what waits.
 */
const PATIENCE_MS = 15_000;

setTimeout(() => {
  const { alive, rescue } = document.body.dataset;
  if (alive !== undefined || !rescue) return;
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-rescue-link]'))) link.hidden = false;
  import(rescue).catch(() => {}); // it is there again on /rescue
}, PATIENCE_MS);

export {};
