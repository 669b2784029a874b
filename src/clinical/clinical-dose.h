/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

char *clinical_dose_dup_typed (const char *literal, const char *decimal_mark);
gboolean
clinical_dose_parse (const char *typed, const char *decimal_mark, char **literal, GError **error);
char *clinical_dose_multiply (const char *literal, gint64 factor);
char *clinical_dose_group (const char *literal);
char *clinical_dose_words (const char *literal, const char *unit);
char *clinical_dose_amount (const char *literal, const char *unit);
gboolean clinical_dose_is_one_or_less (const char *literal);
char *clinical_unit_spell (const char *unit, gboolean plural);
gboolean clinical_unit_is_counted (const char *unit);

G_END_DECLS
