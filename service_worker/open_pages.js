/** What open pages say by the Web Locks they hold: `draft-…`, a form stands open; `build-…`, the script a page runs. */

/** Whether any tab has a form open. */
export const formsOpen = async () => (await held('draft-')).length > 0;

/** Addresses of the scripts that open pages were built with. */
export const buildsInUse = () => held('build-');

/** @param {string} prefix  @returns {Promise<string[]>} what follows it */
async function held(prefix) {
  const names = ((await navigator.locks.query()).held ?? []).map(({ name = '' }) => name);
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}
