/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What Bedside itself says to a patient on paper. A sentence is translated whole. */
typedef enum
{
  CARE_WORD_TITLE,
  CARE_WORD_INTRODUCTION,
  CARE_WORD_UNVERIFIED, /* who checked these translations; empty in English */
  CARE_WORD_NOT_RECORDED,
  CARE_WORD_VISIT,
  CARE_WORD_DATE,
  CARE_WORD_WITH,
  CARE_WORD_REASON,
  CARE_WORD_DISCUSSED,
  CARE_WORD_NOTHING_DISCUSSED,
  CARE_WORD_FOUND,
  CARE_WORD_NOTHING_FOUND,
  CARE_WORD_MEASURED,
  CARE_WORD_VALUE,
  CARE_WORD_MEDICINES,
  CARE_WORD_MEDICINE,
  CARE_WORD_HOW,
  CARE_WORD_FOR,
  CARE_WORD_NO_MEDICINE,
  CARE_WORD_NO_HOW,
  CARE_WORD_AS_WRITTEN, /* %s: the dosage in the words of the record */
  CARE_WORD_PAUSED,
  CARE_WORD_STOPPED,
  CARE_WORD_NOTHING_STOPPED,
  CARE_WORD_WHY,
  CARE_WORD_NO_WHY,
  CARE_WORD_NEXT,
  CARE_WORD_NOTHING_NEXT,
  CARE_WORD_IN_PERSON,
  CARE_WORD_FOLLOW_UP, /* %s: a date */
  CARE_WORD_NOT_COMPLETED,
  CARE_WORD_EMERGENCY,
  CARE_WORD_VISITS,
  CARE_WORD_NO_VISITS,
  CARE_WORD_CALL,
  CARE_WORD_NO_CALL,
  CARE_WORD_PHONE, /* %s: the clinic's number */
  CARE_WORD_NO_PHONE,
  CARE_WORD_WITHHELD,
  CARE_WORD_CLINICIAN_SAID,
  CARE_N_WORDS,
} CareWord;

const char *care_words_language (const char *tag);
const char *care_words_get (const char *language, CareWord word);
const char *care_words_get_mark (const char *language);
char *care_words_date (const char *language, const char *date, GTimeZone *zone);

G_END_DECLS
