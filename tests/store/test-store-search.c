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

/* Codes with words, and with values beside them. */
static const char *const measured[] = {
  "{\"resourceType\":\"Observation\",\"id\":\"bp\",\"status\":\"final\",\"code\":{\"coding\":[{"
  "\"system\":\"http://loinc.org\",\"code\":\"85354-9\",\"display\":\"Blood pressure panel\"}]},"
  "\"subject\":{\"reference\":\"Patient/cat\"},\"component\":[{\"code\":{\"coding\":[{\"system\":"
  "\"http://"
  "loinc.org\",\"code\":\"8480-6\"}],\"text\":\"Systolic\"},\"valueQuantity\":{\"value\":150,"
  "\"unit\":\"mmHg\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}},{\"code\":{"
  "\"coding\":[{\"system\":\"http://"
  "loinc.org\",\"code\":\"8462-4\"}]},\"valueQuantity\":{\"value\":90,"
  "\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}},{\"code\":{\"coding\":[{\"code\":"
  "\"pos\"}]},\"valueCodeableConcept\":{\"coding\":[{\"system\":\"urn:s\",\"code\":\"sitting\"}]}}]"
  "}",
  "{\"resourceType\":\"Observation\",\"id\":\"smoke\",\"status\":\"final\",\"code\":{\"coding\":[{"
  "\"system\":\"http://loinc.org\",\"code\":\"72166-2\"}],\"text\":\"Tobacco smoking status\"},"
  "\"valueCodeableConcept\":{\"coding\":[{\"system\":\"urn:s\",\"code\":\"never\"}],\"text\":"
  "\"Never "
  "smoked\"}}",
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

typedef struct
{
  const char *type, *query, *ids;
} Case;

static void
run_cases (StoreFixture *fixture, const Case *cases, gsize count)
{
  for (gsize i = 0; i < count; i++)
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
test_cases (StoreFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
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
    { "Observation", "_sort=status", "o3 o1 o2 o4" },
    { "Observation", "_sort=-status", "o4 o2 o1 o3" },
    { "Observation", "_sort=status,-date", "o3 o1 o2 o4" },
    { "Observation", "_sort=code,date", "o3 o2 o1 o4" },
    { "Observation", "patient=ann,bob&code=8867-4&_sort=code,date", "o2 o1 o4" },
    { "Patient", "_sort=gender", "ann cat bob" },
    { "Patient", "_sort=active", "ann bob cat" },
    { "Patient", "_sort=-active", "ann cat bob" }, /* who has none stands last */
    { "Patient", "_sort=-identifier", "bob ann cat" },
  };

  fill (fixture);
  run_cases (fixture, cases, G_N_ELEMENTS (cases));
}

static void
test_codes_with_words_and_values (StoreFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    /* the words beside codes: those that begin so */
    { "Observation", "code:text=blood", "bp" },
    { "Observation", "code:text=BLOOD%20press", "bp" },
    { "Observation", "code:text=panel", "bp" },
    { "Observation", "code:text=smok,pressure", "bp smoke" },
    { "Observation", "code:text=ressure", "" },
    { "Observation", "code:text=systolic", "" },
    { "Observation", "component-code:text=systolic", "bp" },
    { "Observation", "combo-code:text=systolic", "bp" },
    { "Observation", "combo-code:text=tobacco", "smoke" },
    { "Observation", "value-concept:text=never", "smoke" },
    { "Observation", "combo-value-concept:text=smoked", "smoke" },
    { "Observation", "code:text=' OR 1=1 --", "" },
    { "Patient", "_has:Observation:patient:code:text=blood", "cat" },
    /* a code and what stands beside it */
    { "Observation", "code-value-quantity=http://loinc.org|8867-4$70", "o1" },
    { "Observation", "code-value-quantity=8867-4$gt70", "o2" },
    { "Observation", "code-value-quantity=8867-4$gt60||/min", "o1 o2" },
    { "Observation", "code-value-quantity=8867-4$gt60||mm[Hg]", "" },
    { "Observation", "code-value-quantity=2160-0$gt60", "" },
    { "Observation", "code-value-quantity=|8867-4$gt60", "" },
    { "Observation", "code-value-quantity=urn:never|8867-4$gt60", "" },
    { "Observation", "code-value-quantity=2160-0$1,8867-4$90.5", "o2" },
    { "Observation", "code-value-quantity=8480-6$gt140", "" },
    { "Observation", "code-value-concept=72166-2$never", "smoke" },
    { "Observation", "code-value-concept=72166-2$urn:s|", "smoke" },
    { "Observation", "code-value-concept=72166-2$sitting", "" },
    { "Observation", "component-code-value-quantity=http://loinc.org|8480-6$gt140", "bp" },
    { "Observation", "component-code-value-quantity=8480-6$150|http://unitsofmeasure.org|mm[Hg]",
      "bp" },
    { "Observation", "component-code-value-quantity=8480-6$150||mmHg", "bp" },
    /* 90 is there, but it is not the systolic one */
    { "Observation", "component-code-value-quantity=8480-6$90", "" },
    { "Observation", "component-code-value-quantity=8462-4$lt100", "bp" },
    { "Observation", "component-code-value-quantity=urn:never|8462-4$lt100", "" },
    { "Observation", "component-code-value-quantity=|8462-4$lt100", "" },
    { "Observation", "component-code-value-quantity=http://loinc.org|$lt100", "bp" },
    { "Observation", "component-code-value-concept=pos$urn:s|sitting", "bp" },
    { "Observation", "component-code-value-concept=pos$never", "" },
    { "Observation", "combo-code-value-quantity=8480-6$gt140,8867-4$70", "bp o1" },
    { "Observation", "combo-code-value-quantity=8480-6$gt140&patient=ann", "" },
    { "Observation", "combo-code-value-concept=pos$sitting,72166-2$never", "bp smoke" },
    { "Patient", "_has:Observation:patient:combo-code-value-quantity=8480-6$gt140", "cat" },
    /* who is pointed at */
    { "Patient", "_has:Observation:patient:code=8867-4", "ann bob" },
    { "Patient", "_has:Observation:patient:code=8867-4&gender=male", "bob" },
    { "Patient", "_has:Observation:subject:status=amended", "bob" },
    { "Patient", "_has:Observation:patient:code=nothing", "" },
    { "Patient", "_has:Observation:patient:date:missing=true&_sort=family", "bob cat" },
    { "Patient", "_has:Observation:patient:_id=o1", "ann" },
    { "Patient", "_has:Observation:patient:_lastUpdated=lt2000", "" },
    { "Patient", "_has:Observation:patient:_lastUpdated=ge2000", "ann bob cat" },
    { "Practitioner", "_has:Observation:performer:code=8867-4", "doc" },
    { "Observation", "_has:Provenance:target:agent=Practitioner/doc", "o1" },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (measured); i++)
    fixture_put (fixture, measured[i]);
  run_cases (fixture, cases, G_N_ELEMENTS (cases));
  fixture_delete (fixture, "Observation", "bp");
  {
    g_auto (FixtureSearch) words = fixture_search (fixture, "Observation", "code:text=blood", NULL);
    g_auto (FixtureSearch) values =
        fixture_search (fixture, "Observation", "combo-code-value-quantity=8480-6$gt140", NULL);

    g_assert_cmpstr (words.ids->str, ==, "");
    g_assert_cmpstr (values.ids->str, ==, "");
  }
}

