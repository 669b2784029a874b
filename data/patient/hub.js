// SPDX-License-Identifier: GPL-3.0-or-later
// What the page asks the hub: requests below its own link, and the visit's signalling socket.

const base = location.pathname.replace(/\/+$/, '');
const QUIET_MS = 40000; // the hub pings every 15 s
// Somebody waits for the other side of a visit that is open: a try that hangs is given up, and the
// next begins within a second of it, not all pages at once after a hub was started anew.
const DOUBT_MS = 2000;
const TRY_MS = 2000;
const LONG_TRY_MS = 6000; // every fourth, for a slow path
const FIRST_MS = 100;
const LAST_MS = 900;
const SEVERAL = 600;      // tries, some minutes of them: then nobody sits before it any more
const LATER_MS = 4000;

export class HubError extends Error {
  constructor(status, answer) {
    super(answer.error ?? 'server');
    this.status = status;
    this.code = answer.error ?? 'server';
    this.answer = answer;
  }
}

async function ask(method, name, body, signal) {
  let response;
  try {
    response = await fetch(`${base}/${name}`, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal,
    });
  } catch {
    throw new HubError(0, { error: 'offline' });
  }
  const answer = await response.json().catch(() => ({}));
  if (signal?.aborted)
    throw new HubError(0, { error: 'offline' });
  if (!response.ok)
    throw new HubError(response.status, answer);
  return answer;
}

export const get = (name, signal) => ask('GET', name, undefined, signal);
export const post = (name, body = {}, signal) => ask('POST', name, body, signal);

function socketUrl(path) {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;
}

function measureDelay() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl(`/echo/${base.split('/').pop()}`));
    const found = [];
    const fail = () => reject(new Error('socket'));
    const end = () => { found.sort((a, b) => a - b); resolve(Math.round(found[found.length >> 1])); };
    const limit = setTimeout(() => { socket.close(); found.length ? end() : fail(); }, 6000);
    let sent;
    const next = () => { sent = performance.now(); socket.send(String(found.length)); };
    socket.onopen = next;
    socket.onmessage = () => {
      found.push(performance.now() - sent);
      if (found.length < 8)
        return next();
      clearTimeout(limit);
      socket.close();
      end();
    };
    socket.onerror = () => { clearTimeout(limit); fail(); };
  });
}

// One small download, then round trips over a WebSocket: { delay in ms, rate in Mbit/s }. Fails with
// 'refused' where the hub is not reached, and with 'socket' where only a WebSocket is not.
export async function measureNetwork() {
  const start = performance.now();
  const response = await fetch(`${base}/probe`, { cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(10000) });
  if (!response.ok)
    throw new Error('refused');
  const bytes = (await response.arrayBuffer()).byteLength;
  const seconds = Math.max((performance.now() - start) / 1000, 0.001);
  return { delay: await measureDelay(), rate: bytes * 8 / 1e6 / seconds };
}

// The signalling socket of one visit. It comes back by itself.
export class Signal {
  constructor({ visit, role = 'patient', query = '', epoch, prepare, onMessage, onOpen, onLost, onReplaced, onDismissed }) {
    Object.assign(this, { visit, role, query, epoch, prepare, onMessage, onOpen, onLost, onReplaced, onDismissed });
    this.tries = 0;
    this.stopped = false;
    this.connect();
    this.watch = setInterval(() => this.look(), 5000);
    this.wake = () => { this.tries = 0; if (!this.socket) this.connect(); };
    addEventListener('online', this.wake);
    document.addEventListener('visibilitychange', this.wake);
  }

  async connect() {
    clearTimeout(this.timer);
    if (this.stopped || this.connecting || this.socket)
      return;
    this.connecting = true;
    this.begun = performance.now();
    const patience = this.tries % 4 === 3 ? LONG_TRY_MS : TRY_MS;
    try {
      // Says first who we are over HTTP: a hub that was started anew knows the session again then.
      await this.prepare(AbortSignal.timeout(patience));
    } catch {
      this.connecting = false;
      return this.retry();
    }
    this.connecting = false;
    if (this.stopped)
      return;
    const socket = this.socket = new WebSocket(socketUrl(`/visit/${this.visit}/signal${this.query}`));
    socket.onopen = () => { this.heard = Date.now(); this.send({ type: 'hello', role: this.role, epoch: this.epoch() }); };
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = (event) => this.lost(socket, event.code);
    this.limit = setTimeout(() => this.giveUp(socket), patience);
    this.heard = Date.now();
  }

  receive(text) {
    let message;
    this.heard = Date.now();
    try { message = JSON.parse(text); } catch { return; }
    if (message.type === 'ping')
      return this.send({ type: 'pong' });
    if (message.type === 'hello') {
      clearTimeout(this.limit);
      this.tries = 0;
      this.ready = true;
      this.onOpen(message);
      return;
    }
    this.onMessage(message);
  }

  lost(socket, code) {
    if (this.socket !== socket)
      return;
    clearTimeout(this.limit);
    if (this.ready)
      this.begun = performance.now(); // not all pages at once
    this.socket = null;
    this.ready = false;
    if (code === 4001 || code === 4003) {
      this.stop();
      (code === 4003 ? this.onDismissed : this.onReplaced)();
      return;
    }
    if (this.stopped)
      return;
    this.onLost();
    this.retry();
  }

  retry() {
    if (this.stopped)
      return;
    clearTimeout(this.timer);
    const pause = this.tries++ < SEVERAL ? FIRST_MS + Math.random() * (LAST_MS - FIRST_MS) : LATER_MS;
    this.timer = setTimeout(() => this.connect(), Math.max(FIRST_MS, pause - (performance.now() - this.begun)));
  }

  giveUp(socket) {
    if (this.socket !== socket)
      return;
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close();
    this.lost(socket, 1006);
  }

  // A socket whose other end is gone can stay "open" for minutes.
  look() {
    if (this.socket && Date.now() - this.heard >= QUIET_MS)
      this.giveUp(this.socket);
  }

  // Nothing comes of the call any more: is the hub still there?
  doubt() {
    const socket = this.socket;
    const asked = Date.now();
    if (!this.ready || this.doubted === socket)
      return;
    this.doubted = socket;
    this.send({ type: 'ping' });
    setTimeout(() => {
      if (this.doubted === socket)
        this.doubted = null;
      if (this.heard < asked)
        this.giveUp(socket);
    }, DOUBT_MS);
  }

  send(message) {
    if (this.socket?.readyState !== WebSocket.OPEN)
      return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.limit);
    clearInterval(this.watch);
    removeEventListener('online', this.wake);
    document.removeEventListener('visibilitychange', this.wake);
    this.socket?.close();
    this.socket = null;
  }
}
