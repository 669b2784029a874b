/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* Closing a task. A red one needs @outcome, whoever asks (H18). */
gboolean tasks_write_complete (StoreConnection *connection,
                               CareContext *context,
                               const char *task_id,
                               const char *outcome,
                               GError **error);
gboolean tasks_write_reopen (StoreConnection *connection,
                             CareContext *context,
                             const char *task_id,
                             GError **error);
char *tasks_write_draft_id (CareContext *context, const char *kind, const char *about);
void tasks_write_complete_async (CareContext *context,
                                 const char *task_id,
                                 const char *outcome,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
void tasks_write_reopen_async (CareContext *context,
                               const char *task_id,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/* What is being typed in a dialog of tasks, kept until it is done or emptied. */
void tasks_write_draft_async (CareContext *context,
                              const char *draft_id,
                              const char *patient,
                              const char *text,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void tasks_write_load_draft_async (CareContext *context,
                                   const char *draft_id,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean tasks_write_finish (GAsyncResult *result, GError **error);
char *tasks_write_load_draft_finish (GAsyncResult *result, GError **error);

G_END_DECLS
