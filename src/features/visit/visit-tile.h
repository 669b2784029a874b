/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_TILE (visit_tile_get_type ())
G_DECLARE_FINAL_TYPE (VisitTile, visit_tile, VISIT, TILE, AdwBin)

GtkWidget *visit_tile_new (VisitController *controller, VisitPerson *person);

G_END_DECLS
