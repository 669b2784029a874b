/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-controller.h"

G_BEGIN_DECLS

void visit_ready_dialog_present (VisitController *controller, GtkWidget *parent);

G_END_DECLS
