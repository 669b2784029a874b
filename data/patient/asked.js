// SPDX-License-Identifier: GPL-3.0-or-later
// What the clinician asks of the patient: whether one picture from the call may be kept, and what was
// measured at home. Each request has an id; an answer goes to that id alone, and once.
import { KINDS, kindsOf, readAll, usualUnit } from './measure.js';
import { language, say } from './asked-strings.js';

const WORDING = 2; // of the question about a picture; another wording is another number

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// One question at a time over the page, with its own heading, which gets the focus.
class Sheet {
  constructor(place, name) {
    this.title = make('h2', { id: `${name}-title`, tabIndex: -1 });
    this.body = make('div');
    this.root = make('section', { className: 'chat people-panel asked', id: name, hidden: true }, make('header', {}, this.title), this.body);
    this.root.setAttribute('role', 'dialog');
    this.root.setAttribute('aria-labelledby', this.title.id);
    place.append(this.root);
  }

  show(focus = this.title) {
    this.before ??= document.activeElement;
    this.root.hidden = false;
    focus.focus();
  }

  hide() {
    if (this.root.hidden)
      return;
    const inside = this.root.contains(document.activeElement);
    this.root.hidden = true;
    if (inside && this.before?.isConnected)
      this.before.focus();
    this.before = null;
  }
}

export class Asked {
  // send: to the hub, says whether it went; announce: for the screen reader
  constructor({ place, send, announce }) {
    Object.assign(this, { send, announce, picture: null, request: null, unsent: null, typed: null });
    this.buildPicture(place);
    this.buildMeasures(place);
    this.speak();
    // The page may change its language at any time.
    new MutationObserver(() => this.speak()).observe(document.documentElement, { attributeFilter: ['lang'] });
  }

  // ---- a picture ----

  buildPicture(place) {
    this.pictureSheet = new Sheet(place, 'picture-asked');
    this.what = make('p', { id: 'picture-what' });
    this.otherwise = make('p', { className: 'quiet' });
    this.yes = make('button', { type: 'button', className: 'main', id: 'picture-yes', onclick: () => this.answer(true) });
    this.no = make('button', { type: 'button', className: 'wide', id: 'picture-no', onclick: () => this.answer(false) });
    this.pictureSheet.root.setAttribute('aria-describedby', 'picture-what');
    this.pictureSheet.body.append(this.what, this.otherwise, this.yes, this.no);
  }

  askPicture({ id, on }) {
    if (!on) {
      if (this.picture === id) {
        this.picture = null;
        this.pictureSheet.hide();
        this.announce(say('picture.over'));
      }
      return;
    }
    if (this.picture === id)
      return;
    this.picture = id;
    this.yes.disabled = this.no.disabled = false;
    this.announce(say('picture.title'));
    this.pictureSheet.show();
  }

  answer(on) {
    if (!this.picture || !this.send({ type: 'agree', id: this.picture, on, wording: `${language()}/${WORDING}` }))
      return this.announce(say('offline'));
    this.picture = null;
    this.pictureSheet.hide();
    this.announce(say(on ? 'picture.agreed' : 'picture.refused'));
  }

  // ---- measurements ----

