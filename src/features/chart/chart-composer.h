/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-entry.h"
#include "workspace-composer.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* The form of a new entry of the record under a note. */
#define CHART_TYPE_COMPOSER (chart_composer_get_type ())
G_DECLARE_FINAL_TYPE (ChartComposer, chart_composer, CHART, COMPOSER, WorkspaceComposer)

WorkspaceComposer *chart_composer_new (WorkspacePatient *patient, CareEntryKind kind);

G_END_DECLS
