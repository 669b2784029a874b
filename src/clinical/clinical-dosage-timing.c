/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include "clinical-timing.h"

#include <string.h>

/* The parts of a dosage's sentence that tell when: FHIR Timing. */

static const FhirElement *
repeat_of (const FhirElement *dosage, const char *name)
{
  return fhir_element_get (fhir_element_path (dosage, "timing.repeat"), name);
}

static gboolean
put (GString *out, char *text)
{
  if (text)
    g_string_append (out, text);
  g_free (text);
  return text != NULL;
}

/* Japanese has no space between a number and what it counts. */
static char *
length_of (const ClinicalSpeaker *self, const char *number, const char *unit)
{
  return self->language == CLINICAL_LANGUAGE_JA
             ? g_strconcat (number, unit, NULL)
             : clinical_phrase_fill (self, CLINICAL_PHRASE_AMOUNT, number, unit);
}

gboolean
clinical_dosage_write_duration (const ClinicalSpeaker *self,
                                const FhirElement *dosage,
                                GString *out,
                                GError **error)
{
  const FhirElement *duration = repeat_of (dosage, "duration"),
                    *max = repeat_of (dosage, "durationMax");
  const char *unit = fhir_element_get_text (repeat_of (dosage, "durationUnit"));
  g_autofree char *length = NULL, *longest = NULL;

  if (!duration && !max)
    return TRUE;
  if (!duration)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage gives a longest duration without a duration.");
  length = clinical_say_time (self, duration, NULL, unit, "duration", error);
  if (!length)
    return FALSE;
  if (!max)
    return put (out, clinical_phrase_fill (self, CLINICAL_PHRASE_OVER, length, NULL));
  longest = clinical_say_time (self, max, NULL, unit, "longest duration", error);
  return longest &&
         put (out, clinical_phrase_fill (self, CLINICAL_PHRASE_OVER_MAX, length, longest));
}

/* Codes that say how often; whoever sends one with a timing that differs says two things. FHIR's
 * timing abbreviations by their names, source: unverified. */
static const struct
{
  const char *code;
  const char *frequency, *period, *unit;
} abbreviations[] = {
  { "QD", "1", "1", "d" },  { "BID", "2", "1", "d" }, { "TID", "3", "1", "d" },
  { "QID", "4", "1", "d" }, { "QOD", "1", "2", "d" }, { "Q4H", "1", "4", "h" },
  { "Q6H", "1", "6", "h" }, { "Q8H", "1", "8", "h" },
};

/* How often, as the timing says it, or its code. */
typedef struct
{
  const FhirElement *low, *high, *period, *period_max;
  const char *often, *length, *unit; /* texts of low, period and their unit */
} Rhythm;

static gboolean
read_code (const FhirElement *dosage, Rhythm *rhythm, gboolean *known, GError **error)
{
  *known = FALSE;
  fhir_element_foreach (coding, fhir_element_path (dosage, "timing.code.coding"))
    for (gsize i = 0; i < G_N_ELEMENTS (abbreviations); i++)
      if (g_strcmp0 (fhir_element_path_text (coding, "code"), abbreviations[i].code) == 0)
        {
          if (rhythm->period && (g_strcmp0 (rhythm->often, abbreviations[i].frequency) != 0 ||
                                 g_strcmp0 (rhythm->length, abbreviations[i].period) != 0 ||
                                 g_strcmp0 (rhythm->unit, abbreviations[i].unit) != 0))
            return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                         "The dosage says how often in two ways that differ.");
          rhythm->often = abbreviations[i].frequency;
          rhythm->length = abbreviations[i].period;
          rhythm->unit = abbreviations[i].unit;
          *known = TRUE;
        }
  return TRUE;
}

static char *
say_times (const ClinicalSpeaker *self, const Rhythm *rhythm, GError **error)
{
  g_autofree char *low = NULL, *high = NULL;
  gboolean words = self->reader == CLINICAL_READER_CLINICIAN;

  if (rhythm->low)
    low = clinical_say_value (self, rhythm->low, "frequency", error);
  else if (rhythm->often)
    low = g_strdup (rhythm->often);
  if ((rhythm->low || rhythm->often) && !low)
    return NULL;
  if (rhythm->high && !(high = clinical_say_value (self, rhythm->high, "highest frequency", error)))
    return NULL;
  if (low && high)
    return clinical_phrase_fill (self, CLINICAL_PHRASE_TIMES_RANGE, low, high);
  if (high)
    return clinical_phrase_fill (self, CLINICAL_PHRASE_TIMES_UP_TO, high, NULL);
  return clinical_phrase_fill (self,
                               g_str_equal (low, "1")            ? CLINICAL_PHRASE_ONCE
                               : g_str_equal (low, "2") && words ? CLINICAL_PHRASE_TWICE
                                                                 : CLINICAL_PHRASE_TIMES,
                               low, NULL);
}

