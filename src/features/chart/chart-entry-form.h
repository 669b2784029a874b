/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-entry.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* The form of one kind of entry. Signal "saved" with the entry's reference. */
#define CHART_TYPE_ENTRY_FORM (chart_entry_form_get_type ())
G_DECLARE_FINAL_TYPE (ChartEntryForm, chart_entry_form, CHART, ENTRY_FORM, AdwNavigationPage)

AdwNavigationPage *
chart_entry_form_new (WorkspacePatient *patient, CareEntryKind kind, CareEntry *entry);
void chart_entry_form_keep (ChartEntryForm *self);
void chart_entry_form_save (ChartEntryForm *self);
void chart_entry_form_set_inline (ChartEntryForm *self);
void chart_entry_form_start (ChartEntryForm *self);

G_END_DECLS
