/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include "clinical-timing.h"
#include "fhir-concept.h"
#include "fhir-text.h"

#include <string.h>

/* What the parts of a dosage's sentence are made of: numbers, amounts, lengths of time, concepts.
 */

gboolean
clinical_dosage_fail (GError **error, ClinicalError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error)
    *error = g_error_new_valist (CLINICAL_ERROR, (int) code, format, args);
  va_end (args);
  return FALSE;
}

char *
clinical_say_nothing (GError **error, ClinicalError code, const char *sentence)
{
  g_set_error_literal (error, CLINICAL_ERROR, (int) code, sentence);
  return NULL;
}

static char *
missing (GError **error, const char *format, const char *what)
{
  g_autofree char *sentence = g_strdup_printf (format, what);

  return clinical_say_nothing (error, CLINICAL_ERROR_MISSING, sentence);
}

char *
clinical_say_value (const ClinicalSpeaker *self,
                    const FhirElement *value,
                    const char *what,
                    GError **error)
{
  char *number;

  if (fhir_element_get_kind (value) != FHIR_KIND_NUMBER)
    {
      clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The %s has no number.", what);
      return NULL;
    }
  number = clinical_language_number (self->language, self->mark, fhir_element_get_text (value));
  if (!number)
    clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE, "The %s is no plain number.", what);
  return number;
}

/* A length of time: the unit is a code, and written out. */
char *
clinical_say_time (const ClinicalSpeaker *self,
                   const FhirElement *value,
                   const FhirElement *max,
                   const char *code,
                   const char *what,
                   GError **error)
{
  const char *last = fhir_element_get_text (max ? max : value);
  const char *unit =
      clinical_timing_unit_in (code,
                               self->language == CLINICAL_LANGUAGE_FR
                                   ? clinical_language_is_plural (self->language, last ? last : "")
                                   : !clinical_text_is_one (last),
                               self->language);
  g_autofree char *low = NULL, *high = NULL, *both = NULL;

  if (!unit)
    {
      clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The %s has no unit of time.", what);
      return NULL;
    }
  low = clinical_say_value (self, value, what, error);
  if (!low || (max && !(high = clinical_say_value (self, max, what, error))))
    return NULL;
  both = high ? clinical_phrase_fill (self, CLINICAL_PHRASE_RANGE, low, high) : g_strdup (low);
  return self->language == CLINICAL_LANGUAGE_JA
             ? g_strconcat (both, unit, NULL)
             : clinical_phrase_fill (self, CLINICAL_PHRASE_AMOUNT, both, unit);
}

/* ---- amounts ---- */

static char *
dup_unit (const FhirElement *quantity)
{
  char *unit = fhir_text_tidy (fhir_element_path_text (quantity, "unit"));

  return unit ? unit : fhir_text_tidy (fhir_element_path_text (quantity, "code"));
}

/* English keeps the unit as it was sent, where a clinician reads it. */
static char *
say_unit (const ClinicalSpeaker *self, const char *unit, const char *literal)
{
  gboolean plural = clinical_language_is_plural (self->language, literal);
  const char *word = clinical_vocabulary_find (plural ? CLINICAL_WORD_UNITS : CLINICAL_WORD_UNIT,
                                               self->language, unit);

  if (self->language == CLINICAL_LANGUAGE_EN && self->reader == CLINICAL_READER_CLINICIAN)
    return g_strdup (unit);
  return word ? g_strdup (word) : clinical_phrase_free_text (self, unit);
}

/* "1 and a half tablets": halves and quarters of what can be held are not decimals in plain words.
 */
static char *
say_pieces (const ClinicalSpeaker *self, const char *literal, const char *unit)
{
  static const char *const fractions[][2] = { { ".5", "a half" },
                                              { ".25", "a quarter" },
                                              { ".75", "three quarters" } };
  const char *one = clinical_vocabulary_find (CLINICAL_WORD_UNIT, CLINICAL_LANGUAGE_EN, unit);
  const char *point = strchr (literal, '.');

  if (self->language != CLINICAL_LANGUAGE_EN || self->reader != CLINICAL_READER_PATIENT || !one ||
      !point || !clinical_unit_is_counted (one))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (fractions); i++)
    if (g_str_equal (point, fractions[i][0]))
      {
        g_autofree char *whole = g_strndup (literal, (gsize) (point - literal));

        return g_str_equal (whole, "0")
                   ? clinical_dose_words (literal, one)
                   : g_strdup_printf ("%s and %s %s", whole, fractions[i][1],
                                      clinical_vocabulary_find (CLINICAL_WORD_UNITS,
                                                                CLINICAL_LANGUAGE_EN, unit));
      }
  return NULL;
}

static char *
say_amount (const ClinicalSpeaker *self, const char *number, const char *literal, const char *unit)
{
  g_autofree char *word = say_unit (self, unit, literal);
  gboolean glued = self->language == CLINICAL_LANGUAGE_JA && !g_ascii_isalpha (*word);

  return glued ? g_strconcat (number, word, NULL)
               : clinical_phrase_fill (self, CLINICAL_PHRASE_AMOUNT, number, word);
}

