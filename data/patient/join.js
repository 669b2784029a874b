// SPDX-License-Identifier: GPL-3.0-or-later
// The patient's page: from the date of birth to the waiting room, the call and the medicines.
import { get, post, Signal } from './hub.js';
import { Media } from './media.js';
import { DeviceTest, playTone } from './devices.js';
import { BackNote } from './back-note.js';
import { BrowserNote } from './browser-note.js';
import { DevicePanel } from './device-panel.js';
import { Asked } from './asked.js';
import { Away } from './away.js';
import { keepAwake, letSleep } from './awake.js';
import { After } from './after.js';
import { Call } from './call.js';
import { CallMe } from './call-me.js';
import { Channel } from './channel.js';
import { Chat } from './chat.js';
import { Controls } from './controls.js';
import { Files } from './files.js';
import { Medicines } from './medicines.js';
import { Phone } from './phone.js';
import { People } from './people.js';
import { PeoplePanel } from './people-panel.js';
import { showVerdict } from './quality.js';
import { Shared } from './shared.js';
import { t, months, plannedTime, plannedDay, fillIn, offerLanguages, currentLanguage, setClinicZone } from './strings.js';

const $ = (id) => document.getElementById(id);
const media = new Media();
const medicines = new Medicines({ onChange: showMedicinesButton, onStatus: say, name: () => state.name });
const call = new Call({ media, video: $('remote'), send, onState: showCallState });
const phone = new Phone({ media, link: $('waiting-phone') });
const chat = new Chat({ send: (message) => channel.sendChat(message), say, opener: () => (view === 'call' ? $('chat-open') : $('waiting-chat')) });
const channel = new Channel({ chat, signal: send });
addEventListener('pagehide', () => channel.handOver());
const files = new Files({ channel, chat, announce: say });
const shared = new Shared({ channel, place: $('call-cover'), announce: say });
call.onConnection = (pc) => channel.connect(pc);

const people = new People({ role: 'patient', media, box: $('people'), send, relays: () => call.relays(), onChange: () => panel?.update(), declined: () => call.declined });
const panel = new PeoplePanel({ people, send, say, inCall: () => view === 'call' });

let state = {};       // what the hub last said
const rehearsal = location.pathname.replace(/\/+$/, '') === '/try';
let view = 'loading';
let signal = null;
let phase = 'waiting'; // waiting, admitted, held, ended: the visit as the hub tells it; between: there is none
let renewTimer = 0;
let inCall = false;      // a picture or sound came since the last admission
let waitingText = ['waiting.seen', {}];
let shownMessage = null; // fills in the message that stands there, in the language of now

const devices = new DeviceTest(media, { number: () => state.callback ?? '', onFound: reportDevices, place: $('devices-place') });
const devicePanel = new DevicePanel({ devices, inCall: () => view === 'call', onOpen: () => { chat.close(); panel.close(); } });
people.onTile = () => devices.useOutput();
const asked = new Asked({ place: $('asked'), send, announce: say });
const browserNote = new BrowserNote({ say });
const backNote = new BackNote({ place: $('back-note'), say, values: () => ({ number: state.callback ?? '' }) });
const away = new Away({ media, tell: send, active: () => ['waiting', 'call'].includes(view), onReturn: (absence) => backNote.explainReturn(absence), onNote: (reason) => backNote.explainNow(reason) });
const after = new After({ say, state: () => state });
const controls = new Controls({ media, say, changed: sendTracks, stuck: () => devicePanel.open({ ask: false }) });
media.onChange = (name) => { sendTracks(); controls.show(); showWithout(); devices.follow(name); };

const WORDING = '1'; // of what is agreed to; a new wording asks again and is recorded as such
const EARLY_MS = 60 * 60 * 1000;

// ---- what is on the screen ----

function say(text) {
  $('status').textContent = text;
}

function show(name, { focus = true } = {}) {
  const changed = view !== name;
  view = name;
  document.body.dataset.view = name;
  for (const section of document.querySelectorAll('[data-section]'))
    section.classList.toggle('shown', section.dataset.section === name);
  document.title = t('title');
  placeSelfView();
  showMedicinesButton();
  if (!['waiting', 'call'].includes(name))
    devicePanel.close({ focus: false });
  if (!changed)
    return;
  scrollTo(0, 0);
  if (focus)
    document.querySelector(`[data-section="${name}"] h1`)?.focus({ preventScroll: true });
}

