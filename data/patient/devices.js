// SPDX-License-Identifier: GPL-3.0-or-later
// Camera, microphone, speaker and network: getting them, and testing them one by one.
import { measureNetwork } from './hub.js';
import { t } from './strings.js';

const VIDEO = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 }, facingMode: 'user' };
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const NOT_TESTED = { result: 'unknown', help: '' };

const $ = (id) => document.getElementById(id);

function whyNot(error) {
  if (!navigator.mediaDevices)
    return 'devices.insecure';
  if (error?.name === 'NotAllowedError' || error?.name === 'SecurityError')
    return 'devices.denied';
  if (error?.name === 'NotReadableError' || error?.name === 'AbortError')
    return 'devices.taken';
  return 'devices.none';
}

// The camera and the microphone, each asked for by itself where both together are refused.
export class Media {
  constructor() {
    this.audio = null;
    this.video = null;
    this.problems = {};
    this.wantsVideo = true;
    this.wantsAudio = true;
    this.source = null; // a test's picture in the place of the camera
  }

  async open() {
    const get = (constraints) => navigator.mediaDevices
      ? navigator.mediaDevices.getUserMedia(constraints) : Promise.reject(new Error('insecure'));
    this.close();
    this.problems = {};
    try {
      const stream = await get({ audio: AUDIO, video: this.source ? false : VIDEO });
      this.take(stream);
    } catch {
      await get({ audio: AUDIO }).then((stream) => this.take(stream), (error) => { this.problems.microphone = whyNot(error); });
      if (!this.source)
        await get({ video: VIDEO }).then((stream) => this.take(stream), (error) => { this.problems.camera = whyNot(error); });
    }
    if (this.source)
      this.video = this.source();
    this.apply();
  }

  take(stream) {
    this.audio = stream.getAudioTracks()[0] ?? this.audio;
    this.video = stream.getVideoTracks()[0] ?? this.video;
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
    } else if (!this.video) {
      try {
        this.take(await navigator.mediaDevices.getUserMedia({ video: VIDEO }));
      } catch (error) {
        this.problems.camera = whyNot(error);
        this.wantsVideo = false;
      }
    }
    this.apply();
  }

  setAudio(on) {
    this.wantsAudio = on;
    this.apply();
  }

  preview() {
    return this.video ? new MediaStream([this.video]) : null;
  }

  close() {
    this.audio?.stop();
    this.video?.stop();
    this.audio = this.video = null;
  }
}

let context;

function audioContext() {
  context ??= new AudioContext();
  if (context.state === 'suspended')
    context.resume();
  return context;
}

// Two soft notes: the speaker's test, and the sign that the clinician lets the patient in.
export function playTone() {
  try {
    const sound = audioContext();
    [523.25, 659.25].forEach((frequency, index) => {
      const note = sound.createOscillator();
      const loudness = sound.createGain();
      const start = sound.currentTime + index * 0.28;
      note.frequency.value = frequency;
      loudness.gain.setValueAtTime(0, start);
      loudness.gain.linearRampToValueAtTime(0.25, start + 0.03);
      loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
      note.connect(loudness).connect(sound.destination);
      note.start(start);
      note.stop(start + 0.55);
    });
  } catch { /* no sound output: the question that follows finds out */ }
}

export class DeviceTest {
  constructor(media, onChange) {
    this.media = media;
    this.onChange = onChange;
    this.results = { camera: NOT_TESTED, microphone: NOT_TESTED, speaker: NOT_TESTED, network: NOT_TESTED };
    $('speaker-play').onclick = () => this.playSpeaker();
    $('speaker-yes').onclick = () => this.answerSpeaker(true);
    $('speaker-no').onclick = () => this.answerSpeaker(false);
  }

  set(name, result, help = '', note = '') {
    const item = $(`test-${name}`);
    this.results[name] = { result, help };
    item.dataset.result = result;
    item.querySelector('.result').textContent = note || t(`devices.${result}`);
    item.querySelector('.help').textContent = help;
    this.onChange?.();
  }