/* About a date is a tenth of the gap between it and today: here 365 days and 3.6 hours. */
static void
test_about_a_date (StoreFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    { "Patient", "birthdate=ap2016-11-29", "in-a in-b in-year" },
    { "Patient", "birthdate=ap2037-01", "later" }, /* a year as well, from the other side */
    { "Patient", "birthdate=ap1950", "" },
    { "Patient", "birthdate=2016-11-29", "" },
    { "Observation", "patient.birthdate=ap2016-11-29", "o" },
    { "Patient", "_lastUpdated=ap2026-11-29", "in-a in-b in-year later out-a out-b out-year" },
    { "Patient", "_lastUpdated=ap2025", "" },
  };
  static const char *const born[][2] = {
    { "out-a", "2015-11-28" }, { "in-a", "2015-11-29" }, { "in-b", "2017-11-30" },
    { "out-b", "2017-12-01" }, { "in-year", "2015" },    { "out-year", "2018" },
    { "later", "2036-01-15" },
  };
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) today = g_date_time_new (utc, 2026, 11, 29, 13, 0, 0);

  fixture_close (fixture);
  g_object_unref (fixture->clock);
  fixture->clock = base_clock_new_at (today);
  fixture_open (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (born); i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"%s\",\"birthDate\":\"%s\"}",
                           born[i][0], born[i][1]);

      fixture_put (fixture, json);
    }
  fixture_put (fixture, "{\"resourceType\":\"Observation\",\"id\":\"o\",\"subject\":{\"reference\":"
                        "\"Patient/in-b\"}}");
  run_cases (fixture, cases, G_N_ELEMENTS (cases));
}

