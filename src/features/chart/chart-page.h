/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

#define CHART_TYPE_PAGE (chart_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChartPage, chart_page, CHART, PAGE, WorkspacePage)

/**
 * ChartPageClass:
 * @show: shows a summary; called once at first and after each change of the patient's record
 * @show_as_of: shows how old that is, "as of 14:02 (3 h ago)", or NULL while it is fresh (H6)
 */
struct _ChartPageClass
{
  WorkspacePageClass parent_class;

  void (*show) (ChartPage *self, CareSummary *summary);
  void (*show_as_of) (ChartPage *self, const char *as_of);
};

void chart_page_show_note (GtkLabel *label, const char *text);
GtkWidget *chart_page_new (GType type, WorkspacePatient *patient);
WorkspacePatient *chart_page_get_patient (ChartPage *self);
GTimeZone *chart_page_get_zone (ChartPage *self);

G_END_DECLS