static char *
say_every (const ClinicalSpeaker *self, const Rhythm *rhythm, GError **error)
{
  gboolean feminine = !g_str_equal (rhythm->unit, "d") && !g_str_equal (rhythm->unit, "mo") &&
                      !g_str_equal (rhythm->unit, "a");
  g_autofree char *length = NULL;

  if (rhythm->period || rhythm->period_max)
    length =
        clinical_say_time (self, rhythm->period, rhythm->period_max, rhythm->unit, "period", error);
  else
    length = length_of (self, rhythm->length,
                        clinical_timing_unit_in (rhythm->unit, TRUE, self->language));
  if (!length)
    return NULL;
  return clinical_phrase_fill (self,
                               feminine ? CLINICAL_PHRASE_EVERY_FEMININE : CLINICAL_PHRASE_EVERY,
                               length, NULL);
}

/* For the patient a rhythm that is longer than a day says that it is not every day (H12). */
static char *
mark_longer (const ClinicalSpeaker *self, const char *unit, const char *text)
{
  gboolean longer = g_str_equal (unit, "wk") || g_str_equal (unit, "mo") || g_str_equal (unit, "a");

  return longer && self->reader == CLINICAL_READER_PATIENT
             ? clinical_phrase_fill (self, CLINICAL_PHRASE_NOT_DAILY, text, NULL)
             : g_strdup (text);
}

/* "3 times a day" */
static char *
say_per (const ClinicalSpeaker *self, const Rhythm *rhythm, GError **error)
{
  g_autofree char *times = say_times (self, rhythm, error), *text = NULL;

  if (!times)
    return NULL;
  text = clinical_phrase_per (self, rhythm->unit, times);
  return mark_longer (self, rhythm->unit, text);
}

static char *
say_rhythm (const ClinicalSpeaker *self, const Rhythm *rhythm, GError **error)
{
  gboolean each = !rhythm->period_max && clinical_text_is_one (rhythm->length);
  g_autofree char *times = NULL, *every = NULL;

  if (!clinical_timing_unit_in (rhythm->unit, FALSE, self->language))
    return clinical_say_nothing (error, CLINICAL_ERROR_MISSING, "The period has no unit of time.");
  if (!rhythm->low && !rhythm->high && !rhythm->often)
    {
      const char *word = each ? clinical_phrase_each (self, rhythm->unit) : NULL;

      if (!word)
        clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                              "The dosage gives a period, but not how often in it.");
      return word ? mark_longer (self, rhythm->unit, word) : NULL;
    }
  if (each)
    return say_per (self, rhythm, error);
  every = say_every (self, rhythm, error);
  if (!every || (!rhythm->high && clinical_text_is_one (rhythm->often)))
    return g_steal_pointer (&every);
  times = say_times (self, rhythm, error);
  return times ? clinical_phrase_fill (self, CLINICAL_PHRASE_TIMES_EVERY, times, every) : NULL;
}

gboolean
clinical_dosage_write_frequency (const ClinicalSpeaker *self,
                                 const FhirElement *dosage,
                                 GString *out,
                                 GError **error)
{
  const FhirElement *code = fhir_element_path (dosage, "timing.code");
  Rhythm rhythm = { repeat_of (dosage, "frequency"),
                    repeat_of (dosage, "frequencyMax"),
                    repeat_of (dosage, "period"),
                    repeat_of (dosage, "periodMax"),
                    NULL,
                    NULL,
                    NULL };
  gboolean known;

  rhythm.often = fhir_element_get_text (rhythm.low);
  rhythm.length = fhir_element_get_text (rhythm.period);
  rhythm.unit = fhir_element_get_text (repeat_of (dosage, "periodUnit"));
  if (!read_code (dosage, &rhythm, &known, error))
    return FALSE;
  if (!rhythm.length && !rhythm.low && !rhythm.high && !rhythm.period_max)
    return !code ||
           put (out, clinical_say_concept (self, code, CLINICAL_WORD_OTHER, "timing", error));
  if (!rhythm.length)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage says how often, but not in what time.");
  return put (out, say_rhythm (self, &rhythm, error));
}

