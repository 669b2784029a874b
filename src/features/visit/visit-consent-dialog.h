/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

void visit_consent_dialog_ask (GtkWidget *parent, VisitController *controller, VisitPerson *person);

G_END_DECLS
