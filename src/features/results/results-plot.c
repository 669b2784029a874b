/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-plot.h"

#include <glib/gi18n.h>
#include <math.h>

#define LEAST_VIEW   (6 * G_TIME_SPAN_HOUR)
#define MOST_PRESSED 5    /* how much of its own height a series may lose to another */
#define MARGIN       0.04 /* of the whole, beside its first and last point */
#define ABSURD       1e12 /* a number beyond it would press all others into one line */

static void
series_free (gpointer data)
{
  ResultsSeries *self = data;

  g_free (self->key);
  g_free (self->name);
  g_array_unref (self->points);
  g_free (self);
}

static void
lane_free (gpointer data)
{
  ResultsLane *self = data;

  g_free (self->unit);
  g_ptr_array_unref (self->series);
  g_free (self);
}

ResultsPlot *
results_plot_new (CareResults *results, GTimeZone *zone)
{
  ResultsPlot *self = g_new0 (ResultsPlot, 1);

  self->results = g_object_ref (results);
  self->zone = g_time_zone_ref (zone);
  self->lanes = g_ptr_array_new_with_free_func (lane_free);
  return self;
}

void
results_plot_free (ResultsPlot *self)
{
  g_object_unref (self->results);
  g_time_zone_unref (self->zone);
  g_ptr_array_unref (self->lanes);
  g_free (self);
}

/* ---- what is drawn ---- */

static gboolean
is_absurd (double number)
{
  return !isnan (number) && fabs (number) > ABSURD;
}

/* (transfer full): the numbers of one kind. An absurd one is counted with those that are not drawn;
 * the table has it. */
GArray *
results_plot_dup_points (CareResults *results, const char *key, const char *ucum)
{
  GArray *points = care_results_dup_series (results, key, ucum);

  for (guint i = 0; i < points->len; i++)
    {
      CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i);

      if (is_absurd (point->value) || is_absurd (point->low) || is_absurd (point->high))
        point->comparable = FALSE;
    }
  return points;
}

static const CareTrendPoint *
newest_drawn (const GArray *points)
{
  for (guint i = points->len; i > 0; i--)
    if (g_array_index (points, CareTrendPoint, i - 1).comparable)
      return &g_array_index (points, CareTrendPoint, i - 1);
  return NULL;
}

/* The unit in which the line is drawn: that of a point which was not converted, or else asked for.
 */
static const char *
unit_of (const GArray *points, const char *ucum)
{
  for (guint i = points->len; i > 0; i--)
    {
      const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i - 1);

      if (point->comparable && !point->converted)
        return point->unit;
    }
  return ucum ? ucum : "";
}

static WorkspaceTrendScale
scale_with (const ResultsLane *lane, const GArray *more)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (CareTrendPoint));
  WorkspaceTrendScale scale;

  for (guint i = 0; lane && i < lane->series->len; i++)
    {
      GArray *points = ((ResultsSeries *) lane->series->pdata[i])->points;

      g_array_append_vals (all, points->data, points->len);
    }
  if (more)
    g_array_append_vals (all, more->data, more->len);
  workspace_trend_scale (all, &scale);
  return scale;
}

/* A systolic and a diastolic pressure do; a potassium would be a flat line below a sodium. */
static gboolean
fits (const ResultsLane *lane, const char *unit, const GArray *points)
{
  WorkspaceTrendScale own = scale_with (NULL, points), both = scale_with (lane, points);
  double least = MIN (own.high - own.low, lane->scale.high - lane->scale.low);

  return g_strcmp0 (lane->unit, unit) == 0 && both.high - both.low <= least * MOST_PRESSED;
}

static ResultsLane *
get_lane (ResultsPlot *self, const char *unit, const GArray *points)
{
  ResultsLane *lane;

  for (guint i = 0; i < self->lanes->len; i++)
    if (fits (self->lanes->pdata[i], unit, points))
      return self->lanes->pdata[i];
  lane = g_new0 (ResultsLane, 1);
  lane->unit = g_strdup (unit);
  lane->series = g_ptr_array_new_with_free_func (series_free);
  g_ptr_array_add (self->lanes, lane);
  return lane;
}