function showClinic({ clinic = {} }) {
  setClinicZone(clinic.zone);
  $('clinic-name').textContent = clinic.name ?? t('clinic');
  const phone = $('clinic-phone');
  phone.hidden = !clinic.phone;
  if (clinic.phone) {
    phone.href = `tel:${clinic.phone.replace(/[^\d+*#]/g, '')}`;
    phone.textContent = t('callClinic', { phone: clinic.phone });
  }
}

function showMessage(key, { text, button, action, values, way = true } = {}) {
  shownMessage = () => fillMessage(key, { text, button, action, values, way });
  shownMessage();
  show('message');
}

function fillMessage(key, { text, button, action, values, way }) {
  $('message-title').textContent = t(`${key}.title`);
  $('message-text').textContent = t(text ?? `${key}.text`, values);
  $('message-way').textContent = !way ? '' : state.clinic?.phone ? t('wayOn.phone', state.clinic) : t('wayOn.none');
  const again = $('message-again');
  again.hidden = !action;
  again.textContent = t(button ?? 'again');
  again.onclick = action ?? null;
}

// What any request may answer that ends or interrupts the way. Returns whether it was one.
function showFailure(error, again) {
  if (error.answer?.clinic)
    state.clinic = error.answer.clinic;
  if (error.code === 'unknown')
    showMessage('gone');
  else if (error.code === 'cancelled')
    showMessage('cancelled');
  else if (error.code === 'closed')
    showMessage('closed');
  else if (error.code === 'finished')
    showMessage('finished');
  else if (error.code === 'verify')
    start();
  else if (error.code === 'offline')
    showMessage('offline', { action: again });
  else if (error.code === 'busy')
    showMessage('offline', { text: 'busy.text', action: again });
  else if (error.code === 'records')
    showMessage('offline', { text: 'records.text', action: again });
  else
    showMessage('offline', { text: 'server.text', action: again });
}

function failIn(id, text, field) {
  const error = $(id);
  error.textContent = text;
  error.hidden = !text;
  field?.focus();
}

async function busy(form, work) {
  const button = form.querySelector('button.main') ?? form;
  button.disabled = true;
  try {
    return await work();
  } finally {
    button.disabled = false;
  }
}

function showMonths() {
  const month = $('birth-month');
  const chosen = month.value;
  month.replaceChildren(new Option(t('verify.monthEmpty'), ''), ...months().map((name, index) => new Option(name, index + 1)));
  month.value = chosen;
}

// Another language was chosen: what stands on the page is said again in it, and nothing typed is lost.
function speak() {
  showMonths();
  showClinic(state);
  failIn('verify-error', '');
  failIn('details-error', '');
  shownMessage?.();
  devices.speak();
  showDevicesText();
  browserNote.show();
  backNote.hide();
  medicines.speak();
  chat.speak();
  if (state.step === 'details')
    showHello();
  showFacts();
  showEstimate();
  controls.show();
  sayWaiting();
  showMedicinesButton();
  document.title = t('title');
  if (state.known)
    tellLanguage().then(() => { medicines.load(); after.speak(); });
}

// The clinic is told in which language the patient reads, as soon as it is known who reads.
async function tellLanguage() {
  if (!state.known || state.language === currentLanguage())
    return;
  state.language = currentLanguage();
  await post('language', { language: state.language }).catch(() => { state.language = null; });
}

// ---- the way in ----

function showStep(answer) {
  state = { ...state, ...answer };
  media.refused = byPhone();
  showClinic(state);
  tellLanguage();
  switch (answer.step) {
    case 'verify':
      return show('verify');
    case 'closed':
      return showMessage('closed');
    case 'finished':
      return showMessage('finished');
    case 'details':
      return showDetails();
    case 'devices':
      return needsConsent() ? show('consent') : showDevices();
    case 'try':
      return showDevices();
    case 'left':
      return showMessage('left', { button: 'left.back', action: goWaiting });
    case 'waiting':
      return needsConsent() ? show('consent') : enterWaiting();
    case 'ended':
      return enterEnded();
    case 'medicines':
      return enterMedicines();
  }
}

