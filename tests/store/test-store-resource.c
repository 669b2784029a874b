/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <string.h>

#include "store-connection-struct.h"

#define PATIENT                                                                                    \
  "{ \"resourceType\" : \"Patient\", \"id\":\"p1\",\n \"name\":[{\"family\":\"Smith\"}], \"x\": "  \
  "1.00 }"

static void
test_text_is_kept (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) got = NULL;
  g_auto (StorePut) put = fixture_put_with (fixture, PATIENT, STORE_PUT_DEFAULT);
  g_autofree char *expected = NULL;

  g_assert_true (put.created);
  g_assert_false (put.unchanged);
  g_assert_cmpint (put.version, ==, 1);
  got = fixture_get (fixture, "Patient", "p1", &error);
  g_assert_no_error (error);
  expected = g_strdup_printf (
      "{ \"resourceType\" : \"Patient\", \"id\":\"p1\",\"meta\":{\"versionId\":\"1\","
      "\"lastUpdated\":\"%s\"},\n \"name\":[{\"family\":\"Smith\"}], \"x\": 1.00 }",
      put.updated);
  g_assert_cmpstr (fhir_resource_get_text (got, NULL), ==, expected);
}

static void
test_meta_is_set (StoreFixture *fixture, gconstpointer data)
{
  const char *cases[] = {
    "{\"resourceType\":\"Basic\",\"id\":\"a\",\"meta\":{\"versionId\":\"9\",\"tag\":[{\"code\":"
    "\"t\"}],\"lastUpdated\":\"2001\"}}",
    "{\"meta\":{ \"tag\" : [ {\"code\":\"t\"} ] },\"resourceType\":\"Basic\",\"id\":\"b\"}",
    "{\"resourceType\":\"Basic\",\"id\":\"c\",\"m\\u0065ta\":{\"v\\u0065rsionId\":\"9\",\"tag\":[{"
    "\"code\":\"t\"}]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) given = resource_of (cases[i]);
      g_autoptr (FhirResource) got = NULL;

      g_assert_cmpint (fixture_put (fixture, cases[i]), ==, 1);
      g_assert_cmpint (fixture_put (fixture, cases[i]), ==, 2);
      got = fixture_get (fixture, "Basic", fhir_resource_get_id (given), NULL);
      g_assert_cmpstr (fhir_resource_get_version (got), ==, "2");
      g_assert_cmpstr (fhir_resource_path_text (got, "meta.tag.code"), ==, "t");
      g_assert_cmpuint (strlen (fhir_resource_get_updated (got)), ==,
                        strlen ("2026-01-01T00:00:00.000Z"));
    }
}

static void
test_skip_equal (StoreFixture *fixture, gconstpointer data)
{
  g_auto (StorePut) first = fixture_put_with (fixture, PATIENT, STORE_PUT_DEFAULT);
  g_auto (StorePut) same =
      fixture_put_with (fixture,
                        "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{\"versionId\":"
                        "\"77\"},\"name\":[{\"family\":\"Smith\"}],\"x\":1.00}",
                        STORE_PUT_SKIP_EQUAL);
  g_auto (StorePut) other = fixture_put_with (
      fixture,
      "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{\"family\":\"Smith\"}],\"x\":1.0}",
      STORE_PUT_SKIP_EQUAL);

  g_assert_true (same.unchanged);
  g_assert_cmpint (same.version, ==, 1);
  g_assert_cmpstr (same.updated, ==, first.updated);
  g_assert_false (other.unchanged);
  g_assert_cmpint (other.version, ==, 2);
}

