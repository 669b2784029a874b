/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define PRINT_TYPE_FEATURE (print_feature_get_type ())
G_DECLARE_FINAL_TYPE (PrintFeature, print_feature, PRINT, FEATURE, WorkspaceFeature)

G_END_DECLS
