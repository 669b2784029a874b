// SPDX-License-Identifier: GPL-3.0-or-later
// One medicine: what it is for and why, how to take it, what to watch for, and where it is.
import { code } from './code.js';
import { plannedTime, t } from './strings.js';
import { language, say } from './medicines-strings.js';

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text)
    made.textContent = text;
  if (className)
    made.className = className;
  return made;
}

// A date or an instant as a day, in the language of the page.
export function day(text) {
  const plain = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');
  const date = new Date(plain ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(date.getTime()))
    return text ?? '';
  return new Intl.DateTimeFormat(language(), { dateStyle: 'long', ...(plain ? { timeZone: 'UTC' } : {}) }).format(date);
}

function part(key, text, tag) {
  const box = element('div', '', 'about-part');
  const words = element('p', text);
  if (tag)
    words.lang = tag;
  box.append(element('h3', say(key)), words);
  return box;
}

// Words that the clinic wrote stay as they are, and say so where the page speaks another language.
function why(medicine) {
  return medicine.why ? [part(language() === 'en' ? 'about.why' : 'about.whyOriginal', medicine.why)] : [];
}

function information({ parts, missing, late }) {
  const rows = [];
  for (const each of parts) {
    if (parts.length > 1)
      rows.push(element('p', each.name, 'about-name'));
    for (const key of ['what', 'how', 'watch'])
      if (each[key])
        rows.push(part(`about.${key}`, each[key], each.language));
    if (each.language !== language())
      rows.push(element('p', say('about.english'), 'quiet'));
  }
  for (const name of missing)
    rows.push(element('p', say('about.missing', { name }), 'quiet'));
  if (late)
    rows.push(element('p', say('about.late', { day: day(late) }), 'note'));
  if (parts.some(({ unchecked }) => unchecked))
    rows.push(element('p', say('about.unchecked'), 'unchecked'));
  return rows;
}

export function about(medicine) {
  const box = element('div', '', 'about');
  box.append(...why(medicine), ...information(medicine.about ?? { parts: [], missing: [] }));
  return box;
}

export function instruction(medicine) {
  const rows = [element('p', medicine.instruction ?? t('medicines.noInstruction'), 'instruction')];
  if (medicine.original)
    rows.push(element('p', t('medicines.original'), 'quiet'));
  return rows;
}

// ---- where it is ----

const NEW_STATES = ['sent.mail', 'accepted.mail', 'ready.mail', 'waits', 'partly'];

function sentence(choice) {
  const mode = ['delivery', 'mail'].includes(choice.mode) ? choice.mode : 'pick-up';
  const key = ['sent', 'accepted', 'ready'].includes(choice.state) ? `${choice.state}.${mode}` : choice.state;
  return NEW_STATES.includes(key) ? say(`state.${key}`, choice) : t(`choice.${key}`, choice);
}

// What to do where nothing moves, with the number to call where there is one.
function stalled({ state, phone }) {
  const key = `stalled.${state === 'sent' ? 'sent' : 'taken'}`;
  return say(phone ? `${key}Call` : key, { phone });
}

export function choiceState(medicine, { pharmacies, changing, onChange }) {
  const box = element('div', '', 'choice-state');
  const { choice } = medicine;
  if (!choice) {
    if (medicine.active)
      box.append(element('p', t(pharmacies.length ? 'choice.notYet' : 'choice.none')));
    return box;
  }
  box.dataset.state = choice.state;
  box.append(element('p', sentence(choice)));
  if (choice.reason)
    box.append(element('small', say('state.says', choice)));
  if (choice.when)
    box.append(element('small', say('state.when', { time: plannedTimeOf(choice.when) })));
  if (choice.stalled)
    box.append(element('p', stalled(choice), 'note'));
  if (choice.canChange && choice.state !== 'refused' && !changing) {
    const button = element('button', t('choice.change'), 'plain');
    button.type = 'button';
    button.addEventListener('click', () => onChange(choice));
    box.append(button);
  }
  return box;
}

function plannedTimeOf(instant) {
  return `${day(instant)}, ${plannedTime(instant)}`;
}

export function card(medicine, context) {
  const item = element('li', '', medicine.stopped ? 'medicine stopped' : 'medicine');
  item.append(element('h2', medicine.name ?? say('about.unnamed')));
  if (medicine.stopped) {
    item.append(element('p', t('medicines.stopped'), 'error'));
    return item;
  }
  const facts = [];
  if (medicine.amount)
    facts.push(t('medicines.amount', medicine));
  if (medicine.repeats > 0)
    facts.push(t(medicine.repeats === 1 ? 'medicines.repeatsOne' : 'medicines.repeats', { count: medicine.repeats }));
  if (medicine.by)
    facts.push(t('medicines.by', { clinician: medicine.by }));
  item.append(...instruction(medicine), element('p', facts.join(' · '), 'quiet'), about(medicine), choiceState(medicine, context), ...code(medicine));
  return item;
}
