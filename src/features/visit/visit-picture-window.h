/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_PICTURE_WINDOW (visit_picture_window_get_type ())
G_DECLARE_FINAL_TYPE (
    VisitPictureWindow, visit_picture_window, VISIT, PICTURE_WINDOW, AdwApplicationWindow)

void visit_picture_window_toggle (VisitController *controller, GtkWindow *from);
void visit_picture_window_toggle_full_screen (VisitController *controller, GtkWindow *from);

G_END_DECLS
