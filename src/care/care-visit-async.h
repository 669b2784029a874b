/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-visit-state.h"

G_BEGIN_DECLS

/* The commands of a visit from the main thread. */
void care_visit_admit_async (CareContext *context,
                             const char *encounter_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void care_visit_hold_async (CareContext *context,
                            const char *encounter_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
void care_visit_confirm_identity_async (CareContext *context,
                                        const char *encounter_id,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
void care_visit_hang_up_async (CareContext *context,
                               const char *encounter_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void care_visit_mark_interrupted_async (CareContext *context,
                                        const char *encounter_id,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
void care_visit_end_async (CareContext *context,
                           const char *encounter_id,
                           CareOutcome outcome,
                           const char *follow_up_date,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
void care_visit_raise_interrupted_async (CareContext *context,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
void care_visit_ready_async (CareContext *context,
                             const char *encounter_id,
                             const char *intake,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void care_visit_tell_late_async (CareContext *context,
                                 int minutes,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
guint care_visit_tell_late_finish (GAsyncResult *result, GError **error);
gboolean care_visit_command_finish (GAsyncResult *result, GError **error);

G_END_DECLS