static void
test_order_of_numbers_and_uris (StoreFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    { "RiskAssessment", "_sort=probability", "minus low high none" },
    { "RiskAssessment", "_sort=-probability", "high low minus none" },
    { "RiskAssessment", "_sort=-probability,_id", "high low minus none" },
    { "ValueSet", "_sort=url", "b c a d" },
    { "ValueSet", "_sort=-url", "a c b d" },
  };
  static const char *const risks[][2] = {
    { "high", "10" }, { "low", "0.5" }, { "minus", "-2.5e1" }, { "none", "null" }
  };
  static const char *const sets[][2] = { { "a", "urn:c" }, { "b", "urn:a" }, { "c", "urn:b" } };

  for (gsize i = 0; i < G_N_ELEMENTS (risks); i++)
    {
      g_autofree char *probability = g_strdup_printf (",\"probabilityDecimal\":%s", risks[i][1]);
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"RiskAssessment\",\"id\":\"%s\",\"prediction\":[{"
                           "\"rationale\":\"x\"%s}]}",
                           risks[i][0], strcmp (risks[i][1], "null") == 0 ? "" : probability);

      fixture_put (fixture, json);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"ValueSet\",\"id\":\"%s\",\"url\":\"%s\"}",
                           sets[i][0], sets[i][1]);

      fixture_put (fixture, json);
    }
  fixture_put (fixture, "{\"resourceType\":\"ValueSet\",\"id\":\"d\"}");
  run_cases (fixture, cases, G_N_ELEMENTS (cases));
}

