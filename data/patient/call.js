// SPDX-License-Identifier: GPL-3.0-or-later
// The call. The workstation offers and this page answers. A peer connection belongs to one epoch and
// is thrown away with it; what comes from another epoch is ignored.

import { Heartbeat, encodingFor } from './quality.js';

const DOUBT_MS = 1500;  // no media for so long: is the hub still there?
const LOST_MS = 3000;   // no media for so long: say so
const RENEW_MS = 6000;  // ask for a new peer connection
const PHONE_MS = 10000; // say that the clinician calls by phone

export class Call {
  constructor({ media, video, send, onState, iceServers = [] }) {
    Object.assign(this, { media, video, send, onState, iceServers });
    this.epoch = 0;
    this.pc = null;
    this.waiting = []; // candidates that came before the offer was taken
    this.declined = false; // the patient has left the call: nothing is answered until they join
    this.pending = null;
    this.framesShown = 0;
    this.countFrames();
  }

  countFrames() {
    if (!this.video.requestVideoFrameCallback)
      return;
    const step = (now, info) => {
      this.framesShown += 1;
      this.live();
      this.onFrame?.(now, info);
      this.video.requestVideoFrameCallback(step);
    };
    this.video.requestVideoFrameCallback(step);
  }

  // Which STUN and TURN servers there are, with a name and password that are good for a while. A newer
  // one is for the next connection: one that runs keeps its own.
  useServers({ stun, turn, user, password, relay }) {
    this.iceServers = [
      ...(stun ? [{ urls: stun.split(' ') }] : []),
      ...(turn ? [{ urls: turn.split(' '), username: user, credential: password }] : []),
    ];
    this.relayOnly = relay;
  }

  relays() {
    return { iceServers: this.iceServers, iceTransportPolicy: this.relayOnly ? 'relay' : 'all' };
  }

  // What the hub says of the visit when the socket is (again) open. A connection of an older epoch
  // than the visit's is dead.
  resume(epoch) {
    if (epoch > this.epoch && this.pc)
      this.drop();
    this.epoch = Math.max(this.epoch, epoch);
  }

  async offer(message) {
    if (message.epoch < this.epoch)
      return;
    if (this.declined) {
      this.pending = message;
      this.onState('calling');
      return;
    }
    if (!this.pc || message.epoch > this.epoch)
      this.start(message.epoch);
    const pc = this.pc;
    try {
      await pc.setRemoteDescription({ type: 'offer', sdp: message.sdp });
      this.attachTracks(pc);
      const answer = await pc.createAnswer();
      await pc.setLocalDescription(answer);
      if (pc !== this.pc)
        return;
      this.send({ type: 'answer', epoch: this.epoch, sdp: pc.localDescription.sdp });
      this.sendMedia();
      for (const candidate of this.waiting.splice(0))
        this.addCandidate(pc, candidate);
    } catch (error) {
      console.warn('The offer could not be answered', error.name);
      if (pc === this.pc)
        this.askRenew();
    }
  }

  // Both directions of every line, with a track or without: a camera that is switched on later then
  // needs no new offer.
  attachTracks(pc) {
    for (const transceiver of pc.getTransceivers()) {
      const kind = transceiver.receiver.track?.kind;
      const track = kind === 'audio' ? this.media.audio : this.media.video;
      transceiver.direction = 'sendrecv';
      if (track)
        transceiver.sender.replaceTrack(track).then(() => this.limit(transceiver.sender), () => {});
    }
  }

