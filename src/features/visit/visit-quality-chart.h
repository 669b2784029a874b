/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "media-history.h"

G_BEGIN_DECLS

typedef enum
{
  VISIT_FIGURE_LOSS,
  VISIT_FIGURE_ROUND_TRIP,
  VISIT_FIGURE_RATE,
  VISIT_FIGURE_RUNG,
} VisitFigure;

/* One figure over the last five minutes, with its newest value said above it. */
#define VISIT_TYPE_QUALITY_CHART (visit_quality_chart_get_type ())
G_DECLARE_FINAL_TYPE (VisitQualityChart, visit_quality_chart, VISIT, QUALITY_CHART, GtkWidget)

void visit_quality_chart_set_figure (VisitQualityChart *self, VisitFigure figure);
void visit_quality_chart_set_history (VisitQualityChart *self, MediaHistory *history);
char *visit_quality_chart_dup_description (VisitQualityChart *self);

G_END_DECLS
