/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-language.h"

G_BEGIN_DECLS

/* The parts of a dosage's sentence. {0} and {1} are what goes in. */
typedef enum
{
  CLINICAL_PHRASE_AMOUNT, /* number, unit */
  CLINICAL_PHRASE_RANGE,  /* number, number */
  CLINICAL_PHRASE_AT_LEAST,
  CLINICAL_PHRASE_UP_TO,
  CLINICAL_PHRASE_DOSE,
  CLINICAL_PHRASE_METHOD, /* what follows the method */
  CLINICAL_PHRASE_RATIO_ONE,
  CLINICAL_PHRASE_RATIO_MANY,
  CLINICAL_PHRASE_RATE,
  CLINICAL_PHRASE_OVER,
  CLINICAL_PHRASE_OVER_MAX,
  CLINICAL_PHRASE_ONCE,
  CLINICAL_PHRASE_TWICE,
  CLINICAL_PHRASE_TIMES,
  CLINICAL_PHRASE_TIMES_RANGE,
  CLINICAL_PHRASE_TIMES_UP_TO,
  CLINICAL_PHRASE_EVERY,
  CLINICAL_PHRASE_EVERY_FEMININE, /* hours, weeks: "toutes les" */
  CLINICAL_PHRASE_TIMES_EVERY,    /* times, every so long */
  CLINICAL_PHRASE_NOT_DAILY,
  CLINICAL_PHRASE_OFFSET,
  CLINICAL_PHRASE_BEFORE_BED,
  CLINICAL_PHRASE_AFTER_WAKING,
  CLINICAL_PHRASE_ON_DAYS,
  CLINICAL_PHRASE_AT_TIME,
  CLINICAL_PHRASE_AT_ONE, /* 01:00 */
  CLINICAL_PHRASE_DAYS_TIMES,
  CLINICAL_PHRASE_NEEDED,
  CLINICAL_PHRASE_NEEDED_FOR,
  CLINICAL_PHRASE_NEEDED_PLAIN,
  CLINICAL_PHRASE_NEEDED_FOR_PLAIN,
  CLINICAL_PHRASE_FOR,
  CLINICAL_PHRASE_FOR_UP_TO,
  CLINICAL_PHRASE_FOR_AT_LEAST,
  CLINICAL_PHRASE_FROM_TO,
  CLINICAL_PHRASE_FROM,
  CLINICAL_PHRASE_UNTIL,
  CLINICAL_PHRASE_COUNT_ONE,
  CLINICAL_PHRASE_COUNT,
  CLINICAL_PHRASE_ON_DATES,
  CLINICAL_PHRASE_MAX,
  CLINICAL_PHRASE_MAX_DOSE,
  CLINICAL_PHRASE_MAX_LIFETIME,
  CLINICAL_PHRASE_FREE, /* what stays as it was written */
  CLINICAL_PHRASE_AND,
  CLINICAL_PHRASE_COMMA,
  CLINICAL_PHRASE_STEP_AND,
  CLINICAL_PHRASE_STEP_THEN,
  CLINICAL_PHRASE_STEP_AND_PLAIN,
  CLINICAL_PHRASE_STEP_THEN_PLAIN,
  CLINICAL_PHRASE_STOP,      /* ends a sentence for the patient */
  CLINICAL_PHRASE_USE_PLAIN, /* where no method is given */
  CLINICAL_N_PHRASES,
} ClinicalPhrase;

/* Who says it to whom. */
typedef struct
{
  ClinicalLanguage language;
  const char *mark; /* the decimal mark */
  ClinicalReader reader;
} ClinicalSpeaker;

const char *clinical_phrase_get (const ClinicalSpeaker *self, ClinicalPhrase phrase);
char *clinical_phrase_fill (const ClinicalSpeaker *self,
                            ClinicalPhrase phrase,
                            const char *a,
                            const char *b);
char *clinical_phrase_per (const ClinicalSpeaker *self, const char *unit, const char *times);
const char *clinical_phrase_each (const ClinicalSpeaker *self, const char *unit);
char *clinical_phrase_join (const ClinicalSpeaker *self, GPtrArray *items);
char *clinical_phrase_free_text (const ClinicalSpeaker *self, const char *text);

G_END_DECLS
