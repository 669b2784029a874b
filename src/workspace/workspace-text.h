/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void workspace_text_append (GtkWidget *box, const char *text, const char *css_class);
void workspace_text_keep_dates (PangoAttrList *attributes, const char *line, gsize at);
void workspace_text_keep_dates_of (GtkLabel *label);
void workspace_text_fit (GtkWidget *widget);
float workspace_text_draw (GtkSnapshot *snapshot,
                           PangoLayout *layout,
                           const GdkRGBA *color,
                           float x,
                           float y,
                           float align);

G_END_DECLS
