// SPDX-License-Identifier: GPL-3.0-or-later
// After the visit: the clinic's sheet, to read and to print, and two questions that may be skipped.
import { get, post } from './hub.js';
import { t } from './strings.js';

const $ = (id) => document.getElementById(id);
const SOON_MS = 4000;
const LATER_MS = 60000;
const SOON_TRIES = 30; // the clinic's outcome and note come a moment after the call

function element(name, text, className) {
  const made = document.createElement(name);
  if (text)
    made.textContent = text;
  if (className)
    made.className = className;
  return made;
}

function table({ columns, rows }) {
  const made = element('table');
  if (columns.some(Boolean)) {
    const head = element('tr');
    head.append(...columns.map((name) => { const cell = element('th', name); cell.scope = 'col'; return cell; }));
    made.append(element('thead'));
    made.tHead.append(head);
  }
  const body = element('tbody');
  for (const cells of rows) {
    const row = element('tr');
    cells.forEach((text, index) => {
      const cell = element(index === 0 ? 'th' : 'td', text);
      if (index === 0)
        cell.scope = 'row';
      else if (columns[index])
        cell.dataset.head = columns[index];
      row.append(cell);
    });
    body.append(row);
  }
  made.append(body);
  return made;
}

export class After {
  constructor({ say, state }) {
    Object.assign(this, { say, state });
    this.tries = 0;
    $('print').addEventListener('click', () => print());
    $('survey').addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    $('survey-skip').addEventListener('click', () => this.thank(false));
  }

  async load() {
    clearTimeout(this.timer);
    try {
      const sheet = await get('after');
      if (sheet.blocks)
        this.show(sheet);
      // A hub in front of another server has no summary to wait for.
      $('sheet-waiting').hidden = !!this.shown || !sheet.sheets;
      if (sheet.over && !this.asked)
        this.ask();
      // A note may be signed after the visit has ended: an open page shows it when it is there.
      this.tries = sheet.over ? Math.max(this.tries, SOON_TRIES) : this.tries;
    } catch { /* asked again below */ }
    if (!this.stopped)
      this.timer = setTimeout(() => this.load(), this.tries++ < SOON_TRIES ? SOON_MS : LATER_MS);
  }

  // In another language, which the clinic's words come in from the hub.
  speak() {
    if (this.shown)
      this.load();
  }

  show({ title, name, language, blocks }) {
    const text = JSON.stringify([title, language, blocks]);
    if (text === this.shown)
      return;
    if (!this.shown)
      this.say(t('after.ready'));
    this.shown = text;
    const sheet = $('sheet');
    sheet.lang = language;
    sheet.replaceChildren(element('h2', title), element('p', name, 'quiet'));
    for (const block of blocks)
      sheet.append(block.rows ? table(block) : block.heading ? element('h3', block.heading) : element('p', block.text));
    sheet.hidden = $('print').hidden = false;
    $('sheet-waiting').hidden = true;
  }

  async ask() {
    this.asked = true;
    const { survey } = await get('state').catch(() => ({}));
    $('survey').hidden = !survey;
  }

  thank(sent) {
    $('survey').hidden = true;
    $('survey-thanks').hidden = false;
    $('survey-thanks').textContent = t(sent ? 'survey.thanks' : 'survey.skipped');
    this.say($('survey-thanks').textContent);
    $('medicines-title').focus();
  }

  async send() {
    const answers = {};
    for (const name of ['technical', 'answered']) {
      const chosen = document.querySelector(`#survey input[name=${name}]:checked`);
      if (chosen)
        answers[name] = chosen.value;
    }
    const error = $('survey-error');
    error.hidden = true;
    if (Object.keys(answers).length === 0) {
      error.textContent = t('survey.none');
      error.hidden = false;
      return document.querySelector('#survey input').focus();
    }
    try {
      await post('survey', answers);
      this.thank(true);
    } catch (problem) {
      error.textContent = t(problem.code === 'offline' ? 'offline.text' : 'server.text');
      error.hidden = false;
    }
  }
}
