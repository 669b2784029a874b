/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "visit-controller.h"

G_BEGIN_DECLS

char *visit_phone_dup_uri (const char *number);
void visit_phone_toggle (VisitController *controller, GtkWindow *window);
void visit_phone_show_times (VisitController *controller, GtkWindow *window);

G_END_DECLS
