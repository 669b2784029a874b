// SPDX-License-Identifier: GPL-3.0-or-later
// Stands between a stranger and the server and keeps every answer, whichever way the stranger asks. Links to the server are
// turned to itself, so that the pages that follow come through as well.
import http from 'node:http';

const read = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
};

export async function record(base) {
  const { origin, pathname } = new URL(base);
  const answers = [];
  const server = http.createServer(async (request, response) => {
    const { host, 'accept-encoding': encoding, ...headers } = request.headers;
    const passed = http.request(new URL(request.url, origin), { method: request.method, headers }, async (answer) => {
      const body = (await read(answer)).toString();
      const turned = body.replaceAll(origin, self);
      answers.push({ request: `${request.method} ${request.url}`, status: answer.statusCode, body });
      const { 'content-length': length, 'transfer-encoding': transfer, connection, ...rest } = answer.headers;
      if (rest.location) rest.location = rest.location.replaceAll(origin, self);
      response.writeHead(answer.statusCode, turned ? { ...rest, 'content-length': Buffer.byteLength(turned) } : rest);
      response.end(turned);
    });
    passed.on('error', (error) => response.destroy(error));
    passed.end(await read(request));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const self = `http://127.0.0.1:${server.address().port}`;
  return { base: self + pathname, answers, close: () => server.close() };
}
