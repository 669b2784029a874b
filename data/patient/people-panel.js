// SPDX-License-Identifier: GPL-3.0-or-later
// The patient's panel: who is in the visit, adding someone, speaking alone, sending somebody away.
import { post } from './hub.js';
import { t } from './strings.js';

const $ = (id) => document.getElementById(id);

export class PeoplePanel {
  constructor({ people, send, say, inCall }) {
    Object.assign(this, { people, send, say, inCall });
    this.alone = false;
    this.known = new Map(); // role -> state that was last announced
    this.buttons = [$('people-open'), $('waiting-people')];
    for (const button of this.buttons)
      button.addEventListener('click', () => ($('people-panel').hidden ? this.open(button) : this.close()));
    $('people-close').addEventListener('click', () => this.close());
    $('people-panel').addEventListener('keydown', (event) => { if (event.key === 'Escape') this.close(); });
    $('people-alone').addEventListener('click', () => this.send({ type: 'alone', on: !this.alone }));
    $('people-add').addEventListener('click', () => this.add());
    $('people-copy').addEventListener('click', () => this.copy());
    $('people-share').hidden = !navigator.share;
    $('people-share').addEventListener('click', () => navigator.share({ url: $('people-link').value }).catch(() => {}));
    this.show();
  }

  receive(message) {
    if (message.type !== 'alone')
      return false;
    if (this.alone !== message.on)
      this.say(t(message.on ? 'people.aloneOn' : 'people.aloneOff'));
    this.alone = message.on;
    this.show();
    return true;
  }

  // Says what changed, and draws the list anew.
  update() {
    for (const [role, person] of this.people.persons) {
      const state = person.present ? person.state : 'gone';
      const before = this.known.get(role) ?? 'gone';
      this.known.set(role, state);
      if (state === before)
        continue;
      const name = this.people.nameOf(role);
      if (state === 'waiting')
        this.say(t('people.asks', { name }));
      else if (state === 'in')
        this.say(t('people.joined', { name }));
      else if (state === 'gone')
        this.say(t('people.gone', { name }));
    }
    this.show();
  }

  show() {
    const present = this.people.present();
    const list = $('people-list');
    list.replaceChildren(...present.map((person) => this.line(person)));
    $('people-nobody').hidden = present.length > 0;
    const guest = present.find((person) => person.role === 'guest' && person.state !== 'waiting');
    $('people-alone').hidden = $('people-alone-help').hidden = !(guest || this.alone);
    $('people-alone').textContent = t(this.alone ? 'people.aloneEnd' : 'people.alone');
    $('people-alone').setAttribute('aria-pressed', String(this.alone));
    const open = present.some((person) => person.role === 'guest');
    $('people-add').hidden = $('people-add-help').hidden = open;
    if (open)
      $('people-link-box').hidden = true;
    for (const id of ['people-count', 'waiting-people-count']) {
      $(id).hidden = present.length === 0;
      $(id).textContent = present.length;
    }
  }

  line(person) {
    const line = document.createElement('li');
    const words = document.createElement('div');
    const name = document.createElement('strong');
    const how = document.createElement('small');
    name.textContent = t('people.named', { name: this.people.nameOf(person.role), role: t(`people.${person.role}`) });
    how.textContent = t(`people.state.${person.state}`);
    words.append(name, how);
    line.append(words);
    if (person.role === 'guest') {
      const away = document.createElement('button');
      away.type = 'button';
      away.textContent = t('people.sendAway');
      away.setAttribute('aria-label', t('people.sendAwayName', { name: this.people.nameOf('guest') }));
      away.addEventListener('click', () => {
        this.send({ type: 'dismiss', to: 'guest' });
        this.say(t('people.sentAway'));
        $('people-close').focus();
      });
      line.append(away);
    }
    return line;
  }

  open(button) {
    this.opener = button;
    $('people-panel').hidden = false;
    document.body.dataset.chat = 'open';
    for (const one of this.buttons)
      one.setAttribute('aria-expanded', 'true');
    $('people-title').focus();
  }

  close() {
    if ($('people-panel').hidden)
      return;
    $('people-panel').hidden = true;
    delete document.body.dataset.chat;
    for (const one of this.buttons)
      one.setAttribute('aria-expanded', 'false');
    (this.inCall() ? $('people-open') : $('waiting-people')).focus();
  }

  async add() {
    $('people-add').disabled = true;
    $('people-error').hidden = true;
    try {
      const { url } = await post('invite');
      $('people-link').value = url;
      $('people-link-box').hidden = false;
      $('people-link').focus();
      $('people-link').select();
    } catch {
      $('people-error').hidden = false;
    } finally {
      $('people-add').disabled = false;
    }
  }

  async copy() {
    $('people-link').select();
    try {
      await navigator.clipboard.writeText($('people-link').value);
      this.say(t('people.copied'));
      $('people-copy').textContent = t('people.copied');
    } catch { /* the text is selected: it can be copied by hand */ }
  }
}
