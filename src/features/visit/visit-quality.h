/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-history.h"

#include "visit-controller.h"
#include "visit-line.h"

G_BEGIN_DECLS

/* The visit's side of how the connection is: what was measured, and how much picture a person
 * allows. */

/* Allowed by hand; automatic: as much as the connection and this computer carry. */
#define VISIT_RUNG_AUTOMATIC (-1)

MediaHistory *visit_line_get_history (VisitLine *self);
int visit_line_get_chosen_rung (VisitLine *self);
void visit_line_choose_rung (VisitLine *self, int rung);

MediaHistory *visit_controller_get_history (VisitController *self);
int visit_controller_get_chosen_rung (VisitController *self);
const char *visit_controller_step_rung (VisitController *self, int direction);
const char *visit_controller_release_rung (VisitController *self);

const char *visit_rung_get_name (MediaRung rung);

G_END_DECLS