async function start() {
  try {
    showStep(await get('state'));
  } catch (error) {
    showFailure(error, start);
  }
}

// Two digits of a year are never guessed at: a patient may be 4 or 104 years old.
function readBirthDate() {
  const number = (id) => ($(id).value.trim().match(/^\d+$/) ? Number($(id).value) : NaN);
  const [day, month, year] = [number('birth-day'), Number($('birth-month').value), number('birth-year')];
  if (!day || !month || !(year >= 1850))
    return { error: t('verify.incomplete'), field: !day ? $('birth-day') : !month ? $('birth-month') : $('birth-year') };
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date > new Date())
    return { error: t('verify.impossible'), field: $('birth-day') };
  return { day, month, year };
}

async function verify(event) {
  event.preventDefault();
  const birth = readBirthDate();
  failIn('verify-error', birth.error ?? '', birth.field);
  if (birth.error)
    return;
  await busy(event.target, async () => {
    try {
      showStep(await post('verify', birth));
    } catch (error) {
      if (error.code === 'wrong') {
        const left = error.answer.triesLeft;
        failIn('verify-error', t(left === 1 ? 'verify.wrongLast' : 'verify.wrong', { left }), $('birth-day'));
        $('birth-day').select();
        showVerifyHelp(left);
      } else if (error.code === 'date') {
        failIn('verify-error', t('verify.impossible'), $('birth-day'));
      } else {
        showFailure(error, () => show('verify'));
      }
    }
  });
}

// After the third wrong date it is no slip of the finger any more.
function showVerifyHelp(left) {
  $('verify-help').hidden = left > 2;
  $('verify-call').textContent = state.clinic?.phone ? t('wayOn.phone', state.clinic) : t('wayOn.none');
}

function showHello() {
  $('details-title').textContent = state.name ? t('details.hello', state) : t('details.title');
}

function showDetails() {
  showHello();
  $('location').value ||= state.location ?? '';
  $('callback').value ||= state.callback ?? '';
  show('details');
}

async function sendDetails(event) {
  event.preventDefault();
  const place = $('location').value.trim();
  const callback = $('callback').value.trim();
  const digits = (callback.match(/\p{Nd}/gu) ?? []).length;
  if ([...place].length < 3)
    return failIn('details-error', t('details.needLocation'), $('location'));
  if (digits < 3)
    return failIn('details-error', t('details.needCallback'), $('callback'));
  failIn('details-error', '');
  await busy(event.target, async () => {
    try {
      const answer = await post('details', { location: place, callback });
      showStep(answer.step === 'details' ? { ...answer, step: 'devices' } : answer);
    } catch (error) {
      if (error.status === 422)
        failIn('details-error', t(error.code === 'callback' ? 'details.needCallback' : 'details.needLocation'), $(error.code === 'callback' ? 'callback' : 'location'));
      else
        showFailure(error, showDetails);
    }
  });
}

// ---- what is agreed to ----

function needsConsent() {
  return !state.consents?.video;
}

function byPhone() {
  return state.consents?.video === 'deny';
}

// Refusing the video closes the video: the visit goes on by phone.
async function answerVideo(decision, button) {
  await busy(button, async () => {
    try {
      const answer = await post('consent', { about: 'video', decision, version: WORDING });
      state = { ...state, ...answer };
      media.refused = byPhone();
      if (decision === 'deny') {
        media.close();
        return isEarly() ? comeBackLater() : await goWaiting();
      }
      showStep(answer);
      if (phase === 'admitted') {
        call.join();
        people.again();
      }
    } catch (error) {
      showFailure(error, () => show('consent'));
    }
  });
}

// ---- the device test ----

// Days before the visit the link is there to try things out, and nobody is kept waiting.
function isEarly() {
  return !rehearsal && state.start && Date.parse(state.start) - Date.parse(state.now ?? new Date()) > EARLY_MS;
}

function showDevices() {
  showDevicesText();
  show('devices');
}

