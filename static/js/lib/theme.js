/** How the screen looks: as in the phone, light, dark, or for bright sun. The only thing kept in the clear by name. */
const KEY = 'theme';

/** Put the chosen look on the page; before anything else, so that nothing flashes. */
export function showTheme() {
  document.documentElement.dataset['theme'] = chosen();
}

/** Make every `[data-theme-choice]` of the pages to come work. Once per page. */
export function startThemeChoice() {
  document.addEventListener('curator:page', () => {
    for (const input of choices()) input.checked = input.value === chosen();
  });
  document.addEventListener('change', (event) => {
    if (!(event.target instanceof HTMLInputElement) || !event.target.closest('[data-theme-choice]')) return;
    localStorage.setItem(KEY, event.target.value);
    showTheme();
  });
}

const chosen = () => localStorage.getItem(KEY) ?? 'auto';

/** @returns {NodeListOf<HTMLInputElement>} */
const choices = () => document.querySelectorAll('[data-theme-choice] input');