  async run() {
    for (const name of ['camera', 'microphone', 'network'])
      this.set(name, 'testing');
    if (this.results.speaker.result === 'unknown')
      this.set('speaker', 'unknown', t('devices.playFirst'));
    this.stopLevel();
    await this.media.open();
    this.testCamera();
    this.testMicrophone();
    await this.testNetwork();
  }

  testCamera() {
    const video = $('preview');
    video.srcObject = this.media.preview();
    $('preview-none').hidden = !!this.media.video;
    if (!this.media.video)
      return this.set('camera', 'failed', t(this.media.problems.camera ?? 'devices.none'));
    this.set('camera', 'ok');
    setTimeout(() => this.lookForDark(video), 1500);
  }

  lookForDark(video) {
    if (!this.media.video || !video.videoWidth)
      return;
    const canvas = new OffscreenCanvas(32, 24);
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0, 32, 24);
    const pixels = pen.getImageData(0, 0, 32, 24).data;
    let light = 0;
    for (let i = 0; i < pixels.length; i += 4)
      light = Math.max(light, pixels[i], pixels[i + 1], pixels[i + 2]);
    if (light < 24)
      this.set('camera', 'amber', t('devices.black'));
  }

  testMicrophone() {
    if (!this.media.audio)
      return this.set('microphone', 'failed', t(this.media.problems.microphone ?? 'devices.none'));
    this.set('microphone', 'amber', t('devices.speak'), t('devices.testing'));
    const sound = audioContext();
    const analyser = sound.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    const source = sound.createMediaStreamSource(new MediaStream([this.media.audio]));
    const started = Date.now();
    let loud = 0;
    source.connect(analyser);
    this.level = { source, timer: setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      $('level').value = Math.min(100, power * 400);
      loud += power > 0.008 ? 1 : 0;
      if (loud >= 4 && this.results.microphone.result !== 'ok')
        this.set('microphone', 'ok');
      else if (loud < 4 && Date.now() - started > 8000 && this.results.microphone.help !== t('devices.quiet'))
        this.set('microphone', 'amber', t('devices.quiet'));
    }, 80) };
  }

  playSpeaker() {
    playTone();
    $('speaker-question').hidden = false;
    this.set('speaker', 'unknown', '', t('devices.testing'));
  }

  answerSpeaker(heard) {
    $('speaker-question').hidden = true;
    $('speaker-play').focus();
    this.set('speaker', heard ? 'ok' : 'failed', heard ? '' : t('devices.unheard'));
  }

  async testNetwork() {
    try {
      const { delay, rate } = await measureNetwork();
      const values = { delay, rate: rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1) };
      this.network = `${values.rate} Mbit/s, ${delay} ms`;
      if (rate < 0.8 || delay > 300)
        this.set('network', 'amber', t('devices.network.slow', values));
      else
        this.set('network', 'ok', t('devices.network.ok', values));
    } catch {
      this.network = '';
      this.set('network', 'failed', t('devices.network.failed'));
    }
  }

  stopLevel() {
    if (!this.level)
      return;
    clearInterval(this.level.timer);
    this.level.source.disconnect();
    this.level = null;
  }

  // For the clinic: results as codes, and one line in its own language that names nobody.
  report() {
    const code = (name) => ['ok', 'amber', 'failed'].includes(this.results[name].result) ? this.results[name].result : 'unknown';
    const report = { camera: code('camera'), microphone: code('microphone'), speaker: code('speaker'), network: code('network') };
    const words = { ok: 'ok', amber: 'doubtful', failed: 'failed', unknown: 'not tested' };
    const parts = Object.entries(report).map(([name, result]) => `${name} ${words[result]}`);
    report.summary = parts.join(', ') + (this.network ? `, ${this.network}` : '');
    return report;
  }
}
