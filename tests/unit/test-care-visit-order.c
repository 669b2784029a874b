/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-hand-over.h"

#include "care-fixture.h"

#include <string.h>

/* Every order in which people come, go, are cut off and come back, up to a length, and longer ones
 * by chance: what may never be, is not. The clock is the test's. */

#define MINUTE (60 * G_USEC_PER_SEC)
#define LENGTH 4
#define LONG   9
#define CHANCE 150

static const char events[] = "JLABHXGROTE";

typedef struct
{
  CareFixture *fixture;
  StoreConnection *connection;
  char *id;
  char event;
  char *path; /* the events so far, to say where it broke */
} Step;

static gboolean
is_begun (const char *status)
{
  return g_str_equal (status, "in-progress") || g_str_equal (status, "onleave");
}

static FhirResource *
get_visit (StoreConnection *connection, Step *step)
{
  return care_fixture_get (connection, "Encounter", step->id);
}

/* What the hub does when the patient comes or goes; it leaves a visit that has begun alone. */
static gboolean
patient (StoreConnection *connection, Step *step, const char *status)
{
  g_autoptr (FhirResource) visit = get_visit (connection, step);
  const char *before = fhir_resource_path_text (visit, "status");
  g_autoptr (GString) text = g_string_new (fhir_resource_get_text (visit, NULL));
  g_autofree char *old = g_strdup_printf ("\"status\":\"%s\",\"class", before);
  g_autofree char *new = g_strdup_printf ("\"status\":\"%s\",\"class", status);
  g_autoptr (FhirResource) after = NULL;
  g_auto (StorePut) put = { 0 };

  if (is_begun (before) || g_str_equal (before, "finished") || g_str_equal (before, status) ||
      (g_str_equal (status, "arrived") && g_str_equal (before, "triaged")))
    return TRUE;
  g_assert_cmpuint (g_string_replace (text, old, new, 1), ==, 1);
  after = fhir_resource_parse (text->str, -1, NULL);
  return store_resource_put (connection, after, STORE_PUT_DEFAULT, NULL, &put, NULL);
}

/* One asks, the other accepts. */
static gboolean
hand_over (StoreConnection *connection, Step *step, GError **error)
{
  CareFixture *fixture = step->fixture;
  g_autofree char *query = g_strdup_printf ("focus=Encounter/%s&status=requested&code=%s|hand-over",
                                            step->id, CARE_SYSTEM_TASK);
  g_autoptr (GPtrArray) tasks = NULL;

  if (!care_visit_ask_hand_over (connection, fixture->doctor, step->id, "Practitioner/other",
                                 error))
    return FALSE;
  tasks = store_search_ids (connection, "Task", query, error);
  g_assert_cmpuint (tasks->len, ==, 1);
  return care_visit_answer_hand_over (connection, fixture->other, tasks->pdata[0], TRUE, error);
}

static gboolean
do_event (StoreConnection *connection, Step *step, GError **error)
{
  CareFixture *fixture = step->fixture;

  switch (step->event)
    {
    case 'J':
      return patient (connection, step, "arrived");
    case 'L':
      return patient (connection, step, "planned");
    case 'A':
      return care_visit_admit (connection, fixture->doctor, step->id, error);
    case 'B':
      return care_visit_admit (connection, fixture->other, step->id, error);
    case 'H':
      return care_visit_hold (connection, fixture->doctor, step->id, error);
    case 'X':
      return care_visit_mark_interrupted (connection, fixture->doctor, step->id, error);
    case 'G':
      return care_visit_hang_up (connection, fixture->doctor, step->id, error);
    case 'R':
      return care_visit_ready (connection, fixture->nurse, step->id, "weight 70 kg", error);
    case 'O':
      return hand_over (connection, step, error);
    case 'T':
      return care_visit_raise_interrupted (connection, fixture->nurse, NULL, error);
    default:
      return care_visit_end (connection, fixture->doctor, step->id, CARE_OUTCOME_SETTLED, NULL,
                             error);
    }
}

static gboolean
is_legal (const char *before, const char *after)
{
  static const char *const legal[] = {
    "planned arrived",     "arrived planned",      "triaged planned",
    "arrived in-progress", "triaged in-progress",  "arrived finished",
    "triaged finished",    "planned finished",     "in-progress onleave",
    "in-progress triaged", "in-progress finished", "onleave in-progress",
    "onleave triaged",     "onleave finished",     NULL
  };
  g_autofree char *pair = g_strdup_printf ("%s %s", before, after);

  return g_str_equal (before, after) || g_strv_contains (legal, pair);
}

/* At most one clinician is in the visit; nobody left before they came. */
static void
check_people (FhirResource *visit, const char *path)
{
  guint inside = 0;

  fhir_element_foreach (item, fhir_resource_path (visit, "participant"))
    {
      const char *start = fhir_element_path_text (item, "period.start");
      const char *end = fhir_element_path_text (item, "period.end");

      inside += start != NULL && end == NULL;
      g_assert_true (end == NULL || (start != NULL && strcmp (start, end) <= 0));
    }
  if (inside > 1)
    g_error ("%s: %u people are in the visit", path, inside);
  if (g_str_equal (fhir_resource_path_text (visit, "status"), "finished"))
    g_assert_cmpuint (inside, ==, 0);
}

/* One line after the other, none before the one it follows. */
static void
check_history (FhirResource *visit)
{
  const char *last = NULL;

  fhir_element_foreach (line, fhir_resource_path (visit, "statusHistory"))
    {
      const char *start = fhir_element_path_text (line, "period.start");
      const char *end = fhir_element_path_text (line, "period.end");

      g_assert_true (last == NULL || (start != NULL && strcmp (last, start) <= 0));
      g_assert_true (start == NULL || strcmp (start, end) <= 0);
      last = end;
    }
}

