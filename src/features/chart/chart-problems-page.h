/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chart-entry-page.h"

G_BEGIN_DECLS

#define CHART_TYPE_PROBLEMS_PAGE (chart_problems_page_get_type ())
G_DECLARE_FINAL_TYPE (ChartProblemsPage, chart_problems_page, CHART, PROBLEMS_PAGE, ChartEntryPage)

G_END_DECLS
