/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "prescribe-sheet.h"

G_BEGIN_DECLS

/* A whole dosage in one line, and the dosages of before: what was understood stands below until it
 * is taken.
 *
 * signal "taken" (): the draft has another dosage */
#define PRESCRIBE_TYPE_SHORTHAND (prescribe_shorthand_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeShorthand, prescribe_shorthand, PRESCRIBE, SHORTHAND, AdwBin)

void prescribe_shorthand_set_sheet (PrescribeShorthand *self, PrescribeSheet *sheet);
void prescribe_shorthand_start (PrescribeShorthand *self);
ClinicalShorthand *prescribe_shorthand_read (PrescribeSheet *sheet, const char *typed, char **echo);

G_END_DECLS
