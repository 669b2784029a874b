/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-entry.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* One entry of the record: read, change, what may become of it, its versions. Signal "done" with a
 * sentence and the entry's reference after each change. */
#define CHART_TYPE_ENTRY_DIALOG (chart_entry_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChartEntryDialog, chart_entry_dialog, CHART, ENTRY_DIALOG, AdwDialog)

AdwDialog *chart_entry_dialog_new (WorkspacePatient *patient, const char *reference);
AdwDialog *chart_entry_dialog_new_change (WorkspacePatient *patient, const char *reference);
AdwDialog *chart_entry_dialog_new_add (WorkspacePatient *patient, CareEntryKind kind);

G_END_DECLS
