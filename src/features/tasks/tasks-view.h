/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

#define TASKS_TYPE_VIEW (tasks_view_get_type ())
G_DECLARE_FINAL_TYPE (TasksView, tasks_view, TASKS, VIEW, AdwBin)

GtkWidget *tasks_view_new (WorkspacePatient *patient);

G_END_DECLS
