// SPDX-License-Identifier: GPL-3.0-or-later
// What was prescribed before: "are you taking it?", and asking for a renewal. What is typed stays while the page changes.
import { post } from './hub.js';
import { t } from './strings.js';
import { about, choiceState, day, element, instruction } from './medicine-card.js';
import { language, say } from './medicines-strings.js';

const ANSWERS = ['yes', 'differently', 'stopped', 'never'];
const MOST = { taking: 500, renewal: 300 };

export class Taking {
  // onData: what the hub answers to a change; announce: for the screen reader
  constructor({ place, onData, announce }) {
    Object.assign(this, { place, onData, announce });
    this.drafts = new Map(); // id of a medicine -> what is typed and open
    this.title = element('h2', '', 'current-title');
    this.title.id = 'current-title';
    this.title.tabIndex = -1;
    this.lead = element('p', '', 'lead');
    this.list = element('ul', '', 'medicines');
    this.more = element('p', '', 'note');
    place.setAttribute('aria-labelledby', this.title.id);
    place.append(this.title, this.lead, this.list, this.more);
  }

  draft(id) {
    if (!this.drafts.has(id))
      this.drafts.set(id, { answer: '', words: '', wish: '' });
    return this.drafts.get(id);
  }

  show(medicines, omitted = 0) {
    const text = JSON.stringify([language(), medicines, omitted]);
    this.place.hidden = medicines.length === 0;
    if (text === this.shown)
      return;
    this.shown = text;
    this.medicines = medicines;
    this.title.textContent = say('current.title');
    this.lead.textContent = say('current.lead');
    this.more.hidden = omitted === 0;
    this.more.textContent = say('current.omitted', { count: omitted });
    this.render();
  }

  // Everything anew, with the focus where it was.
  render() {
    const focus = document.activeElement?.id;
    const [start, end] = [document.activeElement?.selectionStart, document.activeElement?.selectionEnd];
    this.list.replaceChildren(...this.medicines.map((medicine) => this.item(medicine)));
    const again = focus && this.place.contains(document.getElementById(focus)) ? document.getElementById(focus) : null;
    again?.focus({ preventScroll: true });
    if (again?.tagName === 'TEXTAREA' && start !== undefined)
      again.setSelectionRange(start, end);
  }

  item(medicine) {
    const item = element('li', '', 'medicine');
    const more = element('details');
    item.append(element('h3', medicine.name ?? say('about.unnamed')), ...instruction(medicine));
    if (medicine.by)
      item.append(element('p', t('medicines.by', { clinician: medicine.by }), 'quiet'));
    more.append(element('summary', say('about.open')), about(medicine));
    if (medicine.choice)
      item.append(choiceState({ ...medicine, choice: { ...medicine.choice, canChange: false } }, {}));
    item.append(more, this.taking(medicine), this.renewal(medicine));
    return item;
  }

  // ---- are you taking it? ----

  taking(medicine) {
    const draft = this.draft(medicine.id);
    return medicine.taking && !draft.open ? this.said(medicine, draft) : this.question(medicine, draft);
  }

  said({ id, name, taking }, draft) {
    const box = element('div', '', 'taking-said');
    const why = taking.words && ['stopped', 'never'].includes(taking.answer) ? 'Why' : '';
    const button = element('button', say('taking.change'), 'plain');
    const line = element('p', say(`said.${taking.answer}${why}`, taking));
    line.id = `said-${id}`;
    line.tabIndex = -1;
    button.type = 'button';
    button.id = `change-${id}`;
    button.setAttribute('aria-label', `${say('taking.change')}: ${name}`);
    button.addEventListener('click', () => {
      Object.assign(draft, { open: true, answer: taking.answer, words: taking.words ?? '' });
      this.render();
      document.getElementById(`taking-${id}-${taking.answer}`)?.focus();
    });
    box.append(line);
    if (taking.when)
      box.append(element('small', say('state.when', { time: day(taking.when) })));
    box.append(button);
    return box;
  }

  choices(id, draft) {
    const box = element('div', '', 'answers');
    box.append(...ANSWERS.map((answer) => {
      const label = element('label', '', 'choice');
      const input = element('input');
      Object.assign(input, { type: 'radio', name: `taking-${id}`, id: `taking-${id}-${answer}`, value: answer, checked: draft.answer === answer });
      input.addEventListener('change', () => { draft.answer = answer; draft.error = ''; this.render(); });
      label.append(input, element('span', say(`taking.${answer}`)));
      return label;
    }));
    return box;
  }

