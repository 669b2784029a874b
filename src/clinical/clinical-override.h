/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-finding.h"

G_BEGIN_DECLS

/* The same alert, once overridden with a coded reason, stays in the line for so long (H13). */
#define CLINICAL_OVERRIDE_DAYS 90

#define CLINICAL_OVERRIDE_SYSTEM "http://terminology.hl7.org/CodeSystem/v3-ActCode"

/* A reason to choose. */
typedef struct
{
  const char *id;      /* "benefit-outweighs-risk" */
  const char *code;    /* of CLINICAL_OVERRIDE_SYSTEM */
  const char *display; /* as that system words it */
  const char *label;   /* for people; to be translated */
} ClinicalOverrideReason;

/* An override of the past. */
typedef struct
{
  char *key;  /* clinical_finding_dup_alert_key () */
  char *code; /* of CLINICAL_OVERRIDE_SYSTEM, or NULL */
  char *text; /* as written */
  char *date; /* "2026-11-19" */
} ClinicalOverride;

const ClinicalOverrideReason *clinical_override_list_reasons (gsize *n);
const ClinicalOverrideReason *clinical_override_parse (const char *reason, char **text);
ClinicalOverride *
clinical_override_new (const char *key, const char *code, const char *text, const char *date);
void clinical_override_free (ClinicalOverride *self);
void clinical_override_apply (GPtrArray *findings, GPtrArray *overrides, const char *today);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalOverride, clinical_override_free)

G_END_DECLS
