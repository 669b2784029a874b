/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-composer.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

#define TASKS_TYPE_COMPOSER (tasks_composer_get_type ())
G_DECLARE_FINAL_TYPE (TasksComposer, tasks_composer, TASKS, COMPOSER, WorkspaceComposer)

WorkspaceComposer *tasks_composer_new (WorkspacePatient *patient);

G_END_DECLS
