/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "results-item.h"

G_BEGIN_DECLS

/* What of a chart's results is listed, and what may be answered at once. */
GListStore *results_model_new (CareResults *results);
guint results_model_count_waiting (GListModel *items);
gboolean results_model_shows (ResultsItem *item, const char *search, gboolean unread_only);
GPtrArray *results_model_dup_bulk (GListModel *items, guint *n_red);
void results_model_merge (GListStore *shown, GListModel *fresh);
GtkSingleSelection *results_model_new_selection (GListModel *items);

G_END_DECLS