static void
measure (ResultsPlot *self)
{
  gint64 first = G_MAXINT64, last = G_MININT64, margin;

  for (guint i = 0; i < self->lanes->len; i++)
    {
      const ResultsLane *lane = self->lanes->pdata[i];

      first = MIN (first, lane->scale.start);
      last = MAX (last, lane->scale.end);
    }
  margin = (gint64) ((double) (last - first) * MARGIN);
  self->first = first - margin;
  self->last = last + margin;
  results_plot_show_all (self);
}

/**
 * results_plot_add:
 * @ucum: (nullable): the unit to draw it in
 *
 * Returns: FALSE where it has no number that can be drawn, is drawn already, or there is no room
 */
gboolean
results_plot_add (ResultsPlot *self, const char *key, const char *name, const char *ucum)
{
  g_autoptr (GArray) points = NULL;
  ResultsLane *lane;
  ResultsSeries *series;

  if (!key || results_plot_has (self, key))
    return FALSE;
  if (!ucum)
    ucum = care_results_get_unit (self->results, key);
  points = results_plot_dup_points (self->results, key, ucum);
  if (!newest_drawn (points))
    return FALSE;
  if (results_plot_count (self) >= RESULTS_MAX_SERIES)
    {
      self->n_refused++;
      return FALSE;
    }
  lane = get_lane (self, unit_of (points, ucum), points);
  series = g_new0 (ResultsSeries, 1);
  series->key = g_strdup (key);
  series->name = g_strdup (name);
  series->points = g_steal_pointer (&points);
  g_ptr_array_add (lane->series, series);
  lane->scale = scale_with (lane, NULL);
  measure (self);
  return TRUE;
}

gboolean
results_plot_has (const ResultsPlot *self, const char *key)
{
  for (guint i = 0; i < self->lanes->len; i++)
    {
      const ResultsLane *lane = self->lanes->pdata[i];

      for (guint j = 0; j < lane->series->len; j++)
        if (g_strcmp0 (((ResultsSeries *) lane->series->pdata[j])->key, key) == 0)
          return TRUE;
    }
  return FALSE;
}

guint
results_plot_count (const ResultsPlot *self)
{
  guint count = 0;

  for (guint i = 0; i < self->lanes->len; i++)
    count += ((ResultsLane *) self->lanes->pdata[i])->series->len;
  return count;
}

/* ---- what is seen of it ---- */

void
results_plot_show_all (ResultsPlot *self)
{
  self->start = self->first;
  self->end = self->last;
}

/* Neither wider than the whole nor beside it. */
static gboolean
look_at (ResultsPlot *self, gint64 start, gint64 span)
{
  gint64 before_start = self->start, before_end = self->end, whole = self->last - self->first;

  span = CLAMP (span, MIN (LEAST_VIEW, whole), whole);
  start = CLAMP (start, self->first, self->last - span);
  self->start = start;
  self->end = start + span;
  return before_start != self->start || before_end != self->end;
}

/* Moves by a part of what is seen; FALSE at the end. */
gboolean
results_plot_pan (ResultsPlot *self, double part)
{
  gint64 span = self->end - self->start;

  if (!isfinite (part))
    return FALSE;
  part = CLAMP (part, -1000, 1000);
  return look_at (self, self->start + (gint64) (part * (double) span), span);
}

/* Shows @factor times as much time (below 1: nearer); what stands at @at, from 0 to 1 of the width,
 * stays there. FALSE where it cannot. */
gboolean
results_plot_zoom (ResultsPlot *self, double factor, double at)
{
  double span = (double) (self->end - self->start), next;

  if (!isfinite (factor) || factor <= 0)
    return FALSE;
  at = CLAMP (at, 0, 1);
  factor = CLAMP (factor, 0.001, 1000);
  next = CLAMP (span * factor, (double) MIN (LEAST_VIEW, self->last - self->first),
                (double) (self->last - self->first));
  return look_at (self, self->start + (gint64) (at * (span - next)), (gint64) next);
}

/* ---- medicines ---- */

