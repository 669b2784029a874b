/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Where somebody is among pages: which one is shown, and how far it is scrolled.
 *
 * signal "changed": a second after it became another place, at most once a second */
#define WORKSPACE_TYPE_SPOT (workspace_spot_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceSpot, workspace_spot, WORKSPACE, SPOT, GObject)

WorkspaceSpot *workspace_spot_new (GtkStack *pages);
char *workspace_spot_dup_text (WorkspaceSpot *self);
char *workspace_spot_parse (const char *text, double *scroll);
void workspace_spot_scroll_to (WorkspaceSpot *self, double scroll);

G_END_DECLS
