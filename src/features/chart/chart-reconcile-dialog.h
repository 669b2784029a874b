/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* Going through the medicines one by one. Signal "signed" with the reference that undoes it. */
#define CHART_TYPE_RECONCILE_DIALOG (chart_reconcile_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    ChartReconcileDialog, chart_reconcile_dialog, CHART, RECONCILE_DIALOG, AdwDialog)

AdwDialog *chart_reconcile_dialog_new (WorkspacePatient *patient);

G_END_DECLS
