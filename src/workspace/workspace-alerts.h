/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-summary.h"

G_BEGIN_DECLS

/* The alerts of a patient in the banner: the gravest two as chips, the others behind one more. Not
 * there while there are none. */
#define WORKSPACE_TYPE_ALERTS (workspace_alerts_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceAlerts, workspace_alerts, WORKSPACE, ALERTS, AdwBin)

void workspace_alerts_show (WorkspaceAlerts *self, CareSummary *summary);

G_END_DECLS
