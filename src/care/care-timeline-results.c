/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-timeline-private.h"

#include <glib/gi18n.h>

#include "fhir-date.h"
#include "fhir-observation.h"
#include "store-resource.h"

#include <string.h>

/* Readings on the timeline: those of a report or panel are one event, those of one day and one kind
 * another. Nobody looks for the day on which forty values were sent among forty lines. */

#define MEMBERS_NAMED 12
#define DEPTH         4

typedef struct
{
  FhirResource *resource;
  CareRow *row;
  const char *when;
  gboolean in_panel;
} Reading;

/* Several readings that are shown as one event. */
typedef struct
{
  GString *words;
  const char *title;
  const char *when, *flag;
  Reading *latest;
  guint n;
} Group;

typedef struct
{
  CareTimeline *timeline;
  CareChart *chart;
  GHashTable *readings; /* reference -> Reading */
  GHashTable *groups;   /* day and kind -> Group */
} Reader;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  fhir_resource_unref (self->resource);
  g_object_unref (self->row);
  g_free (self);
}

static void
group_free (gpointer data)
{
  Group *self = data;

  g_string_free (self->words, TRUE);
  g_free (self);
}

static Group *
group_new (const char *title)
{
  Group *self = g_new0 (Group, 1);

  self->words = g_string_new (NULL);
  self->title = title;
  return self;
}

/* ---- groups ---- */

static int
gravity (const char *flag)
{
  return !flag || !*flag ? 0 : strlen (flag) > 1 ? 2 : 1;
}

static const char *
flag_word (const char *flag)
{
  if (g_strcmp0 (flag, "H") == 0)
    return _ ("high");
  if (g_strcmp0 (flag, "L") == 0)
    return _ ("low");
  if (g_strcmp0 (flag, "HH") == 0)
    return _ ("critically high");
  if (g_strcmp0 (flag, "LL") == 0)
    return _ ("critically low");
  return flag && strlen (flag) > 1 ? _ ("critical") : _ ("abnormal");
}

static void
group_add (Group *self, Reading *reading)
{
  CareRow *row = reading->row;
  const char *flag = care_row_get_text (row, CARE_ROW_FLAG);
  const char *value = care_row_get_text (row, CARE_ROW_VALUE);

  self->n++;
  if (!self->latest || care_row_get_sort (row) >= care_row_get_sort (self->latest->row))
    self->latest = reading;
  if (gravity (flag) > gravity (self->flag))
    self->flag = flag;
  /* what is out of range is named however many there are */
  if (self->n > MEMBERS_NAMED && gravity (flag) == 0)
    return;
  g_string_append_printf (self->words, "%s%s %s", self->words->len ? " · " : "",
                          care_row_get_title (row), value ? value : "");
  if (gravity (flag) > 0)
    g_string_append_printf (self->words, " (%s)", flag_word (flag));
}

static char *
dup_count (const Group *self)
{
  return g_strdup_printf (ngettext ("%u reading", "%u readings", self->n), self->n);
}

static void
add_group (Reader *reader,
           const Group *self,
           const char *title,
           const char *when,
           const char *detail,
           const char *reference)
{
  g_autofree char *count = dup_count (self);
  g_autoptr (CareRow) row =
      care_row_new (0, CARE_ROW_TITLE, title, CARE_ROW_SUBTITLE, self->words->str, CARE_ROW_DETAIL,
                    detail, CARE_ROW_FLAG, self->flag, CARE_ROW_REFERENCE, reference, 0);

  care_timeline_add (reader->timeline, reader->chart, CARE_TIMELINE_RESULT, when, row, count);
}

/* ---- panels ---- */

static gboolean
has_value (const Reading *reading)
{
  g_autofree char *value = fhir_observation_dup_value (reading->resource);

  return value != NULL;
}

static void
add_members (
    Reader *reader, Group *group, const FhirElement *members, GHashTable *seen, guint depth)
{
  fhir_element_foreach (member, members)
    {
      const char *reference = fhir_element_path_text (member, "reference");
      Reading *reading = reference ? g_hash_table_lookup (reader->readings, reference) : NULL;

      if (!reading || !g_hash_table_add (seen, reading))
        continue;
      guint before = group->n;

      reading->in_panel = TRUE;
      if (depth < DEPTH)
        add_members (reader, group, fhir_resource_path (reading->resource, "hasMember"), seen,
                     depth + 1);
      /* a heading over others is no reading, unless it says something itself or stands alone */
      if (has_value (reading) || group->n == before)
        group_add (group, reading);
    }
}

/* @self: (nullable): an observation that is the panel. FALSE: it names no reading that is here. */
static gboolean
add_panel (Reader *reader, FhirResource *resource, const char *members, CareRow *row, Reading *self)
{
  static const char *const whens[] = { "effectiveDateTime", "effectivePeriod.start", "issued",
                                       "date" };
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  Group *group = group_new (NULL);
  const char *when = NULL;
  gboolean found;
  guint own;

  for (gsize i = 0; i < G_N_ELEMENTS (whens) && !when; i++)
    when = fhir_resource_path_text (resource, whens[i]);
  g_hash_table_add (seen, self);
  if (self && has_value (self))
    group_add (group, self);
  own = group->n;
  add_members (reader, group, fhir_resource_path (resource, members), seen, 1);
  found = group->n > own;
  if (found)
    add_group (reader, group, care_row_get_title (row), when,
               fhir_resource_path_text (resource, "conclusion"), care_row_get_reference (row));
  group_free (group);
  return found;
}

