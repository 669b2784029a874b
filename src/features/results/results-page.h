/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-chart-page.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_PAGE (results_page_get_type ())
G_DECLARE_FINAL_TYPE (ResultsPage, results_page, RESULTS, PAGE, WorkspaceChartPage)

G_END_DECLS
