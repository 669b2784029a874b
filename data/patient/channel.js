// SPDX-License-Identifier: GPL-3.0-or-later
// The call's data channel for messages and files: lines such as "offer n=7 size=2048 …", and chunks of
// bytes behind the number of their file. It is open when the workstation has said hello, which it does
// when it knows who is here. Chat goes over it while it is open and by the hub else; each message has an
// id, so one that goes by both ways is one.

const ANSWER_MS = 4000; // no word that a message arrived: the hub carries it
const MOST = 100; // messages for the hub in one SPAN_MS: it takes more of everything for a flood
const SPAN_MS = 15000;

export function write(type, members = {}) {
  return [type, ...Object.entries(members).filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)].join(' ');
}

export function parse(line) {
  const [type, ...parts] = line.split(' ');
  const message = { type };
  for (const part of parts) {
    const at = part.indexOf('=');
    try {
      if (at > 0)
        message[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1));
    } catch { /* what cannot be read is not there */ }
  }
  return message;
}

export class Channel {
  // chat: the messages; signal (message): sends by the hub; onMessage, onBytes, onChange: for files
  constructor({ chat, signal }) {
    Object.assign(this, { chat, signal, open: false, life: null, waiting: new Map(), takers: [] });
    Object.assign(this, { kept: new Set(), owed: new Map(), sent: 0, span: null });
  }

  // A new peer connection, or none.
  connect(pc) {
    this.close();
    this.pc = pc;
    pc?.addEventListener('datachannel', ({ channel }) => {
      if (pc === this.pc && channel.label === 'visit')
        this.use(channel);
    });
  }

  use(channel) {
    this.channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = 64 * 1024;
    channel.onmessage = ({ data }) => {
      if (channel !== this.channel)
        return;
      if (typeof data === 'string')
        this.take(parse(data));
      else if (this.open)
        this.tell('bytes', data);
    };
    channel.onbufferedamountlow = () => this.tell('drained');
    channel.onclose = () => { if (channel === this.channel) this.close(); };
  }

  tell(what, value) {
    for (const taker of this.takers)
      taker[what]?.(value);
  }

  close() {
    const was = this.open;
    this.open = false;
    this.channel = null;
    if (!was)
      return;
    for (const message of [...this.waiting.values()])
      this.giveToHub(message);
    this.handOver();
    this.tell('changed');
  }

  say(type, members) {
    if (this.channel?.readyState === 'open')
      this.channel.send(write(type, members));
  }

  take(message) {
    if (message.type === 'hello')
      return this.greet(message.id);
    if (!this.open)
      return undefined;
    if (message.type === 'chat')
      return this.takeChat(message);
    if (message.type === 'got')
      return this.arrived(message.id);
    return this.tell('message', message);
  }

  // Another workstation, or one that was started anew, has nothing of what was written.
  greet(life) {
    this.open = true;
    this.say('hello', { on: this.life === null ? 1 : 0 });
    if (life !== this.life)
      for (const message of this.chat.own())
        this.sendChat(message);
    this.life = life;
    this.tell('changed');
  }

  takeChat({ id, text, at, own }) {
    if (!id || !text)
      return;
    this.chat.take({ id, text, at, from: own === '1' ? 'patient' : 'clinician' });
    this.say('got', { id });
  }

  arrived(id) {
    const message = this.waiting.get(id);
    if (!message)
      return;
    clearTimeout(message.timer);
    this.waiting.delete(id);
    this.chat.take({ id, text: message.text, from: 'patient', at: new Date().toISOString() });
  }

  giveToHub({ id, text, timer }) {
    clearTimeout(timer);
    this.waiting.delete(id);
    this.owed.set(id, text);
    this.flush();
  }

  // The hub has said that it keeps this message.
  keptByHub(id) {
    this.kept.add(id);
  }

  // What only one workstation has is lost with it: before somebody else may take its place, the hub gets it.
  handOver() {
    for (const message of this.chat.own())
      if (!this.kept.has(message.id) && !this.owed.has(message.id))
        this.giveToHub({ ...message, timer: this.waiting.get(message.id)?.timer });
  }

  // As much as the hub takes at once; the rest, and what finds no hub, later.
  flush() {
    if (!this.owed.size)
      return;
    this.span ??= setTimeout(() => { this.span = null; this.sent = 0; this.flush(); }, SPAN_MS);
    for (const [id, text] of [...this.owed]) {
      if (this.sent >= MOST || !this.signal({ type: 'chat', id, text }))
        return;
      this.sent += 1;
      this.owed.delete(id);
    }
  }

  // One of the patient's own messages.
  sendChat({ id, text }) {
    if (!this.open)
      return this.signal({ type: 'chat', id, text });
    const message = { id, text };
    clearTimeout(this.waiting.get(id)?.timer);
    message.timer = setTimeout(() => this.giveToHub(message), ANSWER_MS);
    this.waiting.set(id, message);
    return this.say('chat', { id, text });
  }
}
