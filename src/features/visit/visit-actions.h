/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-controller.h"

G_BEGIN_DECLS

void visit_actions_show_switch (GtkButton *button,
                                gboolean on,
                                const char *on_icon,
                                const char *off_icon);
void visit_actions_add (VisitController *controller, GActionMap *window);
void visit_actions_admit (GActionMap *window);

gboolean visit_actions_is_nurse (VisitController *controller);

G_END_DECLS
