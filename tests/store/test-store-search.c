/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <stdlib.h>
#include <string.h>

/* Who and what the searches below find. */
static const char *const records[] = {
  "{\"resourceType\":\"Patient\",\"id\":\"ann\",\"active\":true,\"name\":[{\"use\":\"official\","
  "\"family\":\"Åberg\",\"given\":[\"Ann\"]}],\"gender\":\"female\",\"birthDate\":\"1960-02-03\","
  "\"identifier\":[{\"system\":\"urn:mrn\",\"value\":\"M1\"}]}",
  "{\"resourceType\":\"Patient\",\"id\":\"bob\",\"name\":[{\"family\":\"Smith\",\"given\":[\"Bob\","
  "\"Anton\"]}],\"gender\":\"male\",\"birthDate\":\"1970\",\"identifier\":[{\"system\":\"urn:"
  "other\",\"value\":\"M1\"},{\"value\":\"M2\"}]}",
  "{\"resourceType\":\"Patient\",\"id\":\"cat\",\"name\":[{\"family\":\"Smithers\",\"given\":["
  "\"Cat\"]}],\"gender\":\"female\"}",
  "{\"resourceType\":\"Practitioner\",\"id\":\"doc\",\"name\":[{\"family\":\"Gray\"}]}",
  "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\",\"code\":{\"coding\":[{"
  "\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}]},\"subject\":{\"reference\":\"Patient/"
  "ann\"},\"performer\":[{\"reference\":\"Practitioner/"
  "doc\"}],\"effectiveDateTime\":\"2026-03-01T10:00:00Z\",\"valueQuantity\":{\"value\":70,"
  "\"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"}}",
  "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"status\":\"final\",\"code\":{\"coding\":[{"
  "\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}]},\"subject\":{\"reference\":\"Patient/"
  "ann\"},\"effectiveDateTime\":\"2026-01-01T10:00:00Z\",\"valueQuantity\":{\"value\":90.5,"
  "\"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"}}",
  "{\"resourceType\":\"Observation\",\"id\":\"o3\",\"status\":\"amended\",\"code\":{\"coding\":[{"
  "\"system\":\"http://loinc.org\",\"code\":\"2160-0\"}]},\"subject\":{\"reference\":\"Patient/"
  "bob\"},\"effectivePeriod\":{\"start\":\"2026-02-01\",\"end\":\"2026-02-10\"}}",
  "{\"resourceType\":\"Observation\",\"id\":\"o4\",\"status\":\"final\",\"code\":{\"coding\":[{"
  "\"code\":\"8867-4\"}]},\"subject\":{\"reference\":\"Patient/bob\"}}",
  "{\"resourceType\":\"Provenance\",\"id\":\"pv\",\"target\":[{\"reference\":\"Observation/"
  "o1\"}],\"recorded\":\"2026-03-01T10:00:00Z\",\"agent\":[{\"who\":{\"reference\":\"Practitioner/"
  "doc\"}}]}",
  "{\"resourceType\":\"ValueSet\",\"id\":\"v\",\"url\":\"http://example.org/"
  "v\",\"status\":\"active\"}",
};

