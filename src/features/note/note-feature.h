/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define NOTE_TYPE_FEATURE (note_feature_get_type ())
G_DECLARE_FINAL_TYPE (NoteFeature, note_feature, NOTE, FEATURE, WorkspaceFeature)

G_END_DECLS
