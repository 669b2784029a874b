/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define TASKS_TYPE_FEATURE (tasks_feature_get_type ())
G_DECLARE_FINAL_TYPE (TasksFeature, tasks_feature, TASKS, FEATURE, WorkspaceFeature)

G_END_DECLS
