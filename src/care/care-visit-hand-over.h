/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-row.h"
#include "care-visit.h"

G_BEGIN_DECLS

/* One clinician asks another to take a visit over; care_visit_command_finish () ends the commands.
 */
gboolean care_visit_ask_hand_over (StoreConnection *connection,
                                   CareContext *context,
                                   const char *encounter_id,
                                   const char *colleague,
                                   GError **error);
gboolean care_visit_answer_hand_over (StoreConnection *connection,
                                      CareContext *context,
                                      const char *task_id,
                                      gboolean accept,
                                      GError **error);
GListStore *
care_visit_list_hand_overs (StoreConnection *connection, CareContext *context, GError **error);
void care_visit_ask_hand_over_async (CareContext *context,
                                     const char *encounter_id,
                                     const char *colleague,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void care_visit_answer_hand_over_async (CareContext *context,
                                        const char *task_id,
                                        gboolean accept,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
void care_visit_list_hand_overs_async (CareContext *context,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GListStore *care_visit_list_hand_overs_finish (GAsyncResult *result, GError **error);

G_END_DECLS