static void
fill (StoreFixture *fixture)
{
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    fixture_put (fixture, records[i]);
}

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
test_cases (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *type, *query, *ids;
  } cases[] = {
    { "Patient", NULL, "ann bob cat" },
    { "Patient", "_id=bob,cat,nobody", "bob cat" },
    { "Patient", "_id=nobody", "" },
    { "Device", NULL, "" },
    /* token */
    { "Patient", "gender=female", "ann cat" },
    { "Patient", "gender=female,male", "ann bob cat" },
    { "Patient", "gender:not=female", "bob" },
    { "Patient", "identifier=urn:mrn|M1", "ann" },
    { "Patient", "identifier=M1", "ann bob" },
    { "Patient", "identifier=|M2", "bob" },
    { "Patient", "identifier=|M1", "" },
    { "Patient", "identifier=urn:other|", "bob" },
    { "Patient", "identifier=urn:never|M1", "" },
    { "Patient", "identifier=M1&gender=male", "bob" },
    { "Patient", "active=true", "ann" },
    { "Observation", "code=http://loinc.org|8867-4", "o1 o2" },
    { "Observation", "code=8867-4", "o1 o2 o4" },
    /* string */
    { "Patient", "name=smith", "bob cat" },
    { "Patient", "name:exact=Smith", "bob" },
    { "Patient", "name:exact=smith", "" },
    { "Patient", "name:contains=mithe", "cat" },
    { "Patient", "family=aberg", "ann" },
    { "Patient", "family=%C3%85BERG", "ann" },
    { "Patient", "given=an", "ann bob" },
    { "Patient", "name=smith&given=cat", "cat" },
    { "Patient", "name=' OR 1=1 --", "" },
    /* date */
    { "Patient", "birthdate=1960-02-03", "ann" },
    { "Patient", "birthdate=1970", "bob" },
    { "Patient", "birthdate=1970-01", "" },
    { "Patient", "birthdate=lt1970", "ann" },
    { "Patient", "birthdate=ge1960-02-03", "ann bob" },
    { "Observation", "date=2026-02", "o3" },
    { "Observation", "date=ge2026-02-05", "o1 o3" },
    { "Observation", "date=gt2026-02-10", "o1" },
    { "Observation", "date=le2026-02-10", "o2 o3" },
    { "Observation", "date=sa2026-02-01", "o1" },
    { "Observation", "date=eb2026-02-01", "o2" },
    { "Observation", "date=ne2026-02", "o1 o2" },
    { "Observation", "date=ge2026-01-15&date=lt2026-03-01", "o3" },
    { "Observation", "_lastUpdated=ge2000", "o1 o2 o3 o4" },
    { "Observation", "_lastUpdated=lt2000", "" },
    /* missing */
    { "Observation", "date:missing=true", "o4" },
    { "Observation", "date:missing=false", "o1 o2 o3" },
    { "Patient", "birthdate:missing=true&gender=female", "cat" },
    { "Observation", "value-quantity:missing=true", "o3 o4" },
    { "Patient", "identifier:missing=true", "cat" },
    /* reference */
    { "Observation", "subject=Patient/ann", "o1 o2" },
    { "Observation", "patient=ann", "o1 o2" },
    { "Observation", "subject=ann", "o1 o2" },
    { "Observation", "subject:Patient=bob", "o3 o4" },
    { "Observation", "patient=ann,bob&code=8867-4", "o1 o2 o4" },
    { "Observation", "patient=nobody", "" },
    { "Observation", "performer=Practitioner/doc", "o1" },
    /* chain */
    { "Observation", "patient.name=smith", "o3 o4" },
    { "Observation", "subject:Patient.identifier=urn:mrn|M1", "o1 o2" },
    { "Observation", "subject:Patient.birthdate=1970&status=amended", "o3" },
    { "Observation", "patient._id=ann", "o1 o2" },
    { "Observation", "patient.gender:not=female", "o3 o4" },
    /* quantity and uri */
    { "Observation", "value-quantity=70", "o1" },
    { "Observation", "value-quantity=gt70", "o2" },
    { "Observation", "value-quantity=90.5|http://unitsofmeasure.org|/min", "o2" },
    { "Observation", "value-quantity=90.5||mmHg", "" },
    { "Observation", "value-quantity=le90.5", "o1 o2" },
    { "ValueSet", "url=http://example.org/v", "v" },
    { "ValueSet", "url=http://example.org/", "" },
    /* order */
    { "Observation", "_sort=date", "o2 o3 o1 o4" },
    { "Observation", "_sort=-date", "o1 o3 o2 o4" },
    { "Observation", "patient=ann&_sort=date", "o2 o1" },
    { "Patient", "_sort=-family", "cat bob ann" },
    { "Patient", "_sort=birthdate", "ann bob cat" },
    { "Patient", "_sort=-birthdate", "bob ann cat" },
    { "Patient", "_sort=-_lastUpdated", "cat bob ann" },
    { "Patient", "_sort=-_id", "cat bob ann" },
    { "Observation", "_sort=-date,_id&_count=10", "o1 o3 o2 o4" },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (FixtureSearch) found = fixture_search (fixture, cases[i].type, cases[i].query, NULL);
      g_auto (GStrv) ids = g_strsplit (found.ids->str, " ", -1);
      g_autofree char *sorted = NULL;

      g_test_message ("%s?%s", cases[i].type, cases[i].query);
      if (cases[i].query == NULL || strstr (cases[i].query, "_sort") == NULL)
        qsort (ids, g_strv_length (ids), sizeof *ids, compare_texts);
      sorted = g_strjoinv (" ", ids);
      g_assert_cmpstr (sorted, ==, cases[i].ids);
      g_assert_null (found.next_cursor);
    }
}

