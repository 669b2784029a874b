// SPDX-License-Identifier: GPL-3.0-or-later
// What the peers share: a port on loopback, a bearer token (--token T), faults and a list of writes.
//   POST /$faults {"latency": MS, "fail": P, "drop": P, "seed": N}
//     fail: 503 with Retry-After in place of a part P of the answers, the work not done
//     drop: the work is done, then the socket is cut in place of a part P of the answers; both by a seeded draw
// A request with the header X-Peer-Test meets no faults.
//   POST /$reset: forgets everything
//   GET /$tail: the writes that were done, oldest first
import http from 'node:http';
import { parseArgs } from 'node:util';

export const { values: options } = parseArgs({ options: { token: { type: 'string' }, 'update-create': { type: 'boolean' } } });
export const tail = [];
let faults = {};
let seed = 1;

function draw() { // mulberry32
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

export const outcome = (code, text) =>
  ({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, details: { text } }] });

export function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function control(request, response, reset) {
  if (request.url === '/$tail') return send(response, 200, tail);
  if (request.url === '/$reset') {
    reset();
    tail.length = 0;
    faults = {};
    return send(response, 200, {});
  }
  const parts = [];
  for await (const part of request) parts.push(part);
  faults = JSON.parse(Buffer.concat(parts));
  seed = faults.seed ?? 1;
  return send(response, 200, faults);
}

function cut(response) {
  response.writeHead = () => response;
  response.write = () => true;
  response.end = () => response.socket.destroy();
}

// serve (path, handle, reset): prints {"base": URL} once it listens. The url of a request stands below the peer's own root.
export function serve(path, handle, reset) {
  const server = http.createServer(async (request, response) => {
    if (request.url.startsWith('/$')) return control(request, response, reset);
    if (options.token && request.headers.authorization !== `Bearer ${options.token}`)
      return send(response, 401, outcome('login', 'Unauthorized'), { 'www-authenticate': 'Bearer' });
    if (request.headers['x-peer-test']) return handle(request, response);
    if (faults.latency) await new Promise((done) => setTimeout(done, faults.latency));
    if (draw() < (faults.fail ?? 0)) return send(response, 503, outcome('transient', 'Try again'), { 'retry-after': '1' });
    if (draw() < (faults.drop ?? 0)) cut(response);
    return handle(request, response);
  });
  server.listen(0, '127.0.0.1', () =>
    console.log(JSON.stringify({ base: `http://127.0.0.1:${server.address().port}${path}` })));
}
