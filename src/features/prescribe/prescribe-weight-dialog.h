/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-context.h"

G_BEGIN_DECLS

/* @saved: (nullable): called with @data once there is a new weight; @data is kept until then */
void prescribe_weight_dialog_present (GtkWidget *parent,
                                      CareContext *context,
                                      const char *patient_id,
                                      void (*saved) (gpointer data),
                                      GObject *data);

G_END_DECLS