static gboolean
read_reports (Reader *reader, GError **error)
{
  g_autoptr (GPtrArray) reports =
      store_resource_list (reader->chart->connection, reader->chart->patient_id, "DiagnosticReport",
                           error);

  for (guint i = 0; reports && i < reports->len; i++)
    {
      FhirResource *report = reports->pdata[i];
      g_autoptr (CareRow) row = NULL;
      gboolean opaque = care_chart_is_opaque (report);
      const char *when = fhir_resource_path_text (report, "effectiveDateTime");

      if (care_chart_is_error (report))
        {
          reader->timeline->n_errors++;
          continue;
        }
      row = opaque ? care_chart_opaque_row (reader->chart, report, when)
                   : care_chart_document (reader->chart, report);
      if (opaque || !add_panel (reader, report, "result", row, NULL))
        care_timeline_add (reader->timeline, reader->chart, CARE_TIMELINE_DOCUMENT,
                           when ? when : fhir_resource_path_text (report, "issued"), row, NULL);
    }
  return reports != NULL;
}

static void
read_panels (Reader *reader)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, reader->readings);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Reading *reading = value;

      if (!reading->in_panel && fhir_resource_path (reading->resource, "hasMember") &&
          add_panel (reader, reading->resource, "hasMember", reading->row, reading))
        reading->in_panel = TRUE;
    }
}

/* ---- single readings ---- */

static gboolean
read_observations (Reader *reader, GError **error)
{
  g_autoptr (GPtrArray) list =
      store_resource_list (reader->chart->connection, reader->chart->patient_id, "Observation",
                           error);

  for (guint i = 0; list && i < list->len; i++)
    {
      FhirResource *resource = list->pdata[i];
      const char *status = fhir_resource_path_text (resource, "status");
      g_autoptr (CareRow) row = NULL;
      Reading *reading;

      if (care_chart_is_error (resource) || g_strcmp0 (status, "cancelled") == 0)
        {
          reader->timeline->n_errors++;
          continue;
        }
      row = care_chart_observation (reader->chart, resource);
      if (care_chart_is_opaque (resource))
        {
          care_timeline_add (reader->timeline, reader->chart, CARE_TIMELINE_RESULT,
                             care_chart_observation_time (resource), row, NULL);
          continue;
        }
      reading = g_new0 (Reading, 1);
      reading->resource = fhir_resource_ref (resource);
      reading->row = g_steal_pointer (&row);
      reading->when = care_chart_observation_time (resource);
      g_hash_table_insert (reader->readings, g_strdup (care_row_get_reference (reading->row)),
                           reading);
    }
  return list != NULL;
}

static const char *
category_of (FhirResource *observation)
{
  if (care_chart_observation_is (observation, "vital-signs"))
    return N_ ("Vital Signs");
  if (care_chart_observation_is (observation, "laboratory"))
    return N_ ("Laboratory Results");
  if (care_chart_observation_is (observation, "survey"))
    return N_ ("Questionnaire Answers");
  if (care_chart_observation_is (observation, "social-history"))
    return N_ ("Social History");
  return N_ ("Readings");
}

static void
group_by_day (Reader *reader)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, reader->readings);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Reading *reading = value;
      int day = care_timeline_day (reading->when, reader->chart->zone);
      const char *category = category_of (reading->resource);
      /* of the same day only where the day is known */
      g_autofree char *key = day % 100 ? g_strdup_printf ("%d %s", day, category)
                                       : g_strdup (care_row_get_reference (reading->row));
      Group *group;

      if (reading->in_panel)
        continue;
      group = g_hash_table_lookup (reader->groups, key);
      if (!group)
        {
          group = group_new (category);
          g_hash_table_insert (reader->groups, g_steal_pointer (&key), group);
        }
      group_add (group, reading);
    }
}

static void
add_days (Reader *reader)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, reader->groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Group *group = value;
      const Reading *latest = group->latest;

      if (group->n > 1)
        add_group (reader, group, _ (group->title), latest->when, NULL,
                   care_row_get_reference (latest->row));
      else
        care_timeline_add (reader->timeline, reader->chart, CARE_TIMELINE_RESULT, latest->when,
                           latest->row, NULL);
    }
}

gboolean
care_timeline_read_results (CareTimeline *self, CareChart *chart, GError **error)
{
  g_autoptr (GHashTable) readings =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, reading_free);
  g_autoptr (GHashTable) groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, group_free);
  Reader reader = { self, chart, readings, groups };

  if (!read_observations (&reader, error) || !read_reports (&reader, error))
    return FALSE;
  read_panels (&reader);
  group_by_day (&reader);
  add_days (&reader);
  return TRUE;
}