function showDevicesText() {
  const early = isEarly();
  $('devices-early').hidden = !early;
  $('devices-early').textContent = early ? t('early.text', { time: plannedDay(state.start) }) : '';
  $('devices-try').hidden = !rehearsal;
  document.querySelector('[data-section=devices] .steps').hidden = rehearsal;
  $('devices-title').textContent = t(rehearsal ? 'try.title' : 'devices.title');
  $('devices-done').textContent = t(rehearsal ? 'try.done' : early ? 'early.now' : 'devices.done');
  $('devices-done').className = early ? 'plain' : 'main';
  $('devices-later').hidden = !early;
  $('devices-skip').hidden ||= rehearsal;
}

// Each step's result goes to the clinic when it is there. What is under way when the next one comes
// is followed by it.
let reporting = null;
let reportAgain = false;

function reportDevices() {
  if (rehearsal || !state.known)
    return;
  if (reporting) {
    reportAgain = true;
    return;
  }
  reporting = post('device-test', devices.report()).catch(() => {}).then(() => {
    reporting = null;
    if (reportAgain) {
      reportAgain = false;
      reportDevices();
    }
  });
}

function comeBackLater() {
  devices.end();
  media.close();
  showMessage('early', { text: 'early.bye', button: 'devices.again', action: showDevices, values: { time: plannedDay(state.start) } });
}

function endRehearsal() {
  devices.end();
  media.close();
  if (location.hash === '#back' && history.length > 1)
    return history.back();
  showMessage('try.ended', { button: 'devices.again', action: () => { show('devices'); runDeviceTest(); } });
}

async function runDeviceTest() {
  $('devices-start').hidden = $('devices-skip').hidden = $('devices-why').hidden = true;
  $('devices-tests').hidden = false;
  await useTestClock();
  await devices.run();
}

async function finishDeviceTest() {
  if (rehearsal)
    return endRehearsal();
  devices.end();
  await busy($('devices-done'), async () => {
    try {
      await post('device-test', devices.report());
      await goWaiting();
    } catch (error) {
      showFailure(error, () => show('devices'));
    }
  });
}

async function goWaiting() {
  try {
    showStep(await post('wait'));
  } catch (error) {
    showFailure(error, goWaiting);
  }
}

// ---- waiting room ----

let waitingKey = 'waiting.seen';

function setWaiting(key, { joinAgain = false } = {}) {
  waitingKey = key;
  $('join-again').hidden = !joinAgain;
  sayWaiting();
  say(t(key, { number: state.callback }));
}

function sayWaiting() {
  $('waiting-text').textContent = t(waitingKey, { number: state.callback });
}

function showFacts() {
  $('fact-location').textContent = state.location ?? '';
  $('fact-callback').textContent = state.callback ?? '';
  const time = state.start ? plannedTime(state.start) : '';
  const key = state.clinician ? (time ? 'waiting.who' : 'waiting.whoNoTime') : 'waiting.whoTimeOnly';
  $('waiting-who').textContent = state.clinician || time ? t(key, { clinician: state.clinician, time }) : '';
}

// When the turn comes, as the hub reckons it: it moves by itself when a visit before takes longer.
function showEstimate() {
  const line = $('waiting-estimate');
  const estimate = phase === 'waiting' ? state.estimate : null;
  line.hidden = !estimate;
  if (!estimate)
    return;
  const { minutes, late, open, said } = estimate;
  const key = said && minutes > 0 ? 'waiting.said' : open ? 'waiting.open' : minutes > 0 ? (late ? 'waiting.lateAbout' : 'waiting.about') : (late ? 'waiting.lateSoon' : 'waiting.soon');
  const text = t(key, { minutes: Math.max(minutes, 5) });
  if (line.textContent !== text && view === 'waiting')
    say(text);
  line.textContent = text;
}

async function enterWaiting() {
  showFacts();
  setWaiting(byPhone() ? 'waiting.byPhone' : 'waiting.seen');
  show('waiting');
  keepAwake();
  await useTestClock();
  if (!byPhone() && !media.audio && !media.video) {
    await media.open().catch(() => {});
    await sendTracks(); // of a call that was answered while the browser asked
  }
  showWithout();
  controls.show();
  placeSelfView();
  medicines.load();
  openSignal();
}

