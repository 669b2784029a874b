/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-builder.h"

G_BEGIN_DECLS

/* Inside a write transaction; each writes resources, journal and audit together. */
gboolean care_visit_phone_begin (StoreConnection *connection,
                                 CareContext *context,
                                 const char *encounter_id,
                                 GError **error);
gboolean care_visit_phone_end (StoreConnection *connection,
                               CareContext *context,
                               const char *encounter_id,
                               GError **error);
gboolean care_visit_phone_correct (StoreConnection *connection,
                                   CareContext *context,
                                   const char *encounter_id,
                                   const char *start,
                                   const char *end,
                                   GError **error);

/* Whether the clinician and the patient are on the phone, and since when: an instant, or NULL. The
 * last call, going on or over: its two instants, NULL where there is none. */
const char *care_visit_phone_get_since (FhirResource *encounter);
const char *care_visit_phone_get_start (FhirResource *encounter);
const char *care_visit_phone_get_end (FhirResource *encounter);
void care_visit_phone_close (FhirBuilder *builder, FhirResource *encounter, const char *now);

void care_visit_phone_begin_async (CareContext *context,
                                   const char *encounter_id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void care_visit_phone_end_async (CareContext *context,
                                 const char *encounter_id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
void care_visit_phone_correct_async (CareContext *context,
                                     const char *encounter_id,
                                     const char *start,
                                     const char *end,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);

G_END_DECLS
