/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_PICTURE (visit_picture_get_type ())
G_DECLARE_FINAL_TYPE (VisitPicture, visit_picture, VISIT, PICTURE, AdwBin)

/* Small: a tile, without the own picture, and with the patient's name. */
GtkWidget *visit_picture_new (VisitController *controller, gboolean is_small);

G_END_DECLS
