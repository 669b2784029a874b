// SPDX-License-Identifier: GPL-3.0-or-later
// What the page asks the hub: requests below its own link, and the visit's signalling socket.

const base = location.pathname.replace(/\/+$/, '');
const QUIET_MS = 40000; // the hub pings every 15 s

export class HubError extends Error {
  constructor(status, answer) {
    super(answer.error ?? 'server');
    this.status = status;
    this.code = answer.error ?? 'server';
    this.answer = answer;
  }
}

async function ask(method, name, body) {
  let response;
  try {
    response = await fetch(`${base}/${name}`, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
  } catch {
    throw new HubError(0, { error: 'offline' });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new HubError(response.status, answer);
  return answer;
}

export const get = (name) => ask('GET', name);
export const post = (name, body = {}) => ask('POST', name, body);

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

// The signalling socket of one visit. It comes back by itself, after 0.5, 1, 2, 4, 4… seconds.
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
    try {
      // Says first who we are over HTTP: a hub that was started anew knows the session again then.
      await this.prepare();
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
    this.heard = Date.now();
  }

  receive(text) {
    let message;
    this.heard = Date.now();
    try { message = JSON.parse(text); } catch { return; }
    if (message.type === 'ping')
      return this.send({ type: 'pong' });
    if (message.type === 'hello') {
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
    this.timer = setTimeout(() => this.connect(), [500, 1000, 2000, 4000][Math.min(this.tries++, 3)]);
  }

  // A socket whose other end is gone can stay "open" for minutes.
  look() {
    if (!this.socket || Date.now() - this.heard < QUIET_MS)
      return;
    const socket = this.socket;
    socket.onclose = null;
    socket.close();
    this.lost(socket, 1006);
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
    clearInterval(this.watch);
    removeEventListener('online', this.wake);
    document.removeEventListener('visibilitychange', this.wake);
    this.socket?.close();
    this.socket = null;
  }
}
