/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-row.h"
#include "care-types.h"

G_BEGIN_DECLS

typedef enum
{
  CARE_TIMELINE_VISIT,
  CARE_TIMELINE_RESULT,
  CARE_TIMELINE_PROBLEM,
  CARE_TIMELINE_ALLERGY,
  CARE_TIMELINE_MEDICINE,
  CARE_TIMELINE_DOCUMENT,
  CARE_TIMELINE_MESSAGE,
  CARE_TIMELINE_IMMUNIZATION,
  CARE_TIMELINE_PROCEDURE,
  CARE_TIMELINE_PLAN, /* orders, appointments, goals, tasks: what was to be done */
  CARE_TIMELINE_OTHER,
} CareTimelineKind;
#define CARE_N_TIMELINE_KINDS (CARE_TIMELINE_OTHER + 1)

/* Something that happened. Texts belong to the timeline; those that are absent are NULL. */
typedef struct
{
  const char *title, *subtitle, *detail, *value, *flag, *severity, *date;
  const char *reference;
  const char *folded; /* all its words, as fhir_fold () writes them */
  gint64 time_us;     /* G_MININT64: nobody recorded when */
  int month;          /* year * 100 + month; month 0: only the year is known; 0: not recorded */
  CareTimelineKind kind;
} CareTimelineEvent;

/* Everything that happened to one patient, newest first. Immutable, may cross threads. */
#define CARE_TYPE_TIMELINE (care_timeline_get_type ())
G_DECLARE_FINAL_TYPE (CareTimeline, care_timeline, CARE, TIMELINE, GObject)

CareTimeline *care_timeline_load (StoreConnection *connection,
                                  const char *patient_id,
                                  BaseClock *clock,
                                  GError **error);
void care_timeline_load_async (StoreDatabase *store,
                               const char *patient_id,
                               BaseClock *clock,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
CareTimeline *care_timeline_load_finish (GAsyncResult *result, GError **error);

guint care_timeline_get_n_events (CareTimeline *self);
const CareTimelineEvent *care_timeline_get_event (CareTimeline *self, guint position);
CareRow *care_timeline_dup_row (CareTimeline *self, guint position);
gboolean care_timeline_is_same (CareTimeline *self, CareTimeline *other);
guint care_timeline_get_n_errors (CareTimeline *self);
gboolean care_timeline_event_has_words (const CareTimelineEvent *event, const char *const *words);
char *care_timeline_dup_month (int month);
const char *care_timeline_kind_get_title (CareTimelineKind kind);

G_END_DECLS
