/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-language.h"

G_BEGIN_DECLS

typedef enum
{
  CLINICAL_WORD_UNIT,
  CLINICAL_WORD_UNITS, /* of more than one */
  CLINICAL_WORD_METHOD,
  CLINICAL_WORD_REASON,      /* why it is taken as required */
  CLINICAL_WORD_ROUTE,       /* for a clinician */
  CLINICAL_WORD_ROUTE_PLAIN, /* for the patient: "by mouth" */
  CLINICAL_WORD_OTHER,       /* no words for it: always free text */
} ClinicalWordKind;

const char *
clinical_vocabulary_find (ClinicalWordKind kind, ClinicalLanguage language, const char *text);
const char *clinical_vocabulary_get_route_of_code (const char *snomed);
const char *clinical_vocabulary_get_code_of_route (const char *route);

G_END_DECLS
