/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-trend.h"

#include <glib/gi18n.h>
#include <math.h>

#include "fhir-date.h"
#include "fhir-decimal.h"

#define GRID_LINES  3
#define LEAST_RANGE 0.25 /* of the highest value */

/* (transfer full) (nullable): the series that a reading belongs to. */
GArray *
workspace_trend_of (CareSummary *summary, CareRow *row)
{
  const char *code = care_row_get_text (row, CARE_ROW_CODE);

  if (g_strcmp0 (code, WORKSPACE_TREND_BLOOD_PRESSURE) == 0)
    code = WORKSPACE_TREND_SYSTOLIC;
  return code ? care_summary_get_trend (summary, code) : NULL;
}

/* The step of 1, 2 or 5 times a power of ten that cuts @range into about @lines parts. */
double
workspace_trend_step (double range, int lines)
{
  if (!(range > 0) || lines < 1)
    return 1;
  double rough = range / lines;
  double power = pow (10, floor (log10 (rough)));
  double leading = rough / power;
  double nice = leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10;

  return nice * power;
}

/* A line joins two readings only when both have the newest one's unit (H15). */
gboolean
workspace_trend_joins (const CareTrendPoint *from, const CareTrendPoint *to)
{
  return from->comparable && to->comparable;
}

static void
widen (WorkspaceTrendScale *scale, double value)
{
  if (isnan (value))
    return;
  scale->low = MIN (scale->low, value);
  scale->high = MAX (scale->high, value);
}

/* FALSE: nothing to draw. */
gboolean
workspace_trend_scale (const GArray *points, WorkspaceTrendScale *scale)
{
  *scale = (WorkspaceTrendScale) { .low = INFINITY, .high = -INFINITY };

  for (guint i = 0; points && i < points->len; i++)
    {
      const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i);
      if (!point->comparable)
        {
          scale->left_out++;
          continue;
        }
      scale->start = scale->drawn == 0 ? point->time_us : MIN (scale->start, point->time_us);
      scale->end = scale->drawn == 0 ? point->time_us : MAX (scale->end, point->time_us);
      scale->drawn++;
      widen (scale, point->value);
      if (point->has_range)
        {
          widen (scale, point->low);
          widen (scale, point->high);
        }
    }
  if (scale->drawn == 0)
    return FALSE;
  /* A small change must not look like a cliff. */
  double least = fabs (scale->high) > 0 ? fabs (scale->high) * LEAST_RANGE : 1;
  if (scale->high - scale->low < least)
    {
      double margin = (least - (scale->high - scale->low)) / 2;
      scale->low -= margin;
      scale->high += margin;
    }
  scale->step = workspace_trend_step (scale->high - scale->low, GRID_LINES);
  scale->low = floor (scale->low / scale->step) * scale->step;
  scale->high = ceil (scale->high / scale->step) * scale->step;
  if (scale->end <= scale->start)
    {
      scale->start -= G_TIME_SPAN_DAY;
      scale->end += G_TIME_SPAN_DAY;
    }
  return TRUE;
}

/* (transfer full) (nullable): an interpretation code in words; NULL for normal and for no flag. */
char *
workspace_trend_flag_words (const char *flag)
{
  if (!flag || !*flag || g_str_equal (flag, "N"))
    return NULL;
  if (g_str_equal (flag, "HH") || g_str_equal (flag, "HU"))
    return g_strdup (_ ("critically high"));
  if (g_str_equal (flag, "LL") || g_str_equal (flag, "LU"))
    return g_strdup (_ ("critically low"));
  if (g_str_equal (flag, "H"))
    return g_strdup (_ ("high"));
  if (g_str_equal (flag, "L"))
    return g_strdup (_ ("low"));
  if (g_str_equal (flag, "AA"))
    return g_strdup (_ ("critically abnormal"));
  if (g_str_equal (flag, "A"))
    return g_strdup (_ ("abnormal"));
  return g_strdup (flag);
}

/* (transfer full): "09-Nov-2026" on the clinic's clock. */
char *
workspace_trend_dup_date (gint64 instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (instant);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);
  g_autofree char *day = g_date_time_format (local, "%Y-%m-%d");

  return fhir_date_format (day, zone);
}

/* (transfer full): the digits of a reading in the unit of its series, for reading. */
static char *
dup_digits (const CareTrendPoint *point)
{
  return fhir_decimal_format (*point->shown ? point->shown : point->literal, NULL);
}

/* (transfer full): @value with the mark of the values beside it. */
char *
workspace_trend_dup_number (double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  return fhir_decimal_format (g_ascii_formatd (digits, sizeof digits, "%g", value), NULL);
}

static void
append_last (GString *words, const CareTrendPoint *last, GTimeZone *zone)
{
  g_autofree char *date = workspace_trend_dup_date (last->time_us, zone);
  g_autofree char *flag = workspace_trend_flag_words (last->flag);
  g_autofree char *digits = dup_digits (last), *sent = fhir_decimal_format (last->literal, NULL);

  if (last->converted)
    g_string_append_printf (words, _ ("Last %s, sent as %s %s, on %s"), digits, sent, last->unit,
                            date);
  else
    g_string_append_printf (words, _ ("Last %s %s on %s"), sent, last->unit, date);
  if (flag)
    g_string_append_printf (words, ", %s", flag);
  if (last->has_range && !isnan (last->low) && !isnan (last->high))
    {
      g_autofree char *low = workspace_trend_dup_number (last->low);
      g_autofree char *high = workspace_trend_dup_number (last->high);

      g_string_append_printf (words, _ (", its reference range %s to %s"), low, high);
    }
  g_string_append_c (words, '.');
}

/* (transfer full): what a picture of @points shows, for those who hear it. */
char *
workspace_trend_describe (const GArray *points, GTimeZone *zone)
{
  WorkspaceTrendScale scale;
  g_autoptr (GString) words = g_string_new (NULL);
  const CareTrendPoint *lowest = NULL, *highest = NULL, *last = NULL;

  if (!workspace_trend_scale (points, &scale))
    return g_strdup (_ ("No readings that can be drawn."));
  for (guint i = 0; i < points->len; i++)
    {
      const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i);
      if (!point->comparable)
        continue;
      lowest = !lowest || point->value < lowest->value ? point : lowest;
      highest = !highest || point->value > highest->value ? point : highest;
      last = point;
    }
  g_string_append_printf (words, ngettext ("%u reading. ", "%u readings. ", scale.drawn),
                          scale.drawn);
  append_last (words, last, zone);
  if (scale.drawn > 1)
    {
      g_autofree char *least = dup_digits (lowest), *most = dup_digits (highest);
      g_string_append_printf (words, _ (" Lowest %s, highest %s."), least, most);
    }
  if (scale.left_out > 0)
    g_string_append_printf (words,
                            ngettext (" %u reading in another unit is not drawn.",
                                      " %u readings in other units are not drawn.", scale.left_out),
                            scale.left_out);
  return g_string_free_and_steal (g_steal_pointer (&words));
}
