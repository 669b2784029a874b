/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-shorthand.h"

G_BEGIN_DECLS

typedef enum
{
  CLINICAL_TOKEN_WORD,
  CLINICAL_TOKEN_NUMBER,
  CLINICAL_TOKEN_COMMA,
  CLINICAL_TOKEN_BREAK, /* a dash between parts */
  CLINICAL_TOKEN_OTHER,
} ClinicalTokenKind;

typedef struct
{
  ClinicalTokenKind kind;
  char *text;       /* lower case, without the points of b.i.d. */
  gsize start, end; /* bytes of the source */
} ClinicalToken;

typedef struct
{
  const char *source;
  GPtrArray *tokens;
  guint at;
  const char *mark, *unit; /* decimal mark; (nullable): the unit of a number that stands alone */
  ClinicalDosage *step;
  GString *rest;
  GError *problem;
} ClinicalReading;

gboolean clinical_reading_next (ClinicalReading *self);
const char *clinical_reading_word (const ClinicalReading *self, guint ahead);

G_END_DECLS
