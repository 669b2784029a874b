/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void chart_labels_name (GtkWidget *widget, const char *name);
GtkListItemFactory *chart_labels_choices_new (gboolean marked);

G_END_DECLS