/* An offset is counted from what has a before or an after; from a meal itself it is none. */
static const char *
offset_event (const ClinicalSpeaker *self, const char *code)
{
  if (code &&
      (g_str_has_prefix (code, "AC") || g_str_has_prefix (code, "PC") || g_str_equal (code, "PHS")))
    return clinical_timing_event_in (code, self->language);
  if (g_strcmp0 (code, "HS") == 0)
    return clinical_phrase_get (self, CLINICAL_PHRASE_BEFORE_BED);
  return g_strcmp0 (code, "WAKE") == 0 ? clinical_phrase_get (self, CLINICAL_PHRASE_AFTER_WAKING)
                                       : NULL;
}

/* In the largest unit that is exact. */
static char *
say_offset (const ClinicalSpeaker *self, gint64 minutes)
{
  const char *unit = minutes % 1440 == 0 ? "d" : minutes % 60 == 0 ? "h" : "min";
  gint64 value = *unit == 'd' ? minutes / 1440 : *unit == 'h' ? minutes / 60 : minutes;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  return length_of (self, number, clinical_timing_unit_in (unit, value != 1, self->language));
}

gboolean
clinical_dosage_write_when (const ClinicalSpeaker *self,
                            const FhirElement *dosage,
                            GString *out,
                            GError **error)
{
  const FhirElement *when = repeat_of (dosage, "when"), *offset = repeat_of (dosage, "offset");
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  gint64 minutes = fhir_element_get_integer (offset, 0);
  g_autofree char *joined = NULL, *before = NULL;

  if (offset && (fhir_element_get_length (when) == 0 || minutes <= 0))
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage gives an offset from nothing.");
  fhir_element_foreach (item, when)
    {
      const char *code = fhir_element_get_text (item);
      const char *text =
          offset ? offset_event (self, code) : clinical_timing_event_in (code, self->language);

      if (!text)
        return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                     "The dosage has a time of day that is not known.");
      g_ptr_array_add (words, (gpointer) text);
    }
  joined = clinical_phrase_join (self, words);
  if (!offset)
    return g_string_append (out, joined) != NULL;
  before = say_offset (self, minutes);
  return put (out, clinical_phrase_fill (self, CLINICAL_PHRASE_OFFSET, before, joined));
}

static char *
say_days (const ClinicalSpeaker *self, const FhirElement *dosage, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  fhir_element_foreach (item, repeat_of (dosage, "dayOfWeek"))
    {
      const char *name = clinical_timing_day_in (fhir_element_get_text (item), self->language);

      if (!name)
        return clinical_say_nothing (error, CLINICAL_ERROR_STRUCTURE,
                                     "The dosage has a day of the week that is not known.");
      g_ptr_array_add (names, (gpointer) name);
    }
  if (names->len == 0)
    return g_strdup ("");
  joined = clinical_phrase_join (self, names);
  return clinical_phrase_fill (self, CLINICAL_PHRASE_ON_DAYS, joined, NULL);
}

static char *
say_times_of_day (const ClinicalSpeaker *self, const FhirElement *dosage, GError **error)
{
  g_autoptr (GPtrArray) times = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;

  fhir_element_foreach (item, repeat_of (dosage, "timeOfDay"))
    {
      const char *text = fhir_element_get_text (item);

      if (!text || strlen (text) < 5 || strspn (text, "0123456789:") != strlen (text))
        return clinical_say_nothing (error, CLINICAL_ERROR_STRUCTURE,
                                     "The dosage has a time of day that cannot be read.");
      g_ptr_array_add (times, g_str_has_suffix (text, ":00") && strlen (text) > 5
                                  ? g_strndup (text, 5)
                                  : g_strdup (text));
    }
  if (times->len == 0)
    return g_strdup ("");
  joined = clinical_phrase_join (self, times);
  return clinical_phrase_fill (self,
                               g_str_has_prefix (joined, "01:") ? CLINICAL_PHRASE_AT_ONE
                                                                : CLINICAL_PHRASE_AT_TIME,
                               joined, NULL);
}

gboolean
clinical_dosage_write_days (const ClinicalSpeaker *self,
                            const FhirElement *dosage,
                            GString *out,
                            GError **error)
{
  g_autofree char *days = say_days (self, dosage, error);
  g_autofree char *times = days ? say_times_of_day (self, dosage, error) : NULL;

  if (!days || !times)
    return FALSE;
  if (*days && *times)
    return put (out, clinical_phrase_fill (self, CLINICAL_PHRASE_DAYS_TIMES, days, times));
  return g_string_append (out, *days ? days : times) != NULL;
}

