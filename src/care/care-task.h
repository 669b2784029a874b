/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-row.h"

G_BEGIN_DECLS

/* A task for the clinic. Codes are of CARE_SYSTEM_TASK. */
gboolean care_task_create (StoreConnection *connection,
                           CareContext *context,
                           const char *code,
                           const char *description,
                           const char *patient_id,
                           const char *focus_reference,
                           const char *priority,
                           const char *due_date,
                           char **task_id,
                           GError **error);
gboolean care_task_complete (StoreConnection *connection,
                             CareContext *context,
                             const char *task_id,
                             GError **error);
GListStore *care_task_list (StoreConnection *connection,
                            const char *patient_id,
                            BaseClock *clock,
                            GError **error);
void care_task_create_async (CareContext *context,
                             const char *code,
                             const char *description,
                             const char *patient_id,
                             const char *focus_reference,
                             const char *priority,
                             const char *due_date,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
char *care_task_create_finish (GAsyncResult *result, GError **error);
void care_task_complete_async (CareContext *context,
                               const char *task_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean care_task_complete_finish (GAsyncResult *result, GError **error);
void care_task_list_async (CareContext *context,
                           const char *patient_id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GListStore *care_task_list_finish (GAsyncResult *result, GError **error);

G_END_DECLS