static void
test_refused (StoreFixture *fixture, gconstpointer data)
{
  static const char *const queries[] = { "code:text=heart", "_sort=status",
                                         "_sort=value-quantity" };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      FixtureSearch work = { "Observation", queries[i], NULL };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", queries[i]);
      g_assert_false (store_database_read (fixture->database, fixture_search_work, &work, &error));
      g_assert_error (error, FHIR_ERROR, FHIR_ERROR_UNSUPPORTED);
    }
}

static void
test_bad_cursor (StoreFixture *fixture, gconstpointer data)
{
  static const char *const cursors[] = { "", "x", "!!!", "MTIzCmkx", "LTE", "____" };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cursors); i++)
    {
      FixtureSearch work = { "Observation", NULL, cursors[i] };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cursors[i]);
      g_assert_false (store_database_read (fixture->database, fixture_search_work, &work, &error));
      g_assert_error (error, FHIR_ERROR, FHIR_ERROR_VALUE);
    }
}

static void
test_includes (StoreFixture *fixture, gconstpointer data)
{
  fill (fixture);
  {
    g_auto (FixtureSearch) found =
        fixture_search (fixture, "Observation",
                        "code=8867-4&_include=Observation:subject&_revinclude=Provenance:target",
                        NULL);

    g_assert_cmpstr (found.ids->str, ==, "o1 o2 o4");
    g_assert_cmpstr (found.included->str, ==, "ann pv bob");
  }
  fixture_delete (fixture, "Patient", "ann");
  {
    g_auto (FixtureSearch) found =
        fixture_search (fixture, "Observation",
                        "_id=o1&_include=Observation:subject&_include=Observation:performer", NULL);

    g_assert_cmpstr (found.included->str, ==, "doc");
  }
}

static void
test_counts (StoreFixture *fixture, gconstpointer data)
{
  fill (fixture);
  {
    g_auto (FixtureSearch) plain = fixture_search (fixture, "Observation", "_count=2", NULL);
    g_auto (FixtureSearch) total =
        fixture_search (fixture, "Observation", "code=8867-4&_count=2&_total=accurate", NULL);
    g_auto (FixtureSearch) only =
        fixture_search (fixture, "Observation", "patient=ann,bob&_summary=count", NULL);

    g_assert_cmpint (plain.total, ==, -1);
    g_assert_cmpint (total.total, ==, 3);
    g_assert_cmpstr (total.ids->str, ==, "o1 o2");
    g_assert_nonnull (total.next_cursor);
    g_assert_cmpint (only.total, ==, 4);
    g_assert_cmpstr (only.ids->str, ==, "");
  }
}

