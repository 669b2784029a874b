/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_FLOAT (visit_float_get_type ())
G_DECLARE_FINAL_TYPE (VisitFloat, visit_float, VISIT, FLOAT, AdwBin)

GtkWidget *visit_float_new (VisitController *controller);
void visit_float_move (VisitFloat *self);
void visit_float_watch (VisitController *controller, GtkWindow *patient_window);
VisitFloat *visit_float_find (GtkWindow *patient_window);

G_END_DECLS
