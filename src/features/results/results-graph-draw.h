/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "results-plot.h"

G_BEGIN_DECLS

/* What one drawing of a ResultsPlot needs to know; @widget, @plot and @medicines are given. */
typedef struct
{
  GtkWidget *widget;
  const ResultsPlot *plot;
  gboolean medicines;

  float left, right, foot; /* of the drawn area; @foot: where the lanes end */
  float lane_height;
  gboolean dark;
  GdkRGBA text, dim, grid, band, flag, ground;
} ResultsDrawing;

int results_drawing_get_foot (const ResultsPlot *plot, gboolean medicines);
void results_drawing_measure (ResultsDrawing *self);
void results_drawing_place (
    const ResultsDrawing *self, guint lane, const CareTrendPoint *point, float *x, float *y);
void results_drawing_draw (ResultsDrawing *self, GtkSnapshot *snapshot);

G_END_DECLS
