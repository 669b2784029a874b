/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chart-page.h"

G_BEGIN_DECLS

#define CHART_TYPE_RESULTS_PAGE (chart_results_page_get_type ())
G_DECLARE_FINAL_TYPE (ChartResultsPage, chart_results_page, CHART, RESULTS_PAGE, ChartPage)

G_END_DECLS
