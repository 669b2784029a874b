// SPDX-License-Identifier: GPL-3.0-or-later
// The others in a visit: guest and interpreter beside the patient and the clinician. Each pair of
// pages has a peer connection of its own. The hub says when to connect and when to part; of two pages
// the one that is told to connect offers. The browser itself checks the far certificate.
import { t } from './strings.js';

const RENEW_MS = 6000; // nothing came for so long: ask for a new connection
const LEVEL_MS = 200;
const MAX_BITRATE = 600000; // each of several pictures

export class People {
  // box: the element that the tiles go into. onChange: who is there, or how they stand, changed.
  // declined: whether who is here has left the call. Nothing is connected then, whatever the hub says:
  // it may not know any more that they left.
  constructor({ role, media, box, send, relays = () => ({}), onChange = () => {}, onSelf = () => {}, declined = () => false }) {
    Object.assign(this, { role, media, box, send, relays, onChange, onSelf, declined });
    this.persons = new Map(); // role -> what the hub said last
    this.missed = new Map();  // role -> epoch: what was not connected for that
    this.peers = new Map();   // role -> connection and tile
  }

  // Returns whether the message was about the others.
  receive(message) {
    const others = message.from && message.from !== 'clinician';
    switch (message.type) {
      case 'person':
        this.takePerson(message);
        return true;
      case 'connect':
        if (this.declined())
          this.missed.set(message.role, message.epoch);
        else
          this.offer(message);
        return true;
      case 'part':
        this.missed.delete(message.role);
        this.drop(message.role);
        return true;
      case 'offer':
        if (others && !this.declined())
          this.answer(message);
        return others;
      case 'answer':
        if (others)
          this.takeAnswer(message);
        return others;
      case 'candidate':
        if (others)
          this.candidate(message);
        return others;
      case 'media':
        if (others)
          this.takeMedia(message);
        return others;
      case 'renew':
      case 'hangup':
        return others;
    }
    return false;
  }

  takePerson(person) {
    if (person.role === this.role)
      return this.onSelf(person);
    this.persons.set(person.role, person);
    const peer = this.peers.get(person.role);
    if (peer)
      this.label(peer);
    this.onChange();
  }

  present() {
    return [...this.persons.values()].filter((person) => person.present);
  }

  nameOf(role) {
    return this.persons.get(role)?.name || t(`people.${role}`);
  }

  // ---- connections ----

  start(role, epoch) {
    this.drop(role);
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require', ...this.relays() });
    const peer = { role, epoch, pc, waiting: [], bytes: -1, alive: Date.now(), asked: 0, media: { audio: true, video: true } };
    this.peers.set(role, peer);
    this.makeTile(peer);
    const stream = new MediaStream();
    pc.ontrack = ({ track }) => {
      stream.addTrack(track);
      peer.video.srcObject = stream;
      peer.video.play().catch(() => {});
    };
    pc.onicecandidate = ({ candidate }) => {
      if (candidate && this.peers.get(role) === peer)
        this.send({ type: 'candidate', to: role, epoch, mline: candidate.sdpMLineIndex ?? 0, candidate: candidate.candidate });
    };
    pc.onconnectionstatechange = () => {
      if (this.peers.get(role) === peer && pc.connectionState === 'failed')
        this.askRenew(peer);
    };
    peer.timer = setInterval(() => this.look(peer), 1000);
    peer.levelTimer = setInterval(() => this.showLevel(peer), LEVEL_MS);
    this.onTile?.();
    this.onPeer?.(peer);
    this.onChange();
    return peer;
  }

  isCurrent(peer) {
    return this.peers.get(peer.role) === peer;
  }

  attach(peer) {
    for (const transceiver of peer.pc.getTransceivers()) {
      const track = transceiver.receiver.track?.kind === 'audio' ? this.media.audio : this.media.video;
      transceiver.direction = 'sendrecv';
      if (track)
        transceiver.sender.replaceTrack(track).then(() => this.limit(transceiver.sender), () => {});
    }
  }

