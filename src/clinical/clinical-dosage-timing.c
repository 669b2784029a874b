/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include "clinical-timing.h"
#include "fhir-date.h"

#include <string.h>

/* The parts of a dosage's sentence that tell when: FHIR Timing. */

static const FhirElement *
repeat_of (const FhirElement *dosage, const char *name)
{
  return fhir_element_get (fhir_element_path (dosage, "timing.repeat"), name);
}

gboolean
clinical_dosage_write_duration (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *duration = repeat_of (dosage, "duration"),
                    *max = repeat_of (dosage, "durationMax");
  const char *unit = fhir_element_get_text (repeat_of (dosage, "durationUnit"));

  if (!duration && !max)
    return TRUE;
  g_string_append (out, "over ");
  if (!duration)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage gives a longest duration without a duration.");
  if (!clinical_dosage_append_time (duration, NULL, unit, "duration", out, error))
    return FALSE;
  if (!max)
    return TRUE;
  g_string_append (out, " (maximum ");
  if (!clinical_dosage_append_time (max, NULL, unit, "longest duration", out, error))
    return FALSE;
  g_string_append_c (out, ')');
  return TRUE;
}

static gboolean
append_frequency (const FhirElement *low, const FhirElement *high, GString *out, GError **error)
{
  const char *text = fhir_element_get_text (low);

  if (low && fhir_element_get_kind (low) != FHIR_KIND_NUMBER)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The frequency has no number.");
  if (low && high)
    g_string_append_printf (out, "%s to %s times", text, fhir_element_get_text (high));
  else if (high)
    g_string_append_printf (out, "up to %s times", fhir_element_get_text (high));
  else if (g_str_equal (text, "1"))
    g_string_append (out, "once");
  else if (g_str_equal (text, "2"))
    g_string_append (out, "twice");
  else
    g_string_append_printf (out, "%s times", text);
  return TRUE;
}

gboolean
clinical_dosage_write_frequency (const FhirElement *dosage, GString *out, GError **error)
{
  static const char *const adverbs[][2] = {
    { "h", "hourly" }, { "d", "daily" }, { "wk", "weekly" }, { "mo", "monthly" }, { "a", "yearly" }
  };
  const FhirElement *low = repeat_of (dosage, "frequency"),
                    *high = repeat_of (dosage, "frequencyMax");
  const FhirElement *period = repeat_of (dosage, "period"),
                    *period_max = repeat_of (dosage, "periodMax");
  const char *unit = fhir_element_get_text (repeat_of (dosage, "periodUnit"));
  gboolean each = !period_max && clinical_text_is_one (fhir_element_get_text (period));

  if (!period && !period_max && !low && !high)
    return TRUE;
  if (!period)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage says how often, but not in what time.");
  if (!clinical_timing_unit_text (unit, FALSE))
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "The period has no unit of time.");
  if (!low && !high)
    {
      for (gsize i = 0; each && i < G_N_ELEMENTS (adverbs); i++)
        if (g_str_equal (adverbs[i][0], unit))
          return g_string_append (out, adverbs[i][1]) != NULL;
      return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                   "The dosage gives a period, but not how often in it.");
    }
  if (each || high ||
      !g_str_equal (fhir_element_get_text (low) ? fhir_element_get_text (low) : "", "1"))
    {
      if (!append_frequency (low, high, out, error))
        return FALSE;
      g_string_append_c (out, ' ');
    }
  if (each)
    {
      g_string_append_printf (out, "%s %s", g_str_equal (unit, "h") ? "an" : "a",
                              clinical_timing_unit_text (unit, FALSE));
      return TRUE;
    }
  g_string_append (out, "every ");
  return clinical_dosage_append_time (period, period_max, unit, "period", out, error);
}

static void
append_offset (gint64 minutes, GString *out)
{
  const char *unit = minutes % 1440 == 0 ? "d" : minutes % 60 == 0 ? "h" : "min";
  gint64 value = *unit == 'd' ? minutes / 1440 : *unit == 'h' ? minutes / 60 : minutes;

  g_string_append_printf (out, "%" G_GINT64_FORMAT " %s ", value,
                          clinical_timing_unit_text (unit, value != 1));
}

