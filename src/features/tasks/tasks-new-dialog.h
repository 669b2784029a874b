/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

#define TASKS_TYPE_NEW_DIALOG (tasks_new_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TasksNewDialog, tasks_new_dialog, TASKS, NEW_DIALOG, AdwDialog)

AdwDialog *tasks_new_dialog_new (WorkspacePatient *patient);

G_END_DECLS
