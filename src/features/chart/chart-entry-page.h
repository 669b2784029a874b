/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-chart-page.h"

G_BEGIN_DECLS

/* A page of the chart on which entries of the record are added, opened, changed and undone. Its
 * child is an AdwToastOverlay. */
#define CHART_TYPE_ENTRY_PAGE (chart_entry_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChartEntryPage, chart_entry_page, CHART, ENTRY_PAGE, WorkspaceChartPage)

struct _ChartEntryPageClass
{
  WorkspaceChartPageClass parent_class;
};

void chart_entry_page_open (ChartEntryPage *self, const char *reference);
void chart_entry_page_say (ChartEntryPage *self, const char *sentence);

G_END_DECLS
