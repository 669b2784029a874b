// SPDX-License-Identifier: GPL-3.0-or-later
// "I can't make it work: call me", below every step. It builds itself, asks the hub how things stand, and says so.
import { get, post } from './hub.js';
import { say } from './call-me-strings.js';

const ASK_MS = 5000;
const digits = (text) => (text.match(/\d/g) ?? []).length;

export class CallMe {
  // stepOf: the name of what is shown; announce: for the screen reader
  constructor({ place, stepOf, announce }) {
    Object.assign(this, { place, stepOf, announce, state: 'none', open: false });
    this.build();
    this.show();
    this.ask();
    // The page may change its language at any time.
    new MutationObserver(() => this.show()).observe(document.documentElement, { attributeFilter: ['lang'] });
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.ask(); });
  }

  make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  build() {
    this.opener = this.make('button', { type: 'button', className: 'plain', id: 'call-me-open', onclick: () => this.toggle() });
    this.opener.setAttribute('aria-controls', 'call-me-form');
    this.title = this.make('label', { className: 'field', htmlFor: 'call-me-number' });
    this.number = this.make('input', { id: 'call-me-number', type: 'tel', inputMode: 'tel', maxLength: 40, autocomplete: 'tel' });
    this.help = this.make('p', { className: 'quiet', id: 'call-me-help' });
    this.number.setAttribute('aria-describedby', 'call-me-help call-me-error');
    this.error = this.make('p', { className: 'error', id: 'call-me-error', hidden: true });
    this.error.setAttribute('role', 'alert');
    this.submit = this.make('button', { className: 'main', id: 'call-me-send' });
    this.form = this.make('form', { id: 'call-me-form', hidden: true, noValidate: true, onsubmit: (event) => this.send(event) },
      this.title, this.number, this.help, this.error, this.submit);
    this.line = this.make('p', { className: 'call-me-line', id: 'call-me-line', hidden: true });
    this.works = this.make('button', { type: 'button', className: 'plain', id: 'call-me-works', hidden: true, onclick: () => this.withdraw() });
    this.place.append(this.line, this.works, this.opener, this.form);
  }

  get waits() {
    return this.state === 'asked' || this.state === 'calling';
  }

  show() {
    this.place.setAttribute('aria-label', say('open'));
    this.opener.textContent = say(this.waits ? 'other' : 'open');
    this.opener.setAttribute('aria-expanded', String(this.open));
    this.title.textContent = say('number');
    this.help.textContent = say('help');
    this.submit.textContent = say('send');
    this.works.textContent = say('works');
    this.form.hidden = !this.open;
    const text = this.state === 'none' ? '' : say(this.state, { end: this.end ?? '' });
    if (text && this.line.textContent !== text)
      this.announce(text);
    this.line.textContent = text;
    this.line.hidden = !text;
    this.line.dataset.state = this.state;
    this.works.hidden = !(this.waits && this.known);
  }

  toggle() {
    this.open = !this.open;
    this.show();
    if (!this.open)
      return;
    this.number.value ||= this.given ?? document.getElementById('callback')?.value ?? '';
    this.form.scrollIntoView({ block: 'nearest' });
    this.number.focus();
  }

  fail(key) {
    this.error.hidden = !key;
    this.error.textContent = key ? say(key) : '';
    this.number.toggleAttribute('aria-invalid', !!key);
    if (key)
      this.number.focus();
  }

  take(answer) {
    this.state = answer.state ?? 'none';
    this.end = answer.numberEnd;
    this.given = answer.number;
    this.known = 'number' in answer;
    this.show();
    clearTimeout(this.timer);
    if (this.waits)
      this.timer = setTimeout(() => this.ask(), ASK_MS);
  }

  async ask() {
    try {
      this.take(await get('call-state'));
    } catch (error) {
      // A link that opens nothing cannot ask either; a break in the line passes.
      this.place.hidden = error.status === 404;
      clearTimeout(this.timer);
      if (this.waits)
        this.timer = setTimeout(() => this.ask(), ASK_MS);
    }
  }

  async change(body) {
    this.submit.disabled = this.works.disabled = true;
    try {
      this.take(await post('call-me', body));
      this.open = false;
      this.fail('');
      this.show();
      this.opener.focus();
    } catch (error) {
      this.fail({ 422: 'needNumber', 429: 'often', 409: 'taken', 0: 'offline' }[error.status] ?? 'failed');
    } finally {
      this.submit.disabled = this.works.disabled = false;
    }
  }

  send(event) {
    event.preventDefault();
    const number = this.number.value.trim();
    if (digits(number) < 5 || digits(number) > 15)
      return this.fail('needNumber');
    this.change({ number, step: this.stepOf() });
  }

  withdraw() {
    this.change({ withdraw: 'works' });
  }
}