static guint
count_tasks (StoreConnection *connection, Step *step, const char *more)
{
  g_autofree char *query = g_strdup_printf ("focus=Encounter/%s&code=%s|visit-interrupted%s",
                                            step->id, CARE_SYSTEM_TASK, more);

  return care_fixture_count (connection, "Task", query);
}

static FhirResource *
look (Step *step)
{
  FhirResource *visit = get_visit (step->connection, step);
  CareVisitState state = care_visit_state_of (visit);

  g_assert_cmpuint (count_tasks (step->connection, step, ""), <=, 1);
  if (state != CARE_VISIT_INTERRUPTED)
    g_assert_cmpuint (count_tasks (step->connection, step, "&status=requested"), ==, 0);
  else if (step->event == 'T')
    g_assert_cmpuint (count_tasks (step->connection, step, "&status=requested"), ==, 1);
  return visit;
}

static GError *
act (Step *step)
{
  GError *error = NULL;

  do_event (step->connection, step, &error);
  if (error != NULL && !g_error_matches (error, CARE_ERROR, CARE_ERROR_STATE))
    g_error ("%s: %s", step->path, error->message);
  return error;
}

static void
check_step (Step *step, FhirResource *before, FhirResource *after, gboolean refused)
{
  const char *was = fhir_resource_path_text (before, "status");
  const char *is = fhir_resource_path_text (after, "status");
  gboolean same =
      fhir_resource_get_version (before) == fhir_resource_get_version (after) ||
      g_strcmp0 (fhir_resource_get_version (before), fhir_resource_get_version (after)) == 0;

  if (!is_legal (was, is))
    g_error ("%s: from %s to %s", step->path, was, is);
  if (refused && !same)
    g_error ("%s: refused, and written", step->path);
  if (g_str_equal (was, "finished") && !same)
    g_error ("%s: an ended visit was written to", step->path);
  if (is_begun (was) && strchr ("JLXGT", step->event) != NULL && !g_str_equal (was, is))
    g_error ("%s: a drop moved the visit from %s to %s", step->path, was, is);
  check_people (after, step->path);
  check_history (after);
}

/* Twice the same: the second time writes nothing. */
static void
check_twice (Step *step, FhirResource *after)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) again = NULL;

  if (strchr ("JLABXTE", step->event) == NULL)
    return;
  error = act (step);
  again = look (step);
  if (g_strcmp0 (fhir_resource_get_text (again, NULL), fhir_resource_get_text (after, NULL)) != 0)
    g_error ("%s: done twice it is written twice", step->path);
}

/* An open visit of an earlier order would be found by those that look for lost ones. */
static void
finish (Step *step)
{
  g_autoptr (GError) error = NULL;

  step->event = 'E';
  error = act (step);
}

/* All of it in one transaction, which is quick: what a refused command wrote all the same is not
 * rolled back, and so is seen. */
static void
run (StoreConnection *connection, CareFixture *fixture, const char *order)
{
  static guint count;
  g_autofree char *id = g_strdup_printf ("e%u", count++);
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Encounter','id':'%s','status':'arrived','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/p'},'period':{'start':'2026-11-22T08:50:00Z'}}",
      id);
  Step step = { .fixture = fixture, .connection = connection, .id = id };

  care_fixture_put (connection, json);
  for (gsize i = 0; order[i] != '\0'; i++)
    {
      g_autofree char *path = g_strndup (order, i + 1);
      g_autoptr (FhirResource) before = look (&step);
      g_autoptr (FhirResource) after = NULL;
      g_autoptr (GError) error = NULL;

      base_clock_advance (fixture->clock, (order[i] == 'T' ? 11 : 1) * MINUTE);
      step.event = order[i];
      step.path = path;
      error = act (&step);
      after = look (&step);
      check_step (&step, before, after, error != NULL);
      check_twice (&step, after);
    }
  finish (&step);
}

static gboolean
every_work (StoreConnection *connection, gpointer fixture, GError **error)
{
  gsize n = strlen (events), total = 1;
  char order[LENGTH + 1] = { 0 };

  for (gsize i = 0; i < LENGTH; i++)
    total *= n;
  for (gsize number = 0; number < total; number++)
    {
      gsize rest = number;

      for (gsize i = 0; i < LENGTH; i++, rest /= n)
        order[i] = events[rest % n];
      run (connection, fixture, order);
    }
  g_test_message ("%" G_GSIZE_FORMAT " orders of %d", total, LENGTH);
  return TRUE;
}

static gboolean
long_work (StoreConnection *connection, gpointer fixture, GError **error)
{
  char order[LONG + 1] = { 0 };

  for (guint turn = 0; turn < CHANCE; turn++)
    {
      /* the end only at the end: else most of them are over at once */
      for (gsize i = 0; i < LONG; i++)
        order[i] = events[g_test_rand_int_range (0, (gint32) strlen (events) - (i + 1 < LONG))];
      run (connection, fixture, order);
    }
  return TRUE;
}

static void
test_every_order (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, every_work);
}

static void
test_long_orders (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, long_work);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/care/visit-order/every", CareFixture, NULL, care_fixture_set_up, test_every_order,
              care_fixture_tear_down);
  g_test_add ("/care/visit-order/long", CareFixture, NULL, care_fixture_set_up, test_long_orders,
              care_fixture_tear_down);
  return g_test_run ();
}
