/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void patients_say (GtkWidget *widget, const char *text, const char *undo, const char *target);

G_END_DECLS
