/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "prescribe-desk.h"

G_BEGIN_DECLS

/* The prescriptions that one form has, a line for each with what still stands in its way.
 *
 * signal "chosen" (PrescribeSheet): to be written on */
#define PRESCRIBE_TYPE_DRAFTS (prescribe_drafts_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeDrafts, prescribe_drafts, PRESCRIBE, DRAFTS, AdwBin)

void prescribe_drafts_set_desk (PrescribeDrafts *self, PrescribeDesk *desk, gconstpointer form);
void prescribe_drafts_set_current (PrescribeDrafts *self, PrescribeSheet *sheet);
void prescribe_drafts_set_least (PrescribeDrafts *self, guint least);

G_END_DECLS
