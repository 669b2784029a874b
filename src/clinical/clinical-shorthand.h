/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-dosage.h"

G_BEGIN_DECLS

/* What was understood of a dosage in words. */
typedef struct
{
  GPtrArray *steps; /* ClinicalDosage: what is taken first, then, …; complete or not */
  GPtrArray *notes; /* char *: what was written out, and why it should be */
  char *rest;       /* (nullable): the words that were not understood */
} ClinicalShorthand;

ClinicalShorthand *clinical_shorthand_parse (const char *typed,
                                             const char *decimal_mark,
                                             const char *default_unit,
                                             GError **error);
ClinicalShorthand *clinical_shorthand_read_text (const char *text, GError **error);
void clinical_shorthand_free (ClinicalShorthand *self);
gboolean clinical_shorthand_means (const ClinicalDosage *a, const ClinicalDosage *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalShorthand, clinical_shorthand_free)

G_END_DECLS
