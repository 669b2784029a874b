/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

#include "check-run.h"

G_BEGIN_DECLS

#define CHECK_TYPE_FEATURE (check_feature_get_type ())
G_DECLARE_FINAL_TYPE (CheckFeature, check_feature, CHECK, FEATURE, WorkspaceFeature)

G_END_DECLS
