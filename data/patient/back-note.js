// SPDX-License-Identifier: GPL-3.0-or-later
// What took somebody out of the visit, in a line above it: said when it happens, and on return.
import { t } from './strings.js';

const SHOWN_MS = 20000;

export class BackNote {
  // guest: a page that tells the clinic less, and promises less
  constructor({ place, say, values = () => ({}), guest = false }) {
    Object.assign(this, { place, say, values, guest });
  }

  key(part, reason) {
    return this.guest && (part === 'now' || reason === 'hidden') ? `guest.${part}.${reason}` : `away.${part}.${reason}`;
  }

  explainNow(reason) {
    this.show(t(this.key('now', reason), this.values()));
  }

  explainReturn(absence) {
    this.hide();
    if (!absence)
      return;
    const { reason, seconds } = absence;
    const minutes = Math.round(seconds / 60);
    this.show(t(`${this.key('back', reason)}${minutes > 0 ? '.minutes' : ''}`, { minutes }));
    this.timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  show(text) {
    clearTimeout(this.timer);
    this.place.textContent = text;
    this.place.hidden = false;
    this.say(text);
  }

  hide() {
    clearTimeout(this.timer);
    this.place.hidden = true;
  }
}
