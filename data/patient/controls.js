// SPDX-License-Identifier: GPL-3.0-or-later
// The two buttons of a call for microphone and camera: they switch what is there, and ask again for what
// is missing.
import { t } from './strings.js';

const $ = (id) => document.getElementById(id);

export class Controls {
  // changed (name): what is sent changed; stuck (name): it was asked for again in vain
  constructor({ media, say, changed, stuck }) {
    Object.assign(this, { media, say, changed, stuck });
    $('mute').addEventListener('click', () => this.toggleMicrophone());
    $('camera').addEventListener('click', () => this.toggleCamera());
  }

  show() {
    const { media } = this;
    const muted = !media.audio || !media.wantsAudio;
    const dark = !media.video || !media.wantsVideo;
    $('mute').setAttribute('aria-pressed', String(muted));
    $('mute').querySelector('span').textContent = t(!media.audio ? 'call.noMicrophone' : muted ? 'call.unmute' : 'call.mute');
    const none = media.problems.camera && !media.video;
    $('camera').setAttribute('aria-pressed', String(dark));
    $('camera').querySelector('span').textContent = t(none ? 'call.noCamera' : dark ? 'call.cameraOn' : 'call.cameraOff');
  }

  async toggleMicrophone() {
    if (this.media.audio)
      return this.setMuted(this.media.wantsAudio);
    if (!await this.media.find('microphone'))
      this.stuck('microphone');
  }

  setMuted(muted) {
    this.media.setAudio(!muted);
    this.say(t(muted ? 'call.muted' : 'call.unmuted'));
    this.changed('microphone');
    this.show();
  }

  async toggleCamera() {
    if (this.busy)
      return;
    this.busy = true;
    const on = !(this.media.video && this.media.wantsVideo);
    await this.media.setVideo(on);
    this.busy = false;
    this.show();
    await this.changed('camera');
    if (on && !this.media.video)
      this.stuck('camera');
  }
}
