// SPDX-License-Identifier: GPL-3.0-or-later
// FHIR clients and validators that nobody here wrote, at work on one server: stranger-clients.mjs BASE TOKEN. Prints TAP.
import assert from 'node:assert/strict';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as KitClient } from 'fhir-kit-client';
import smart from 'fhirclient/lib/Client.js';
import { judge } from './judges.mjs';
import { record } from './recorder.mjs';

const [base, token] = process.argv.slice(2);
const recorder = await record(base);
const authorization = `Bearer ${token}`;
const SYSTEM = 'https://example.org/stranger';

const patient = (family) => ({
  resourceType: 'Patient', identifier: [{ system: SYSTEM, value: crypto.randomUUID() }], name: [{ family, given: ['Iðunn', '愛'] }],
  gender: 'female', birthDate: '1980-02-03',
});
const observation = (subject, value) => ({
  resourceType: 'Observation', status: 'final', code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }], text: 'Heart rate' },
  subject: { reference: subject }, effectiveDateTime: '2026-11-09T09:00:00+01:00',
  valueQuantity: { value, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});
const post = (resource, fullUrl) => ({ fullUrl, resource, request: { method: 'POST', url: resource.resourceType } });
const newTransaction = (family) => {
  const urn = `urn:uuid:${crypto.randomUUID()}`;
  return { resourceType: 'Bundle', type: 'transaction', entry: [post(observation(urn, 61)), post(patient(family), urn)] };
};

// Both clients in the same words.
const kit = new KitClient({ baseUrl: recorder.base, customHeaders: { authorization } });
const storage = { get() {}, set() {}, unset() {} };
const fhirclient = new smart.default({ getStorage: () => storage, options: {} },
  { serverUrl: recorder.base, tokenResponse: { access_token: token } });

// The status with which the client says that the server refused; the server gave its reason.
async function refusal(promise) {
  const error = await promise.then((done) => assert.fail(`taken: ${JSON.stringify(done)}`), (refused) => refused);
  assert.equal(JSON.parse(recorder.answers.at(-1).body).resourceType, 'OperationOutcome');
  return error.response?.status ?? error.statusCode;
}

const strangers = {
  'fhir-kit-client': {
    capability: () => kit.capabilityStatement(),
    create: (body) => kit.create({ resourceType: body.resourceType, body }),
    read: (resourceType, id) => kit.read({ resourceType, id }),
    vread: (resourceType, id, version) => kit.vread({ resourceType, id, version }),
    update: (body, version) => kit.update({ resourceType: body.resourceType, id: body.id, body,
      options: { headers: { 'If-Match': `W/"${version}"` } } }),
    remove: (resourceType, id) => kit.delete({ resourceType, id }),
    transaction: (body) => kit.transaction({ body }),
    history: (resourceType, id) => kit.history({ resourceType, id }),
    async everyPage(resourceType, searchParams) {
      const pages = [await kit.search({ resourceType, searchParams })];
      for (let next; (next = await kit.nextPage({ bundle: pages.at(-1) }));) pages.push(next);
      return pages;
    },
  },
  fhirclient: {
    capability: () => fhirclient.request('metadata'),
    create: (body) => fhirclient.create(body),
    read: (type, id) => fhirclient.request(`${type}/${id}`),
    vread: (type, id, version) => fhirclient.request(`${type}/${id}/_history/${version}`),
    update: (body, version) => fhirclient.update(body, { headers: { 'if-match': `W/"${version}"` } }),
    remove: (type, id) => fhirclient.delete(`${type}/${id}`),
    transaction: (body) => fhirclient.request({ url: '', method: 'POST', body: JSON.stringify(body),
      headers: { 'content-type': 'application/fhir+json' } }),
    history: (type, id) => fhirclient.request(`${type}/${id}/_history`),
    everyPage: (type, query) => fhirclient.request(`${type}?${new URLSearchParams(query)}`, { pageLimit: 0 }),
  },
};

