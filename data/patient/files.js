// SPDX-License-Identifier: GPL-3.0-or-later
// Files in the visit, both ways, among its messages. What the patient sends is their own act; what the
// clinic sends stays in this page until the visit ends, to be saved. Whoever receives says how many
// bytes may come.
import { say } from './files-strings.js';

const MOST = 20 * 1024 * 1024; // as in src/media/media-file.h
const CHUNK = 16 * 1024;
const WINDOW = 256 * 1024;
const kinds = {
  pdf: { mime: 'application/pdf', ending: '.pdf' },
  jpeg: { mime: 'image/jpeg', ending: '.jpg' },
  png: { mime: 'image/png', ending: '.png' },
  text: { mime: 'text/plain', ending: '.txt' },
};

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
export const digest = async (bytes) => hex(await crypto.subtle.digest('SHA-256', bytes));

// By its bytes, as the workstation will see it.
export function kindOf(bytes) {
  const begins = (...magic) => magic.every((byte, index) => bytes[index] === byte);
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d))
    return 'pdf';
  if (begins(0xff, 0xd8, 0xff))
    return 'jpeg';
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))
    return 'png';
  try {
    return /[\x00-\x08\x0b\x0e-\x1f\x7f]/.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) ? null : 'text';
  } catch {
    return null;
  }
}

// Takes the bytes of one file that comes: asks for more as they come, and checks them at the end.
export class Coming {
  constructor(channel, message) {
    Object.assign(this, { channel, number: message.n, size: Number(message.size), kind: message.kind, hash: message.hash });
    this.bytes = new Uint8Array(this.size);
    this.moved = this.granted = 0;
  }

  ask() {
    const wanted = Math.min(this.moved + WINDOW, this.size);
    if (wanted - this.granted < WINDOW / 2 && wanted < this.size)
      return;
    if (wanted > this.granted)
      this.channel.say('more', { n: this.number, size: wanted });
    this.granted = wanted;
  }

  // Returns whether it fits.
  add(chunk) {
    if (chunk.byteLength > this.granted - this.moved)
      return false;
    this.bytes.set(new Uint8Array(chunk), this.moved);
    this.moved += chunk.byteLength;
    this.ask();
    return true;
  }

  get whole() {
    return this.moved === this.size;
  }

  // Returns why it is not what was promised, or null.
  async check() {
    if (await digest(this.bytes) !== this.hash)
      return 'hash';
    return kindOf(this.bytes) === this.kind ? null : 'content';
  }

  blob() {
    return new Blob([this.bytes], { type: kinds[this.kind].mime });
  }
}

export const takeable = ({ n, size, kind, hash }) => /^\d{1,10}$/.test(n ?? '') && /^\d{1,9}$/.test(size ?? '') &&
  Number(size) > 0 && Number(size) <= MOST && !!kinds[kind] && /^[0-9a-f]{64}$/.test(hash ?? '');

export function splitChunk(data) {
  return data.byteLength > 4 ? { number: String(new DataView(data).getUint32(0)), chunk: data.slice(4) } : {};
}

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// Marks that turn a name around or hide in it.
const clean = (name) => name.replace(/^.*[\\/]/, '').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').slice(0, 80) || 'file';

export class Files {
  constructor({ channel, chat, announce }) {
    Object.assign(this, { channel, chat, announce, entries: new Map(), urls: [] });
    this.next = crypto.getRandomValues(new Uint32Array(1))[0] >>> 2 || 1;
    this.build();
    channel.takers.push(this);
    new MutationObserver(() => this.speak()).observe(document.documentElement, { attributeFilter: ['lang'] });
  }

  build() {
    this.input = make('input', { type: 'file', id: 'file-input', hidden: true,
      accept: 'application/pdf,image/jpeg,image/png,text/plain,.pdf,.jpg,.jpeg,.png,.txt' });
    this.input.addEventListener('change', () => { this.pick([...this.input.files]); this.input.value = ''; });
    this.attach = make('button', { type: 'button', id: 'file-attach', hidden: true, onclick: () => this.input.click() });
    this.attach.innerHTML = '<svg aria-hidden="true" viewBox="0 0 24 24"><path d="M8 12l7-7a3.5 3.5 0 0 1 5 5l-9 9a5.5 5.5 0 0 1-8-8l8-8"/></svg>';
    this.help = make('p', { id: 'file-help', className: 'quiet', hidden: true });
    this.attach.setAttribute('aria-describedby', 'file-help');
    const form = document.getElementById('chat-form');
    form.prepend(this.attach, this.input);
    form.before(this.help);
    this.speak();
  }

