/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-result.h"
#include "care-types.h"
#include "clinical-critical.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What reading one result needs to know of its patient. */
typedef struct
{
  StoreConnection *connection;
  GTimeZone *zone;
  const char *birth_date; /* NULL: not known */
} CareResultChart;

/* How one value is judged. */
typedef struct
{
  const char *flag; /* "H", "HH"…; NULL: in range, or nothing to judge by */
  gboolean is_own;  /* Bedside compared it; the laboratory did not say */
  ClinicalCritical answer;
  ClinicalCriticalLimit limit; /* that was asked */
} CareJudgement;

void care_judge (CareJudgement *self,
                 const FhirElement *holder,
                 const char *birth_date,
                 const char *when);
void
care_judge_observation (CareJudgement *self, FhirResource *observation, const char *birth_date);
gboolean care_judge_is_critical (FhirResource *observation, const char *birth_date);
gboolean care_judgement_is_critical (const CareJudgement *self);
char *care_judgement_dup_critical (const CareJudgement *self);

const char *care_result_get_replaced (const FhirElement *extension);
CareResult *care_result_read (const CareResultChart *chart, FhirResource *observation);
CareResult *care_result_read_report (const CareResultChart *chart, FhirResource *report);

G_END_DECLS
