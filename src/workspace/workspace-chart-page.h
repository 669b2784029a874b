/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_CHART_PAGE (workspace_chart_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (
    WorkspaceChartPage, workspace_chart_page, WORKSPACE, CHART_PAGE, WorkspacePage)

/**
 * WorkspaceChartPageClass:
 * @show: shows a summary; called once at first and after each change of the patient's record
 * @show_as_of: shows how old that is, "as of 14:02 (3 h ago)", or NULL while it is fresh (H6)
 */
struct _WorkspaceChartPageClass
{
  WorkspacePageClass parent_class;

  void (*show) (WorkspaceChartPage *self, CareSummary *summary);
  void (*show_as_of) (WorkspaceChartPage *self, const char *as_of);
};

gboolean workspace_chart_page_awaits (WorkspaceChartPage *self, const char *reference);
void workspace_chart_page_show_note (GtkLabel *label, const char *text);
GtkWidget *workspace_chart_page_new (GType type, WorkspacePatient *patient);
WorkspacePatient *workspace_chart_page_get_patient (WorkspaceChartPage *self);
GTimeZone *workspace_chart_page_get_zone (WorkspaceChartPage *self);

G_END_DECLS
