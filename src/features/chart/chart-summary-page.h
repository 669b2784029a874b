/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-chart-page.h"

G_BEGIN_DECLS

#define CHART_TYPE_SUMMARY_PAGE (chart_summary_page_get_type ())
G_DECLARE_FINAL_TYPE (ChartSummaryPage, chart_summary_page, CHART, SUMMARY_PAGE, WorkspaceChartPage)

G_END_DECLS
