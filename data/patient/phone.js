// SPDX-License-Identifier: GPL-3.0-or-later
// The visit goes on by phone. Camera and microphone are let go, because the phone needs them, and the
// clinic's number is there to be tapped.
import { t } from './strings.js';

export class Phone {
  constructor({ media, link }) {
    Object.assign(this, { media, link });
    this.on = false;
  }

  // Returns whether anything changed. The hub says it again with every connection.
  async set(on, clinic) {
    const changed = on !== this.on;
    this.on = on;
    this.link.hidden = !(on && clinic?.phone);
    if (on && clinic?.phone) {
      this.link.href = `tel:${clinic.phone.replace(/[^\d+*#]/g, '')}`;
      this.link.textContent = t('callClinic', clinic);
    }
    if (on)
      this.media.close();
    else if (changed)
      await this.media.open().catch(() => {});
    return changed;
  }
}
