/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define TIMELINE_TYPE_FEATURE (timeline_feature_get_type ())
G_DECLARE_FINAL_TYPE (TimelineFeature, timeline_feature, TIMELINE, FEATURE, WorkspaceFeature)

G_END_DECLS
