/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define OUTBOX_TYPE_FEATURE (outbox_feature_get_type ())
G_DECLARE_FINAL_TYPE (OutboxFeature, outbox_feature, OUTBOX, FEATURE, WorkspaceFeature)

G_END_DECLS