const cases = {
  async 'reads what the server can do'(stranger) {
    const capability = await stranger.capability();
    assert.equal(capability.resourceType, 'CapabilityStatement');
    assert.equal(capability.fhirVersion, '4.0.1');
    assert.ok(capability.rest[0].resource.some(({ type }) => type === 'Patient'));
  },
  async 'creates and reads'(stranger, family) {
    const sent = patient(family);
    const made = await stranger.create(sent);
    const { id, meta, ...kept } = await stranger.read('Patient', made.id);
    assert.deepEqual(kept, sent);
    assert.equal(meta.versionId, made.meta.versionId);
  },
  async 'searches and pages to the end'(stranger, family) {
    for (let i = 0; i < 6; i++) await stranger.create(patient(`${family}-page`));
    const pages = await stranger.everyPage('Patient', { family: `${family}-page`, _count: 2 });
    const ids = pages.flatMap(({ entry }) => entry ?? []).map(({ resource }) => resource.id);
    assert.ok(pages.length >= 3, `${pages.length} pages`);
    assert.equal(ids.length, 6);
    assert.equal(new Set(ids).size, 6);
  },
  async 'updates with If-Match and sees 412 on a stale one'(stranger, family) {
    const made = await stranger.create(patient(family));
    const active = await stranger.update({ ...made, active: true }, made.meta.versionId);
    assert.equal(active.active, true);
    assert.equal(await refusal(stranger.update({ ...made, active: false }, made.meta.versionId)), 412);
    assert.equal((await stranger.read('Patient', made.id)).active, true);
    assert.equal((await stranger.vread('Patient', made.id, made.meta.versionId)).active, undefined);
    assert.equal((await stranger.history('Patient', made.id)).entry.length, 2);
  },
  async 'runs a transaction'(stranger, family) {
    const answer = await stranger.transaction(newTransaction(`${family}-transaction`));
    assert.equal(answer.type, 'transaction-response');
    assert.deepEqual(answer.entry.map(({ response }) => response.status.slice(0, 3)), ['201', '201']);
    const [[type, id], [, owner]] = answer.entry.map(({ response }) => response.location.split('/_history')[0].split('/').slice(-2));
    assert.equal((await stranger.read(type, id)).subject.reference, `Patient/${owner}`);
  },
  async 'keeps nothing of a transaction that fails'(stranger, family) {
    const bad = newTransaction(`${family}-failed`);
    bad.entry.push({ resource: { ...patient(family), id: 'x' }, request: { method: 'PUT', url: 'Patient/x', ifMatch: 'W/"no-such"' } });
    assert.equal(await refusal(stranger.transaction(bad)), 412);
    const [found] = await stranger.everyPage('Patient', { family: `${family}-failed` });
    assert.equal((found.entry ?? []).length, 0);
  },
  async deletes(stranger, family) {
    const made = await stranger.create(patient(family));
    await stranger.remove('Patient', made.id);
    assert.equal(await refusal(stranger.read('Patient', made.id)), 410);
  },
};

// What one of the clients can say in words of its own, and the questions that bring answers of another shape.
async function furtherQuestionsAreAnswered() {
  const [{ entry: [{ resource: { id } }] }] = await strangers['fhir-kit-client'].everyPage('Patient', { _count: 1 });
  const jsonPatch = [{ op: 'add', path: '/active', value: true }];
  assert.equal((await kit.patch({ resourceType: 'Patient', id, jsonPatch })).active, true);
  const get = (url) => ({ request: { method: 'GET', url } });
  const batch = await kit.batch({ body: { resourceType: 'Bundle', type: 'batch', entry: [get(`Patient/${id}`), get('Patient/none')] } });
  assert.deepEqual(batch.entry.map(({ response }) => response.status.slice(0, 3)), ['200', '404']);
  assert.equal((await kit.operation({ name: 'everything', resourceType: 'Patient', id, method: 'GET' })).type, 'searchset');
  for (const path of ['_history', 'Patient/_history?_count=20', `Patient/${id}/_history`])
    assert.equal((await kit.request(path)).type, 'history');
  for (const query of ['MedicationRequest?_include=MedicationRequest:subject', `Patient?_id=${id}&_revinclude=Observation:subject`,
    'Patient?_summary=true', 'Patient?_elements=name', 'Observation?_sort=-date&_count=20', 'Patient?_total=accurate&_count=1'])
    assert.equal((await kit.request(query)).type, 'searchset', query);
  const checked = await kit.operation({ name: 'validate', resourceType: 'Patient', method: 'POST', input: { ...patient('x'), gender: 'no' } });
  assert.ok(checked.issue.some(({ severity }) => severity === 'error'));
}

