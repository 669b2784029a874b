// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a guest or an interpreter: who they are, waiting until they are let in, the call.
import { get, post, Signal } from './hub.js';
import { Media } from './media.js';
import { playTone } from './devices.js';
import { Call } from './call.js';
import { People } from './people.js';
import { t, fillIn } from './strings.js';

const RELATIONS = ['PRN', 'CHILD', 'SPS', 'SIB', 'FRND', 'carer', 'guardian'];

const $ = (id) => document.getElementById(id);
const media = new Media();
const call = new Call({ media, video: $('remote'), send, onState: showCallState });

let state = {};
let view = 'loading';
let signal = null;
let people = null;
let standing = 'waiting'; // waiting, in, aside: as the hub tells it
let ended = false;

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
  $('message-title').textContent = t(`${key}.title`);
  $('message-text').textContent = text ?? t(`${key}.text`);
  $('message-way').textContent = state.clinic?.phone ? t('wayOn.phone', state.clinic) : '';
  $('message-again').hidden = !action;
  $('message-again').textContent = button ?? t('again');
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
    showMessage('offline', { text: { busy: t('busy.text'), records: t('records.text') }[error.code], action: again });
}

function stop(key, options) {
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
  const interpreter = state.role === 'interpreter';
  document.title = t(interpreter ? 'guest.titleInterpreter' : 'guest.title');
  $('enter-title').textContent = document.title;
  $('name-label').textContent = t(interpreter ? 'guest.nameOptional' : 'guest.name');
  for (const part of document.querySelectorAll('[data-for]'))
    part.hidden = part.dataset.for !== state.role;
  if (state.visit)
    enterWaiting();
  else
    show('enter');
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
  people = new People({ role: state.role, media, box: $('people'), send, relays: () => call.relays(), onSelf: takeStanding });
  await useTestClock();
  await media.open().catch(() => {});
  $('waiting-devices').hidden = !!media.audio;
  showControls();
  placeSelfView();
  signal = new Signal({
    visit: state.visit,
    role: state.role,
    query: '?as=guest',
    epoch: () => (call.pc ? call.epoch : 0),
    prepare: rejoin,
    onMessage: receive,
    onOpen: (hello) => { call.resume(0); people.sendMedia(); },
    onLost: () => { if (view === 'waiting') $('waiting-text').textContent = t('guest.offline'); },
    onReplaced: () => stop('elsewhere', { button: t('elsewhere.here'), action: () => location.reload() }),
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
  stop('elsewhere', { button: t('elsewhere.here'), action: () => location.reload() });
  throw new Error('stopped');
}

function send(message) {
  return signal?.send(message) ?? false;
}

function showStanding(text) {
  $('waiting-title').textContent = t(standing === 'aside' ? 'guest.aside.title' : 'guest.waiting.title');
  $('waiting-text').textContent = text ?? t(standing === 'in' ? 'guest.in' : standing === 'aside' ? 'guest.aside' : 'guest.waiting');
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
      return showStanding(t('guest.over'));
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
  const texts = { starting: t('call.starting'), connected: '', reconnecting: t('call.reconnecting'), phone: t('call.reconnecting') };
  $('call-cover').textContent = texts[name] ?? '';
  $('call-cover').hidden = !texts[name];
  say(name === 'connected' ? t('call.connected') : texts[name] ?? '');
  show('call');
  showControls();
}

// ---- controls ----

function showControls() {
  const muted = !media.audio || !media.wantsAudio;
  const dark = !media.video || !media.wantsVideo;
  $('mute').disabled = !media.audio;
  $('mute').setAttribute('aria-pressed', String(muted));
  $('mute').querySelector('span').textContent = !media.audio ? t('call.noMicrophone') : t(muted ? 'call.unmute' : 'call.mute');
  $('camera').disabled = !!media.problems.camera && !media.video;
  $('camera').setAttribute('aria-pressed', String(dark));
  $('camera').querySelector('span').textContent = $('camera').disabled ? t('call.noCamera') : t(dark ? 'call.cameraOn' : 'call.cameraOff');
}

function setMuted(muted) {
  media.setAudio(!muted);
  say(t(muted ? 'call.muted' : 'call.unmuted'));
  people.sendMedia();
  showControls();
  $('quiet-asked').hidden = true;
}

async function toggleCamera() {
  $('camera').disabled = true;
  await media.setVideo(!(media.video && media.wantsVideo));
  $('camera').disabled = false;
  await call.replaceTracks();
  await people.replaceTracks();
  showControls();
  placeSelfView();
}

function leave() {
  send({ type: 'hangup' });
  stop('guest.left', { button: t('guest.left.back'), action: () => location.reload() });
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

function attach() {
  fillIn();
  $('relation').append(new Option(t('guest.relationEmpty'), ''), ...RELATIONS.map((code) => new Option(t(`guest.relation.${code}`), code)));
  $('controls').setAttribute('aria-label', t('call.controls'));
  $('people').setAttribute('aria-label', t('people.title'));
  $('enter-form').addEventListener('submit', enter);
  $('leave').addEventListener('click', leave);
  $('hangup').addEventListener('click', leave);
  $('mute').addEventListener('click', () => setMuted(media.wantsAudio));
  $('quiet-do').addEventListener('click', () => { setMuted(true); $('mute').focus(); });
  $('camera').addEventListener('click', toggleCamera);
  $('call-sound').addEventListener('click', () => call.play());
  call.onSilence = () => signal?.doubt();
  call.onSound = (heard) => { $('call-sound').hidden = heard; };
}

attach();
start();
