/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

/* The languages in which a dosage can be said. Which one is the reader's choice, never that of the
 * process: a German clinic has Spanish patients. */
typedef enum
{
  CLINICAL_LANGUAGE_EN,
  CLINICAL_LANGUAGE_DE,
  CLINICAL_LANGUAGE_ES,
  CLINICAL_LANGUAGE_FR,
  CLINICAL_LANGUAGE_JA,
  CLINICAL_N_LANGUAGES,
} ClinicalLanguage;

typedef enum
{
  CLINICAL_READER_CLINICIAN, /* one line, its parts joined by " - " */
  CLINICAL_READER_PATIENT,   /* a sentence in plain words, numbers as digits */
} ClinicalReader;

gboolean clinical_language_parse (const char *tag, ClinicalLanguage *language);
const char *clinical_language_get_decimal_mark (const char *tag);
gboolean clinical_language_is_plural (ClinicalLanguage language, const char *literal);
char *clinical_language_number (ClinicalLanguage language, const char *mark, const char *literal);
char *clinical_language_date (ClinicalLanguage language, const char *date);

G_END_DECLS
