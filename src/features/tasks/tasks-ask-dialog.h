/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* What waits for a prescriber's word, to be approved together. Signal: "answered" (sentence, ids):
 * what was done, and the ids of the Tasks with a space between them, for Undo. */
#define TASKS_TYPE_ASK_DIALOG (tasks_ask_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TasksAskDialog, tasks_ask_dialog, TASKS, ASK_DIALOG, AdwDialog)

AdwDialog *tasks_ask_dialog_new (WorkspaceSession *session, const char *patient_id);

/* From a list of tasks, with what came of it said there. */
void tasks_ask_open (GtkWidget *list,
                     AdwToastOverlay *toasts,
                     WorkspaceSession *session,
                     const char *patient_id);
void tasks_ask_undo (AdwToastOverlay *toasts, WorkspaceSession *session, const char *task_ids);

G_END_DECLS
