/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include "store-check.h"

/* Each check is made to fail by a hand in the file, and names what differs. */

typedef gboolean (*CheckFunction) (StoreConnection *connection, StoreCheck *check, GError **error);

typedef struct
{
  CheckFunction function;
  guint sample;
  StoreCheck *check;
} Run;

static gboolean
run_work (StoreConnection *connection, gpointer data, GError **error)
{
  Run *run = data;

  return run->function != NULL ? run->function (connection, run->check, error)
                               : store_check_indexes (connection, run->sample, run->check, error);
}

/* NULL for the indexes. */
static StoreCheck *
check_with (StoreFixture *fixture, CheckFunction function, guint sample)
{
  Run run = { function, sample, store_check_new () };
  g_autoptr (GError) error = NULL;

  store_database_read (fixture->database, run_work, &run, &error);
  g_assert_no_error (error);
  return run.check;
}

static void
assert_good (StoreFixture *fixture, CheckFunction function)
{
  g_autoptr (StoreCheck) check = check_with (fixture, function, 0);

  for (guint i = 0; i < check->differing->len; i++)
    g_test_message ("%s", (char *) check->differing->pdata[i]);
  g_assert_cmpint (check->wrong, ==, 0);
}

static void
assert_names (StoreFixture *fixture, CheckFunction function, const char *words)
{
  g_autoptr (StoreCheck) check = check_with (fixture, function, 0);
  gboolean named = FALSE;

  for (guint i = 0; i < check->differing->len; i++)
    {
      g_test_message ("%s", (char *) check->differing->pdata[i]);
      named = named || strstr (check->differing->pdata[i], words) != NULL;
    }
  g_assert_cmpint (check->wrong, >, 0);
  g_assert_true (named);
}

static void
fill (StoreFixture *fixture)
{
  static const char *const records[] = {
    "{\"resourceType\":\"Patient\",\"id\":\"anna\",\"birthDate\":\"1970-02-03\",\"name\":[{"
    "\"family\":\"Ünal\",\"given\":[\"Anna\"]}],\"identifier\":[{\"system\":\"urn:x\",\"value\":"
    "\"17\"}],\"generalPractitioner\":[{\"reference\":\"Practitioner/dora\"},{\"identifier\":{"
    "\"system\":\"urn:x\",\"value\":\"9\"}}]}",
    "{\"resourceType\":\"Practitioner\",\"id\":\"dora\",\"name\":[{\"text\":\"Dora\"}]}",
    "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\",\"code\":{\"coding\":[{"
    "\"system\":\"http://loinc.org\",\"code\":\"8480-6\"},{\"system\":\"http://loinc.org\","
    "\"code\":\"8480-6\"}]},\"subject\":{\"reference\":\"Patient/anna\"},\"effectiveDateTime\":"
    "\"2026-01-02T03:04:05Z\",\"valueQuantity\":{\"value\":120.50,\"unit\":\"mmHg\",\"system\":"
    "\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}}",
    "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"status\":\"final\",\"code\":{\"text\":"
    "\"Mood\"},\"subject\":{\"reference\":\"Patient/nobody\"},\"valueString\":\"good\"}",
    "{\"resourceType\":\"ValueSet\",\"id\":\"v\",\"status\":\"active\",\"url\":\"urn:v\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    fixture_put (fixture, records[i]);
  /* versions that went leave no rows behind */
  fixture_put (fixture,
               "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"status\":\"amended\","
               "\"code\":{\"text\":\"Mood\"},\"subject\":{\"reference\":\"Patient/"
               "nobody\"},\"valueString\":\"bad\",\"component\":[{\"code\":{\"coding\":[{\"code\":"
               "\"c\"}]},\"valueQuantity\":{\"value\":1,\"code\":\"kg\"}}]}");
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"gone\",\"name\":[{\"family\":"
                        "\"Gone\"}]}");
  fixture_delete (fixture, "Patient", "gone");
}

static void
test_good (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (StoreCheck) all = NULL;
  g_autoptr (StoreCheck) sample = NULL;

  fill (fixture);
  assert_good (fixture, NULL);
  assert_good (fixture, store_check_records);
  assert_good (fixture, store_check_names);
  assert_good (fixture, store_check_counters);
  assert_good (fixture, store_check_journal);
  all = check_with (fixture, NULL, 0);
  sample = check_with (fixture, NULL, 2);
  g_assert_cmpint (all->looked_at, ==, 5);
  g_assert_cmpint (sample->looked_at, ==, 2);
  g_assert_cmpint (sample->wrong, ==, 0);
}

