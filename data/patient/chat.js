// SPDX-License-Identifier: GPL-3.0-or-later
// Messages with the clinic, before and in the call. One's own message counts as sent when the hub
// gives it back; until then it is kept and sent again with every new connection.
import { t, clockTime } from './strings.js';

const $ = (id) => document.getElementById(id);

export class Chat {
  constructor({ send, say, opener }) {
    Object.assign(this, { send, say, opener });
    this.shown = new Map(); // by id: what is repeated after a break is shown once
    this.unsent = [];
    this.unread = 0;
    this.buttons = [$('chat-open'), $('waiting-chat')];
    for (const button of this.buttons)
      button.addEventListener('click', () => ($('chat').hidden ? this.open() : this.close()));
    $('chat-close').addEventListener('click', () => this.close());
    $('chat-form').addEventListener('submit', (event) => { event.preventDefault(); this.write(); });
    $('chat').addEventListener('keydown', (event) => { if (event.key === 'Escape') this.close(); });
  }

  take(message) {
    const own = message.from === 'patient';
    const id = message.id ?? `${message.at} ${message.text}`;
    if (own)
      this.unsent = this.unsent.filter((one) => one.id !== id);
    let line = this.shown.get(id);
    if (!line) {
      line = this.newLine(own);
      this.shown.set(id, line);
      if (!own && $('chat').hidden)
        this.say(t('chat.new', message));
      if (!own)
        this.countUnread();
    }
    line.message = message;
    this.head(line);
    line.querySelector('p').textContent = message.text;
    $('chat-log').scrollTop = $('chat-log').scrollHeight;
    this.showUnread();
  }

  head(line) {
    const { from, at } = line.message;
    const when = at ? ` ${clockTime(at)}` : ` · ${t('chat.sending')}`;
    line.querySelector('small').textContent = t(from === 'patient' ? 'chat.you' : 'chat.clinic') + when;
  }

  // In another language now.
  speak() {
    for (const line of this.shown.values())
      this.head(line);
    this.showUnread();
  }

  newLine(own) {
    const line = document.createElement('li');
    line.className = own ? 'own' : 'theirs';
    line.append(document.createElement('small'), document.createElement('p'));
    $('chat-log').append(line);
    return line;
  }

  countUnread() {
    if ($('chat').hidden)
      this.unread += 1;
    this.showUnread();
  }

  // What the patient wrote, for a workstation that has nothing of it.
  own() {
    return [...this.shown.values()].map((line) => line.message).filter((message) => message.from === 'patient' && message.id);
  }

  showUnread() {
    for (const id of ['chat-count', 'waiting-chat-count']) {
      $(id).hidden = this.unread === 0;
      $(id).textContent = this.unread;
    }
    $('waiting-chat').querySelector('span').textContent = t(this.unread ? 'chat.newLong' : 'chat.openLong');
  }

  open() {
    $('chat').hidden = false;
    document.body.dataset.chat = 'open';
    this.unread = 0;
    this.showUnread();
    for (const button of this.buttons)
      button.setAttribute('aria-expanded', 'true');
    $('chat-text').focus();
  }

  close() {
    if ($('chat').hidden)
      return;
    $('chat').hidden = true;
    delete document.body.dataset.chat;
    for (const button of this.buttons)
      button.setAttribute('aria-expanded', 'false');
    this.opener().focus();
  }

  write() {
    const text = $('chat-text').value.trim();
    if (!text)
      return;
    const message = { type: 'chat', text, id: crypto.getRandomValues(new Uint32Array(3)).join('-') };
    this.unsent.push(message);
    this.take({ ...message, from: 'patient' });
    this.send(message);
    $('chat-text').value = '';
  }

  sendAgain() {
    for (const message of this.unsent)
      this.send(message);
  }
}
