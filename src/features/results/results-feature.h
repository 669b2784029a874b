/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_FEATURE (results_feature_get_type ())
G_DECLARE_FINAL_TYPE (ResultsFeature, results_feature, RESULTS, FEATURE, WorkspaceFeature)

G_END_DECLS
