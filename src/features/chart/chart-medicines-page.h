/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-chart-page.h"

G_BEGIN_DECLS

#define CHART_TYPE_MEDICINES_PAGE (chart_medicines_page_get_type ())
G_DECLARE_FINAL_TYPE (
    ChartMedicinesPage, chart_medicines_page, CHART, MEDICINES_PAGE, WorkspaceChartPage)

G_END_DECLS
