// SPDX-License-Identifier: GPL-3.0-or-later
// Notices what takes a patient out of a visit without their doing: a locked screen, another app, a
// phone call that takes the microphone. It is told to the clinic as a fact when it happens, and
// explained to the patient on return.

const GRACE_MS = 1500; // a blink is not an absence

export class Away {
  // tell: sends a message to the clinic; onReturn ({ reason, seconds }): the patient is back
  constructor({ media, tell, active, onReturn, onNote }) {
    Object.assign(this, { media, tell, active, onReturn, onNote });
    this.since = 0;
    this.reason = null;
    this.told = null;
    document.addEventListener('visibilitychange', () => (document.hidden ? this.leave('hidden') : this.comeBack('hidden')));
    document.addEventListener('freeze', () => this.leave('hidden'));
    document.addEventListener('resume', () => this.comeBack('hidden'));
    addEventListener('pagehide', () => this.leave('hidden'));
    addEventListener('pageshow', () => { if (!document.hidden) this.comeBack('hidden'); });
    media.onTrack = () => this.watch();
  }

  // A phone call mutes the track, or ends it; the page's own mute does neither.
  watch() {
    for (const [track, reason] of [[this.media.audio, 'microphone'], [this.media.video, 'camera']]) {
      if (!track || track.watched)
        continue;
      track.watched = true;
      track.addEventListener('mute', () => setTimeout(() => { if (track.muted && this.owns(track)) this.leave(reason); }, GRACE_MS));
      track.addEventListener('unmute', () => this.comeBack(reason));
      track.addEventListener('ended', () => { if (this.owns(track)) this.lost(reason); });
    }
  }

  owns(track) {
    return track === this.media.audio || track === this.media.video;
  }

  leave(reason) {
    if (this.reason || !this.active())
      return;
    this.reason = reason;
    this.since = Date.now();
    // At once: a page that is put to sleep says nothing later.
    this.tell({ type: 'away', reason });
    if (reason !== 'hidden')
      this.onNote(reason);
  }

  comeBack(reason) {
    if (this.reason !== reason)
      return;
    const seconds = Math.round((Date.now() - this.since) / 1000);
    this.reason = null;
    this.tell({ type: 'away', reason: 'back' });
    if (Date.now() - this.since >= GRACE_MS)
      this.onReturn({ reason, seconds });
  }

  // The device is gone for good: pulled out, or taken away by the system. It is asked for again.
  async lost(reason) {
    this.leave(reason);
    await this.media.reopen(reason);
    if (this.reason === reason && this.media[reason === 'microphone' ? 'audio' : 'video'])
      this.comeBack(reason);
  }

  // With every new connection: what was said into a dead one was not heard.
  again() {
    if (this.reason)
      this.tell({ type: 'away', reason: this.reason });
  }
}