  buildMeasures(place) {
    this.opener = make('button', { type: 'button', className: 'asked-open', id: 'measure-open', hidden: true, onclick: () => this.openMeasures() });
    this.opener.setAttribute('aria-controls', 'measure-asked');
    place.append(this.opener);
    this.measureSheet = new Sheet(place, 'measure-asked');
    this.lead = make('p');
    this.fields = make('div');
    this.error = make('p', { className: 'error', id: 'measure-error', hidden: true });
    this.error.setAttribute('role', 'alert');
    this.submit = make('button', { className: 'main', id: 'measure-send' });
    this.later = make('button', { type: 'button', className: 'plain', id: 'measure-later', onclick: () => this.closeMeasures() });
    this.form = make('form', { noValidate: true, onsubmit: (event) => this.sendMeasures(event) }, this.lead, this.fields, this.error, this.submit, this.later);
    this.measureSheet.body.append(this.form);
    this.measureSheet.root.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.closeMeasures(); });
    this.rows = new Map();
  }

  askMeasures({ id, kinds }) {
    const wanted = kindsOf(kinds);
    if (!wanted.length) {
      if (this.request === id)
        this.endMeasures('measure.over');
      return;
    }
    if (this.typed?.id === id) { // a hub that was started anew has not got it yet
      this.request = id;
      this.unsent = this.typed;
      this.send(this.unsent);
      return;
    }
    if (this.request === id)
      return;
    this.request = id;
    this.unsent = this.typed = null;
    this.rows = new Map(wanted.map((kind) => [kind, this.row(kind)]));
    this.fields.replaceChildren(...[...this.rows.values()].map((row) => row.root));
    this.fail(null);
    this.speak();
    this.opener.hidden = false;
    this.announce(say('measure.title'));
    this.openMeasures();
  }

  row(kind) {
    const { parts, units, choose } = KINDS[kind];
    const legend = make('legend');
    const inputs = parts.map((part) => make('input', { id: `measure-${kind}-${part}`, inputMode: 'decimal', autocomplete: 'off', maxLength: 6 }));
    const labels = inputs.map((input) => make('label', {}, make('span'), input));
    const select = units.length > 1 ? make('select', { id: `measure-${kind}-unit` }) : null;
    const unit = select ?? make('span', { className: 'unit', textContent: units[0].shown });
    for (const { shown, ucum } of units)
      select?.append(new Option(shown, ucum, false, ucum === usualUnit(kind)?.ucum));
    if (choose)
      select.prepend(new Option('', '', true, true));
    for (const input of [...inputs, ...(select ? [select] : [])])
      input.setAttribute('aria-describedby', 'measure-error');
    const root = make('fieldset', {}, legend, make('div', { className: 'measure-row' }, ...labels, ...(select ? [make('label', {}, make('span'), select)] : [unit])));
    return { root, legend, inputs, labels, select, unitOf: () => (select ? units.find(({ ucum }) => ucum === select.value) : units[0]) };
  }

  openMeasures() {
    this.opener.setAttribute('aria-expanded', 'true');
    this.measureSheet.show();
  }

  closeMeasures() {
    this.opener.setAttribute('aria-expanded', 'false');
    this.measureSheet.hide();
  }

  endMeasures(key) {
    this.request = this.unsent = null;
    this.closeMeasures();
    this.opener.hidden = true;
    this.announce(say(key));
  }

  // The hub did not take it: what was typed stands there to be sent again.
  takeBack() {
    this.unsent = this.typed = null;
    this.submit.before(this.error);
    this.error.hidden = false;
    this.error.textContent = say('offline');
    this.speak();
  }

  fail(wrong) {
    for (const { inputs, select } of this.rows.values())
      for (const field of [...inputs, ...(select ? [select] : [])])
        field.removeAttribute('aria-invalid');
    this.wrong = wrong;
    this.error.hidden = !wrong;
    this.error.textContent = wrong ? this.wrongText(wrong) : '';
    if (!wrong)
      return;
    const row = this.rows.get(wrong.kind);
    row.root.append(this.error); // beside what it is about
    const field = wrong.error === 'unit' ? row.select : row.inputs[wrong.part];
    if (wrong.error !== 'nothing')
      field.setAttribute('aria-invalid', 'true');
    field.focus();
    field.select?.();
  }

  wrongText({ kind, error, unit }) {
    return say(`wrong.${error}`, { what: say(`kind.${kind}`), low: unit?.low, high: unit?.high, unit: unit?.shown });
  }

  sendMeasures(event) {
    event.preventDefault();
    const typed = Object.fromEntries([...this.rows].map(([kind, row]) => [kind, { unit: row.unitOf(), parts: row.inputs.map((input) => input.value) }]));
    const read = readAll(typed);
    if (read.error)
      return this.fail(read);
    this.fail(null);
    this.unsent = this.typed = { type: 'measured', id: this.request, values: read.values };
    this.submit.disabled = true;
    this.submit.textContent = say('measure.sending');
    this.send(this.unsent);
  }

  // ---- the page ----

  receive(message) {
    if (message.type === 'picture')
      this.askPicture(message);
    else if (message.type === 'measure')
      this.askMeasures(message);
    else if (message.type === 'measured') {
      if (message.id === this.request) {
        this.typed = null;
        this.endMeasures('measure.sent');
      }
    } else {
      if (message.type === 'error' && this.unsent)
        this.takeBack();
      return false;
    }
    return true;
  }

  // A line that was cut may have swallowed what was sent: the hub takes it once.
  sendAgain() {
    if (this.unsent)
      this.send(this.unsent);
  }

  // Without a call there is no picture to take.
  leaveCall() {
    this.picture = null;
    this.pictureSheet.hide();
  }

  end() {
    this.leaveCall();
    this.request = this.unsent = this.typed = null;
    this.measureSheet.hide();
    this.opener.hidden = true;
  }

  speak() {
    this.pictureSheet.title.textContent = say('picture.title');
    this.what.textContent = say('picture.what');
    this.otherwise.textContent = say('picture.else');
    this.yes.textContent = say('picture.yes');
    this.no.textContent = say('picture.no');
    this.measureSheet.title.textContent = say('measure.title');
    this.opener.textContent = say('measure.open');
    this.lead.textContent = say('measure.lead');
    this.later.textContent = say('measure.later');
    this.submit.disabled = !!this.unsent;
    this.submit.textContent = say(this.unsent ? 'measure.sending' : 'measure.send');
    for (const [kind, row] of this.rows) {
      row.legend.textContent = say(`kind.${kind}`);
      KINDS[kind].parts.forEach((part, index) => { row.labels[index].firstChild.textContent = say(`part.${part}`); });
      if (row.select) {
        row.select.previousSibling.textContent = say('unit');
        if (KINDS[kind].choose)
          row.select.options[0].textContent = say('unit.choose');
      }
    }
    if (this.wrong)
      this.error.textContent = this.wrongText(this.wrong);
  }
}
