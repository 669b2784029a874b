/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

typedef enum
{
  CLINICAL_FOUND,
  CLINICAL_NOT_FOUND,
  CLINICAL_NOT_CHECKED,
} ClinicalAnswer;

/* What one check says. The sentence and its scope always stand together: an answer without its
 * scope would look like more than it is. */
struct _ClinicalFinding
{
  char *check; /* "allergy", "duplicate" or "interaction" */
  ClinicalAnswer answer;
  char *severity; /* "high", "moderate" or "low"; NULL unless found */
  char *sentence;
  char *scope;
  char *evidence; /* reference of the datum that caused it; NULL where there is none */
};

ClinicalFinding *clinical_finding_new (const char *check,
                                       ClinicalAnswer answer,
                                       const char *severity,
                                       const char *evidence);
ClinicalFinding *clinical_finding_copy (const ClinicalFinding *self);
void clinical_finding_free (ClinicalFinding *self);
char *clinical_finding_dup_key (const ClinicalFinding *self);
gboolean clinical_finding_needs_reason (const ClinicalFinding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalFinding, clinical_finding_free)

G_END_DECLS
