/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include "store-snapshot.h"

typedef struct
{
  StoreSnapshot place;
  const char *patient; /* to add */
  const char *type;
  guint limit, walks;
  GString *found;
} Work;

static gboolean
take_work (StoreConnection *connection, gpointer data, GError **error)
{
  Work *work = data;

  return store_snapshot_take (connection, &work->place.until, error) &&
         (work->patient == NULL ||
          store_snapshot_add_patient (&work->place, connection, work->patient, error));
}

static void
take (StoreFixture *fixture, Work *work)
{
  g_autoptr (GError) error = NULL;

  work->place.since_us = G_MININT64;
  store_database_write (fixture->database, BASE_LANE_PERSON, take_work, work, &error);
  g_assert_no_error (error);
}

static void
add (const char *text, gpointer data)
{
  Work *work = data;
  g_autoptr (FhirResource) resource = resource_of (text);

  g_string_append_printf (work->found, "%s%s %s", work->found->len > 0 ? ", " : "",
                          fhir_resource_get_id (resource), fhir_resource_get_version (resource));
}

static void
count (const char *text, gpointer data)
{
  g_assert_null (text);
  (*(guint *) data)++;
}

static gboolean
walk_work (StoreConnection *connection, gpointer data, GError **error)
{
  Work *work = data;
  guint counted = 0, found = 0;
  gint64 after = 0;

  work->found = g_string_new (NULL);
  for (work->walks = 0; after >= 0; work->walks++)
    if (!store_snapshot_walk (&work->place, connection, work->type, TRUE, work->limit, &after, add,
                              work, error))
      return FALSE;
  for (after = 0; after >= 0;)
    if (!store_snapshot_walk (&work->place, connection, work->type, FALSE, work->limit, &after,
                              count, &counted, error))
      return FALSE;
  for (const char *at = work->found->str; *at != '\0'; at++)
    found += *at == ',';
  g_assert_cmpuint (counted, ==, work->found->len > 0 ? found + 1 : 0);
  return TRUE;
}

static void
assert_walk (StoreFixture *fixture, Work *work, const char *expected)
{
  g_autoptr (GError) error = NULL;

  work->type = work->type != NULL ? work->type : "Basic";
  work->limit = work->limit > 0 ? work->limit : 100;
  store_database_read (fixture->database, walk_work, work, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (work->found->str, ==, expected);
  g_string_free (work->found, TRUE);
}

#define BASIC(id, more) "{\"resourceType\":\"Basic\",\"id\":\"" id "\"" more "}"
#define OF(patient)     ",\"subject\":{\"reference\":\"Patient/" patient "\"}"

static void
test_stays (StoreFixture *fixture, gconstpointer data)
{
  Work before = { 0 }, empty = { 0 }, now = { 0 }, pieces = { .limit = 1 };
  Work other = { .type = "Task" };

  take (fixture, &empty);
  fixture_put (fixture, BASIC ("same", ""));
  fixture_put (fixture, BASIC ("changed", ""));
  fixture_put (fixture, BASIC ("deleted", ""));
  fixture_put (fixture, BASIC ("back", ""));
  fixture_delete (fixture, "Basic", "back");
  fixture_put (fixture, BASIC ("twice", ""));
  fixture_put (fixture, BASIC ("twice", ",\"x\":1"));
  take (fixture, &before);
  take (fixture, &pieces);
  take (fixture, &other);
  fixture_put (fixture, BASIC ("changed", ",\"x\":1"));
  fixture_put (fixture, BASIC ("changed", ",\"x\":2"));
  fixture_delete (fixture, "Basic", "deleted");
  fixture_put (fixture, BASIC ("back", ",\"x\":1"));
  fixture_put (fixture, BASIC ("twice", ",\"x\":2"));
  fixture_put (fixture, BASIC ("new", ""));
  take (fixture, &now);
  assert_walk (fixture, &empty, "");
  assert_walk (fixture, &before, "same 1, changed 1, deleted 1, twice 2");
  assert_walk (fixture, &pieces, "same 1, changed 1, deleted 1, twice 2");
  g_assert_cmpuint (pieces.walks, ==, 5);
  assert_walk (fixture, &now, "same 1, changed 3, back 3, twice 3, new 1");
  assert_walk (fixture, &other, "");
}

static void
test_patients (StoreFixture *fixture, gconstpointer data)
{
  Work any = { .place = { .of_patients = TRUE } };
  Work one = { .place = { .of_patients = TRUE }, .patient = "p" };
  Work nobody = { .place = { .of_patients = TRUE }, .patient = "unknown" };
  Work persons = { .place = { .of_patients = TRUE }, .patient = "p", .type = "Patient" };

  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"q\"}");
  fixture_put (fixture, BASIC ("nobodys", ""));
  fixture_put (fixture, BASIC ("ps", OF ("p")));
  fixture_put (fixture, BASIC ("qs", OF ("q")));
  fixture_put (fixture, BASIC ("moves", OF ("p")));
  fixture_put (fixture, BASIC ("comes", OF ("q")));
  take (fixture, &any);
  take (fixture, &one);
  take (fixture, &nobody);
  take (fixture, &persons);
  fixture_put (fixture, BASIC ("moves", OF ("q")));
  fixture_put (fixture, BASIC ("comes", OF ("p")));
  assert_walk (fixture, &any, "ps 1, qs 1, moves 1, comes 1");
  assert_walk (fixture, &one, "ps 1, moves 1");
  assert_walk (fixture, &nobody, "");
  assert_walk (fixture, &persons, "p 1");
  store_snapshot_clear (&one.place);
  store_snapshot_clear (&nobody.place);
  store_snapshot_clear (&persons.place);
}