// What the visit has to do without, and how it goes on then.
function showWithout() {
  const line = $('waiting-devices');
  const key = byPhone() || phone.on ? '' : !media.audio ? 'waiting.noMicrophone' : !media.video && media.wantsVideo ? 'waiting.noCamera' : '';
  line.hidden = !key;
  line.textContent = key ? t(key, { number: state.callback }) : '';
  $('waiting-devices-open').hidden = byPhone() || phone.on;
  $('video-after-all').hidden = !byPhone();
}

function openSignal() {
  if (signal && !signal.stopped)
    return;
  signal = new Signal({
    visit: state.visit,
    epoch: () => (call.pc ? call.epoch : 0),
    prepare: rejoin,
    onMessage: receive,
    onOpen: opened,
    onLost: () => { if (view === 'waiting') setWaiting('waiting.offline'); },
    onReplaced: () => { asked.end(); call.drop(); people.dropAll(); media.close(); showMessage('elsewhere', { button: 'elsewhere.here', action: () => location.reload(), way: false }); },
  });
}

// Who waits says so again with every connection: if the line was dead for minutes, the clinic has
// been told meanwhile that nobody is there.
async function rejoin(limit) {
  const answer = phase === 'waiting' && view === 'waiting' ? await post('wait', {}, limit) : await get('state', limit);
  if (answer.step === 'ended' && phase !== 'ended')
    enterEnded();
  if (['verify', 'closed', 'finished', 'left'].includes(answer.step)) {
    signal.stop();
    showStep(answer);
    throw new Error('stopped');
  }
}

function opened(hello) {
  call.resume(hello.epoch);
  if (view === 'waiting')
    signal.send({ type: 'waiting' });
  away.again();
  if (view === 'call')
    call.sendMedia();
  chat.sendAgain();
  channel.flush();
  asked.sendAgain();
  medicines.load();
}

function send(message) {
  return signal?.send(message) ?? false;
}

function receive(message) {
  if (people.receive(message) || panel.receive(message) || asked.receive(message))
    return undefined;
  switch (message.type) {
    case 'waiting':
      phase = 'waiting';
      if (view === 'waiting')
        setWaiting(byPhone() ? 'waiting.byPhone' : 'waiting.seen');
      break;
    case 'ice':
      call.useServers(message);
      break;
    case 'estimate':
      state.estimate = message;
      showEstimate();
      break;
    case 'who':
      channel.handOver();
      state.clinician = message.by;
      showFacts();
      if (view === 'waiting')
        say(t('waiting.whoNow', { clinician: message.by }));
      break;
    case 'admit':
      return admitted();
    case 'hold':
      phase = 'held';
      call.drop();
      people.dropAll();
      backToWaiting('waiting.hold');
      break;
    case 'offer':
      phase = 'admitted';
      return byPhone() ? setWaiting('waiting.phoneNow') : call.offer(message);
    case 'phone':
      return goByPhone(message.on);
    case 'candidate':
      return call.candidate(message);
    case 'renew':
      return call.renew(message);
    case 'hangup':
      call.drop();
      people.dropAll();
      backToWaiting('waiting.clinicianLeft');
      break;
    case 'media':
      showRemoteMedia(message);
      break;
    case 'slate':
      state.slate = message.on;
      showRemoteMedia(state.remote ?? { audio: true, video: true });
      break;
    case 'peer':
      if (message.present && view === 'waiting' && phase === 'waiting')
        setWaiting('waiting.joined');
      break;
    case 'chat':
      channel.keptByHub(message.id);
      chat.take(message);
      break;
    case 'medicines':
      medicines.load();
      break;
    case 'ended':
      enterEnded();
      break;
  }
}

function admitted() {
  const again = phase === 'admitted';
  phase = 'admitted';
  if (phone.on)
    return;
  if (call.declined)
    return stillLeft();
  if (byPhone())
    return setWaiting('waiting.phoneNow');
  if (!again && !call.pc) {
    playTone();
    document.title = t('title.ready');
    navigator.vibrate?.([200, 100, 200]);
  }
  if (!call.pc)
    showCallState('starting');
  // A page that was loaded anew has nothing left of the call: if no offer comes, it asks for one.
  clearTimeout(renewTimer);
  renewTimer = setTimeout(() => { if (!call.pc && phase === 'admitted' && !call.declined) call.askRenew(); }, 6000);
}

