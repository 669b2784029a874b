/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "results-plot.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_GRAPH (results_graph_get_type ())
G_DECLARE_FINAL_TYPE (ResultsGraph, results_graph, RESULTS, GRAPH, GtkWidget)

void results_graph_take_plot (ResultsGraph *self, ResultsPlot *plot);
ResultsPlot *results_graph_get_plot (ResultsGraph *self);
void results_graph_plot_changed (ResultsGraph *self);
void results_graph_set_medicines (ResultsGraph *self, gboolean shown);
void results_graph_pan (ResultsGraph *self, double part);
void results_graph_zoom (ResultsGraph *self, double factor);
void results_graph_show_all (ResultsGraph *self);

G_END_DECLS
