// SPDX-License-Identifier: GPL-3.0-or-later
// Camera, microphone, speaker and network: choosing among them, and testing them one by one. What each
// step found is told as soon as it is found.
import { browser, hintFor } from './browser.js';
import { testNetwork } from './network.js';
import { t } from './strings.js';

const STEPS = ['camera', 'microphone', 'speaker', 'network'];
const NOT_TESTED = { result: 'unknown', why: '' };
const FOUND = ['ok', 'amber', 'failed'];

const $ = (id) => document.getElementById(id);

const LIST = `
  <div class="preview"><video id="preview" muted playsinline autoplay></video>
    <p class="preview-none" id="preview-none" data-t="devices.noPicture"></p></div>
  <ul class="tests">
    <li id="test-camera"><span class="dot" aria-hidden="true"></span>
      <div><strong data-t="devices.camera"></strong> <span class="result"></span><p class="help"></p>
        <label class="choose" hidden><span data-t="choose.camera"></span><select id="choose-camera"></select></label></div></li>
    <li id="test-microphone"><span class="dot" aria-hidden="true"></span>
      <div><strong data-t="devices.microphone"></strong> <span class="result"></span>
        <meter id="level" data-t-label="devices.level" min="0" max="100" low="4" value="0"></meter><p class="help"></p>
        <label class="choose" hidden><span data-t="choose.microphone"></span><select id="choose-microphone"></select></label></div></li>
    <li id="test-speaker"><span class="dot" aria-hidden="true"></span>
      <div><strong data-t="devices.speaker"></strong> <span class="result"></span>
        <p class="row"><button type="button" id="speaker-play" data-t="devices.play"></button></p>
        <p class="row" id="speaker-question" hidden><span data-t="devices.heard"></span>
          <button type="button" id="speaker-yes" data-t="yes"></button>
          <button type="button" id="speaker-no" data-t="no"></button></p><p class="help"></p>
        <label class="choose" hidden><span data-t="choose.speaker"></span><select id="choose-speaker"></select></label></div></li>
    <li id="test-network"><span class="dot" aria-hidden="true"></span>
      <div><strong data-t="devices.network"></strong> <span class="result"></span><p class="help"></p></div></li>
  </ul>
  <p class="row"><button type="button" id="devices-again" data-t="devices.again"></button></p>`;

let context;

