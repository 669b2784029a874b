/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_VIEW (visit_view_get_type ())
G_DECLARE_FINAL_TYPE (VisitView, visit_view, VISIT, VIEW, AdwBin)

GtkWidget *visit_view_new (VisitController *controller);

G_END_DECLS
