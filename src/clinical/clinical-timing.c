/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-timing.h"

#include <string.h>

/* Words for the codes of FHIR's Timing: event timing (http://hl7.org/fhir/event-timing and HL7 v3
 * TimingEvent), units of time (UCUM) and days of the week. */

static const char *const events[][2] = {
  { "MORN", "in the morning" },
  { "MORN.early", "in the early morning" },
  { "MORN.late", "in the late morning" },
  { "NOON", "at noon" },
  { "AFT", "in the afternoon" },
  { "AFT.early", "in the early afternoon" },
  { "AFT.late", "in the late afternoon" },
  { "EVE", "in the evening" },
  { "EVE.early", "in the early evening" },
  { "EVE.late", "in the late evening" },
  { "NIGHT", "at night" },
  { "PHS", "after going to sleep" },
  { "HS", "at bedtime" },
  { "WAKE", "on waking" },
  { "C", "with meals" },
  { "CM", "with breakfast" },
  { "CD", "with lunch" },
  { "CV", "with the evening meal" },
  { "AC", "before meals" },
  { "ACM", "before breakfast" },
  { "ACD", "before lunch" },
  { "ACV", "before the evening meal" },
  { "PC", "after meals" },
  { "PCM", "after breakfast" },
  { "PCD", "after lunch" },
  { "PCV", "after the evening meal" },
};

static const char *const time_units[][3] = {
  { "s", "second", "seconds" }, { "min", "minute", "minutes" }, { "h", "hour", "hours" },
  { "d", "day", "days" },       { "wk", "week", "weeks" },      { "mo", "month", "months" },
  { "a", "year", "years" },
};

static const char *const days[][2] = {
  { "mon", "Monday" }, { "tue", "Tuesday" },  { "wed", "Wednesday" }, { "thu", "Thursday" },
  { "fri", "Friday" }, { "sat", "Saturday" }, { "sun", "Sunday" },
};

/**
 * clinical_timing_event_text:
 * @code: a FHIR event timing code
 *
 * Returns: (nullable): "before meals"; NULL for an unknown code
 */
const char *
clinical_timing_event_text (const char *code)
{
  for (gsize i = 0; code && i < G_N_ELEMENTS (events); i++)
    if (g_str_equal (events[i][0], code))
      return events[i][1];
  return NULL;
}

/**
 * clinical_timing_unit_text:
 * @code: a UCUM unit of time
 * @plural: whether of more than one
 *
 * Returns: (nullable): "hours"; NULL for an unknown code
 */
const char *
clinical_timing_unit_text (const char *code, gboolean plural)
{
  for (gsize i = 0; code && i < G_N_ELEMENTS (time_units); i++)
    if (g_str_equal (time_units[i][0], code))
      return time_units[i][plural ? 2 : 1];
  return NULL;
}

/**
 * clinical_timing_day_text:
 * @code: a FHIR day of the week
 *
 * Returns: (nullable): "Monday"; NULL for an unknown code
 */
const char *
clinical_timing_day_text (const char *code)
{
  for (gsize i = 0; code && i < G_N_ELEMENTS (days); i++)
    if (g_str_equal (days[i][0], code))
      return days[i][1];
  return NULL;
}

/**
 * clinical_text_is_one:
 * @literal: a decimal
 *
 * Returns: whether it is exactly one, however many zeros it was written with
 */
gboolean
clinical_text_is_one (const char *literal)
{
  return g_strcmp0 (literal, "1") == 0 || (literal && g_str_has_prefix (literal, "1.") &&
                                           strspn (literal + 2, "0") == strlen (literal + 2));
}

/**
 * clinical_text_join:
 * @items: (element-type utf8): texts
 *
 * Returns: (transfer full): "a, b and c"
 */
char *
clinical_text_join (GPtrArray *items)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    g_string_append_printf (out, "%s%s",
                            i == 0                ? ""
                            : i + 1 == items->len ? " and "
                                                  : ", ",
                            (const char *) items->pdata[i]);
  return g_string_free_and_steal (out);
}