// Who left can join again also when the line broke, or they were put on hold, since.
function stillLeft() {
  if (view === 'waiting' && $('join-again').hidden)
    setWaiting(call.pending ? 'waiting.calling' : 'waiting.youLeft', { joinAgain: true });
}

// From the call to the phone, and from there to where a call may come again.
async function goByPhone(on) {
  if (on) {
    call.drop();
    devicePanel.close({ focus: false });
  }
  if (on !== phone.on && phase !== 'ended')
    backToWaiting(on ? 'waiting.phone' : 'waiting.phoneOver');
  if (await phone.set(on, state.clinic) && !on)
    await call.replaceTracks();
  showWithout();
  controls.show();
  placeSelfView();
}

// Who is choosing a pharmacy is told, and not torn away from it.
function backToWaiting(key, options = {}) {
  clearTimeout(renewTimer);
  inCall = false;
  waitingText = [key, options];
  if (view === 'medicines')
    return say(t(key, { number: state.callback }));
  chat.close();
  showFacts();
  showEstimate();
  show('waiting');
  setWaiting(key, options);
}

async function leaveWaiting() {
  try {
    await post('leave');
  } catch { /* the clinic sees the closed socket */ }
  signal?.stop();
  call.drop();
  people.dropAll();
  media.close();
  letSleep();
  showMessage('left', { button: 'left.back', action: goWaiting });
}

// ---- the call ----

function showCallState(name) {
  if (phase === 'ended')
    return;
  if (name === 'calling')
    return backToWaiting('waiting.calling', { joinAgain: true });
  const cover = $('call-cover');
  const texts = {
    starting: t('call.starting'),
    connected: '',
    reconnecting: t('call.reconnecting'),
    phone: `${t('call.reconnecting')} ${t('call.fallback', { number: state.callback })}`,
  };
  document.body.dataset.call = name;
  if (view !== 'medicines' || (name === 'starting' && !inCall))
    show('call');
  inCall ||= name === 'connected';
  if (cover.textContent !== texts[name] || name === 'connected')
    say(name === 'connected' ? t('call.connected') : texts[name]);
  cover.textContent = texts[name];
  cover.hidden = !texts[name];
  if (name === 'connected')
    showRemoteMedia(state.remote ?? { audio: true, video: true }, { quiet: true });
  controls.show();
}

function showRemoteMedia(remote, { quiet = false } = {}) {
  state.remote = remote;
  if (view !== 'call' || document.body.dataset.call !== 'connected')
    return;
  const parts = [];
  if (state.slate)
    parts.push(t('call.slate'));
  else if (!remote.video)
    parts.push(t('call.clinicianCameraOff'));
  if (!remote.audio)
    parts.push(t(remote.no_audio ? 'call.clinicianDeaf' : 'call.clinicianMuted'));
  $('call-cover').textContent = parts.join(' ');
  $('call-cover').hidden = parts.length === 0;
  if (!quiet)
    say(parts.join(' '));
}

// To everybody who sees or hears this side.
async function sendTracks() {
  placeSelfView();
  await call.replaceTracks();
  await people.replaceTracks();
}

function hangUp() {
  call.leave();
  people.dropAll();
  backToWaiting('waiting.youLeft', { joinAgain: true });
  $('join-again').focus();
}

function joinAgain() {
  if (!call.pending)
    backToWaiting('waiting.joinAsked');
  send({ type: 'waiting' });
  call.join();
  people.again();
}

// The own picture is one element that moves between the waiting room and the call.
function placeSelfView() {
  const self = $('self');
  const slot = byPhone() ? null : view === 'waiting' ? $('waiting-self') : view === 'call' ? $('call-self') : null;
  self.hidden = !slot;
  if (!slot)
    return;
  slot.append(self);
  const stream = media.video && media.wantsVideo ? media.preview() : null;
  const video = $('self-video');
  if (video.srcObject?.getVideoTracks()[0] !== stream?.getVideoTracks()[0])
    video.srcObject = stream;
  video.hidden = !stream;
  if (stream)
    video.play().catch(() => {});
  $('self-off').hidden = !!stream;
  $('self-off').textContent = t(media.problems.camera && !media.video ? 'call.noCamera' : 'call.cameraOff');
}

