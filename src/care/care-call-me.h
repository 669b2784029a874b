/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* A patient who cannot get into the visit, or through it, asks to be called: a Task of
 * CARE_SYSTEM_TASK that the hub makes. It is taken, and ends with what came of it. */
#define CARE_TASK_CALL_ME      "call-me"
#define CARE_CALL_ME_OUTCOME   "https://bedside.health/fhir/call-me-outcome"
#define CARE_CALL_ME_INPUT     "https://bedside.health/fhir/call-me-input"
#define CARE_CALL_ME_REACHED   "reached"
#define CARE_CALL_ME_NO_ANSWER "no-answer"
#define CARE_CALL_ME_WRONG     "wrong-number"

/* One that is open. */
typedef struct
{
  char *task; /* id */
  char *patient_id, *name;
  char *number;   /* as the patient typed it */
  char *step;     /* where they were: "verify", "devices"…; NULL where it is not known */
  gboolean known; /* the date of birth was typed */
  gboolean taken; /* somebody is about to call */
  char *taken_by; /* NULL where nobody, or it is not said */
  gint64 asked;   /* µs since 1970 */
} CareCallMe;

void care_call_me_free (CareCallMe *self);
const char *care_call_me_get_input (FhirResource *task, const char *code);
GPtrArray *care_call_me_list (StoreConnection *connection, GError **error);
gboolean care_call_me_take (StoreConnection *connection,
                            CareContext *context,
                            const char *task_id,
                            GError **error);
gboolean care_call_me_end (StoreConnection *connection,
                           CareContext *context,
                           const char *task_id,
                           const char *outcome,
                           GError **error);

/* From the main thread. */
void care_call_me_list_async (CareContext *context,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *care_call_me_list_finish (GAsyncResult *result, GError **error);
/* @outcome: (nullable): NULL takes it */
void care_call_me_end_async (CareContext *context,
                             const char *task_id,
                             const char *outcome,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean care_call_me_end_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareCallMe, care_call_me_free)

G_END_DECLS
