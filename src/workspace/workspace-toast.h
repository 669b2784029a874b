/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

AdwToast *workspace_toast_new (const char *sentence);
void workspace_toast_say (GtkWidget *widget, const char *sentence);
void workspace_toast_add (AdwToastOverlay *toasts,
                          const char *sentence,
                          const char *undo,
                          const char *target);

G_END_DECLS