  speak() {
    this.attach.title = say('attach');
    this.attach.setAttribute('aria-label', say('attach'));
    this.help.textContent = say('help');
    for (const entry of this.entries.values())
      this.show(entry);
  }

  // ---- what the channel tells ----

  changed() {
    this.attach.hidden = this.help.hidden = !this.channel.open;
    for (const entry of this.entries.values())
      if (!entry.over)
        this.begin(entry);
  }

  // From the first byte, with a connection; without one it waits.
  begin(entry) {
    entry.moved = entry.granted = 0;
    entry.coming = null;
    if (!entry.own)
      return this.set(entry, 'lost');
    this.set(entry, 'waiting');
    if (this.channel.open)
      this.offerNext();
    return undefined;
  }

  message(message) {
    if (message.type === 'offer')
      return this.offered(message);
    const entry = this.entries.get(`${message.type === 'cancel' ? 'theirs' : 'own'}${message.n}`);
    if (!entry)
      return undefined;
    switch (message.type) {
      case 'more':
        entry.granted = Math.max(entry.granted, Number(message.size) || 0);
        if (entry.state === 'offered')
          this.set(entry, 'running');
        return this.pump(entry);
      case 'done':
        if (entry.over)
          return undefined;
        entry.moved = entry.size;
        return this.set(entry, 'arrived');
      case 'refuse':
        entry.why = message.why;
        return entry.over ? undefined : this.set(entry, 'refused');
      case 'kept':
        return this.set(entry, message.on === '1' ? 'kept' : 'dropped');
      case 'cancel':
        return entry.over ? undefined : this.set(entry, 'cancelled');
    }
    return undefined;
  }

  bytes(data) {
    const { number, chunk } = splitChunk(data);
    const entry = this.entries.get(`theirs${number}`);
    if (!entry?.coming)
      return;
    if (!entry.coming.add(chunk))
      return this.refuse(entry, 'order');
    entry.moved = entry.coming.moved;
    this.show(entry);
    if (entry.coming.whole)
      this.finish(entry, entry.coming);
  }

  drained() {
    for (const entry of this.entries.values())
      this.pump(entry);
  }

  // ---- what is sent ----

  async pick(files) {
    for (const file of files) {
      const entry = this.add({ own: true, number: String(this.next++), name: clean(file.name), size: file.size });
      if (file.size === 0 || file.size > MOST) {
        entry.why = 'size';
        this.set(entry, 'refused');
        continue;
      }
      try {
        entry.data = new Uint8Array(await file.arrayBuffer());
      } catch {
        this.set(entry, 'unreadable');
        continue;
      }
      if (entry.over)
        continue;
      entry.kind = kindOf(entry.data);
      const hash = await digest(entry.data);
      if (entry.over || !entry.data)
        continue; // cancelled meanwhile
      entry.hash = hash;
      if (!entry.kind) {
        entry.why = 'kind';
        this.set(entry, 'refused');
        continue;
      }
      this.begin(entry);
    }
  }

  // One at a time.
  offerNext() {
    const own = [...this.entries.values()].filter((entry) => entry.own && entry.hash && !entry.over);
    if (own.some((entry) => entry.state !== 'waiting') || !own.length || !this.channel.open)
      return;
    const [entry] = own;
    this.channel.say('offer', { n: entry.number, size: entry.size, kind: entry.kind, hash: entry.hash, text: entry.name });
    this.set(entry, 'offered');
  }

  pump(entry) {
    const channel = this.channel.channel;
    while (entry.state === 'running' && entry.own && this.channel.open && channel.readyState === 'open' &&
      entry.moved < Math.min(entry.granted, entry.size) && channel.bufferedAmount < WINDOW) {
      const length = Math.min(CHUNK, Math.min(entry.granted, entry.size) - entry.moved);
      const chunk = new Uint8Array(length + 4);
      new DataView(chunk.buffer).setUint32(0, Number(entry.number));
      chunk.set(entry.data.subarray(entry.moved, entry.moved + length), 4);
      channel.send(chunk);
      entry.moved += length;
      this.show(entry);
    }
  }

  cancel(entry) {
    if (entry.over)
      return;
    if (entry.own)
      this.channel.say('cancel', { n: entry.number });
    else
      this.channel.say('refuse', { n: entry.number, why: 'declined' });
    this.set(entry, entry.own ? 'cancelled' : 'declined');
  }

  // ---- what comes ----