gboolean
clinical_dosage_write_when (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *when = repeat_of (dosage, "when"), *offset = repeat_of (dosage, "offset");
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  if (offset && fhir_element_get_length (when) == 0)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage gives an offset from nothing.");
  fhir_element_foreach (item, when)
    {
      const char *text = clinical_timing_event_text (fhir_element_get_text (item));

      if (!text)
        return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                     "The dosage has a time of day that is not known.");
      g_ptr_array_add (words, (gpointer) text);
    }
  if (offset)
    append_offset (fhir_element_get_integer (offset, 0), out);
  joined = clinical_text_join (words);
  g_string_append (out, joined);
  return TRUE;
}

gboolean
clinical_dosage_write_days (const FhirElement *dosage, GString *out, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) times = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined_days = NULL, *joined_times = NULL;

  fhir_element_foreach (item, repeat_of (dosage, "dayOfWeek"))
    {
      const char *name = clinical_timing_day_text (fhir_element_get_text (item));

      if (!name)
        return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                     "The dosage has a day of the week that is not known.");
      g_ptr_array_add (names, (gpointer) name);
    }
  fhir_element_foreach (item, repeat_of (dosage, "timeOfDay"))
    {
      const char *text = fhir_element_get_text (item);

      if (!text || strlen (text) < 5)
        return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                     "The dosage has a time of day that cannot be read.");
      g_ptr_array_add (times, g_str_has_suffix (text, ":00") && strlen (text) > 5
                                  ? g_strndup (text, 5)
                                  : g_strdup (text));
    }
  joined_days = clinical_text_join (names);
  joined_times = clinical_text_join (times);
  g_string_append_printf (out, "%s%s%s%s%s", names->len ? "on " : "", joined_days,
                          names->len && times->len ? " " : "", times->len ? "at " : "",
                          joined_times);
  return TRUE;
}

static char *
day_of (const FhirElement *date)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  return fhir_date_format (fhir_element_get_text (date), utc);
}

static gboolean
append_period (const FhirElement *period, GString *out, GError **error)
{
  const FhirElement *start = fhir_element_get (period, "start"),
                    *end = fhir_element_get (period, "end");
  g_autofree char *from = start ? day_of (start) : NULL;
  g_autofree char *to = end ? day_of (end) : NULL;

  if ((start && !from) || (end && !to) || (!start && !end))
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The period of the dosage has no dates.");
  if (start && end)
    g_string_append_printf (out, "from %s to %s", from, to);
  else
    g_string_append_printf (out, "%s %s", start ? "from" : "until", start ? from : to);
  return TRUE;
}

gboolean
clinical_dosage_write_bounds (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *duration = repeat_of (dosage, "boundsDuration");
  const FhirElement *range = repeat_of (dosage, "boundsRange");
  const FhirElement *period = repeat_of (dosage, "boundsPeriod");
  const FhirElement *low = range ? fhir_element_get (range, "low") : duration;
  const FhirElement *high = fhir_element_get (range, "high");

  if (period)
    return append_period (period, out, error);
  if (!duration && !range)
    return TRUE;
  g_string_append (out, low ? "for " : "for up to ");
  return clinical_dosage_append_time (fhir_element_get (low ? low : high, "value"),
                                      low && high ? fhir_element_get (high, "value") : NULL,
                                      fhir_element_path_text (low ? low : high, "code"),
                                      "duration of the course", out, error);
}

gboolean
clinical_dosage_write_count (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *count = repeat_of (dosage, "count"), *max = repeat_of (dosage, "countMax");

  if (!count && !max)
    return TRUE;
  if (!count)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage gives a largest count without a count.");
  if (!clinical_dosage_append_value (count, "count", out, error))
    return FALSE;
  if (max)
    {
      g_string_append (out, " to ");
      if (!clinical_dosage_append_value (max, "count", out, error))
        return FALSE;
    }
  g_string_append (out, !max && clinical_text_is_one (fhir_element_get_text (count))
                            ? " time in all"
                            : " times in all");
  return TRUE;
}

gboolean
clinical_dosage_write_event (const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *events = fhir_element_path (dosage, "timing.event");
  g_autoptr (GPtrArray) dates = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;

  fhir_element_foreach (event, events)
    {
      g_autofree char *day = fhir_element_get_text (event) ? day_of (event) : NULL;

      if (!day)
        return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                     "The dosage names a day that has no date.");
      g_ptr_array_add (dates, g_steal_pointer (&day));
    }
  joined = clinical_text_join (dates);
  g_string_append_printf (out, "%s%s", dates->len ? "on " : "", joined);
  return TRUE;
}
