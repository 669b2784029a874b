/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define CHART_TYPE_FEATURE (chart_feature_get_type ())
G_DECLARE_FINAL_TYPE (ChartFeature, chart_feature, CHART, FEATURE, WorkspaceFeature)

G_END_DECLS
