/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "results-item.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_LINE (results_line_get_type ())
G_DECLARE_FINAL_TYPE (ResultsLine, results_line, RESULTS, LINE, GtkWidget)

GtkWidget *results_line_new (void);
void results_line_set_result (ResultsLine *self, const CareResult *result, gint64 now);
void results_line_set_unit (ResultsLine *self, const CareResult *result, const char *ucum);
void results_line_set_trend (ResultsLine *self, GArray *points, GTimeZone *zone);
void results_line_show_band (ResultsLine *self, const CareResult *result);
void results_line_bind (GtkListItem *list_item, CareResults *results, gint64 now, GTimeZone *zone);
void results_line_bind_header (GtkListHeader *header);
void results_line_tick (ResultsLine *self, const CareResult *result, gint64 now);

G_END_DECLS
