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
  char *check; /* "allergy", "interaction", "duplicate", "dose", "renal", "pregnancy", "age",
                  "condition", "never-event"; "content" where nothing could be checked */
  ClinicalAnswer answer;
  char *severity; /* "high", "moderate" or "low"; NULL unless found */
  char *sentence;
  char *scope;
  char *evidence;   /* reference of the datum that caused it; NULL where there is none */
  char *rule;       /* id of the row that it rests on; NULL where there is none */
  char *source;     /* where the row is from, "unverified" where nobody had a page open; or NULL */
  char *why;        /* of NOT_CHECKED, a few words: "weight too old"; else NULL */
  char *facts;      /* dose and dates that it rests on, for clinical_finding_dup_alert_key () */
  char *version;    /* of the content it rests on */
  char *overridden; /* (nullable): when and why the same alert was overridden before */
  GPtrArray *subjects; /* char *: the ingredients that it is about */
  guint order;         /* which of the orders it is about */
  gboolean blocks;     /* cannot be signed, whatever the reason */
};

ClinicalFinding *clinical_finding_new (const char *check,
                                       ClinicalAnswer answer,
                                       const char *severity,
                                       const char *evidence);
ClinicalFinding *clinical_finding_copy (const ClinicalFinding *self);
void clinical_finding_free (ClinicalFinding *self);
char *clinical_finding_dup_key (const ClinicalFinding *self);
char *clinical_finding_dup_alert_key (const ClinicalFinding *self);
void clinical_finding_add_subject (ClinicalFinding *self, const char *name);
gboolean clinical_finding_needs_reason (const ClinicalFinding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalFinding, clinical_finding_free)

G_END_DECLS
