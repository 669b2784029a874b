// SPDX-License-Identifier: GPL-3.0-or-later
// A poor FHIR server of strangers: @asymmetrik/node-fhir-server-core with the least that one has to write for it. It answers 201
// and 200 without a body, a Location that is relative to nowhere, an ETag that is no ETag, and 404 in plain text; it takes If-Match
// and does not look at it, ignores every filter, and has no transaction, conditional create or history.
import { randomUUID } from 'node:crypto';
import server from '@asymmetrik/node-fhir-server-core';
import express from 'express';
import { serve, tail } from './peer-server.mjs';

const VERSION = '4_0_1';
const TYPES = ['Patient', 'Practitioner', 'Appointment', 'Encounter', 'Task', 'AllergyIntolerance', 'Condition', 'MedicationRequest',
  'Observation', 'DocumentReference', 'Provenance'];

const store = new Map(TYPES.map((type) => [type, new Map()]));

function makeService(type) {
  const records = store.get(type);
  const put = (id, resource) => {
    const version = String(Number(records.get(id)?.meta.versionId ?? 0) + 1);
    const created = !records.has(id);
    records.set(id, { ...resource, id, meta: { ...resource.meta, versionId: version, lastUpdated: new Date().toISOString() } });
    tail.push({ verb: created ? 'create' : 'update', type, id });
    return { id, created, resource_version: version };
  };
  return {
    search: async () => ({ resourceType: 'Bundle', type: 'searchset', total: records.size,
      entry: [...records.values()].map((resource) => ({ resource })) }),
    searchById: async ({ id }) => records.get(id),
    create: async (_, { req }) => put(randomUUID(), req.body),
    update: async ({ id }, { req }) => put(id, req.body),
    remove: async ({ id }) => {
      if (records.delete(id)) tail.push({ verb: 'delete', type, id });
      return {};
    },
  };
}

server.loggers.container.add('default', { silent: true, transports: [] });
const app = express();
server.initialize({
  profiles: Object.fromEntries(TYPES.map((type) => [type, { service: makeService(type), versions: [VERSION] }])),
}, app);
serve(`/${VERSION}`, app, () => store.forEach((records) => records.clear()));