  limit(sender) {
    if (sender.track?.kind !== 'video')
      return;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings ?? []) {
      delete encoding.maxFramerate;
      delete encoding.scaleResolutionDownBy;
      Object.assign(encoding, encodingFor(this.heartbeat?.sending));
    }
    sender.setParameters(parameters).catch(() => {});
  }

  async replaceTracks() {
    for (const { sender, receiver } of this.pc?.getTransceivers() ?? [])
      await sender.replaceTrack(receiver.track?.kind === 'audio' ? this.media.audio : this.media.video).catch(() => {});
    this.sendMedia();
  }

  sendMedia() {
    this.send({
      type: 'media',
      audio: !!this.media.audio && this.media.wantsAudio,
      video: !!this.media.video && this.media.wantsVideo,
      no_audio: this.media.audio ? undefined : this.media.problems.microphone,
      no_video: this.media.video ? undefined : this.media.problems.camera,
    });
  }

  candidate(message) {
    if (message.epoch !== this.epoch || !this.pc)
      return;
    if (!this.pc.remoteDescription)
      this.waiting.push(message);
    else
      this.addCandidate(this.pc, message);
  }

  addCandidate(pc, message) {
    pc.addIceCandidate({ candidate: message.candidate, sdpMLineIndex: message.mline }).catch(() => {});
  }

  start(epoch) {
    this.drop();
    this.epoch = epoch;
    const pc = this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require', iceServers: this.iceServers,
      iceTransportPolicy: this.relayOnly ? 'relay' : 'all' });
    const stream = new MediaStream();
    pc.ontrack = ({ track }) => {
      stream.addTrack(track);
      this.video.srcObject = stream;
      this.play();
    };
    pc.onicecandidate = ({ candidate }) => {
      if (candidate && pc === this.pc)
        this.send({ type: 'candidate', epoch, mline: candidate.sdpMLineIndex ?? 0, candidate: candidate.candidate });
    };
    this.onConnection?.(pc);
    pc.onconnectionstatechange = () => {
      if (pc === this.pc && pc.connectionState === 'failed')
        this.askRenew();
    };
    this.heartbeat = new Heartbeat(pc, this.heartbeat?.shown, (verdict) => {
      if (pc !== this.pc)
        return;
      this.onQuality?.(verdict);
      pc.getSenders().forEach((sender) => this.limit(sender));
    });
    this.bytes = -1;
    this.alive = Date.now();
    this.asked = 0;
    this.connected = false;
    this.onState('starting');
    this.timer = setInterval(() => this.look(pc), 1000);
  }

  play() {
    this.video.play().then(() => this.onSound?.(true), () => this.onSound?.(false));
  }

  live() {
    if (this.connected || !this.pc)
      return;
    this.connected = true;
    this.onState('connected');
  }

  // Media that arrive are the only sign of life that is believed: after a long outage a browser says
  // "connected" over a connection on which nothing flows any more.
  async look(pc) {
    let bytes = 0;
    const report = await pc.getStats().catch(() => null);
    if (pc !== this.pc || !report)
      return;
    report.forEach((entry) => { if (entry.type === 'inbound-rtp') bytes += entry.bytesReceived ?? 0; });
    this.heartbeat.look(bytes > Math.max(this.bytes, 0));
    if (bytes > this.bytes) {
      if (this.bytes >= 0)
        this.live();
      if (bytes > 0)
        this.alive = Date.now();
      this.bytes = bytes;
      return;
    }
    const quiet = Date.now() - this.alive;
    if (quiet > DOUBT_MS && this.bytes > 0)
      this.onSilence?.();
    if (quiet > LOST_MS && this.connected) {
      this.connected = false;
      this.onState('reconnecting');
    }
    if (quiet > PHONE_MS)
      this.onState('phone');
    if (quiet > RENEW_MS)
      this.askRenew();
  }

  // Asks the workstation, which alone may start a new epoch; at most every 5 s.
  askRenew() {
    if (Date.now() - (this.asked ?? 0) < 5000)
      return;
    this.asked = Date.now();
    this.connected = false;
    this.onState('reconnecting');
    this.send({ type: 'renew', epoch: this.epoch + 1 });
  }

  renew(message) {
    if (message.epoch <= this.epoch)
      return;
    this.drop();
    this.epoch = message.epoch;
    if (!this.declined)
      this.onState('reconnecting');
  }

  leave() {
    this.declined = true;
    this.send({ type: 'hangup' });
    this.drop();
  }

  join() {
    const offer = this.pending;
    this.declined = false;
    this.pending = null;
    if (offer && offer.epoch >= this.epoch)
      this.offer(offer);
    else
      this.send({ type: 'renew', epoch: this.epoch + 1 });
  }

  drop() {
    clearInterval(this.timer);
    this.waiting = [];
    if (this.pc) {
      this.pc.ontrack = this.pc.onicecandidate = this.pc.onconnectionstatechange = null;
      this.pc.close();
      this.onConnection?.(null);
    }
    this.pc = null;
  }
}
