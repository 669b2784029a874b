/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "prescribe-signing.h"

G_BEGIN_DECLS

gboolean prescribe_hand_over_is_for (CareContext *context);
void prescribe_hand_over_ask (GtkWidget *view,
                              CareContext *context,
                              GPtrArray *sheets,
                              PrescribeSigned done);

G_END_DECLS
