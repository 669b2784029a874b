/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

/* The small window that is left when a patient window is closed in a call. */
#define VISIT_TYPE_WINDOW (visit_window_get_type ())
G_DECLARE_FINAL_TYPE (VisitWindow, visit_window, VISIT, WINDOW, AdwApplicationWindow)

void visit_window_watch (VisitController *controller, GtkWindow *patient_window);

G_END_DECLS
