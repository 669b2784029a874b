/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

/* An error-prone abbreviation found in typed text. */
typedef struct
{
  gsize offset, length; /* bytes in the text */
  const char *instead;  /* what to write; NULL where the author must say it in words */
  const char *why;
} ClinicalAbbreviation;

GArray *clinical_abbreviation_find (const char *text);
char *clinical_abbreviation_expand (const char *text, GArray **refused);

G_END_DECLS
