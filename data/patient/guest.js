// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a guest or an interpreter: who they are, waiting until they are let in, the call.
import { get, post, Signal } from './hub.js';
import { Media } from './media.js';
import { DeviceTest, playTone } from './devices.js';
import { Away } from './away.js';
import { keepAwake, letSleep } from './awake.js';
import { BackNote } from './back-note.js';
import { BrowserNote } from './browser-note.js';
import { Call } from './call.js';
import { Controls } from './controls.js';
import { DevicePanel } from './device-panel.js';
import { People } from './people.js';
import { showVerdict } from './quality.js';
import { t, fillIn, offerLanguages } from './strings.js';

const RELATIONS = ['PRN', 'CHILD', 'SPS', 'SIB', 'FRND', 'carer', 'guardian'];

const $ = (id) => document.getElementById(id);
const media = new Media();
const call = new Call({ media, video: $('remote'), send, onState: showCallState });

let state = {};
let view = 'loading';
let shownMessage = null; // fills in the message that stands there, in the language of now
let signal = null;
let people = null;
let standing = 'waiting'; // waiting, in, aside: as the hub tells it
let ended = false;

const devices = new DeviceTest(media, { place: $('devices-place'), guest: true });
const devicePanel = new DevicePanel({ devices, inCall: () => view === 'call' });
const controls = new Controls({ media, say, changed: sendTracks, stuck: () => devicePanel.open({ ask: false }) });
const browserNote = new BrowserNote({ say, no: 'inApp.guest' });
const backNote = new BackNote({ place: $('back-note'), say, guest: true });
const away = new Away({ media, tell: () => people?.sendMedia(), active: () => ['waiting', 'call'].includes(view),
  onReturn: (absence) => backNote.explainReturn(absence), onNote: (reason) => backNote.explainNow(reason) });
media.onChange = (name) => { sendTracks(); controls.show(); showWithout(); devices.follow(name); };

// ---- what is on the screen ----

function say(text) {
  $('status').textContent = text;
}

function show(name) {
  const changed = view !== name;
  view = name;
  document.body.dataset.view = name;
  for (const section of document.querySelectorAll('[data-section]'))
    section.classList.toggle('shown', section.dataset.section === name);
  placeSelfView();
  if (!['waiting', 'call'].includes(name))
    devicePanel.close({ focus: false });
  if (!changed)
    return;
  scrollTo(0, 0);
  document.querySelector(`[data-section="${name}"] h1`)?.focus({ preventScroll: true });
}

function showClinic() {
  const clinic = state.clinic ?? {};
  $('clinic-name').textContent = clinic.name ?? t('clinic');
  const phone = $('clinic-phone');
  phone.hidden = !clinic.phone;
  if (clinic.phone) {
    phone.href = `tel:${clinic.phone.replace(/[^\d+*#]/g, '')}`;
    phone.textContent = t('callClinic', { phone: clinic.phone });
  }
}

function showMessage(key, { text, button, action } = {}) {
  shownMessage = () => {
    $('message-title').textContent = t(`${key}.title`);
    $('message-text').textContent = t(text ?? `${key}.text`);
    $('message-way').textContent = state.clinic?.phone ? t('wayOn.phone', state.clinic) : '';
    $('message-again').textContent = t(button ?? 'again');
  };
  shownMessage();
  $('message-again').hidden = !action;
  $('message-again').onclick = action ?? null;
  show('message');
}

function showFailure(error, again) {
  if (error.answer?.clinic) {
    state.clinic = error.answer.clinic;
    showClinic();
  }
  if (error.code === 'unknown')
    stop('gone');
  else if (error.code === 'finished')
    stop('guest.ended');
  else
    showMessage('offline', { text: { busy: 'busy.text', records: 'records.text' }[error.code], action: again });
}

function stop(key, options) {
  letSleep();
  backNote.hide();
  signal?.stop();
  signal = null;
  call.drop();
  people?.dropAll();
  media.close();
  showMessage(key, options);
}

// ---- who they are ----

async function start() {
  try {
    state = { ...state, ...await get('state') };
  } catch (error) {
    return showFailure(error, start);
  }
  showClinic();
  showRole();
  for (const part of document.querySelectorAll('[data-for]'))
    part.hidden = part.dataset.for !== state.role;
  if (state.visit)
    enterWaiting();
  else
    show('enter');
}