export function audioContext() {
  context ??= new AudioContext();
  if (context.state === 'suspended' || context.state === 'interrupted')
    context.resume().catch(() => {});
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
  // place: the list is put into it; number: gives the phone number that the clinic rings, or '';
  // onFound: a step has a result; guest: a page without a network test, of somebody who is not rung
  constructor(media, { place, number = () => '', onFound, guest = false }) {
    Object.assign(this, { media, place, number, onFound, guest });
    place.innerHTML = LIST;
    this.again = $('devices-again');
    $('test-network').hidden = guest;
    this.results = Object.fromEntries(STEPS.map((name) => [name, NOT_TESTED]));
    $('speaker-play').onclick = () => this.playSpeaker();
    $('speaker-yes').onclick = () => this.answerSpeaker(true);
    $('speaker-no').onclick = () => this.answerSpeaker(false);
    for (const [name, kind] of [['camera', 'videoinput'], ['microphone', 'audioinput'], ['speaker', 'audiooutput']])
      $(`choose-${name}`).onchange = () => this.choose(name, kind);
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.listDevices());
  }

  // found: { result, why, help: key of a sentence, note: key in the place of the result's, values }
  set(name, result, found = {}) {
    this.results[name] = { result, why: '', values: {}, ...found };
    this.write(name);
    if (FOUND.includes(result))
      this.onFound?.();
  }

  write(name) {
    const { result, why, help, note, values } = this.results[name];
    const item = $(`test-${name}`);
    // One switch lets both in, so what to press is said once.
    const said = name === 'microphone' && /^(denied|in-app|insecure)/.test(why) && this.results.camera.why === why;
    const lines = [said ? null : help ?? hintFor(name, why), result === 'failed' ? this.wayOn(name) : null];
    item.dataset.result = result;
    item.querySelector('.result').textContent = t(note ?? `devices.${result}`, values);
    item.querySelector('.help').textContent = lines.filter(Boolean)
      .map((key) => t(key, { ...values, app: browser.app || t('inApp.this'), number: this.number() })).join(' ');
  }

  // What becomes of the visit without it.
  wayOn(name) {
    if (this.guest)
      return null;
    if (name === 'camera')
      return 'devices.way.camera';
    return name === 'microphone' ? (this.number() ? 'devices.way.microphone' : 'devices.way.phone') : null;
  }

  // In another language now.
  speak() {
    for (const name of STEPS)
      this.write(name);
    this.listDevices();
  }

  // calm: what runs goes on; ask: for what is missing; network: is it measured too
  async run({ calm = false, ask = true, network = !this.guest } = {}) {
    for (const name of ['camera', 'microphone', ...(network ? ['network'] : [])])
      this.set(name, 'testing');
    if (this.results.speaker.result === 'unknown')
      this.set('speaker', 'unknown', { help: 'devices.playFirst' });
    this.looking = true;
    const measured = network ? this.testNetwork() : null;
    if (ask)
      await (calm ? this.media.complete() : this.media.open());
    await this.listDevices();
    if (!this.looking) // closed meanwhile: nothing listens any more
      return;
    this.testCamera();
    this.testMicrophone();
    await measured;
  }

  // ---- choosing ----

  async listDevices() {
    const all = await navigator.mediaDevices?.enumerateDevices?.().catch(() => []) ?? [];
    const canChooseOutput = 'setSinkId' in HTMLMediaElement.prototype;
    this.fillChoice('camera', all.filter(({ kind }) => kind === 'videoinput'), this.media.video);
    this.fillChoice('microphone', all.filter(({ kind }) => kind === 'audioinput'), this.media.audio);
    this.fillChoice('speaker', canChooseOutput ? all.filter(({ kind }) => kind === 'audiooutput') : [], null);
  }

  // Where there is no choice, there is nothing to choose with. Before the permission no device has a name.
  fillChoice(name, devices, track) {
    const select = $(`choose-${name}`);
    const named = devices.filter(({ deviceId, label }) => deviceId && label);
    select.parentElement.hidden = named.length < 2;
    select.replaceChildren(...named.map(({ deviceId, label }) => new Option(label, deviceId)));
    const used = track?.getSettings?.().deviceId ?? this.media.chosen[name];
    if (used && named.some(({ deviceId }) => deviceId === used))
      select.value = used;
  }

  // One went away, or is there again, while it is looked at.
  async follow(name) {
    if (!this.looking)
      return;
    await this.listDevices();
    if (this.looking)
      this.testOne(name);
  }

  end() {
    this.looking = false;
    this.stopLevel();
  }

  async choose(name) {
    const id = $(`choose-${name}`).value;
    if (name === 'speaker') {
      this.media.chosen.speaker = id;
      await this.useOutput();
      return this.playSpeaker();
    }
    this.set(name, 'testing');
    const used = await this.media.use(name, id);
    await this.listDevices();
    if (!this.looking)
      return;
    this.testOne(name);
    if (!used && this.media.has(name))
      this.set(name, 'amber', { help: 'choose.failed' });
  }

  async useOutput() {
    const id = this.media.chosen.speaker;
    if (!id)
      return;
    for (const element of document.querySelectorAll('#remote, .person video'))
      await element.setSinkId?.(id).catch(() => {});
    await audioContext().setSinkId?.(id).catch(() => {});
  }

  // ---- the steps ----

  testOne(name) {
    if (name === 'camera')
      this.testCamera();
    else
      this.testMicrophone();
  }

  testCamera() {
    const video = $('preview');
    video.srcObject = this.media.preview();
    $('preview-none').hidden = !!this.media.video;
    if (!this.media.video && !this.media.wantsVideo)
      return this.set('camera', 'unknown');
    if (!this.media.video)
      return this.set('camera', 'failed', { why: this.media.problems.camera ?? 'none' });
    this.set('camera', 'ok');
    setTimeout(() => this.lookForDark(video), 1500);
  }

  lookForDark(video) {
    if (!this.media.video || !video.videoWidth)
      return;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [32, 24];
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0, 32, 24);
    const pixels = pen.getImageData(0, 0, 32, 24).data;
    let light = 0;
    for (let i = 0; i < pixels.length; i += 4)
      light = Math.max(light, pixels[i], pixels[i + 1], pixels[i + 2]);
    if (light < 24)
      this.set('camera', 'amber', { why: 'dark' });
  }

  testMicrophone() {
    this.stopLevel();
    if (!this.media.audio)
      return this.set('microphone', 'failed', { why: this.media.problems.microphone ?? 'none' });
    this.set('microphone', 'testing', { help: 'devices.speak' });
    const sound = audioContext();
    const analyser = sound.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    // Who is muted for the others sees the bar move all the same.
    const track = this.media.audio.clone();
    track.enabled = true;
    const source = sound.createMediaStreamSource(new MediaStream([track]));
    const started = Date.now();
    let loud = 0;
    source.connect(analyser);
    this.level = { source, track, timer: setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      const { result } = this.results.microphone;
      $('level').value = Math.min(100, power * 400);
      loud += power > 0.008 ? 1 : 0;
      if (loud >= 4 && result !== 'ok')
        this.set('microphone', 'ok');
      else if (loud < 4 && Date.now() - started > 8000 && result === 'testing')
        this.set('microphone', 'amber', { why: 'quiet' });
    }, 80) };
  }

  playSpeaker() {
    playTone();
    $('speaker-question').hidden = false;
    this.set('speaker', 'unknown', { note: 'devices.testing' });
  }

  answerSpeaker(heard) {
    $('speaker-question').hidden = true;
    $('speaker-play').focus();
    this.set('speaker', heard ? 'ok' : 'failed', heard ? {} : { why: 'unheard', help: 'devices.unheard' });
  }

  async testNetwork() {
    const { result, why, delay, rate } = await testNetwork();
    const values = rate === undefined ? {} : { delay, rate: rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1) };
    this.measure = rate === undefined ? '' : `${values.rate} Mbit/s, ${delay} ms`;
    this.set('network', result, { why, values, help: why ? `devices.network.${why}` : 'devices.network.ok' });
  }

  stopLevel() {
    if (!this.level)
      return;
    clearInterval(this.level.timer);
    this.level.source.disconnect();
    this.level.track.stop();
    this.level = null;
  }

  // For the clinic: codes, which it has its own words for, and nothing that names anybody.
  report() {
    const report = { measure: this.measure ?? '', browser: `${browser.name}, ${browser.system}` };
    for (const name of STEPS) {
      const { result, why } = this.results[name];
      report[name] = FOUND.includes(result) ? result : 'unknown';
      report[`${name}Why`] = FOUND.includes(result) ? why : '';
    }
    return report;
  }
}