// ---- after the visit ----

// In a call only what was prescribed in it: what is taken from before there is time for while waiting.
function showMedicinesButton() {
  const { count, any } = medicines;
  const button = $('see-medicines');
  const offered = (view === 'waiting' && any > 0) || (view === 'call' && count > 0);
  button.hidden = phase === 'between' || (!offered && !(view === 'medicines' && phase !== 'ended'));
  button.textContent = t(view === 'medicines' ? 'medicines.back' : 'medicines.see');
  $('medicines-title').textContent = t(phase === 'ended' ? 'after.title' : 'medicines.title');
  $('prescribed-title').hidden = phase !== 'ended' || count === 0;
  const lead = [phase === 'ended' ? t('medicines.thanks') : '', t(count > 0 ? 'medicines.some' : 'medicines.none')];
  $('medicines-lead').textContent =
    phase === 'between' ? t(any > 0 ? 'medicines.between' : 'medicines.betweenNone') : lead.join(' ').trim();
}

// From the medicines back to where the visit is.
function toggleMedicines() {
  if (view !== 'medicines') {
    chat.close();
    return show('medicines');
  }
  view = '';
  if (call.pc)
    showCallState(call.connected ? 'connected' : 'reconnecting');
  else
    backToWaiting(...waitingText);
}

// A link to the medicines alone, between visits: there is no call, and nothing to go back to.
function enterMedicines() {
  phase = 'between';
  show('medicines');
  medicines.load();
}

function enterEnded() {
  const first = phase !== 'ended';
  phase = 'ended';
  clearTimeout(renewTimer);
  call.drop();
  people.dropAll();
  panel.close();
  asked.end();
  media.close();
  letSleep();
  chat.close();
  files.clear();
  shared.clear();
  show('medicines');
  medicines.load();
  backNote.hide();
  if (first)
    after.load();
  if (first)
    say(t('medicines.thanks'));
  openSignal();
}

// ---- a test's clock in the place of the camera ----

async function useTestClock() {
  if (!state.testHooks || !location.hash.includes('test-clock') || media.source)
    return;
  const clock = await import('/patient/test-clock.js');
  media.source = clock.paint();
  window.bedsideTest = clock.watch(call);
  window.bedsidePeople = {};
  window.bedsideFiles = files;
  people.onPeer = (peer) => { window.bedsidePeople[peer.role] = clock.watch(peer); };
}

// ---- beginning ----

function attach() {
  fillIn();
  browserNote.show();
  showMonths();
  offerLanguages($('language'), speak);
  $('verify-form').addEventListener('submit', verify);
  $('details-form').addEventListener('submit', sendDetails);
  $('devices-start').addEventListener('click', runDeviceTest);
  devices.again.addEventListener('click', () => (devicePanel.shown ? devicePanel.run() : runDeviceTest()));
  $('devices-done').addEventListener('click', finishDeviceTest);
  $('devices-skip').addEventListener('click', finishDeviceTest);
  $('devices-later').addEventListener('click', comeBackLater);
  $('consent-yes').addEventListener('click', () => answerVideo('permit', $('consent-yes')));
  $('consent-no').addEventListener('click', () => answerVideo('deny', $('consent-no')));
  $('video-after-all').addEventListener('click', () => answerVideo('permit', $('video-after-all')));
  $('leave').addEventListener('click', leaveWaiting);
  $('join-again').addEventListener('click', joinAgain);
  $('hangup').addEventListener('click', hangUp);
  $('call-sound').addEventListener('click', () => call.play());
  call.onQuality = (verdict) => showVerdict($('call-quality'), verdict, say);
  call.onSilence = () => signal?.doubt();
  call.onSound = (heard) => { $('call-sound').hidden = heard; };
  $('see-medicines').addEventListener('click', toggleMedicines);
  document.addEventListener('visibilitychange', () => { if (!document.hidden && ['waiting', 'call'].includes(view)) keepAwake(); });
}

attach();
new CallMe({ place: $('call-me'), stepOf: () => view, announce: say });
start();
