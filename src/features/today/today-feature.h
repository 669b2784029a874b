/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define TODAY_TYPE_FEATURE (today_feature_get_type ())
G_DECLARE_FINAL_TYPE (TodayFeature, today_feature, TODAY, FEATURE, WorkspaceFeature)

G_END_DECLS
