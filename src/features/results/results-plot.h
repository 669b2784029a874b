/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-results.h"
#include "workspace-trend.h"

G_BEGIN_DECLS

/* One kind of reading over time, in one unit. */
typedef struct
{
  char *key, *name;
  GArray *points; /* CareTrendPoint, oldest first */
} ResultsSeries;

/* Series of one unit share a scale, where that presses none of them flat; different units never do
 * (hazard H15). */
typedef struct
{
  char *unit;
  GPtrArray *series; /* ResultsSeries */
  WorkspaceTrendScale scale;
} ResultsLane;

/* The arithmetic and the words of a graph of several series, without a widget. */
typedef struct
{
  CareResults *results;
  GTimeZone *zone;
  GPtrArray *lanes;   /* ResultsLane */
  gint64 first, last; /* of all points; last > first */
  gint64 start, end;  /* what is seen of it */
  guint n_refused;    /* series for which there was no room */
} ResultsPlot;

#define RESULTS_MAX_SERIES   6
#define RESULTS_MAX_MEDICINE 6

ResultsPlot *results_plot_new (CareResults *results, GTimeZone *zone);
void results_plot_free (ResultsPlot *self);
gboolean results_plot_add (ResultsPlot *self, const char *key, const char *name, const char *ucum);
gboolean results_plot_has (const ResultsPlot *self, const char *key);
guint results_plot_count (const ResultsPlot *self);
void results_plot_show_all (ResultsPlot *self);
gboolean results_plot_pan (ResultsPlot *self, double part);
gboolean results_plot_zoom (ResultsPlot *self, double factor, double at);
GPtrArray *results_plot_dup_medicines (const ResultsPlot *self, guint *n_more);
char *results_plot_dup_words (const ResultsPlot *self, gboolean medicines);
GArray *results_plot_dup_points (CareResults *results, const char *key, const char *ucum);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ResultsPlot, results_plot_free)

G_END_DECLS
