/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-row.h"
#include "care-types.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

typedef enum
{
  CARE_LIST_PROBLEMS,
  CARE_LIST_ALLERGIES,
  CARE_LIST_MEDICINES,
  CARE_LIST_VITALS, /* what is critical and not answered first, then by name */
  CARE_LIST_RESULTS,
  CARE_LIST_IMMUNIZATIONS,
  CARE_LIST_VISITS,
  CARE_LIST_DOCUMENTS,
  CARE_LIST_PRESCRIPTIONS,
  CARE_LIST_ALERTS,   /* those of safety first */
  CARE_LIST_GOALS,    /* newest first */
  CARE_LIST_TEAM,     /* who cares for the patient; CARE_ROW_CODE is how to reach them */
  CARE_LIST_TASKS,    /* that are open, the urgent first */
  CARE_LIST_BOOKINGS, /* visits to come, the next first */
} CareList;
#define CARE_N_LISTS (CARE_LIST_BOOKINGS + 1)

/* The group of an entry that says that there is nothing: no known allergy, no problem. */
#define CARE_GROUP_NONE_KNOWN "None known"
/* Of a reading: critical, and nobody has answered it; that somebody was asked to look at, or that
 * changed since; that nobody has looked at. */
#define CARE_GROUP_CRITICAL "Critical"
#define CARE_GROUP_WAITING  "Waiting"
#define CARE_GROUP_UNREAD   "Unread"
/* Of who cares for the patient. */
#define CARE_GROUP_TEAM "Care team"
/* CARE_ROW_CODE of an alert that concerns safety. */
#define CARE_ALERT_SAFETY "safety"

/* What is known of the patient's allergies: three states that never look the same. */
typedef enum
{
  CARE_ALLERGIES_NOT_RECORDED,
  CARE_ALLERGIES_NONE_KNOWN,
  CARE_ALLERGIES_LISTED,
} CareAllergyState;

/* One reading of a series. Points are joined only where code and unit are the same. */
typedef struct
{
  gint64 time_us;
  double value;
  char literal[24]; /* as written */
  char unit[24];
  double low, high; /* of the range it came with; NAN where that side is open */
  gboolean has_range;
  char flag[4];        /* "H", "L", "HH", "LL", "A"… or empty */
  gboolean comparable; /* same unit as the newest point, or converted to it */
  gboolean converted;  /* value, low and high were converted for the eye */
  gboolean not_final;
  char shown[24]; /* the value's digits in the unit of the series; empty: as written */
} CareTrendPoint;

/* A patient's chart as it was at one moment, ready to show. Immutable, may cross threads. */
#define CARE_TYPE_SUMMARY (care_summary_get_type ())
G_DECLARE_FINAL_TYPE (CareSummary, care_summary, CARE, SUMMARY, GObject)

CareSummary *care_summary_load (StoreConnection *connection,
                                const char *patient_id,
                                BaseClock *clock,
                                GError **error);
void care_summary_load_async (StoreDatabase *store,
                              const char *patient_id,
                              BaseClock *clock,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
CareSummary *care_summary_load_finish (GAsyncResult *result, GError **error);

const char *care_summary_get_patient_id (CareSummary *self);
const char *care_summary_get_name (CareSummary *self);
const char *care_summary_get_birth_date (CareSummary *self);
const char *care_summary_get_age (CareSummary *self);
const char *care_summary_get_sex (CareSummary *self);
const char *care_summary_get_identifier (CareSummary *self);
const char *care_summary_get_allergies_line (CareSummary *self);
CareAllergyState care_summary_get_allergy_state (CareSummary *self);
const char *care_summary_get_problems_line (CareSummary *self);
const char *care_summary_get_medicines_line (CareSummary *self);
const char *care_summary_get_reconciled_line (CareSummary *self);
gboolean care_summary_has_problems_recorded (CareSummary *self);
const char *care_summary_get_deceased (CareSummary *self);
const char *care_summary_get_as_of (CareSummary *self);
const char *care_summary_get_speakers (CareSummary *self);
const char *care_summary_get_photo (CareSummary *self);
GListModel *care_summary_get_list (CareSummary *self, CareList which);
GArray *care_summary_get_trend (CareSummary *self, const char *code);
gboolean care_summary_is_withheld (CareSummary *self);

/* Whether something carries a modifier that Bedside does not know: then none of it is shown or
 * believed. */
gboolean care_chart_is_opaque (FhirResource *resource);

G_END_DECLS
