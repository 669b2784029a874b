// SPDX-License-Identifier: GPL-3.0-or-later
// Notices what takes a patient out of a visit without their doing: a locked screen, another app, a
// phone call that takes the microphone. It is told to the clinic as a fact when it happens, and
// explained to the patient on return.

const GRACE_MS = 1500; // a blink is not an absence
const ORDER = ['microphone', 'camera', 'hidden']; // what says most is what is told

export class Away {
  // tell: sends a message to the clinic; active: whether there is a visit to be away from; onNote
  // (reason): something was taken; onReturn ({ reason, seconds }, or null after a blink): it is back
  constructor({ media, tell, active, onReturn, onNote }) {
    Object.assign(this, { media, tell, active, onReturn, onNote });
    this.since = new Map();
    this.told = null;
    document.addEventListener('visibilitychange', () => (document.hidden ? this.leave('hidden') : this.comeBack('hidden')));
    document.addEventListener('freeze', () => this.leave('hidden'));
    document.addEventListener('resume', () => { if (!document.hidden) this.comeBack('hidden'); });
    addEventListener('pagehide', () => this.leave('hidden'));
    addEventListener('pageshow', () => { if (!document.hidden) this.comeBack('hidden'); });
    media.onTrack = () => this.watch();
    media.onTrack();
  }

  // A phone call mutes the track, or ends it; the page's own mute does neither. Where it ended, the
  // track that follows is the way back; where one is heard again, another may be to be had again.
  watch() {
    for (const [track, reason] of [[this.media.audio, 'microphone'], [this.media.video, 'camera']]) {
      if (!track || track.watched)
        continue;
      track.watched = true;
      track.addEventListener('mute', () => setTimeout(() => { if (track.muted && this.owns(track)) this.leave(reason); }, GRACE_MS));
      track.addEventListener('unmute', () => { if (this.owns(track)) this.heardAgain(reason); });
      track.addEventListener('ended', () => { if (this.owns(track)) this.lost(reason); });
      if (!track.muted)
        this.comeBack(reason);
    }
  }

  owns(track) {
    return track === this.media.audio || track === this.media.video;
  }

  current() {
    return ORDER.find((reason) => this.since.has(reason)) ?? null;
  }

  // At once: a page that is put to sleep says nothing later.
  sayWhatChanged() {
    const now = this.current();
    if (now === this.told)
      return;
    this.told = now;
    this.tell({ type: 'away', reason: now ?? 'back' });
  }

  leave(reason) {
    if (this.since.has(reason) || !this.active())
      return;
    this.since.set(reason, Date.now());
    this.sayWhatChanged();
    if (reason !== 'hidden')
      this.onNote(reason);
  }

  comeBack(reason) {
    if (!this.since.has(reason))
      return;
    const away = Date.now() - this.since.get(reason);
    this.since.delete(reason);
    this.sayWhatChanged();
    if (!this.current())
      this.onReturn(away >= GRACE_MS ? { reason, seconds: Math.round(away / 1000) } : null);
  }

  heardAgain(reason) {
    this.comeBack(reason);
    this.media.seek();
  }

  // The device is gone: pulled out, or taken away by the system. It is asked for until it is there.
  lost(reason) {
    this.leave(reason);
    return this.media.lose(reason);
  }

  // With every new connection: what was said into a dead one was not heard.
  again() {
    this.told = null;
    if (this.current())
      this.sayWhatChanged();
  }
}
