/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define DOCUMENTS_TYPE_FEATURE (documents_feature_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsFeature, documents_feature, DOCUMENTS, FEATURE, WorkspaceFeature)

G_END_DECLS
