// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the network will carry a visit: the hub over HTTP and a WebSocket, and media by the ICE
// servers that the hub names.
import { get, measureNetwork } from './hub.js';

const LIMIT_MS = 8000;

function gather(pc, onCandidate) {
  pc.onicecandidate = ({ candidate }) => { if (candidate) onCandidate(candidate); };
}

// Two ends on this page. Resolves whether a message came through.
function loop(configuration) {
  const near = new RTCPeerConnection(configuration);
  const far = new RTCPeerConnection(configuration);
  const types = new Set();
  const result = new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), LIMIT_MS);
    far.ondatachannel = () => { clearTimeout(timer); resolve(true); };
    gather(near, (candidate) => { types.add(candidate.type); far.addIceCandidate(candidate).catch(() => {}); });
    gather(far, (candidate) => near.addIceCandidate(candidate).catch(() => {}));
    near.createDataChannel('test');
    (async () => {
      await near.setLocalDescription();
      await far.setRemoteDescription(near.localDescription);
      await far.setLocalDescription();
      await near.setRemoteDescription(far.localDescription);
    })().catch(() => { clearTimeout(timer); resolve(false); });
  });
  return result.then((through) => { near.close(); far.close(); return { through, types }; });
}

// As the hub names them: addresses with a space between two, and one name and password for the relays.
function serversOf({ stun, turn, user, password }) {
  return [
    ...(stun ? [{ urls: stun.split(' ') }] : []),
    ...(turn ? [{ urls: turn.split(' '), username: user, credential: password }] : []),
  ];
}

// Which ways out of this network a STUN or TURN server can be reached by.
function waysOut(iceServers) {
  const pc = new RTCPeerConnection({ iceServers });
  const types = new Set();
  return new Promise((resolve) => {
    const done = () => { clearTimeout(timer); pc.close(); resolve(types); };
    const timer = setTimeout(done, LIMIT_MS);
    gather(pc, (candidate) => {
      types.add(candidate.type);
      if (candidate.type === 'srflx')
        done();
    });
    pc.onicegatheringstatechange = () => { if (pc.iceGatheringState === 'complete') done(); };
    pc.createDataChannel('test');
    pc.setLocalDescription().catch(done);
  });
}

// '' where media get through, or a code: webrtc (the browser allows none), blocked, relay (by a
// detour only). Without servers nothing beyond this device can be said.
export async function testMedia(iceServers = []) {
  if (!window.RTCPeerConnection || !(await loop({})).through)
    return 'webrtc';
  if (iceServers.length === 0)
    return '';
  if ((await waysOut(iceServers)).has('srflx'))
    return '';
  const turn = iceServers.filter((server) => [].concat(server.urls).some((url) => /^turns?:/.test(url)));
  if (turn.length > 0 && (await loop({ iceServers: turn, iceTransportPolicy: 'relay' })).through)
    return 'relay';
  return 'blocked';
}

// { result, why, delay in ms, rate in Mbit/s }
export async function testNetwork() {
  let figures = {};
  const media = get('ice').then((ice) => testMedia(serversOf(ice)), () => testMedia());
  try {
    figures = await measureNetwork();
  } catch (error) {
    return { result: 'failed', why: error.message === 'socket' ? 'socket' : 'unreachable' };
  }
  const why = await media;
  if (why === 'webrtc' || why === 'blocked')
    return { result: 'failed', why, ...figures };
  if (figures.rate < 0.8 || figures.delay > 300)
    return { result: 'amber', why: 'slow', ...figures };
  return { result: why ? 'amber' : 'ok', why, ...figures };
}
