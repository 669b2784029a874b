/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-course.h"

#include <glib/gi18n.h>

#include "care-extension.h"
#include "care-visit-measured.h"
#include "care-visit-picture.h"
#include "care-visit-log.h"
#include "fhir-date.h"

/* The course of a visit, as the machine drafts it for the note: what its Encounter holds, in the
 * order of the clock. Nothing is concluded. */

static void
moment_free (gpointer data)
{
  CareVisitMoment *moment = data;

  g_free (moment->words);
  g_free (moment);
}

/* @words: (transfer full) */
static void
add (GPtrArray *course, const char *instant, char *words)
{
  CareVisitMoment *moment;
  FhirDate date;
  gint64 low, high;

  if (instant == NULL || !fhir_date_parse (instant, &date) ||
      date.precision < FHIR_PRECISION_MINUTE)
    {
      g_free (words);
      return;
    }
  fhir_date_bounds (&date, &low, &high);
  moment = g_new0 (CareVisitMoment, 1);
  moment->at = low;
  moment->words = words;
  g_ptr_array_add (course, moment);
}

/* @last: what was said of the state before; who arrived and is seen to is in one room still. */
static void
add_status (
    GPtrArray *course, const char *status, const char *since, gboolean again, const char **last)
{
  const char *words = NULL;

  if (g_strcmp0 (status, "arrived") == 0 || g_strcmp0 (status, "triaged") == 0)
    words = _ ("The patient came to the waiting room.");
  else if (g_strcmp0 (status, "onleave") == 0)
    words = _ ("The patient was put on hold.");
  else if (g_strcmp0 (status, "in-progress") == 0)
    words = again ? _ ("The visit went on.") : _ ("The patient was admitted.");
  if (words != NULL && g_strcmp0 (words, *last) != 0)
    add (course, since, g_strdup (words));
  *last = words;
}

static void
add_statuses (GPtrArray *course, FhirResource *encounter)
{
  const FhirElement *history = fhir_resource_path (encounter, "statusHistory");
  const char *since = NULL, *last = NULL;
  gboolean admitted = FALSE;

  fhir_element_foreach (item, history)
    {
      const char *status = fhir_element_path_text (item, "status");

      add_status (course, status, fhir_element_path_text (item, "period.start"), admitted, &last);
      admitted = admitted || g_strcmp0 (status, "in-progress") == 0;
      since = fhir_element_path_text (item, "period.end");
    }
  if (since == NULL)
    since =
        fhir_element_path_text (care_extension (encounter, "visit-waiting-since"), "valueInstant");
  add_status (course, fhir_resource_path_text (encounter, "status"), since, admitted, &last);
}

static void
add_participants (GPtrArray *course, FhirResource *encounter)
{
  const FhirElement *participants = fhir_resource_path (encounter, "participant");

  fhir_element_foreach (item, participants)
    {
      const char *name = fhir_element_path_text (item, "individual.display");
      const char *who = name != NULL ? name : _ ("Somebody whose name is not recorded");

      /* Translators: %s is a person's name */
      add (course, fhir_element_path_text (item, "period.start"),
           g_strdup_printf (_ ("%s joined."), who));
      /* Translators: %s is a person's name */
      add (course, fhir_element_path_text (item, "period.end"),
           g_strdup_printf (_ ("%s left."), who));
    }
}

static void
add_extensions (GPtrArray *course, FhirResource *encounter)
{
  const FhirElement *extensions = fhir_resource_path (encounter, "extension");

  fhir_element_foreach (item, extensions)
    {
      const char *url = fhir_element_path_text (item, "url"), *at = NULL;
      char *logged = care_visit_log_dup_words (item, &at);

      if (logged != NULL)
        add (course, at, logged);
      else if (g_strcmp0 (url, CARE_EXTENSION_BASE "visit-phone") == 0)
        {
          add (course, fhir_element_path_text (item, "valuePeriod.start"),
               g_strdup (_ ("A call by phone began.")));
          add (course, fhir_element_path_text (item, "valuePeriod.end"),
               g_strdup (_ ("The call by phone ended.")));
        }
      else if (g_strcmp0 (url, CARE_EXTENSION_BASE CARE_VISIT_PICTURE_KEPT) == 0)
        add (course, fhir_element_path_text (item, "valueInstant"),
             g_strdup (_ ("A picture from the call was kept; the patient agreed to it.")));
      else if (g_strcmp0 (url, CARE_EXTENSION_BASE CARE_VISIT_MEASURED_ADDED) == 0)
        add (course, fhir_element_path_text (item, "valueInstant"),
             g_strdup (_ ("Measurements by the patient were added to the record.")));
      else if (!care_visit_log_has (encounter, CARE_VISIT_LOG_LOST) &&
               g_strcmp0 (url, CARE_EXTENSION_BASE "visit-interrupted-at") == 0)
        add (course, fhir_element_path_text (item, "valueInstant"),
             g_strdup (_ ("The call was lost.")));
    }
}

/* What comes at the same moment stays in the order in which it was read. */
static gint
compare (gconstpointer a, gconstpointer b)
{
  const CareVisitMoment *left = a, *right = b;

  return left->at < right->at ? -1 : left->at > right->at;
}

static void
sort (GPtrArray *course)
{
  GQueue queue = G_QUEUE_INIT;

  for (guint i = 0; i < course->len; i++)
    {
      GList *before = queue.tail;

      while (before != NULL && compare (before->data, course->pdata[i]) > 0)
        before = before->prev;
      if (before != NULL)
        g_queue_insert_after (&queue, before, course->pdata[i]);
      else
        g_queue_push_head (&queue, course->pdata[i]);
    }
  for (guint i = 0; i < course->len; i++)
    course->pdata[i] = g_queue_pop_head (&queue);
}

/**
 * care_visit_course:
 * @encounter: a visit, going on or over
 *
 * Returns: (transfer full) (element-type CareVisitMoment): what happened in it, the earliest first
 */
GPtrArray *
care_visit_course (FhirResource *encounter)
{
  GPtrArray *course = g_ptr_array_new_with_free_func (moment_free);

  add_statuses (course, encounter);
  add_participants (course, encounter);
  add_extensions (course, encounter);
  if (g_strcmp0 (fhir_resource_path_text (encounter, "status"), "finished") == 0)
    add (course, fhir_resource_path_text (encounter, "period.end"),
         g_strdup (_ ("The visit ended.")));
  sort (course);
  return course;
}

/**
 * care_visit_course_dup_text:
 * @zone: the clinic's
 *
 * Returns: (transfer full): one line a moment, with its time of day; of the days where there are
 * two
 */
char *
care_visit_course_dup_text (GPtrArray *course, GTimeZone *zone)
{
  g_autoptr (GString) text = g_string_new (NULL);
  int day = 0;

  for (guint i = 0; i < course->len; i++)
    {
      const CareVisitMoment *moment = course->pdata[i];
      g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (moment->at);
      g_autoptr (GDateTime) there = g_date_time_to_timezone (utc, zone);
      g_autofree char *time = g_date_time_format (there, "%H:%M");
      g_autofree char *date = NULL;

      if (day != 0 && day != g_date_time_get_day_of_year (there))
        {
          g_autofree char *plain = g_date_time_format (there, "%Y-%m-%d");

          date = fhir_date_format (plain, zone);
        }
      day = g_date_time_get_day_of_year (there);
      g_string_append_printf (text, "%s%s%s%s %s", i > 0 ? "\n" : "", date != NULL ? date : "",
                              date != NULL ? " " : "", time, moment->words);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}
