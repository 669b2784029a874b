// SPDX-License-Identifier: GPL-3.0-or-later
// One thing that the clinician shows in the call: a picture or a text, over the picture of the call, with
// its title and date. Either side ends it. Nothing of it is kept.
import { Coming, splitChunk, takeable } from './files.js';
import { say } from './files-strings.js';

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

export class Shared {
  // place: the card stands after it
  constructor({ channel, place, announce }) {
    Object.assign(this, { channel, announce, card: null });
    this.title = make('h2', { id: 'shared-title', tabIndex: -1 });
    this.date = make('p', { className: 'shared-date', id: 'shared-date' });
    this.body = make('div', { className: 'shared-body', tabIndex: 0 });
    this.body.setAttribute('aria-labelledby', 'shared-title');
    this.body.setAttribute('role', 'region');
    this.stop = make('button', { type: 'button', id: 'shared-stop', onclick: () => this.end(true) });
    this.section = make('section', { id: 'shared', className: 'shared', hidden: true },
      make('header', {}, make('div', {}, this.title, this.date), this.stop), this.body);
    this.section.setAttribute('aria-labelledby', 'shared-title');
    place.after(this.section);
    channel.takers.push(this);
    this.speak();
    new MutationObserver(() => this.speak()).observe(document.documentElement, { attributeFilter: ['lang'] });
  }

  speak() {
    this.stop.textContent = say('stop');
  }

  message(message) {
    if (message.type === 'card')
      this.begin(message);
    else if ((message.type === 'stop' || message.type === 'cancel') && message.n === this.card?.n)
      this.end(false);
  }

  // Without a channel nobody can take it away: the clinician's side shows it again with the next one.
  changed() {
    if (!this.channel.open)
      this.end(false);
  }

  begin(message) {
    if (!takeable(message) || message.kind === 'pdf')
      return this.channel.say('refuse', { n: message.n, why: 'kind' });
    if (this.card?.n === message.n && this.card.shown)
      return this.channel.say('done', { n: message.n });
    this.end(false);
    this.card = message;
    this.coming = new Coming(this.channel, message);
    return this.coming.ask();
  }

  bytes(data) {
    const { number, chunk } = splitChunk(data);
    const coming = this.coming;
    if (!coming || number !== coming.number)
      return;
    if (!coming.add(chunk))
      this.refuse('order');
    else if (coming.whole)
      this.finish(coming);
  }

  refuse(why) {
    this.channel.say('refuse', { n: this.card.n, why });
    this.card = this.coming = null;
  }

  async finish(coming) {
    const why = await coming.check();
    if (coming !== this.coming)
      return;
    this.coming = null;
    if (why) {
      this.refuse(why);
      return;
    }
    const body = this.card.kind === 'text' ? this.text(coming.bytes) : await this.picture(coming.blob());
    if (this.card?.n !== coming.number)
      return;
    if (!body) {
      this.refuse('content');
      return;
    }
    this.card.shown = true;
    this.title.textContent = this.card.text;
    this.date.textContent = this.card.at ?? '';
    this.body.replaceChildren(body);
    this.body.scrollTop = 0;
    this.section.hidden = false;
    document.body.dataset.shared = 'on';
    this.announce(say('shown', { name: this.card.text }));
    this.channel.say('done', { n: this.card.n });
  }

  text(bytes) {
    return make('p', { className: 'shared-text', textContent: new TextDecoder().decode(bytes) });
  }

  // Drawn, so that no address of it exists in the page.
  async picture(blob) {
    try {
      const bitmap = await createImageBitmap(blob);
      const canvas = make('canvas', { width: bitmap.width, height: bitmap.height });
      canvas.getContext('2d').drawImage(bitmap, 0, 0);
      bitmap.close();
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', this.card?.text ?? '');
      return canvas;
    } catch {
      return null;
    }
  }

  // told: the clinician's side does not know yet
  end(told) {
    const { card } = this;
    this.card = this.coming = null;
    if (!card)
      return;
    if (told)
      this.channel.say('stop', { n: card.n });
    if (this.section.hidden)
      return;
    this.section.hidden = true;
    this.body.replaceChildren();
    delete document.body.dataset.shared;
    this.announce(say('stopped', { name: card.text }));
    if (told)
      document.getElementById('chat-open')?.focus();
  }

  clear() {
    this.end(false);
  }
}