#define OBSERVATION(id, more) "{\"resourceType\":\"Observation\",\"id\":\"" id "\"" more "}"
#define BY(patient)           ",\"performer\":[{\"reference\":\"Patient/" patient "\"}]"

/* Who measured has it in their record as well as who was measured; who is only mentioned has not.
 */
static void
test_several_patients (StoreFixture *fixture, gconstpointer data)
{
  Work any = { .place = { .of_patients = TRUE }, .type = "Observation" };
  Work p = { .patient = "p", .type = "Observation" };
  Work q = { .patient = "q", .type = "Observation" };
  Work places = { .patient = "p", .type = "Organization" };

  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"q\"}");
  fixture_put (fixture, OBSERVATION ("both", OF ("p") BY ("q")));
  fixture_put (fixture, OBSERVATION ("measured", BY ("q")));
  fixture_put (fixture, OBSERVATION ("escaped", BY ("\\u0070")));
  fixture_put (fixture, OBSERVATION ("changes", OF ("p") BY ("q")));
  fixture_put (fixture, OBSERVATION ("mentioned", ",\"note\":[{\"authorReference\":{"
                                                  "\"reference\":\"Patient/p\"}}]"));
  fixture_put (fixture, "{\"resourceType\":\"Organization\",\"id\":\"o\",\"x\":\"Patient/p\"}");
  take (fixture, &any);
  take (fixture, &p);
  take (fixture, &q);
  take (fixture, &places);
  fixture_put (fixture, OBSERVATION ("changes", ""));
  assert_walk (fixture, &any, "both 1, measured 1, escaped 1, changes 1");
  assert_walk (fixture, &p, "both 1, escaped 1, changes 1");
  assert_walk (fixture, &q, "both 1, measured 1, changes 1");
  assert_walk (fixture, &places, "");
  store_snapshot_clear (&p.place);
  store_snapshot_clear (&q.place);
  store_snapshot_clear (&places.place);
}

static void
add_deleted (const char *type, const char *id, gpointer data)
{
  g_string_append_printf (data, " %s/%s", type, id);
}

static gboolean
deleted_work (StoreConnection *connection, gpointer data, GError **error)
{
  Work *work = data;

  for (gint64 after = 0; after >= 0;)
    if (!store_snapshot_walk_deleted (&work->place, connection, 1, &after, add_deleted, work->found,
                                      error))
      return FALSE;
  return TRUE;
}

static void
assert_deleted (StoreFixture *fixture, Work *work, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  work->found = found;
  store_database_read (fixture->database, deleted_work, work, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->str, ==, expected);
}

/* What was deleted was in the records that its last version was in. */
static void
test_deleted_of_several (StoreFixture *fixture, gconstpointer data)
{
  Work all = { 0 }, p = { .patient = "p" }, q = { .patient = "q" };

  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"q\"}");
  fixture_put (fixture, OBSERVATION ("both", OF ("p") BY ("q")));
  fixture_put (fixture, OBSERVATION ("back", BY ("q")));
  fixture_put (fixture, OBSERVATION ("nobodys", OF ("p")));
  fixture_put (fixture, OBSERVATION ("nobodys", ""));
  fixture_delete (fixture, "Observation", "both");
  fixture_delete (fixture, "Observation", "back");
  fixture_delete (fixture, "Observation", "nobodys");
  take (fixture, &all);
  take (fixture, &p);
  take (fixture, &q);
  fixture_put (fixture, OBSERVATION ("back", OF ("p")));
  assert_deleted (fixture, &all, " Observation/both Observation/back Observation/nobodys");
  assert_deleted (fixture, &p, " Observation/both");
  assert_deleted (fixture, &q, " Observation/both Observation/back");
  store_snapshot_clear (&p.place);
  store_snapshot_clear (&q.place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/snapshot/stays", NULL, test_stays);
  fixture_add ("/store/snapshot/patients", NULL, test_patients);
  fixture_add ("/store/snapshot/several-patients", NULL, test_several_patients);
  fixture_add ("/store/snapshot/deleted-of-several", NULL, test_deleted_of_several);
  return g_test_run ();
}