  question({ id, name }, draft) {
    const form = element('form', '', 'taking');
    const group = element('fieldset');
    const legend = element('legend', say('taking.question'));
    const send = element('button', say('taking.send'));
    legend.append(element('span', ` ${name}`, 'visually-hidden'));
    group.append(legend, this.choices(id, draft));
    form.noValidate = true;
    group.setAttribute('aria-describedby', `taking-error-${id}`);
    form.append(group);
    if (draft.answer && draft.answer !== 'yes')
      form.append(...this.words(`words-${id}`, `taking-error-${id}`, say(draft.answer === 'differently' ? 'taking.how' : 'taking.why'), MOST.taking, draft.words, (text) => { draft.words = text; }));
    form.append(this.error(`taking-error-${id}`, draft.error), send);
    send.id = `taking-send-${id}`;
    form.addEventListener('submit', (event) => { event.preventDefault(); this.sendAnswer(id, draft); });
    return form;
  }

  words(id, error, text, most, value, take) {
    const label = element('label', text, 'field');
    const area = element('textarea');
    label.htmlFor = id;
    Object.assign(area, { id, rows: 2, maxLength: most, value });
    area.setAttribute('aria-describedby', error);
    area.addEventListener('input', () => take(area.value));
    return [label, area];
  }

  error(id, text) {
    const error = element('p', text ?? '', 'error');
    error.id = id;
    error.hidden = !text;
    error.setAttribute('role', 'alert');
    return error;
  }

  fail(draft, name, key, focus) {
    draft[name] = say(key);
    this.render();
    document.getElementById(focus)?.focus();
  }

  async sendAnswer(id, draft) {
    const words = draft.words.trim();
    if (!draft.answer)
      return this.fail(draft, 'error', 'taking.needAnswer', `taking-${id}-yes`);
    if (draft.answer === 'differently' && !words)
      return this.fail(draft, 'error', 'taking.needHow', `words-${id}`);
    await this.post('taking', { medicine: id, answer: draft.answer, ...(words && draft.answer !== 'yes' ? { words } : {}) }, draft, 'error', `taking-send-${id}`, () => {
      this.drafts.delete(id);
      this.announce(say('taking.sent'));
      return `said-${id}`;
    });
  }

  // ---- a renewal ----

  renewal(medicine) {
    const draft = this.draft(medicine.id);
    const box = element('div', '', 'renewal');
    const { renewal } = medicine;
    if (renewal) {
      const line = element('p', say(`renewal.${renewal.state}`, { day: day(renewal.when) }));
      line.id = `renewal-${medicine.id}`;
      line.tabIndex = -1;
      box.append(line);
      if (renewal.why)
        box.append(element('small', say('renewal.why', renewal)));
    }
    if (draft.wishing)
      box.append(this.wish(medicine, draft));
    else if (renewal?.state !== 'asked')
      box.append(this.opener(medicine, draft));
    return box;
  }

  opener({ id, name }, draft) {
    const button = element('button', say('renewal.ask'));
    button.type = 'button';
    button.id = `renew-${id}`;
    button.setAttribute('aria-label', `${say('renewal.ask')}: ${name}`);
    button.addEventListener('click', () => {
      draft.wishing = true;
      this.render();
      document.getElementById(`wish-${id}`)?.focus();
    });
    return button;
  }

  wish({ id }, draft) {
    const form = element('form', '', 'taking');
    const row = element('p', '', 'row');
    const send = element('button', say('renewal.send'));
    const close = element('button', say('renewal.close'), 'plain');
    send.id = `wish-send-${id}`;
    close.type = 'button';
    close.addEventListener('click', () => {
      draft.wishing = false;
      draft.refused = '';
      this.render();
      document.getElementById(`renew-${id}`)?.focus();
    });
    row.append(send, close);
    form.noValidate = true;
    form.append(...this.words(`wish-${id}`, `wish-error-${id}`, say('renewal.words'), MOST.renewal, draft.wish, (text) => { draft.wish = text; }),
      this.error(`wish-error-${id}`, draft.refused), row);
    form.addEventListener('submit', (event) => { event.preventDefault(); this.sendWish(id, draft); });
    return form;
  }

  async sendWish(id, draft) {
    const words = draft.wish.trim();
    await this.post('renewal', { medicine: id, ...(words ? { words } : {}) }, draft, 'refused', `wish-send-${id}`, () => {
      Object.assign(draft, { wishing: false, wish: '', refused: '' });
      this.announce(say('renewal.sent'));
      return `renewal-${id}`;
    });
  }

  async post(action, body, draft, name, button, done) {
    if (draft.sending)
      return;
    draft.sending = true;
    try {
      const data = await post(action, body);
      const focus = done();
      this.shown = '';
      this.onData(data);
      document.getElementById(focus)?.focus({ preventScroll: true });
    } catch (error) {
      this.fail(draft, name, error.code === 'offline' ? 'offline' : action === 'renewal' && error.status === 429 ? 'renewal.busy' : 'failed', button);
    } finally {
      draft.sending = false;
    }
  }
}