async function onePageOfEveryType() {
  const { rest: [{ resource: types }] } = await kit.capabilityStatement();
  const empty = [];
  for (const { type, interaction } of types) {
    if (!interaction.some(({ code }) => code === 'search-type')) continue;
    const page = await kit.search({ resourceType: type, searchParams: { _count: 200 } });
    if (!page.entry?.length) empty.push(type);
  }
  assert.ok(types.length - empty.length >= 10, `only ${types.length - empty.length} types have records`);
}

// A connection that closes without a word after an answer loses the next request.
async function connectionOutlivesADelete() {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method, path) => new Promise((done, fail) => {
    const request = http.request(`${base}/${path}`, { method, agent, headers: { authorization } }, (response) =>
      response.resume().on('end', () => done({ status: response.statusCode, reused: request.reusedSocket })));
    request.on('error', fail).end();
  });
  assert.equal((await send('DELETE', 'Patient/nobody')).status, 204);
  await sleep(100);
  assert.ok((await send('GET', 'metadata')).reused);
  agent.destroy();
}

function judgesSeeFaults() {
  const faulty = [{ ...patient('x'), gender: 3 }, { ...patient('x'), nope: 1 }, { resourceType: 'Observation', status: 'final' }];
  for (const resource of faulty)
    for (const name of ['medplum', 'lantana'])
      assert.ok(judge(resource).some((line) => line.startsWith(name)), `${name} takes ${JSON.stringify(resource)}`);
  assert.deepEqual(judge(patient('x')), []);
}

// Every error is listed: one line for each kind of it, with an example.
function everyAnswerIsValid() {
  const wrong = new Map();
  const seen = new Set();
  for (const { request, status, body } of recorder.answers) {
    const answer = body ? JSON.parse(body) : undefined;
    assert.ok(answer || status === 204, `${request} answered ${status} without a body`);
    for (const resource of answer ? [answer, ...(answer.entry ?? []).flatMap((entry) => entry.resource ?? [])] : []) {
      const text = JSON.stringify(resource);
      if (seen.has(text)) continue;
      seen.add(text);
      for (const line of judge(resource)) {
        const kind = `${resource.resourceType}: ${line.replace(/\[\d+\]/g, '[]')}`;
        const { count = 0, example } = wrong.get(kind) ?? {};
        wrong.set(kind, { count: count + 1, example: example ?? `${resource.id} in the answer to ${request}` });
      }
    }
  }
  console.log(`# ${recorder.answers.length} answers, ${seen.size} resources`);
  for (const [kind, { count, example }] of wrong) console.log(`# ${count} x ${kind} (${example})`);
  assert.ok(seen.size > 100, 'hardly anything was judged');
  assert.equal(wrong.size, 0, 'the errors above');
}

const tests = Object.entries(strangers).flatMap(([name, stranger]) =>
  Object.entries(cases).map(([title, run]) => [`${name} ${title}`, () => run(stranger, `Stranger-${name}`)]));
tests.push(['the connection outlives a delete', connectionOutlivesADelete],
  ['further questions are answered', furtherQuestionsAreAnswered],
  ['one page of every type is searched', onePageOfEveryType], ['the validators see faults', judgesSeeFaults],
  ['everything the server returned is valid', everyAnswerIsValid]);
console.log(`1..${tests.length}`);
for (const [number, [title, run]] of tests.entries()) {
  try {
    await run();
    console.log(`ok ${number + 1} - ${title}`);
  } catch (error) {
    console.log(`not ok ${number + 1} - ${title}`);
    console.log(String(error.stack ?? error).replace(/^/gm, '# '));
  }
}
recorder.close();
process.exit(0);
