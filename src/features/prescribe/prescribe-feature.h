/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-content.h"
#include "workspace-feature.h"

G_BEGIN_DECLS

#define PRESCRIBE_TYPE_FEATURE (prescribe_feature_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeFeature, prescribe_feature, PRESCRIBE, FEATURE, WorkspaceFeature)

G_END_DECLS