static gboolean
write_period (const ClinicalSpeaker *self, const FhirElement *period, GString *out, GError **error)
{
  const FhirElement *start = fhir_element_get (period, "start"),
                    *end = fhir_element_get (period, "end");
  g_autofree char *from = clinical_language_date (self->language, fhir_element_get_text (start));
  g_autofree char *to = clinical_language_date (self->language, fhir_element_get_text (end));

  if ((start && !from) || (end && !to) || (!start && !end))
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The period of the dosage has no dates.");
  if (start && end)
    return put (out, clinical_phrase_fill (self, CLINICAL_PHRASE_FROM_TO, from, to));
  return put (out, clinical_phrase_fill (self, start ? CLINICAL_PHRASE_FROM : CLINICAL_PHRASE_UNTIL,
                                         start ? from : to, NULL));
}

static const char *
code_of (const FhirElement *quantity)
{
  return fhir_element_path_text (quantity, "code");
}

gboolean
clinical_dosage_write_bounds (const ClinicalSpeaker *self,
                              const FhirElement *dosage,
                              GString *out,
                              GError **error)
{
  const FhirElement *duration = repeat_of (dosage, "boundsDuration");
  const FhirElement *range = repeat_of (dosage, "boundsRange");
  const FhirElement *period = repeat_of (dosage, "boundsPeriod");
  const FhirElement *low = range ? fhir_element_get (range, "low") : duration;
  const FhirElement *high = fhir_element_get (range, "high"), *one = low ? low : high;
  g_autofree char *length = NULL, *whole = NULL;

  if (period)
    return write_period (self, period, out, error);
  if (!duration && !range)
    return TRUE;
  if (fhir_element_get (low, "comparator") || fhir_element_get (high, "comparator") ||
      (low && high && g_strcmp0 (code_of (low), code_of (high)) != 0))
    return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                 "The duration of the course is not one length of time.");
  length = clinical_say_time (self, fhir_element_get (one, "value"),
                              low && high ? fhir_element_get (high, "value") : NULL, code_of (one),
                              "duration of the course", error);
  if (!length)
    return FALSE;
  /* Japanese ends a length of time in 間, which hours and weeks have already */
  whole = self->language == CLINICAL_LANGUAGE_JA && !g_str_has_suffix (length, "間")
              ? g_strconcat (length, "間", NULL)
              : g_strdup (length);
  return put (out, clinical_phrase_fill (self,
                                         !low             ? CLINICAL_PHRASE_FOR_UP_TO
                                         : range && !high ? CLINICAL_PHRASE_FOR_AT_LEAST
                                                          : CLINICAL_PHRASE_FOR,
                                         whole, NULL));
}

gboolean
clinical_dosage_write_count (const ClinicalSpeaker *self,
                             const FhirElement *dosage,
                             GString *out,
                             GError **error)
{
  const FhirElement *count = repeat_of (dosage, "count"), *max = repeat_of (dosage, "countMax");
  g_autofree char *low = NULL, *high = NULL, *both = NULL;

  if (!count && !max)
    return TRUE;
  if (!count)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage gives a largest count without a count.");
  low = clinical_say_value (self, count, "count", error);
  high = low && max ? clinical_say_value (self, max, "largest count", error) : NULL;
  if (!low || (max && !high))
    return FALSE;
  both = max ? clinical_phrase_fill (self, CLINICAL_PHRASE_RANGE, low, high) : g_strdup (low);
  return put (out, clinical_phrase_fill (self,
                                         !max && g_str_equal (low, "1") ? CLINICAL_PHRASE_COUNT_ONE
                                                                        : CLINICAL_PHRASE_COUNT,
                                         both, NULL));
}

gboolean
clinical_dosage_write_event (const ClinicalSpeaker *self,
                             const FhirElement *dosage,
                             GString *out,
                             GError **error)
{
  g_autoptr (GPtrArray) dates = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;

  fhir_element_foreach (event, fhir_element_path (dosage, "timing.event"))
    {
      char *day = clinical_language_date (self->language, fhir_element_get_text (event));

      if (!day)
        return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                     "The dosage names a day that has no date.");
      g_ptr_array_add (dates, day);
    }
  if (dates->len == 0)
    return TRUE;
  joined = clinical_phrase_join (self, dates);
  return put (out, clinical_phrase_fill (self, CLINICAL_PHRASE_ON_DATES, joined, NULL));
}
