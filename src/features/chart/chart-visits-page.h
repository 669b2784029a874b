/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-chart-page.h"

G_BEGIN_DECLS

#define CHART_TYPE_VISITS_PAGE (chart_visits_page_get_type ())
G_DECLARE_FINAL_TYPE (ChartVisitsPage, chart_visits_page, CHART, VISITS_PAGE, WorkspaceChartPage)

G_END_DECLS
