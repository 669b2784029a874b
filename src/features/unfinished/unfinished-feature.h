/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define UNFINISHED_TYPE_FEATURE (unfinished_feature_get_type ())
G_DECLARE_FINAL_TYPE (UnfinishedFeature, unfinished_feature, UNFINISHED, FEATURE, WorkspaceFeature)

G_END_DECLS