  offered(message) {
    const known = this.entries.get(`theirs${message.n}`);
    if (!takeable(message)) {
      if (/^\d{1,10}$/.test(message.n ?? ''))
        this.channel.say('refuse', { n: message.n, why: kinds[message.kind] ? 'size' : 'kind' });
      return;
    }
    if (known && known.state === 'saved' && known.hash === message.hash)
      return this.channel.say('done', { n: message.n });
    const entry = known ?? this.add({ own: false, number: message.n, name: clean(message.text ?? ''), size: Number(message.size) });
    Object.assign(entry, { size: Number(message.size), kind: message.kind, hash: message.hash, promise: message, moved: 0 });
    this.set(entry, 'asked');
    if (entry.wanted)
      this.accept(entry);
    else
      this.announce(say('asked', { name: entry.name, size: this.sizeOf(entry) }));
  }

  accept(entry) {
    entry.wanted = true;
    entry.coming = new Coming(this.channel, entry.promise);
    this.set(entry, 'running');
    entry.coming.ask();
  }

  refuse(entry, why) {
    entry.coming = null;
    entry.why = why;
    this.channel.say('refuse', { n: entry.number, why });
    this.set(entry, 'refused');
  }

  async finish(entry, coming) {
    const why = await coming.check();
    if (entry.coming !== coming)
      return;
    entry.coming = null;
    if (why)
      return this.refuse(entry, why);
    entry.url = URL.createObjectURL(coming.blob());
    this.urls.push(entry.url);
    this.channel.say('done', { n: entry.number });
    this.set(entry, 'saved');
  }

  // The visit is over: nothing of it stays in this page.
  clear() {
    for (const url of this.urls.splice(0))
      URL.revokeObjectURL(url);
    for (const entry of this.entries.values()) {
      entry.line.remove();
      entry.data = entry.coming = null;
    }
    this.entries.clear();
    this.attach.hidden = this.help.hidden = true;
  }

  // ---- on the screen ----

  add(entry) {
    entry.moved = entry.granted = 0;
    entry.line = this.chat.newLine(entry.own);
    entry.line.classList.add('file');
    entry.bar = make('progress', { max: 100, hidden: true });
    entry.actions = make('div', { className: 'row' });
    entry.line.append(entry.bar, entry.actions);
    entry.line.querySelector('p').textContent = entry.name;
    this.entries.set(`${entry.own ? 'own' : 'theirs'}${entry.number}`, entry);
    this.set(entry, 'waiting');
    if (!entry.own)
      this.chat.countUnread();
    return entry;
  }

  sizeOf({ size }) {
    const language = document.documentElement.lang;
    const [unit, count] = size >= 1e6 ? ['megabyte', size / 1e6] : ['kilobyte', Math.max(1, size / 1e3)];
    return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: size >= 1e6 ? 1 : 0 }).format(count);
  }

  set(entry, state) {
    entry.state = state;
    entry.over = !['waiting', 'offered', 'asked', 'running'].includes(state);
    if (entry.over && entry.own)
      entry.data = null;
    this.show(entry);
    if (entry.over)
      this.announce(this.words(entry));
    if (entry.over && entry.own)
      this.offerNext();
  }

  words(entry) {
    const values = { name: entry.name, size: this.sizeOf(entry), percent: Math.floor(100 * entry.moved / entry.size) };
    if (entry.state === 'refused')
      return say(`why.${entry.why}`, values);
    if (entry.state === 'running')
      return say(entry.own ? 'sending' : 'coming', values);
    return say(entry.state, values);
  }

  show(entry) {
    const { own, state } = entry;
    entry.line.querySelector('small').textContent = this.words(entry);
    entry.line.dataset.state = state;
    entry.bar.hidden = state !== 'running';
    entry.bar.value = 100 * entry.moved / entry.size;
    entry.bar.setAttribute('aria-label', entry.name);
    const wanted = state === 'saved' ? 'save' : state === 'asked' ? 'ask' : entry.over ? '' : 'cancel';
    const key = `${wanted} ${document.documentElement.lang}`;
    if (entry.buttons === key)
      return;
    entry.buttons = key;
    const button = (word, action) => {
      const one = make('button', { type: 'button', textContent: say(word), onclick: action });
      one.setAttribute('aria-label', say(`${word}Name`, { name: entry.name }));
      return one;
    };
    const buttons = [];
    if (wanted === 'ask')
      buttons.push(button('receive', () => this.accept(entry)), button('decline', () => this.cancel(entry)));
    if (wanted === 'cancel')
      buttons.push(button('cancel', () => this.cancel(entry)));
    if (wanted === 'save')
      buttons.push(this.saveLink(entry));
    entry.actions.replaceChildren(...buttons);
    entry.line.scrollIntoView?.({ block: 'nearest' });
    if (own)
      entry.line.classList.add('own');
  }

  saveLink(entry) {
    const link = make('a', { className: 'save', href: entry.url, download: entry.name, textContent: say('save') });
    link.setAttribute('aria-label', say('saveName', { name: entry.name }));
    return link;
  }
}
