/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-controller.h"
#include "workspace-feature.h"

G_BEGIN_DECLS

#define VISIT_TYPE_FEATURE (visit_feature_get_type ())
G_DECLARE_FINAL_TYPE (VisitFeature, visit_feature, VISIT, FEATURE, WorkspaceFeature)

G_END_DECLS