function showRole() {
  const interpreter = state.role === 'interpreter';
  document.title = t(interpreter ? 'guest.titleInterpreter' : 'guest.title');
  $('enter-title').textContent = document.title;
  $('name-label').textContent = t(interpreter ? 'guest.nameOptional' : 'guest.name');
}

function showRelations() {
  const chosen = $('relation').value;
  $('relation').replaceChildren(new Option(t('guest.relationEmpty'), ''), ...RELATIONS.map((code) => new Option(t(`guest.relation.${code}`), code)));
  $('relation').value = chosen;
}

async function enter(event) {
  event.preventDefault();
  const interpreter = state.role === 'interpreter';
  const needed = interpreter ? ['number', 'language'] : ['name', 'relation'];
  const missing = needed.find((id) => !$(id).value.trim());
  const fail = (id) => {
    $('enter-error').textContent = t(`guest.need${id[0].toUpperCase()}${id.slice(1)}`);
    $('enter-error').hidden = false;
    $(id).focus();
  };
  if (missing)
    return fail(missing);
  $('enter-error').hidden = true;
  const body = Object.fromEntries(['name', ...needed].map((id) => [id, $(id).value.trim()]));
  const button = event.target.querySelector('button.main');
  button.disabled = true;
  try {
    state = { ...state, ...await post('enter', body) };
    await enterWaiting();
  } catch (error) {
    if (error.status === 422)
      fail(error.code);
    else
      showFailure(error, () => show('enter'));
  } finally {
    button.disabled = false;
  }
}

// ---- waiting, and the call ----

async function enterWaiting() {
  showStanding();
  keepAwake();
  people = new People({ role: state.role, media, box: $('people'), send, relays: () => call.relays(), onSelf: takeStanding });
  people.onTile = () => devices.useOutput();
  await useTestClock();
  await media.open().catch(() => {});
  showWithout();
  controls.show();
  placeSelfView();
  signal = new Signal({
    visit: state.visit,
    role: state.role,
    query: '?as=guest',
    epoch: () => (call.pc ? call.epoch : 0),
    prepare: rejoin,
    onMessage: receive,
    onOpen: () => { call.resume(0); people.sendMedia(); away.again(); },
    onLost: () => { if (view === 'waiting') { waitingKey = 'guest.offline'; $('waiting-text').textContent = t(waitingKey); } },
    onReplaced: () => stop('elsewhere', { button: 'elsewhere.here', action: () => location.reload() }),
    onDismissed: () => stop('guest.away'),
  });
}

// Says first who we are: a hub that was started anew knows the session again then. A link that was
// opened elsewhere since has another session.
async function rejoin(limit) {
  let answer;
  try {
    answer = await get('state', limit);
  } catch (error) {
    if (['unknown', 'finished'].includes(error.code))
      showFailure(error, start);
    throw error;
  }
  if (answer.visit)
    return;
  stop('elsewhere', { button: 'elsewhere.here', action: () => location.reload() });
  throw new Error('stopped');
}

function send(message) {
  return signal?.send(message) ?? false;
}

// What they have to do without.
function showWithout() {
  const key = !media.audio ? 'guest.noMicrophone' : !media.video && media.wantsVideo ? 'waiting.noCamera' : '';
  $('waiting-devices').hidden = !key;
  $('waiting-devices').textContent = key ? t(key) : '';
}

let waitingKey = null; // where something else than the standing is said

function showStanding(key = null) {
  waitingKey = key;
  $('waiting-title').textContent = t(standing === 'aside' ? 'guest.aside.title' : 'guest.waiting.title');
  $('waiting-text').textContent = t(key ?? (standing === 'in' ? 'guest.in' : standing === 'aside' ? 'guest.aside' : 'guest.waiting'));
  say($('waiting-text').textContent);
  show('waiting');
}

function takeStanding(person) {
  const before = standing;
  standing = person.state;
  if (standing === 'in') {
    if (before !== 'in')
      playTone();
    if (view === 'waiting')
      showStanding();
    return;
  }
  // Out of the call: nothing of it may go on here, whatever the others do.
  call.drop();
  people.dropAll();
  $('quiet-asked').hidden = true;
  showStanding();
}

