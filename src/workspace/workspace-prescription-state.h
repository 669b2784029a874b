/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *workspace_prescription_state_new (const char *nick);
void workspace_prescription_state_show (GtkLabel *label, const char *nick);

G_END_DECLS