static gboolean
is_seen (const ResultsPlot *self, const CareMedicineSpan *span)
{
  return span->start_us <= self->end && (span->active || span->end_us >= self->start);
}

/**
 * results_plot_dup_medicines:
 * @n_more: (out) (optional): how many more were taken in that time
 *
 * Returns: (transfer container) (element-type CareMedicineSpan): what was taken in the time that is
 *   seen, what goes on first
 */
GPtrArray *
results_plot_dup_medicines (const ResultsPlot *self, guint *n_more)
{
  GPtrArray *all = care_results_get_medicines (self->results);
  GPtrArray *seen = g_ptr_array_new ();
  guint more = 0;

  for (int active = 1; active >= 0; active--)
    for (guint i = 0; i < all->len; i++)
      {
        CareMedicineSpan *span = all->pdata[i];

        if (span->active != active || !is_seen (self, span))
          continue;
        if (seen->len < RESULTS_MAX_MEDICINE)
          g_ptr_array_add (seen, span);
        else
          more++;
      }
  if (n_more)
    *n_more = more;
  return seen;
}

/* ---- words ---- */

static void
add_medicines (const ResultsPlot *self, GString *words)
{
  guint more = 0, withheld = care_results_get_medicines_withheld (self->results);
  g_autoptr (GPtrArray) medicines = results_plot_dup_medicines (self, &more);

  for (guint i = 0; i < medicines->len; i++)
    {
      const CareMedicineSpan *span = medicines->pdata[i];
      g_autofree char *start = workspace_trend_dup_date (span->start_us, self->zone);
      g_autofree char *end = workspace_trend_dup_date (span->end_us, self->zone);

      g_string_append (words, i == 0 ? _ ("\nMedicines: ") : "; ");
      if (span->active)
        g_string_append_printf (words, _ ("%s since %s"), span->name, start);
      else if (span->ends_open)
        g_string_append_printf (words, _ ("%s from %s, its end is not recorded"), span->name,
                                start);
      else
        g_string_append_printf (words, _ ("%s from %s to %s"), span->name, start, end);
    }
  if (medicines->len > 0)
    g_string_append_c (words, '.');
  if (more > 0)
    g_string_append_printf (words,
                            ngettext (" %u more medicine is not drawn.",
                                      " %u more medicines are not drawn.", more),
                            more);
  if (withheld > 0)
    g_string_append_printf (
        words,
        ngettext (" %u medicine without a date that can be read is not drawn.",
                  " %u medicines without a date that can be read are not drawn.", withheld),
        withheld);
}

static guint
count_converted (const GArray *points)
{
  guint count = 0;

  for (guint i = 0; i < points->len; i++)
    count += g_array_index (points, CareTrendPoint, i).converted;
  return count;
}

static void
add_series (const ResultsPlot *self,
            const ResultsLane *lane,
            const ResultsSeries *series,
            GString *words)
{
  g_autofree char *said = workspace_trend_describe (series->points, self->zone);
  guint converted = count_converted (series->points);

  g_string_append_printf (words, "%s%s%s%s: %s", words->len ? "\n" : "", series->name,
                          *lane->unit ? ", " : "", lane->unit, said);
  if (converted > 0)
    g_string_append_printf (words,
                            ngettext (" %u was converted and is hollow.",
                                      " %u were converted and are hollow.", converted),
                            converted);
}

/* (transfer full): what the picture shows, for those who hear it. */
char *
results_plot_dup_words (const ResultsPlot *self, gboolean medicines)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < self->lanes->len; i++)
    {
      const ResultsLane *lane = self->lanes->pdata[i];

      for (guint j = 0; j < lane->series->len; j++)
        add_series (self, lane, lane->series->pdata[j], words);
    }
  if (words->len == 0)
    return g_strdup (_ ("No readings that can be drawn."));
  if (self->n_refused > 0)
    g_string_append_printf (words,
                            ngettext ("\nThere is no room for %u more: the table has it.",
                                      "\nThere is no room for %u more: the table has them.",
                                      self->n_refused),
                            self->n_refused);
  if (medicines)
    add_medicines (self, words);
  return g_string_free_and_steal (g_steal_pointer (&words));
}
