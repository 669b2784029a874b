/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* Open tasks, of the clinic or of one patient, kept up to date. Signal "changed" after each read
 * that brought something else; "red-arrived" when a red one came that was not there before. */
#define TASKS_TYPE_LIST (tasks_list_get_type ())
G_DECLARE_FINAL_TYPE (TasksList, tasks_list, TASKS, LIST, AdwBin)

void tasks_list_start (TasksList *self, WorkspaceSession *session, const char *patient);
void tasks_list_select (TasksList *self, const char *reference);
void tasks_list_answer (TasksList *self);
guint tasks_list_get_count (TasksList *self);
void tasks_list_resume (TasksList *self, const char *draft);
char *tasks_list_dup_counts (TasksList *self);

G_END_DECLS
