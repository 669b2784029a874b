/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_PANE (visit_pane_get_type ())
G_DECLARE_FINAL_TYPE (VisitPane, visit_pane, VISIT, PANE, AdwBin)

GtkWidget *visit_pane_new (VisitController *controller);

G_END_DECLS