static void
test_rows_follow_updates (StoreFixture *fixture, gconstpointer data)
{
  fill (fixture);
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"bob\",\"name\":[{\"family\":"
                        "\"Miller\"}],\"gender\":\"male\"}");
  fixture_delete (fixture, "Observation", "o2");
  {
    g_auto (FixtureSearch) smith = fixture_search (fixture, "Patient", "name=smith", NULL);
    g_auto (FixtureSearch) miller =
        fixture_search (fixture, "Patient", "name=miller&gender=male", NULL);
    g_auto (FixtureSearch) m2 = fixture_search (fixture, "Patient", "identifier=M2", NULL);
    g_auto (FixtureSearch) heart =
        fixture_search (fixture, "Observation", "code=8867-4&_sort=date", NULL);

    g_assert_cmpstr (smith.ids->str, ==, "cat");
    g_assert_cmpstr (miller.ids->str, ==, "bob");
    g_assert_cmpstr (m2.ids->str, ==, "");
    g_assert_cmpstr (heart.ids->str, ==, "o1 o4");
  }
  fixture_put (fixture, records[5]);
  {
    g_auto (FixtureSearch) heart =
        fixture_search (fixture, "Observation", "code=8867-4&_sort=date", NULL);

    g_assert_cmpstr (heart.ids->str, ==, "o2 o1 o4");
  }
}

/* Pages over data that changes: whoever was there from first to last page is met exactly once. */
static void
page_through (StoreFixture *fixture, const char *query)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = NULL;
  guint page = 0;

  do
    {
      g_auto (FixtureSearch) found = fixture_search (fixture, "Condition", query, cursor);
      g_auto (GStrv) ids = g_strsplit (found.ids->str, " ", -1);
      g_autofree char *fresh =
          g_strdup_printf ("{\"resourceType\":\"Condition\",\"id\":\"new-%u\",\"recordedDate\":"
                           "\"20%02u-01-01\",\"subject\":{\"reference\":\"Patient/ann\"}}",
                           page, page * 7 % 40);
      g_autofree char *gone = g_strdup_printf ("c%u", page * 5 + 1);

      for (guint i = 0; ids[i] != NULL; i++)
        {
          g_test_message ("%s page %u: %s", query, page, ids[i]);
          g_assert_true (g_hash_table_add (seen, g_strdup (ids[i])));
        }
      fixture_put (fixture, fresh);
      fixture_delete (fixture, "Condition", gone);
      g_free (cursor);
      cursor = g_steal_pointer (&found.next_cursor);
      g_assert_cmpuint (page++, <, 60);
    }
  while (cursor != NULL);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("c%u", i);

      if (i % 5 != 1)
        g_assert_true (g_hash_table_contains (seen, id));
    }
}

static void
test_paging_while_it_changes (StoreFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Condition\",\"id\":\"c%u\"%s%02u-0%u-01\","
                           "\"subject\":{\"reference\":\"Patient/ann\"}}",
                           i, i % 9 == 0 ? ",\"onsetString\":\"" : ",\"recordedDate\":\"20", i % 30,
                           i % 3 + 1);

      fixture_put (fixture, json);
    }
  page_through (fixture, data);
}

typedef struct
{
  const char *type, *typed;
  GString *ids;
} Names;

static gboolean
search_names (StoreConnection *connection, gpointer data, GError **error)
{
  Names *names = data;
  g_autoptr (GPtrArray) found =
      store_search_names (connection, names->type, names->typed, 20, error);

  if (found != NULL)
    fixture_join_ids (found, names->ids);
  return found != NULL;
}

static void
test_names (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *typed, *ids;
  } cases[] = {
    { "", "" },
    { "s", "bob cat" },
    { "Smith", "bob cat" },
    { "smith, b", "bob" },
    { "ann", "ann" },
    { "an", "ann bob" },
    { "cat smith", "cat" },
    { "åb", "ann" },
    { "ABERG ann", "ann" },
    { "\"smi\" OR *", "" },
    { "o'br", "" },
    { "***", "" },
    { "zz", "" },
    { "smith anton", "bob" },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) ids = g_string_new (NULL);
      Names names = { "Patient", cases[i].typed, ids };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].typed);
      store_database_read (fixture->database, search_names, &names, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (ids->str, ==, cases[i].ids);
    }
}

