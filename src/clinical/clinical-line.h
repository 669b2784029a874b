/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

typedef enum
{
  CLINICAL_PART_GENERIC, /* bold, lower case, tall-man */
  CLINICAL_PART_BRAND,   /* upper case */
  CLINICAL_PART_FORM,
  CLINICAL_PART_LABEL, /* "DOSE": quieter than its value, never parted from it */
  CLINICAL_PART_DOSE,  /* bold */
  CLINICAL_PART_ROUTE,
  CLINICAL_PART_FREQUENCY,
  CLINICAL_PART_REST,
} ClinicalPartKind;

/* One run of a medication line. A line is wrapped between parts, never shortened. */
typedef struct
{
  ClinicalPartKind kind;
  char *text;
} ClinicalPart;

void clinical_part_free (ClinicalPart *self);
GPtrArray *clinical_line (const char *generic,
                          const char *brand,
                          const char *form,
                          const char *dose,
                          const char *route,
                          const char *frequency,
                          const char *rest);
char *clinical_line_dup_text (GPtrArray *parts);

G_END_DECLS