  limit(sender) {
    if (sender.track?.kind !== 'video')
      return;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings ?? [])
      encoding.maxBitrate = MAX_BITRATE;
    sender.setParameters(parameters).catch(() => {});
  }

  async offer({ role, epoch }) {
    if (epoch <= (this.peers.get(role)?.epoch ?? 0))
      return;
    const peer = this.start(role, epoch);
    peer.pc.addTransceiver('audio', { direction: 'sendrecv' });
    peer.pc.addTransceiver('video', { direction: 'sendrecv' });
    this.attach(peer);
    try {
      await peer.pc.setLocalDescription(await peer.pc.createOffer());
      if (this.isCurrent(peer))
        this.send({ type: 'offer', to: role, epoch, sdp: peer.pc.localDescription.sdp });
    } catch {
      this.askRenew(peer);
    }
  }

  async answer({ from, epoch, sdp }) {
    if (epoch <= (this.peers.get(from)?.epoch ?? 0))
      return;
    const peer = this.start(from, epoch);
    try {
      await peer.pc.setRemoteDescription({ type: 'offer', sdp });
      this.attach(peer);
      await peer.pc.setLocalDescription(await peer.pc.createAnswer());
      if (!this.isCurrent(peer))
        return;
      this.send({ type: 'answer', to: from, epoch, sdp: peer.pc.localDescription.sdp });
      this.takeWaiting(peer);
    } catch {
      this.askRenew(peer);
    }
  }

  async takeAnswer({ from, epoch, sdp }) {
    const peer = this.peers.get(from);
    if (!peer || peer.epoch !== epoch)
      return;
    try {
      await peer.pc.setRemoteDescription({ type: 'answer', sdp });
      this.takeWaiting(peer);
    } catch {
      this.askRenew(peer);
    }
  }

  takeWaiting(peer) {
    for (const message of peer.waiting.splice(0))
      this.addCandidate(peer, message);
    this.sendMedia();
  }

  candidate(message) {
    const peer = this.peers.get(message.from);
    if (!peer || peer.epoch !== message.epoch)
      return;
    if (!peer.pc.remoteDescription)
      peer.waiting.push(message);
    else
      this.addCandidate(peer, message);
  }

  addCandidate(peer, { candidate, mline }) {
    peer.pc.addIceCandidate({ candidate, sdpMLineIndex: mline }).catch(() => {});
  }

  sendMedia() {
    const { audio, video, wantsAudio, wantsVideo } = this.media; // a phone call mutes a track and does not end it
    this.send({ type: 'media', audio: !!audio && !audio.muted && wantsAudio, video: !!video && !video.muted && wantsVideo });
  }

  async replaceTracks() {
    for (const peer of this.peers.values())
      for (const { sender, receiver } of peer.pc.getTransceivers())
        await sender.replaceTrack(receiver.track?.kind === 'audio' ? this.media.audio : this.media.video).catch(() => {});
  }

  // As with the clinician, only what arrives is believed to be a sign of life.
  async look(peer) {
    let bytes = 0;
    const report = await peer.pc.getStats().catch(() => null);
    if (!report || !this.isCurrent(peer))
      return;
    report.forEach((entry) => { if (entry.type === 'inbound-rtp') bytes += entry.bytesReceived ?? 0; });
    if (bytes > peer.bytes && bytes > 0) {
      peer.alive = Date.now();
      this.setQuiet(peer, false);
    }
    peer.bytes = Math.max(bytes, peer.bytes);
    const quiet = Date.now() - peer.alive;
    if (quiet > RENEW_MS / 2)
      this.setQuiet(peer, true);
    if (quiet > RENEW_MS)
      this.askRenew(peer);
  }

  askRenew(peer) {
    if (!this.isCurrent(peer) || Date.now() - peer.asked < RENEW_MS)
      return;
    peer.asked = Date.now();
    this.send({ type: 'renew', to: peer.role, epoch: peer.epoch });
  }

  drop(role) {
    const peer = this.peers.get(role);
    if (!peer)
      return;
    this.peers.delete(role);
    clearInterval(peer.timer);
    clearInterval(peer.levelTimer);
    peer.pc.ontrack = peer.pc.onicecandidate = peer.pc.onconnectionstatechange = null;
    peer.pc.close();
    peer.tile.remove();
    this.onChange();
  }

  // Back in the call: the hub believes these to be connected.
  again() {
    for (const [role, epoch] of this.missed)
      this.send({ type: 'renew', to: role, epoch });
    this.missed.clear();
  }

  dropAll() {
    for (const role of [...this.peers.keys()])
      this.drop(role);
  }

  // ---- tiles ----

  makeTile(peer) {
    const tile = peer.tile = document.createElement('figure');
    tile.className = 'person';
    tile.dataset.role = peer.role;
    const video = peer.video = document.createElement('video');
    video.autoplay = true;
    video.playsInline = true;
    const off = peer.off = document.createElement('p');
    const caption = document.createElement('figcaption');
    const name = peer.name = document.createElement('span');
    const meter = peer.meter = document.createElement('meter');
    Object.assign(meter, { min: 0, max: 100, value: 0 });
    const mute = peer.mute = document.createElement('button');
    mute.type = 'button';
    mute.addEventListener('click', () => { video.muted = !video.muted; this.label(peer); });
    caption.append(name, meter, mute);
    tile.append(video, off, caption);
    this.box.append(tile);
    this.label(peer);
    const step = (now, info) => {
      peer.onFrame?.(now, info);
      if (this.isCurrent(peer))
        video.requestVideoFrameCallback(step);
    };
    video.requestVideoFrameCallback?.(step);
  }

  // Name and role on the tile, and for a screen reader what each of its parts is.
  label(peer) {
    const person = this.persons.get(peer.role);
    const role = t(`people.${peer.role}`);
    const name = person?.name ? t('people.named', { name: person.name, role }) : role;
    peer.name.textContent = name;
    peer.tile.setAttribute('aria-label', name);
    peer.video.setAttribute('aria-label', t('people.picture', { name }));
    peer.meter.setAttribute('aria-label', t('people.level', { name }));
    peer.mute.textContent = t(peer.video.muted ? 'people.unmute' : 'people.mute');
    peer.mute.setAttribute('aria-label', t(peer.video.muted ? 'people.unmuteName' : 'people.muteName', { name }));
    peer.mute.setAttribute('aria-pressed', String(peer.video.muted));
    const parts = [];
    if (peer.quiet)
      parts.push(t('call.reconnecting'));
    else if (!peer.media.video)
      parts.push(t('people.cameraOff'));
    if (!peer.media.audio && !peer.quiet)
      parts.push(t('people.muted'));
    peer.off.textContent = parts.join(' ');
    peer.off.hidden = parts.length === 0;
  }

  takeMedia(message) {
    const peer = this.peers.get(message.from);
    if (!peer)
      return;
    peer.media = message;
    this.label(peer);
  }

  setQuiet(peer, quiet) {
    if (peer.quiet === quiet)
      return;
    peer.quiet = quiet;
    this.label(peer);
  }

  showLevel(peer) {
    const receiver = peer.pc.getReceivers().find(({ track }) => track?.kind === 'audio');
    const level = receiver?.getSynchronizationSources?.()[0]?.audioLevel ?? 0;
    peer.meter.value = Math.min(100, Math.sqrt(level) * 100);
  }
}
