/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_TILES (visit_tiles_get_type ())
G_DECLARE_FINAL_TYPE (VisitTiles, visit_tiles, VISIT, TILES, AdwBin)

void visit_tiles_set_controller (VisitTiles *self, VisitController *controller);

G_END_DECLS
