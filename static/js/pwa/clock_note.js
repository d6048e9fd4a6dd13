/** «Проверьте дату на телефоне: 22.11.2036?» on «Сегодня» and above a form, before the date goes into a record. */
import { clockIsDoubtful } from '../lib/clock.js';
import { refusal } from '../lib/texts.js';
import { note } from '../transport/page.js';
import { current, isOpen } from '../vault/vault.js';

const DAY = new Intl.DateTimeFormat('ru', { day: '2-digit', month: '2-digit', year: 'numeric' });

/** Once per page. */
export function startClockNote() {
  document.addEventListener('curator:page', () => void look().catch(() => {}));
}

async function look() {
  const worth = location.pathname === '/today' || document.querySelector('form[data-outbox]');
  if (!worth || !isOpen() || !(await clockIsDoubtful(current().db))) return;
  note(refusal('clock_wrong', { date: DAY.format(new Date()) }));
}