/* Each kind of row, gone, changed or too many. */
static void
test_indexes (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql, *names;
  } hands[] = {
    { "DELETE FROM token WHERE value = '8480-6'", "Observation/o1 lacks" },
    { "DELETE FROM string WHERE value LIKE '%unal%'", "Patient/anna lacks" },
    { "DELETE FROM date WHERE number = (SELECT number FROM identity WHERE id = 'o1')",
      "Observation/o1 lacks" },
    { "DELETE FROM reference WHERE target = (SELECT number FROM identity WHERE id = 'dora')",
      "Patient/anna lacks" },
    { "DELETE FROM quantity WHERE code = 'mm[Hg]'", "Observation/o1 lacks" },
    { "DELETE FROM uri", "ValueSet/v lacks" },
    { "UPDATE token SET value = '8480-7' WHERE value = '8480-6'", "Observation/o1 has other" },
    { "UPDATE quantity SET value = 121", "Observation/o1 has other" },
    { "UPDATE date SET low = low + 1 WHERE number = (SELECT number FROM identity WHERE id = 'o1')",
      "Observation/o1 has other" },
    { "INSERT INTO token SELECT parameter, 'xyz', system, number FROM token WHERE value = "
      "'8480-6'",
      "Observation/o1 has rows" },
    { "DELETE FROM wording", "Observation/o2 lacks" },
    { "UPDATE phrase SET text = 'moot'", "Observation/o2 has other" },
    { "DELETE FROM composite", "Observation/o2 lacks" },
    { "UPDATE composite SET value = 2", "Observation/o2 has other" },
    { "INSERT INTO wording VALUES (1, 1, 999999)", "belong to no resource" },
    { "INSERT INTO reference VALUES (1, 1, 999999)", "belong to no resource" },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (hands); i++)
    {
      g_autofree char *bytes = NULL;
      gsize length;

      fixture_close (fixture);
      g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
      g_test_message ("%s", hands[i].sql);
      g_assert_cmpint (fixture_execute_raw (fixture->path, fixture->key, hands[i].sql), >, 0);
      fixture_open (fixture);
      assert_names (fixture, NULL, hands[i].names);
      fixture_close (fixture);
      g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) length, NULL));
      fixture_open (fixture);
      assert_good (fixture, NULL);
    }
}

static void
test_by_hand (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    CheckFunction function;
    const char *names;
  } hands[] = {
    { "UPDATE resource SET json = '{' WHERE id = 'v'", store_check_records, "ValueSet/v cannot" },
    { "UPDATE resource SET json = replace (json, '\"anna\"', '\"otto\"') WHERE id = 'anna'",
      store_check_records, "Patient/anna holds the text of Patient/otto" },
    { "UPDATE resource SET version = 7 WHERE id = 'dora'", store_check_records,
      "Practitioner/dora has version 7" },
    { "UPDATE resource SET patient = NULL WHERE id = 'o1'", store_check_records,
      "Observation/o1 is not filed" },
    { "DELETE FROM person WHERE number = (SELECT number FROM identity WHERE id = 'dora')",
      store_check_names, "Practitioner/dora is missing" },
    { "INSERT INTO person VALUES (99999, 1, 'ghost')", store_check_names, "person/99999" },
    { "UPDATE counter SET value = 1 WHERE name = 'sequence'", store_check_counters, "sequence" },
    { "UPDATE counter SET value = 1 WHERE name = 'number'", store_check_counters, "number" },
    { "INSERT INTO journal VALUES (1, 'g', 'create', 'Task', 't', NULL, NULL, 'waiting', NULL, 0, "
      "0, 0, 'l')",
      store_check_journal, "Task/t waits" },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (hands); i++)
    {
      assert_good (fixture, hands[i].function);
      fixture_close (fixture);
      g_test_message ("%s", hands[i].sql);
      g_assert_cmpint (fixture_execute_raw (fixture->path, fixture->key, hands[i].sql), ==, 1);
      fixture_open (fixture);
      assert_names (fixture, hands[i].function, hands[i].names);
      fixture_close (fixture);
      fixture_remove_folder (fixture->folder);
      g_mkdir (fixture->folder, 0700);
      fixture_open (fixture);
      fill (fixture);
    }
}

static void
test_references (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (StoreCheck) check = NULL;

  fill (fixture);
  check = check_with (fixture, store_check_references, 0);
  g_assert_cmpint (check->wrong, ==, 1);
  g_assert_nonnull (strstr (check->differing->pdata[0], "Observation/o2 points to Patient/nobody"));
  g_clear_pointer (&check, store_check_free);
  fixture_delete (fixture, "Practitioner", "dora");
  check = check_with (fixture, store_check_references, 0);
  g_assert_cmpint (check->wrong, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/check/good", NULL, test_good);
  fixture_add ("/store/check/indexes", NULL, test_indexes);
  fixture_add ("/store/check/by-hand", NULL, test_by_hand);
  fixture_add ("/store/check/references", NULL, test_references);
  return g_test_run ();
}