static gboolean
check_notes (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) found = store_search_notes (connection, "ann", "dizzy sinc", 5, error);
  g_autoptr (GPtrArray) of_bob = store_search_notes (connection, "bob", "dizzy", 5, error);
  g_autoptr (GPtrArray) of_all = store_search_notes (connection, NULL, "DIZZY", 5, error);

  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpuint (of_bob->len, ==, 0);
  g_assert_cmpuint (of_all->len, ==, 1);
  return TRUE;
}

static void
test_notes (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *body = g_base64_encode ((const guchar *) "Dizzy since Monday", 18);
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"DocumentReference\",\"id\":\"n\",\"subject\":{\"reference\":\"Patient/"
      "ann\"},\"content\":[{\"attachment\":{\"contentType\":\"text/plain\",\"data\":\"%s\"}}]}",
      body);
  g_autoptr (GError) error = NULL;

  fill (fixture);
  fixture_put (fixture, json);
  store_database_read (fixture->database, check_notes, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
check_changes (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) all = store_changes_since (connection, 0, 100, error);
  g_autoptr (GPtrArray) two = store_changes_since (connection, 0, 2, error);
  const StoreChange *last = all->pdata[all->len - 1], *before = all->pdata[all->len - 2];
  g_autoptr (GPtrArray) none = store_changes_since (connection, last->sequence, 100, error);

  g_assert_cmpuint (all->len, ==, G_N_ELEMENTS (records));
  g_assert_cmpuint (two->len, ==, 2);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpstr (last->id, ==, "bob");
  g_assert_true (last->deleted);
  g_assert_cmpstr (before->id, ==, "o1");
  g_assert_cmpstr (before->patient, ==, "ann");
  g_assert_cmpint (before->version, ==, 2);
  g_assert_cmpint (before->sequence, <, last->sequence);
  return TRUE;
}

static void
test_changes_since (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fill (fixture);
  fixture_put (fixture, records[4]);
  fixture_delete (fixture, "Patient", "bob");
  store_database_read (fixture->database, check_changes, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
check_ids (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) one =
      store_search_ids (connection, "Patient", "identifier=urn:mrn|M1", error);
  g_autoptr (GPtrArray) two = store_search_ids (connection, "Patient", "identifier=M1", error);

  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (one->pdata[0], ==, "ann");
  g_assert_cmpuint (two->len, ==, 2);
  g_assert_null (store_search_ids (connection, "Patient", "shoe-size=44", error));
  g_assert_error (*error, FHIR_ERROR, FHIR_ERROR_UNSUPPORTED);
  g_clear_error (error);
  return TRUE;
}

static void
test_ids (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fill (fixture);
  store_database_read (fixture->database, check_ids, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/search/cases", NULL, test_cases);
  fixture_add ("/store/search/refused", NULL, test_refused);
  fixture_add ("/store/search/bad-cursor", NULL, test_bad_cursor);
  fixture_add ("/store/search/includes", NULL, test_includes);
  fixture_add ("/store/search/counts", NULL, test_counts);
  fixture_add ("/store/search/updates", NULL, test_rows_follow_updates);
  fixture_add ("/store/search/paging/number", "_count=7", test_paging_while_it_changes);
  fixture_add ("/store/search/paging/date", "_count=7&_sort=recorded-date",
               test_paging_while_it_changes);
  fixture_add ("/store/search/paging/date-down", "_count=7&_sort=-recorded-date",
               test_paging_while_it_changes);
  fixture_add ("/store/search/paging/patient-date", "patient=ann&_count=7&_sort=-recorded-date",
               test_paging_while_it_changes);
  fixture_add ("/store/search/paging/updated", "_count=7&_sort=_lastUpdated",
               test_paging_while_it_changes);
  fixture_add ("/store/search/paging/two-keys", "_count=7&_sort=-recorded-date,-_id",
               test_paging_while_it_changes);
  fixture_add ("/store/search/names", NULL, test_names);
  fixture_add ("/store/search/notes", NULL, test_notes);
  fixture_add ("/store/search/changes-since", NULL, test_changes_since);
  fixture_add ("/store/search/ids", NULL, test_ids);
  return g_test_run ();
}
