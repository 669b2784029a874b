/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

#define PATIENTS_TYPE_FEATURE (patients_feature_get_type ())
G_DECLARE_FINAL_TYPE (PatientsFeature, patients_feature, PATIENTS, FEATURE, WorkspaceFeature)

G_END_DECLS
