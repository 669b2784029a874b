/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "prescribe-sheet.h"

G_BEGIN_DECLS

/* The rest of a prescription's form: days of the week, limits, further steps, dose by weight,
 * supply counted both ways, substitution, what it is for, and what the patient will read.
 *
 * signal "taken" (): a dose or quantity was worked out and stands in the draft */
#define PRESCRIBE_TYPE_MORE (prescribe_more_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeMore, prescribe_more, PRESCRIBE, MORE, AdwBin)

void prescribe_more_set_sheet (PrescribeMore *self, PrescribeSheet *sheet);
void prescribe_more_fill (PrescribeMore *self);

G_END_DECLS