char *
clinical_say_quantity (const ClinicalSpeaker *self,
                       const FhirElement *quantity,
                       const char *what,
                       GError **error)
{
  g_autofree char *unit = dup_unit (quantity), *number = NULL, *pieces = NULL;
  const char *literal = fhir_element_path_text (quantity, "value");

  if (fhir_element_get (quantity, "comparator"))
    {
      clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE, "The %s is not one amount.", what);
      return NULL;
    }
  number = clinical_say_value (self, fhir_element_get (quantity, "value"), what, error);
  if (!number)
    return NULL;
  if (!unit)
    return missing (error, "The %s has no unit.", what);
  pieces = say_pieces (self, literal, unit);
  return pieces ? g_steal_pointer (&pieces) : say_amount (self, number, literal, unit);
}

char *
clinical_say_range (const ClinicalSpeaker *self,
                    const FhirElement *range,
                    const char *what,
                    GError **error)
{
  const FhirElement *low = fhir_element_get (range, "low"),
                    *high = fhir_element_get (range, "high");
  g_autofree char *unit = dup_unit (low), *other = dup_unit (high), *from = NULL, *to = NULL,
                  *both = NULL;

  if (!low && !high)
    return missing (error, "The %s has neither a lower nor an upper bound.", what);
  if (!low || !high)
    {
      both = clinical_say_quantity (self, low ? low : high, what, error);
      return both ? clinical_phrase_fill (self,
                                          low ? CLINICAL_PHRASE_AT_LEAST : CLINICAL_PHRASE_UP_TO,
                                          both, NULL)
                  : NULL;
    }
  if (!unit || g_strcmp0 (unit, other) != 0 || fhir_element_get (low, "comparator") ||
      fhir_element_get (high, "comparator"))
    {
      clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                            "The %s runs from one unit to another.", what);
      return NULL;
    }
  from = clinical_say_value (self, fhir_element_get (low, "value"), what, error);
  to = from ? clinical_say_value (self, fhir_element_get (high, "value"), what, error) : NULL;
  if (!to)
    return NULL;
  both = clinical_phrase_fill (self, CLINICAL_PHRASE_RANGE, from, to);
  return say_amount (self, both, fhir_element_path_text (high, "value"), unit);
}

/* "100 mL per hour", "4,000 mg every 24 hours" */
char *
clinical_say_ratio (const ClinicalSpeaker *self,
                    const FhirElement *ratio,
                    const char *what,
                    GError **error)
{
  const FhirElement *denominator = fhir_element_get (ratio, "denominator");
  const FhirElement *value = fhir_element_get (denominator, "value");
  g_autofree char *unit = dup_unit (denominator), *over = NULL, *under = NULL;
  const char *time = NULL;
  gboolean one = clinical_text_is_one (fhir_element_get_text (value));

  over = clinical_say_quantity (self, fhir_element_get (ratio, "numerator"), what, error);
  if (!over)
    return NULL;
  if (!unit || !value)
    return missing (error, "The %s does not say per what.", what);
  time = fhir_element_path_text (denominator, "code");
  if (!clinical_timing_unit_in (time, FALSE, self->language))
    time = unit;
  if (clinical_timing_unit_in (time, FALSE, self->language))
    under = one ? g_strdup (clinical_timing_unit_in (time, FALSE, self->language))
                : clinical_say_time (self, value, NULL, time, what, error);
  else
    under =
        one ? say_unit (self, unit, "1") : clinical_say_quantity (self, denominator, what, error);
  return under ? clinical_phrase_fill (self,
                                       one ? CLINICAL_PHRASE_RATIO_ONE : CLINICAL_PHRASE_RATIO_MANY,
                                       over, under)
               : NULL;
}

/* ---- concepts ---- */

char *
clinical_say_words (const ClinicalSpeaker *self, const char *text, ClinicalWordKind kind)
{
  gboolean plain = self->reader == CLINICAL_READER_PATIENT && kind == CLINICAL_WORD_ROUTE;
  const char *word =
      clinical_vocabulary_find (plain ? CLINICAL_WORD_ROUTE_PLAIN : kind, self->language, text);

  /* English is said in the words that were sent, but for the patient's plain ones */
  if (self->language == CLINICAL_LANGUAGE_EN && (!plain || !word))
    return plain ? g_strdup_printf ("(%s)", text) : g_strdup (text);
  return word ? g_strdup (word) : clinical_phrase_free_text (self, text);
}

char *
clinical_say_concept (const ClinicalSpeaker *self,
                      const FhirElement *concept,
                      ClinicalWordKind kind,
                      const char *what,
                      GError **error)
{
  g_autofree char *raw = concept ? fhir_concept_dup_text (concept) : NULL;
  g_autofree char *text = fhir_text_tidy (raw);
  const char *coded = kind == CLINICAL_WORD_ROUTE
                          ? clinical_vocabulary_get_route_of_code (
                                fhir_concept_get_code (concept, "http://snomed.info/sct"))
                          : NULL;

  if (!text)
    return missing (error, "The %s has neither text nor code.", what);
  /* a text that is more than its code's name keeps what it says */
  if (coded && !clinical_vocabulary_find (kind, self->language, text) &&
      g_str_equal (text, fhir_concept_get_code (concept, "http://snomed.info/sct")))
    return clinical_say_words (self, coded, kind);
  return clinical_say_words (self, text, kind);
}
