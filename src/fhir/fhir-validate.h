/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* After so many issues the rest is counted only. */
#define FHIR_VALIDATE_MAX_ISSUES 100u

typedef struct
{
  const char *severity; /* "error", "information" */
  const char *code;     /* of http://hl7.org/fhir/R4/valueset-issue-type.html */
  char *expression;     /* "Patient.name[0].family" */
  char *text;
} FhirIssue;

GPtrArray *fhir_validate (FhirResource *resource);
gboolean fhir_primitive_check (const FhirElement *value, const char *type);
void fhir_issue_free (FhirIssue *self);

G_END_DECLS
