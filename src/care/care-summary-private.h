/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-results.h"
#include "care-summary.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What the builders of rows share: where to read, and what day it is. */
typedef struct
{
  StoreConnection *connection;
  BaseClock *clock;
  GTimeZone *zone;
  const char *patient_id;
  char *today;
  GPtrArray *journal; /* StoreJournalEntry: what no server has acknowledged */
  GHashTable *asked;  /* (nullable): references of results that somebody was asked to look at */
  const char *mark;   /* (nullable): the decimal mark of who reads it; NULL: that of the locale */
  const char *birth_date; /* (nullable): of the patient, for limits of an age */
  GPtrArray *reviews;     /* (nullable): FhirResource: Tasks to look at a result, open and closed */
  CareResults *results;   /* (nullable): those whose review is known */
} CareChart;

typedef CareRow *(*CareChartMakeRow) (CareChart *chart, FhirResource *resource);

gboolean care_chart_is_error (FhirResource *resource);
gint64 care_chart_time (const char *date);
char *care_chart_concept (FhirResource *resource, const char *path);
gboolean care_chart_is_ours (FhirResource *request);
char *care_chart_find_medicine (CareChart *chart, FhirResource *request);
char *care_chart_medicine (CareChart *chart, FhirResource *request);
CareRow *care_chart_opaque_row (CareChart *chart, FhirResource *resource, const char *date);
CareRow *care_chart_problem (CareChart *chart, FhirResource *resource);
CareRow *care_chart_allergy (CareChart *chart, FhirResource *resource);
gboolean care_chart_problem_is_none_known (FhirResource *resource);
gboolean care_chart_allergy_is_none_known (FhirResource *resource);
gboolean care_chart_allergy_is_active (FhirResource *resource);
char *care_chart_allergy_reaction (FhirResource *resource);
CareRow *care_chart_medication (CareChart *chart, FhirResource *resource);
CareRow *care_chart_prescription (CareChart *chart, FhirResource *resource);
CareRow *care_chart_immunization (CareChart *chart, FhirResource *resource);
CareRow *care_chart_visit (CareChart *chart, FhirResource *resource);
CareRow *care_chart_document (CareChart *chart, FhirResource *resource);
CareRow *care_chart_observation (CareChart *chart, FhirResource *observation);
const char *care_chart_observation_time (FhirResource *observation);
gboolean care_chart_observation_is (FhirResource *observation, const char *category);
gboolean care_chart_read_around (CareChart *chart,
                                 FhirResource *patient,
                                 GListStore **lists,
                                 GError **error);
CareResults *
care_chart_read_reviewed (CareChart *chart, GPtrArray *observations, GPtrArray *wanted);
void care_chart_observations (CareChart *chart,
                              GPtrArray *observations,
                              GListStore *vitals,
                              GListStore *results,
                              GHashTable *trends);

G_END_DECLS