function receive(message) {
  if (people.receive(message))
    return;
  switch (message.type) {
    case 'ice':
      return call.useServers(message);
    case 'offer':
      return call.offer(message);
    case 'candidate':
      return call.candidate(message);
    case 'renew':
      return call.renew(message);
    case 'hangup':
      call.drop();
      people.dropAll();
      return showStanding('guest.over');
    case 'quiet':
      if (media.audio && media.wantsAudio) {
        $('quiet-asked').hidden = false;
        $('quiet-do').focus();
        say(t('guest.quiet'));
      }
      return;
    case 'error':
      state.said = message.text;
      return;
    case 'ended':
      ended = true;
      return stop('guest.ended');
  }
}

function showCallState(name) {
  if (ended || standing !== 'in')
    return;
  document.body.dataset.call = name;
  showCover(name);
  say(name === 'connected' ? t('call.connected') : $('call-cover').textContent);
  show('call');
  controls.show();
}

function showCover(name) {
  const texts = { starting: t('call.starting'), connected: '', reconnecting: t('call.reconnecting'), phone: t('call.reconnecting') };
  $('call-cover').textContent = texts[name] ?? '';
  $('call-cover').hidden = !texts[name];
}

// ---- controls ----

// To everybody who sees or hears this side.
async function sendTracks() {
  placeSelfView();
  if (!media.audio || !media.wantsAudio)
    $('quiet-asked').hidden = true;
  await call.replaceTracks();
  await people?.replaceTracks();
}

function leave() {
  send({ type: 'hangup' });
  stop('guest.left', { button: 'guest.left.back', action: () => location.reload() });
}

function placeSelfView() {
  const self = $('self');
  const slot = view === 'waiting' ? $('waiting-self') : view === 'call' ? $('call-self') : null;
  self.hidden = !slot;
  if (!slot)
    return;
  slot.append(self);
  const stream = media.video && media.wantsVideo ? media.preview() : null;
  $('self-video').srcObject = stream;
  $('self-video').hidden = !stream;
  if (stream)
    $('self-video').play().catch(() => {});
  $('self-off').hidden = !!stream;
}

// ---- a test's clock in the place of the camera ----

async function useTestClock() {
  if (!state.testHooks || !location.hash.includes('test-clock') || media.source)
    return;
  const clock = await import('/patient/test-clock.js');
  media.source = clock.paint();
  window.bedsideTest = clock.watch(call);
  window.bedsidePeople = {};
  people.onPeer = (peer) => { window.bedsidePeople[peer.role] = clock.watch(peer); };
}

// Another language was chosen: what stands on the page is said again in it, and nothing typed is lost.
function speak() {
  showClinic();
  showRole();
  showRelations();
  labelGroups();
  $('enter-error').hidden = true;
  browserNote.show();
  backNote.hide();
  shownMessage?.();
  devices.speak();
  controls.show();
  showWithout();
  showCover(document.body.dataset.call);
  for (const peer of people?.peers.values() ?? [])
    people.label(peer);
  if (view === 'waiting')
    showStanding(waitingKey);
}

function labelGroups() {
  $('controls').setAttribute('aria-label', t('call.controls'));
  $('people').setAttribute('aria-label', t('people.title'));
}

function attach() {
  fillIn();
  showRelations();
  labelGroups();
  browserNote.show();
  offerLanguages($('page-language'), speak);
  $('enter-form').addEventListener('submit', enter);
  $('leave').addEventListener('click', leave);
  $('hangup').addEventListener('click', leave);
  $('quiet-do').addEventListener('click', () => { controls.setMuted(true); $('mute').focus(); });
  $('call-sound').addEventListener('click', () => call.play());
  devices.again.addEventListener('click', () => devicePanel.run());
  call.onQuality = (verdict) => showVerdict($('call-quality'), verdict, say);
  call.onSilence = () => signal?.doubt();
  call.onSound = (heard) => { $('call-sound').hidden = heard; };
  document.addEventListener('visibilitychange', () => { if (!document.hidden && ['waiting', 'call'].includes(view)) keepAwake(); });
}

attach();
start();
