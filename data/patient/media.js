// SPDX-License-Identifier: GPL-3.0-or-later
// Getting the camera and the microphone, and getting back what ended without our doing: a phone call
// came, a headset was pulled.
import { whyNot } from './browser.js';

const VIDEO = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 } };
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const KINDS = { microphone: 'audio', camera: 'video' };
const AGAIN_MS = 2000;
const LATER_MS = 10000;
const SOON_TRIES = 60;  // two minutes of them
const TRIES = 240;      // half an hour; then only when something changes or a button is pressed
const GONE = ['OverconstrainedError', 'NotFoundError'];

// The camera and the microphone, each asked for by itself where both together are refused.
export class Media {
  constructor() {
    this.audio = null;
    this.video = null;
    this.problems = {};
    this.wantsVideo = true;
    this.wantsAudio = true;
    this.chosen = {};   // ids of devices: camera, microphone, speaker
    this.refused = false; // the patient wants to be rung, and nothing is opened
    this.source = null; // a test's picture in the place of the camera
    this.opened = false;
    this.turn = 0;      // of what was opened; what arrives for an earlier one is let go
    this.asking = {};   // name -> what is under way
    this.lost = {};     // name -> how often it was asked for since it ended
    this.timers = {};
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.seek());
    document.addEventListener('visibilitychange', () => this.seek());
  }

  constraints(name, chosen = this.chosen[name]) {
    if (name === 'microphone')
      return { audio: { ...AUDIO, ...(chosen ? { deviceId: { exact: chosen } } : {}) } };
    return { video: { ...VIDEO, ...(chosen ? { deviceId: { exact: chosen } } : { facingMode: 'user' }) } };
  }

  async open() {
    const lost = Object.keys(this.lost);
    this.close();
    if (this.refused)
      return;
    this.opened = true;
    this.problems = {};
    const { turn } = this;
    try {
      this.take(await this.request({ ...this.constraints('microphone'), ...(this.asksCamera() ? this.constraints('camera') : {}) }), turn);
    } catch {
      await this.get('microphone');
      if (this.asksCamera() && turn === this.turn)
        await this.get('camera');
    }
    if (turn !== this.turn)
      return;
    if (this.source)
      this.video = this.source();
    this.apply();
    for (const name of lost.filter((each) => !this.has(each)))
      this.keepTrying(name);
  }

  // One that is switched off stays off, whatever is opened anew.
  asksCamera() {
    return !this.source && this.wantsVideo;
  }

  request(constraints) {
    return navigator.mediaDevices ? navigator.mediaDevices.getUserMedia(constraints) : Promise.reject(new Error('none'));
  }

  // One that was chosen and is gone, as a headset that was pulled, is followed by any other.
  async requestOne(name) {
    try {
      return await this.request(this.constraints(name));
    } catch (error) {
      if (!this.chosen[name] || !GONE.includes(error.name))
        throw error;
      const stream = await this.request(this.constraints(name, null));
      delete this.chosen[name];
      return stream;
    }
  }

  // One of the two, unless it is asked for already.
  get(name) {
    const { turn } = this;
    this.asking[name] ??= this.requestOne(name)
      .then((stream) => this.take(stream, turn), (error) => { if (turn === this.turn) this.problems[name] = whyNot(error); })
      .then(() => {
        if (turn === this.turn)
          delete this.asking[name];
        this.apply();
      });
    return this.asking[name];
  }

  take(stream, turn = this.turn) {
    if (turn !== this.turn)
      return stream.getTracks().forEach((track) => track.stop());
    for (const [name, kind] of Object.entries(KINDS)) {
      const track = stream.getTracks().find((each) => each.kind === kind);
      if (!track)
        continue;
      this[kind]?.stop();
      this[kind] = track;
      delete this.problems[name];
      this.forget(name);
    }
    return this.onTrack?.();
  }

  has(name) {
    return !!this[KINDS[name]];
  }

  apply() {
    if (this.audio)
      this.audio.enabled = this.wantsAudio;
    if (this.video)
      this.video.enabled = this.wantsVideo;
  }

  // A camera that is off is let go, so that its light goes out too.
  async setVideo(on) {
    this.wantsVideo = on;
    if (this.source)
      return this.apply();
    if (!on) {
      this.video?.stop();
      this.video = null;
      this.forget('camera');
    } else if (!this.video) {
      await this.get('camera');
    }
    this.apply();
  }

  // What is missing, without a break in what is there.
  async complete() {
    if (!this.opened)
      return this.open();
    const { turn } = this;
    for (const name of Object.keys(KINDS))
      if (turn === this.turn && !this.has(name) && (name === 'microphone' || this.wantsVideo))
        await this.find(name);
  }

  // Another device for one of the two, or the one before where it cannot be had. Returns whether it is used.
  async use(name, id) {
    const kind = KINDS[name];
    if (name === 'camera' && this.source)
      return false;
    const { turn } = this;
    await this.asking[name];
    if (turn !== this.turn)
      return false;
    if (name === 'camera' && !this.wantsVideo) {
      this.chosen[name] = id;
      return true;
    }
    const before = this.chosen[name] ?? this[kind]?.getSettings().deviceId;
    this.chosen[name] = id;
    this[kind]?.stop(); // many a phone opens only one camera at a time
    this[kind] = null;
    await this.get(name);
    if (turn !== this.turn) // closed meanwhile: nothing is opened any more
      return false;
    const used = this.has(name) && this.chosen[name] === id;
    if (!this.has(name)) {
      this.chosen[name] = before;
      await this.get(name);
    }
    this.onChange?.(name);
    return used;
  }

  setAudio(on) {
    this.wantsAudio = on;
    this.apply();
  }

  // ---- what ended without our doing ----

  async lose(name) {
    const kind = KINDS[name];
    if (!this[kind] || (kind === 'video' && !this.wantsVideo))
      return;
    this[kind].stop();
    this[kind] = null;
    this.lost[name] = 0;
    if (document.hidden) // where many a browser refuses it
      return this.keepTrying(name);
    await this.find(name);
  }

  // Asks once, by whatever cause, and says what changed by it. Returns whether it is there.
  async find(name) {
    const before = [this[KINDS[name]], this.problems[name]];
    await this.get(name);
    if (before[0] !== this[KINDS[name]] || before[1] !== this.problems[name])
      this.onChange?.(name);
    if (!this.has(name) && name in this.lost)
      this.keepTrying(name);
    return this.has(name);
  }

  // Calmly, and not against a refusal: each try would ask the person again.
  keepTrying(name) {
    const count = this.lost[name] ??= 0;
    clearTimeout(this.timers[name]);
    if (count < TRIES && !this.isRefused(name))
      this.timers[name] = setTimeout(() => this.tryAgain(name), count < SOON_TRIES ? AGAIN_MS : LATER_MS);
  }

  tryAgain(name) {
    this.lost[name] += 1;
    return document.hidden ? this.keepTrying(name) : this.find(name);
  }

  forget(name) {
    clearTimeout(this.timers[name]);
    delete this.lost[name];
  }

  isRefused(name) {
    return !!this.problems[name]?.startsWith('denied');
  }

  // Something changed that may bring back what is missing: what was never there too.
  seek() {
    if (!this.opened || document.hidden)
      return;
    for (const name of Object.keys(KINDS)) {
      const wanted = name === 'microphone' || this.wantsVideo;
      if (this.has(name) || !wanted || this.isRefused(name) || !(name in this.lost || this.problems[name]))
        continue;
      if (name in this.lost)
        this.lost[name] = 0;
      this.find(name);
    }
  }

  preview() {
    return this.video ? new MediaStream([this.video]) : null;
  }

  close() {
    this.turn += 1;
    this.opened = false;
    this.asking = {};
    Object.keys(KINDS).forEach((name) => this.forget(name));
    this.audio?.stop();
    this.video?.stop();
    this.audio = this.video = null;
  }
}
