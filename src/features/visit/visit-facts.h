/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit.h"

G_BEGIN_DECLS

/* What an Encounter says about its visit, read out once. */
typedef struct
{
  CareVisitState state;
  char *place;    /* where the patient says they are now, or NULL */
  char *number;   /* to call if cut off, or NULL */
  char *identity; /* link-only, date-of-birth-typed, confirmed, or NULL */
  char *reason;
  char *intake;    /* what a nurse did, and who that was; NULL: nothing */
  char *clinician; /* reference of who is in the visit: came last and did not leave; or NULL */
  char *clinician_name;
  char *speakerphone;   /* the interpreter on a telephone beside the clinician, or NULL */
  char *device_test;    /* in words, or NULL where none was made */
  char *device_level;   /* ok, amber, failed or unknown */
  gboolean wants_phone; /* the patient refused video, before the visit began */
  gint64 phone_start;   /* of the last call by phone, µs since 1970; 0: there was none */
  gint64 phone_end;     /* 0: it goes on */
  gint64 phone_since;   /* since when they are on the phone; 0: they are not */
  GPtrArray *course;    /* of CareVisitMoment: what happened so far */
  gboolean is_eventful; /* others took part, the call was lost, or a picture of it was kept */
  gint64 waiting_since; /* µs since 1970, 0 unknown */
} VisitFacts;

VisitFacts *visit_facts_new (FhirResource *encounter);
void visit_facts_free (VisitFacts *self);
void visit_facts_load_async (StoreDatabase *store,
                             const char *encounter_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
VisitFacts *visit_facts_load_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisitFacts, visit_facts_free)

G_END_DECLS
