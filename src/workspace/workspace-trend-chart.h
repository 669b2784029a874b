/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-trend.h"
#include "workspace-types.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_TREND_CHART (workspace_trend_chart_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceTrendChart, workspace_trend_chart, WORKSPACE, TREND_CHART, GtkWidget)

GtkWidget *workspace_trend_chart_new (void);
void workspace_trend_chart_set_points (WorkspaceTrendChart *self,
                                       GArray *points,
                                       const char *title,
                                       GTimeZone *zone);
void workspace_trend_chart_set_compact (WorkspaceTrendChart *self, gboolean compact);
void workspace_trend_chart_show_in (WorkspaceTrendChart **chart,
                                    GtkWidget *after,
                                    GArray *points,
                                    const char *name,
                                    GTimeZone *zone);

G_END_DECLS
