/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define SIGN_TYPE_FEATURE (sign_feature_get_type ())
G_DECLARE_FINAL_TYPE (SignFeature, sign_feature, SIGN, FEATURE, WorkspaceFeature)

G_END_DECLS