static void
test_server_meta_is_kept (StoreFixture *fixture, gconstpointer data)
{
  const char *text = "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{\"versionId\":\"0a-f\","
                     "\"lastUpdated\":\"2020-02-03T04:05:06.789+02:00\"}}";
  FixtureWork stale = { .json = PATIENT, .if_match = "1" },
              right = { .json = PATIENT, .if_match = "0a-f" };
  g_auto (StorePut) put = fixture_put_with (fixture, text, STORE_PUT_KEEP_META);
  g_autoptr (FhirResource) got = fixture_get (fixture, "Patient", "p1", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (put.updated, ==, "2020-02-03T04:05:06.789+02:00");
  g_assert_cmpstr (fhir_resource_get_text (got, NULL), ==, text);
  g_assert_false (
      store_database_write (fixture->database, BASE_LANE_PERSON, fixture_put_work, &stale, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  store_database_write (fixture->database, BASE_LANE_PERSON, fixture_put_work, &right, &error);
  g_assert_no_error (error);
  g_assert_cmpint (right.put.version, ==, 2);
  store_put_clear (&right.put);
}

static void
test_server_version_of_equal (StoreFixture *fixture, gconstpointer data)
{
  const char *text = "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{\"versionId\":\"s2\","
                     "\"lastUpdated\":\"2020-02-03T04:05:06Z\"}}";
  g_auto (StorePut) first =
      fixture_put_with (fixture, "{\"resourceType\":\"Patient\",\"id\":\"p1\"}", STORE_PUT_DEFAULT);
  g_auto (StorePut) put =
      fixture_put_with (fixture, text, STORE_PUT_KEEP_META | STORE_PUT_SKIP_EQUAL);
  g_autoptr (FhirResource) got = fixture_get (fixture, "Patient", "p1", NULL);

  g_assert_true (put.unchanged);
  g_assert_cmpint (put.version, ==, first.version);
  g_assert_cmpstr (fhir_resource_get_version (got), ==, "s2");
}

static void
test_conflict (StoreFixture *fixture, gconstpointer data)
{
  FixtureWork work = { .json = PATIENT, .if_match = "1" };
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) got = NULL;

  g_assert_false (
      store_database_write (fixture->database, BASE_LANE_PERSON, fixture_put_work, &work, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  fixture_put (fixture, PATIENT);
  fixture_put (fixture, PATIENT);
  g_assert_false (
      store_database_write (fixture->database, BASE_LANE_PERSON, fixture_put_work, &work, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CONFLICT);
  got = fixture_get (fixture, "Patient", "p1", NULL);
  g_assert_cmpstr (fhir_resource_get_version (got), ==, "2");
}

static gboolean
check_history (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) history = store_resource_history (connection, "Patient", "p1", 10, error);
  const gboolean deleted[] = { FALSE, TRUE, FALSE, FALSE };
  g_autoptr (FhirResource) second = NULL;

  g_assert_nonnull (history);
  g_assert_cmpuint (history->len, ==, G_N_ELEMENTS (deleted));
  for (guint i = 0; i < history->len; i++)
    {
      const StoreVersion *version = history->pdata[i];
      g_autofree char *number = g_strdup_printf ("%u", 4 - i);

      g_assert_cmpstr (version->version, ==, number);
      g_assert_cmpint (version->deleted, ==, deleted[i]);
      g_assert_cmpint (version->resource == NULL, ==, deleted[i]);
    }
  second = store_resource_get_version (connection, "Patient", "p1", "2", error);
  g_assert_cmpstr (fhir_resource_path_text (second, "name.0.family"), ==, "Smith");
  g_assert_null (store_resource_get_version (connection, "Patient", "p1", "3", error));
  g_assert_error (*error, STORE_ERROR, STORE_ERROR_GONE);
  g_clear_error (error);
  g_assert_null (store_resource_get_version (connection, "Patient", "p1", "8", error));
  g_assert_error (*error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (error);
  return TRUE;
}

static void
test_deletion_is_a_version (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fixture_get (fixture, "Patient", "p1", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
  fixture_put (fixture, PATIENT);
  fixture_delete (fixture, "Patient", "p1");
  g_assert_null (fixture_get (fixture, "Patient", "p1", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_GONE);
  g_clear_error (&error);
  g_assert_cmpint (fixture_put (fixture, PATIENT), ==, 4);
  store_database_read (fixture->database, check_history, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
check_compartment (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) all = store_resource_list (connection, "p1", NULL, error);
  g_autoptr (GPtrArray) appointments = store_resource_list (connection, "p1", "Appointment", error);

  g_assert_cmpuint (all->len, ==, 4);
  g_assert_cmpuint (appointments->len, ==, 1);
  return TRUE;
}

static void
test_compartment (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_put (fixture, "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"subject\":{"
                        "\"reference\":\"Patient/p1\"}}");
  fixture_put (fixture,
               "{\"resourceType\":\"Task\",\"id\":\"t1\",\"for\":{\"reference\":\"Patient/p1\"}}");
  fixture_put (fixture,
               "{\"resourceType\":\"Appointment\",\"id\":\"a1\",\"participant\":[{\"actor\":{"
               "\"reference\":\"Practitioner/p1\"}},{\"actor\":{\"reference\":\"Patient/p1\"}}]}");
  fixture_put (
      fixture,
      "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"subject\":{\"reference\":\"Group/p1\"}}");
  fixture_put (fixture, PATIENT);
  store_database_read (fixture->database, check_compartment, NULL, &error);
  g_assert_no_error (error);
}

#define MANY (2 * STORE_READER_IDENTITIES + 7)

static gboolean
put_many (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"many%u\"}", i);
      g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, error);
      g_auto (StorePut) put = { 0 };

      if (!resource ||
          !store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, &put, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_many (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < MANY; i++)
      {
        g_autofree char *id = g_strdup_printf ("many%u", i);
        g_autoptr (GPtrArray) all = store_resource_list (connection, id, "Patient", error);

        g_assert_cmpuint (all->len, ==, 1);
        g_assert_cmpstr (fhir_resource_get_id (all->pdata[0]), ==, id);
        g_assert_cmpuint (g_hash_table_size (connection->identities), <=, STORE_READER_IDENTITIES);
      }
  return TRUE;
}

/* One patient after the other: what a reader remembers does not grow with them. */
static void
test_reader_forgets (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->database, BASE_LANE_PERSON, put_many, NULL, &error);
  g_assert_no_error (error);
  store_database_read (fixture->database, read_many, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/resource/text-is-kept", NULL, test_text_is_kept);
  fixture_add ("/store/resource/meta-is-set", NULL, test_meta_is_set);
  fixture_add ("/store/resource/skip-equal", NULL, test_skip_equal);
  fixture_add ("/store/resource/server-meta", NULL, test_server_meta_is_kept);
  fixture_add ("/store/resource/server-version-of-equal", NULL, test_server_version_of_equal);
  fixture_add ("/store/resource/conflict", NULL, test_conflict);
  fixture_add ("/store/resource/deletion", NULL, test_deletion_is_a_version);
  fixture_add ("/store/resource/compartment", NULL, test_compartment);
  fixture_add ("/store/resource/reader-forgets", NULL, test_reader_forgets);
  return g_test_run ();
}