static gboolean
put_5001 (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < 5001; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{\"resourceType\":\"Basic\",\"id\":\"m%u\",\"code\":{\"coding\":[{\"code\":\"k%u\"}]}}",
          i, i % 2);
      g_autoptr (FhirResource) resource = resource_of (json);

      if (!store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

/* What is sorted by its text is not read without end. */
static void
test_order_limit (StoreFixture *fixture, gconstpointer data)
{
  FixtureSearch all = { "Basic", "_sort=code&_count=3", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (store_database_write (fixture->database, BASE_LANE_BATCH, put_5001, NULL, &error));
  g_assert_false (store_database_read (fixture->database, fixture_search_work, &all, &error));
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "5000"));
  {
    g_auto (FixtureSearch) one =
        fixture_search (fixture, "Basic", "code=k1&_sort=-code&_count=2", NULL);

    g_assert_cmpstr (one.ids->str, ==, "m4999 m4997");
  }
  fixture_delete (fixture, "Basic", "m0");
  {
    g_auto (FixtureSearch) rest = fixture_search (fixture, "Basic", "_sort=-code&_count=2", NULL);

    g_assert_cmpstr (rest.ids->str, ==, "m4999 m4997");
  }
}

static void
test_refused (StoreFixture *fixture, gconstpointer data)
{
  static const char *const queries[] = { "_sort=subject", "_sort=value-quantity",
                                         "_sort=code-value-quantity" };

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

static gboolean
put_many (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i <= STORE_MAX_INCLUDED; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{\"resourceType\":\"Basic\",\"id\":\"b%u\",\"subject\":{\"reference\":\"Patient/ann\"}}",
          i);
      g_autoptr (FhirResource) resource = resource_of (json);

      if (!store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static void
test_too_much_comes_along (StoreFixture *fixture, gconstpointer data)
{
  FixtureSearch work = { "Patient", "_revinclude=Basic:patient" };
  g_autoptr (GError) error = NULL;

  fill (fixture);
  store_database_write (fixture->database, BASE_LANE_BATCH, put_many, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (store_database_read (fixture->database, fixture_search_work, &work, &error));
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "10000"));
  fixture_delete (fixture, "Basic", "b7");
  {
    g_auto (FixtureSearch) found =
        fixture_search (fixture, "Patient", "_id=ann&_revinclude=Basic:patient", NULL);
    g_auto (GStrv) ids = g_strsplit (found.included->str, " ", -1);

    g_assert_cmpuint (g_strv_length (ids), ==, STORE_MAX_INCLUDED);
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

/* ---- pages over data that changes ---- */

static char *
condition (const char *id, const char *word, guint day)
{
  return g_strdup_printf ("{\"resourceType\":\"Condition\",\"id\":\"%s\"%s20%02u-0%u-01\","
                          "\"verificationStatus\":{\"coding\":[{\"code\":\"%s%u\"}]},"
                          "\"subject\":{\"reference\":\"Patient/ann\"},\"code\":{\"text\":\"%s\"}}",
                          id, day % 9 == 0 ? ",\"onsetString\":\"" : ",\"recordedDate\":\"",
                          day % 30, day % 3 + 1, day % 5 == 0 ? "" : "v", day % 7, word);
}

/* Between two pages one comes, one goes, one that was met is moved to each end of the order, and
 * one that is still to come too. */
static void
change_between_pages (StoreFixture *fixture, guint page)
{
  const guint updated[] = { page * 5 + 2, 97 - page * 5, (page * 13) % 100 / 5 * 5 + 3 };
  g_autofree char *fresh_id = g_strdup_printf ("new-%u", page);
  g_autofree char *fresh = condition (fresh_id, "fresh", page * 7 % 40);
  g_autofree char *gone = g_strdup_printf ("c%u", page * 5 + 1);

  fixture_put (fixture, fresh);
  fixture_delete (fixture, "Condition", gone);
  for (guint i = 0; i < G_N_ELEMENTS (updated); i++)
    {
      g_autofree char *id = g_strdup_printf ("c%u", updated[i] % 100);
      g_autofree char *json = condition (id, "changed", page * 11 + i * 17);

      if (updated[i] % 5 != 1)
        fixture_put (fixture, json);
    }
}

/* Whoever was there from first to last page is met exactly once, whatever it was changed to. */
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

      for (guint i = 0; ids[i] != NULL; i++)
        {
          g_test_message ("%s page %u: %s", query, page, ids[i]);
          g_assert_true (g_hash_table_add (seen, g_strdup (ids[i])));
        }
      change_between_pages (fixture, page);
      g_free (cursor);
      cursor = g_steal_pointer (&found.next_cursor);
      g_assert_cmpuint (page++, <, 60);
    }
  while (cursor != NULL);
  g_assert_cmpuint (page, >, 10);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("c%u", i);

      if (i % 5 != 1 && !g_hash_table_contains (seen, id))
        g_error ("%s was there all the time and on no page of %s", id, query);
    }
}

static void
test_paging_while_it_changes (StoreFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("c%u", i);
      g_autofree char *json = condition (id, "old", i);

      fixture_put (fixture, json);
    }
  page_through (fixture, data);
}

/* The order of the first page is kept, in what it was changed to too. */
static void
test_paging_keeps_its_order (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *cursor = NULL;

  for (guint i = 1; i < 8; i++)
    {
      g_autofree char *id = g_strdup_printf ("c%u", i);
      g_autofree char *json = condition (id, "old", i);

      fixture_put (fixture, json);
    }
  {
    g_auto (FixtureSearch) first =
        fixture_search (fixture, "Condition", "_sort=recorded-date&_count=3", NULL);
    g_autofree char *seen = condition ("c2", "changed", 29),
                    *later = condition ("c6", "changed", 1);

    g_assert_cmpstr (first.ids->str, ==, "c1 c2 c3");
    cursor = g_steal_pointer (&first.next_cursor);
    fixture_put (fixture, seen);
    fixture_put (fixture, later);
    fixture_put (fixture, later);
  }
  {
    g_auto (FixtureSearch) rest =
        fixture_search (fixture, "Condition", "_sort=recorded-date&_count=3", cursor);
    g_auto (FixtureSearch) anew =
        fixture_search (fixture, "Condition", "_sort=recorded-date", NULL);

    g_assert_cmpstr (rest.ids->str, ==, "c4 c5 c6");
    g_assert_nonnull (rest.next_cursor);
    g_assert_cmpstr (anew.ids->str, ==, "c1 c6 c3 c4 c5 c7 c2");
  }
}

/* Two values of one resource that sort the same take one place, not two. */
static void
test_paging_over_equal_values (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autofree char *cursor = NULL;
  guint pages = 0;

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{\"resourceType\":\"Patient\",\"id\":\"p%02u\",\"name\":[{\"family\":\"Smith\"},{"
          "\"family\":\"SMITH\"},{\"family\":\"smith\"}]}",
          i);

      fixture_put (fixture, json);
    }
  do
    {
      g_auto (FixtureSearch) found =
          fixture_search (fixture, "Patient", "_sort=family&_count=4", cursor);

      g_string_append_printf (all, "%s ", found.ids->str);
      g_free (cursor);
      cursor = g_steal_pointer (&found.next_cursor);
      pages++;
    }
  while (cursor != NULL);
  g_assert_cmpuint (pages, ==, 8);
  g_assert_cmpuint (all->len, ==, 30 * strlen ("p00 "));
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

typedef struct
{
  const char *patient, *typed, *ids;
} Words;

static gboolean
search_words (StoreConnection *connection, gpointer data, GError **error)
{
  const Words *words = data;
  g_autoptr (GPtrArray) found =
      store_search_words (connection, words->patient, words->typed, 9, error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  g_assert_no_error (*error);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (ids, (gpointer) fhir_resource_get_id (found->pdata[i]));
  g_ptr_array_sort_values (ids, (GCompareFunc) strcmp);
  g_ptr_array_add (ids, NULL);
  joined = g_strjoinv (" ", (char **) ids->pdata);
  g_assert_cmpstr (joined, ==, words->ids);
  return TRUE;
}

/* By words beside codes and by what people wrote; of one patient, or of all. */
static void
test_words (StoreFixture *fixture, gconstpointer data)
{
  static const char *const put[] = {
    "{\"resourceType\":\"Patient\",\"id\":\"w\",\"maritalStatus\":{\"text\":\"Heartbroken\"}}",
    "{\"resourceType\":\"Patient\",\"id\":\"v\"}",
    "{\"resourceType\":\"Condition\",\"id\":\"mi\",\"subject\":{\"reference\":\"Patient/w\"},"
    "\"code\":{\"text\":\"Non-acute heart failure (congestive)\"}}",
    "{\"resourceType\":\"Communication\",\"id\":\"msg\",\"subject\":{\"reference\":"
    "\"Patient/w\"},\"payload\":[{\"contentString\":\"My heart räces\"}]}",
    "{\"resourceType\":\"Condition\",\"id\":\"theirs\",\"subject\":{\"reference\":"
    "\"Patient/v\"},\"code\":{\"text\":\"心不全 heart\"}}",
    "{\"resourceType\":\"Composition\",\"id\":\"letter\",\"subject\":{\"reference\":"
    "\"Patient/v\"},\"section\":[{\"title\":\"Plan\",\"text\":{\"div\":\"<div>Stop "
    "<b>ramipril</b></div>\"}}]}",
    "{\"resourceType\":\"Observation\",\"id\":\"o\",\"subject\":{\"reference\":\"Patient/v\"},"
    "\"category\":[{\"text\":\"Heart things\"}],\"code\":{\"text\":\"Pulse\"},"
    "\"valueString\":\"irregular\"}",
  };
  static const Words cases[] = {
    { "w", "heart", "mi msg" }, { NULL, "HEART", "mi msg theirs" },
    { "v", "heart", "theirs" }, { "w", "failure hear", "mi" },
    { "w", "acute", "mi" },     { "w", "congest", "mi" },
    { "w", "race", "msg" },     { "w", "art", "" },
    { "v", "不全", "theirs" },  { "v", "ramipril stop", "letter" },
    { "v", "div", "" },         { "v", "irreg", "o" },
    { "nobody", "heart", "" },  { "w", "\" OR *", "" },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (put); i++)
    fixture_put (fixture, put[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].typed);
      store_database_read (fixture->database, search_words, (gpointer) &cases[i], &error);
      g_assert_no_error (error);
    }
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
  fixture_add ("/store/search/words-and-values", NULL, test_codes_with_words_and_values);
  fixture_add ("/store/search/about-a-date", NULL, test_about_a_date);
  fixture_add ("/store/search/numbers-and-uris", NULL, test_order_of_numbers_and_uris);
  fixture_add ("/store/search/order-limit", NULL, test_order_limit);
  fixture_add ("/store/search/refused", NULL, test_refused);
  fixture_add ("/store/search/bad-cursor", NULL, test_bad_cursor);
  fixture_add ("/store/search/includes", NULL, test_includes);
  fixture_add ("/store/search/include-limit", NULL, test_too_much_comes_along);
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
  fixture_add ("/store/search/paging/token", "_count=7&_sort=verification-status",
               test_paging_while_it_changes);
  fixture_add ("/store/search/paging/token-down", "_count=7&_sort=-verification-status",
               test_paging_while_it_changes);
  fixture_add ("/store/search/paging/token-and-date",
               "_count=7&_sort=verification-status,-recorded-date", test_paging_while_it_changes);
  fixture_add ("/store/search/paging/id-down", "_count=7&_sort=-_id", test_paging_while_it_changes);
  fixture_add ("/store/search/paging/updated-down", "_count=7&_sort=-_lastUpdated",
               test_paging_while_it_changes);
  fixture_add ("/store/search/paging/order", NULL, test_paging_keeps_its_order);
  fixture_add ("/store/search/paging/equal-values", NULL, test_paging_over_equal_values);
  fixture_add ("/store/search/names", NULL, test_names);
  fixture_add ("/store/search/notes", NULL, test_notes);
  fixture_add ("/store/search/words", NULL, test_words);
  fixture_add ("/store/search/changes-since", NULL, test_changes_since);
  fixture_add ("/store/search/ids", NULL, test_ids);
  return g_test_run ();
}
