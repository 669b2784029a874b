/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-context.h"

#include "tasks-facts.h"

G_BEGIN_DECLS

#define TASKS_TYPE_OUTCOME_DIALOG (tasks_outcome_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TasksOutcomeDialog, tasks_outcome_dialog, TASKS, OUTCOME_DIALOG, AdwDialog)

AdwDialog *tasks_outcome_dialog_new (CareContext *context,
                                     const TasksFacts *facts,
                                     GTimeZone *zone,
                                     gint64 now);

G_END_DECLS
