/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-index.h"

#include <string.h>

#include "fhir-builder.h"

/* Run under several TZ: what is indexed may not depend on the zone of the machine. */

static FhirResource *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return resource;
}

static char *
describe (const FhirIndexValue *value)
{
  switch (value->type)
    {
    case FHIR_SEARCH_DATE:
      {
        g_autoptr (GDateTime) low = g_date_time_new_from_unix_utc_usec (value->low);
        g_autoptr (GDateTime) high = g_date_time_new_from_unix_utc_usec (value->high);
        g_autofree char *from = low != NULL ? g_date_time_format_iso8601 (low) : g_strdup ("ever");
        g_autofree char *to = high != NULL ? g_date_time_format_iso8601 (high) : g_strdup ("ever");

        return g_strdup_printf ("%s..%s", from, to);
      }
    case FHIR_SEARCH_QUANTITY:
    case FHIR_SEARCH_NUMBER:
      return g_strdup_printf ("%g|%s|%s", value->number, value->system ? value->system : "",
                              value->value ? value->value : "");
    case FHIR_SEARCH_STRING:
      return g_strdup (value->value);
    case FHIR_SEARCH_COMPOSITE:
      return g_strdup_printf ("%s|%s$%g|%s|%s", value->system ? value->system : "", value->value,
                              value->number, value->second_system ? value->second_system : "",
                              value->second ? value->second : "");
    case FHIR_SEARCH_SPECIAL:
      return g_strdup_printf ("'%s'", value->value);
    default:
      return g_strdup_printf ("%s|%s", value->system ? value->system : "", value->value);
    }
}

/* All values of one parameter, joined by a space, in the order in which they are indexed. */
static char *
values_of (GPtrArray *values, const char *name)
{
  g_autoptr (GString) joined = g_string_new (NULL);

  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];
      g_autofree char *text = NULL;

      if (!g_str_equal (value->parameter, name))
        continue;
      text = describe (value);
      g_string_append_printf (joined, "%s%s", joined->len > 0 ? " " : "", text);
    }
  return g_string_free (g_steal_pointer (&joined), FALSE);
}

static void
assert_values (const char *text, const char *name, const char *expected)
{
  g_autoptr (FhirResource) resource = parse (text);
  g_autoptr (GPtrArray) values = fhir_index_values (resource);
  g_autofree char *found = values_of (values, name);

  g_test_message ("%s of %s", name, text);
  g_assert_cmpstr (found, ==, expected);
}

#define PATIENT                                                                                    \
  "{\"resourceType\":\"Patient\",\"id\":\"p\",\"meta\":{\"lastUpdated\":\"2026-11-09T14:05:00."    \
  "120Z\","                                                                                        \
  "\"profile\":[\"http://p/x|1\"],\"tag\":[{\"system\":\"http://t\",\"code\":\"demo\"}]},"         \
  "\"identifier\":[{\"system\":\"http://mrn\",\"value\":\"12\"},{\"value\":\"bare\"}],"            \
  "\"name\":[{\"family\":\"Cantú\",\"given\":[\"José\",\"Luis\"]},{\"text\":\"Pepe\"}],"           \
  "\"telecom\":[{\"system\":\"phone\",\"value\":\"555\"},{\"system\":\"email\",\"value\":\"a@b\"}" \
  "],"                                                                                             \
  "\"gender\":\"male\",\"birthDate\":\"1960-04\",\"active\":true,"                                 \
  "\"address\":[{\"line\":[\"1 Main St\"],\"city\":\"Łódź\",\"postalCode\":\"90-001\"}],"          \
  "\"generalPractitioner\":[{\"reference\":\"Practitioner/d\"}]}"

static void
test_patient (void)
{
  const char *const cases[][2] = {
    { "_id", "|p" },
    { "_lastUpdated", "2026-11-09T14:05:00.120000Z..2026-11-09T14:05:00.121000Z" },
    { "_profile", "|http://p/x|1 |http://p/x" },
    { "_tag", "http://t|demo" },
    { "identifier", "http://mrn|12 |bare" },
    { "name", "cantu jose luis pepe" },
    { "family", "cantu" },
    { "telecom", "|555 |a@b" },
    { "phone", "|555" },
    { "email", "|a@b" },
    { "gender", "|male" },
    { "active", "|true" },
    { "birthdate", "1960-04-01T00:00:00Z..1960-05-01T00:00:00Z" },
    { "address", "1 main st lodz 90-001" },
    { "address-city", "lodz" },
    { "general-practitioner", "Practitioner|d" },
    { "deceased", "|false" },
    { "death-date", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_values (PATIENT, cases[i][0], cases[i][1]);
}

static void
test_text_is_kept_for_exact_search (void)
{
  g_autoptr (FhirResource) resource = parse (PATIENT);
  g_autoptr (GPtrArray) values = fhir_index_values (resource);
  gboolean found = FALSE;

  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];

      if (g_str_equal (value->parameter, "family"))
        found = g_str_equal (value->system, "Cantú");
    }
  g_assert_true (found);
}

static void
test_deceased (void)
{
  assert_values ("{\"resourceType\":\"Patient\",\"deceasedBoolean\":true}", "deceased", "|true");
  assert_values ("{\"resourceType\":\"Patient\",\"deceasedBoolean\":false}", "deceased", "|false");
  assert_values ("{\"resourceType\":\"Patient\",\"deceasedDateTime\":\"2020\"}", "deceased",
                 "|true");
}

static void
test_dates (void)
{
#define ENCOUNTER(period) "{\"resourceType\":\"Encounter\",\"period\":" period "}"
  assert_values (ENCOUNTER ("{\"start\":\"2026-01-01\",\"end\":\"2026-01-02\"}"), "date",
                 "2026-01-01T00:00:00Z..2026-01-03T00:00:00Z");
  assert_values (ENCOUNTER ("{\"start\":\"2026-01-01\"}"), "date", "2026-01-01T00:00:00Z..ever");
  assert_values (ENCOUNTER ("{\"end\":\"2026-01-01\"}"), "date", "ever..2026-01-02T00:00:00Z");
  assert_values (ENCOUNTER ("{}"), "date", "");
  assert_values (ENCOUNTER ("{\"start\":\"soon\"}"), "date", "");
  assert_values ("{\"resourceType\":\"Observation\",\"effectiveTiming\":{\"event\":[\"2026-03\","
                 "\"2026-01\"]}}",
                 "date", "2026-01-01T00:00:00Z..2026-04-01T00:00:00Z");
}

static void
test_references (void)
{
#define OBSERVATION(subject) "{\"resourceType\":\"Observation\",\"subject\":" subject "}"
  assert_values (OBSERVATION ("{\"reference\":\"Patient/1/_history/3\"}"), "patient", "Patient|1");
  assert_values (OBSERVATION ("{\"reference\":\"Group/1\"}"), "subject", "Group|1");
  assert_values (OBSERVATION ("{\"reference\":\"Group/1\"}"), "patient", "");
  /* Another server's Patient/1 is somebody else. */
  assert_values (OBSERVATION ("{\"reference\":\"https://other.example/fhir/Patient/1\"}"),
                 "patient", "|https://other.example/fhir/Patient/1");
  assert_values (OBSERVATION ("{\"reference\":\"urn:uuid:1\",\"type\":\"Patient\"}"), "patient",
                 "|urn:uuid:1");
  assert_values (OBSERVATION ("{\"reference\":\"#p\"}"), "subject", "");
  assert_values (OBSERVATION (
                     "{\"type\":\"Patient\",\"identifier\":{\"system\":\"s\",\"value\":\"v\"}}"),
                 "patient:identifier", "s|v");
}

static void
test_quantities (void)
{
#define QUANTITY(members) "{\"resourceType\":\"Observation\",\"valueQuantity\":{" members "}}"
  assert_values (QUANTITY (
                     "\"value\":5.40,\"unit\":\"mmol/L\",\"system\":\"u\",\"code\":\"mmol/L\""),
                 "value-quantity", "5.4|u|mmol/L");
  assert_values (QUANTITY ("\"value\":7,\"unit\":\"beats\",\"system\":\"u\",\"code\":\"/min\""),
                 "value-quantity", "7|u|/min 7||beats");
  assert_values (QUANTITY ("\"value\":7"), "value-quantity", "7||");
  assert_values (QUANTITY ("\"value\":\"7\""), "value-quantity", "");
  assert_values (QUANTITY ("\"value\":1e999"), "value-quantity", "");
}

static void
test_filters (void)
{
  const char *text = "{\"resourceType\":\"Observation\",\"code\":{\"text\":\"BP\",\"coding\":[{"
                     "\"system\":\"l\",\"code\":\"1\"},"
                     "{\"code\":\"2\"},{\"display\":\"none\"}]},\"component\":[{\"code\":{"
                     "\"coding\":[{\"code\":\"3\"}]}}]}";

  assert_values (text, "code", "l|1 |2");
  assert_values (text, "component-code", "|3");
  assert_values (text, "combo-code", "l|1 |2 |3");
}

static void
test_wrong_shapes_are_passed_over (void)
{
  const char *const cases[] = {
    "{\"resourceType\":\"Patient\",\"name\":\"Jane\",\"telecom\":{\"system\":[]},\"birthDate\":7,"
    "\"address\":[[[]]]}",
    "{\"resourceType\":\"Patient\",\"identifier\":[null,1,\"x\",{\"value\":{}}],\"link\":[{"
    "\"other\":[]}]}",
    "{\"resourceType\":\"Observation\",\"code\":[{\"coding\":{\"code\":\"x\"}}],\"component\":"
    "\"x\",\"effectiveTiming\":[]}",
    "{\"resourceType\":\"Observation\",\"subject\":{\"reference\":7},\"valueQuantity\":[{\"value\":"
    "true}],\"meta\":[]}",
    "{\"resourceType\":\"Patient\",\"name\":[{\"family\":{},\"given\":\"x\",\"prefix\":[{}]}],"
    "\"gender\":{}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) resource = parse (cases[i]);
      g_autoptr (GPtrArray) values = fhir_index_values (resource);

      for (guint j = 0; j < values->len; j++)
        g_free (describe (values->pdata[j]));
    }
}

/* The path of a random element under @at, members and positions joined by dots. */
static char *
random_path (GRand *rand, const FhirElement *at)
{
  g_autoptr (GString) path = g_string_new (NULL);

  while (fhir_element_get_length (at) > 0 && (path->len == 0 || g_rand_int_range (rand, 0, 4) > 0))
    {
      gint32 position = g_rand_int_range (rand, 0, (gint32) fhir_element_get_length (at));

      if (path->len > 0)
        g_string_append_c (path, '.');
      if (fhir_element_get_kind (at) == FHIR_KIND_ARRAY)
        {
          g_string_append_printf (path, "%d", position);
          at = fhir_element_at (at, (gsize) position);
        }
      else
        {
          FhirMemberIter iter;
          const char *name = NULL;

          fhir_member_iter_init (&iter, at);
          for (gint32 i = 0; i <= position; i++)
            fhir_member_iter_next (&iter, &name, &at);
          g_string_append (path, name);
        }
    }
  return g_string_free (g_steal_pointer (&path), FALSE);
}

/* Any element may be of any kind: nothing here may crash on it, and the seed is printed by GTest.
 */
static void
test_any_element_of_any_kind (void)
{
  static const char *const others[] = {
    "null",
    "true",
    "-1.50e3",
    "\"\"",
    "\"\u200b\"",
    "\"Patient/1\"",
    "[]",
    "[[]]",
    "{}",
    "[null]",
    "{\"value\":[1]}",
    "{\"coding\":[7,{\"code\":{}}]}",
    "[{\"reference\":\"/\"}]",
    "\"|\"",
    "\"2026-13\"",
  };
  static const char *const starts[] = {
    PATIENT,
    "{\"resourceType\":\"Observation\",\"code\":{\"coding\":[{\"system\":\"l\",\"code\":\"1\"}]},"
    "\"subject\":{\"reference\":\"Patient/"
    "1\",\"identifier\":{\"value\":\"1\"}},\"valueQuantity\":{\"value\":1.0,"
    "\"unit\":\"mg\",\"code\":\"mg\"},\"effectiveTiming\":{\"event\":[\"2026\"],\"repeat\":{"
    "\"boundsPeriod\":"
    "{\"start\":\"2026\"}}},\"component\":[{\"code\":{\"text\":\"x\"},\"valueQuantity\":{\"value\":"
    "1}}]}",
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  gsize indexed = 0;

  for (guint round = 0; round < 4000; round++)
    {
      g_autoptr (FhirResource) start = parse (starts[round % G_N_ELEMENTS (starts)]);
      g_autoptr (FhirBuilder) builder = fhir_builder_new_from (start);
      g_autoptr (FhirResource) changed = NULL;
      g_autoptr (GPtrArray) values = NULL;

      for (int i = 0; i < 3; i++)
        {
          g_autoptr (FhirResource) now = fhir_builder_end (builder);
          g_autofree char *path = random_path (rand, fhir_resource_get_root (now));

          if (!g_str_equal (path, "resourceType") && !g_str_equal (path, "id"))
            fhir_builder_set_json (builder, path,
                                   others[g_rand_int_range (rand, 0, G_N_ELEMENTS (others))], NULL);
        }
      changed = fhir_builder_end (builder);
      values = fhir_index_values (changed);
      for (guint i = 0; i < values->len; i++)
        g_free (describe (values->pdata[i]));
      indexed += values->len;
    }
  g_assert_cmpuint (indexed, >, 4000);
}

static void
test_long_texts_are_cut_between_characters (void)
{
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Observation\",\"valueString\":\"x");
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GPtrArray) values = NULL;
  g_autofree char *found = NULL;

  for (int i = 0; i < 5000; i++)
    g_string_append (text, "山");
  g_string_append (text, "\"}");
  resource = parse (text->str);
  values = fhir_index_values (resource);
  found = values_of (values, "value-string");
  g_assert_true (g_utf8_validate (found, -1, NULL));
  g_assert_cmpuint (strlen (found), <=, FHIR_INDEX_MAX_STRING);
  g_assert_cmpuint (strlen (found), >, FHIR_INDEX_MAX_STRING - 10);
}

/* ---- real data ---------------------------------------------------------------------------------
 */

typedef struct
{
  GHashTable *values_by_type; /* type → number of values */
  guint resources;
  gint64 index_us;
} Count;

static void
index_one (FhirResource *resource, Count *count)
{
  const char *type = fhir_resource_get_type (resource);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GPtrArray) values = fhir_index_values (resource);
  gsize before = GPOINTER_TO_SIZE (g_hash_table_lookup (count->values_by_type, type));

  count->index_us += g_get_monotonic_time () - start;
  count->resources++;
  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];

      if (value->type == FHIR_SEARCH_DATE)
        g_assert_cmpint (value->low, <, value->high);
      else if (value->type != FHIR_SEARCH_QUANTITY && value->type != FHIR_SEARCH_NUMBER)
        g_assert_nonnull (value->value);
    }
  g_hash_table_insert (count->values_by_type, g_strdup (type),
                       GSIZE_TO_POINTER (before + values->len));
}

static void
index_entries (FhirResource *resource, Count *count)
{
  index_one (resource, count);
  if (!g_str_equal (fhir_resource_get_type (resource), "Bundle"))
    return;
  fhir_element_foreach (entry, fhir_resource_path (resource, "entry"))
    {
      const FhirElement *element = fhir_element_get (entry, "resource");
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) inner = NULL;

      if (element == NULL)
        continue;
      inner = fhir_resource_new_from_element (element, &error);
      g_assert_no_error (error);
      index_one (inner, count);
    }
}

static gboolean
index_folder (const char *name, guint expected, Count *count)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "..", "shared", "data", name, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GHashTableIter iter;
  gpointer type, values;
  const char *file;

  if (dir == NULL)
    {
      g_autofree char *reason =
          g_strdup_printf ("the test data ../shared/data/%s is not on this machine", name);

      g_test_message ("%s: this case has tested nothing", reason);
      g_test_skip (reason);
      return FALSE;
    }
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, file, NULL), *text = NULL;
      g_autoptr (FhirResource) resource = NULL;
      g_autoptr (GError) error = NULL;
      gsize length;

      if (!g_str_has_suffix (file, ".json"))
        continue;
      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      resource = fhir_resource_parse (text, (gssize) length, &error);
      g_test_message ("%s", file);
      g_assert_no_error (error);
      index_entries (resource, count);
    }
  g_assert_cmpuint (count->resources, >=, expected);
  g_hash_table_iter_init (&iter, count->values_by_type);
  while (g_hash_table_iter_next (&iter, &type, &values))
    {
      g_test_message ("%s: %zu values", (char *) type, GPOINTER_TO_SIZE (values));
      /* R4 defines no search parameters for these two, and the examples have no id. */
      if (!g_str_equal (type, "Parameters") && !g_str_equal (type, "OperationOutcome"))
        g_assert_cmpuint (GPOINTER_TO_SIZE (values), >, 0);
    }
  g_test_message ("%u resources, %.1f µs each", count->resources,
                  (double) count->index_us / count->resources);
  return TRUE;
}

static gsize
count_of (Count *count, const char *type)
{
  return GPOINTER_TO_SIZE (g_hash_table_lookup (count->values_by_type, type));
}

static void
test_population (void)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Count count = { .values_by_type = table };

  if (!index_folder ("fhir-population", 13684, &count))
    return;
  g_assert_cmpuint (count_of (&count, "Observation"), >, 10000);
  g_assert_cmpuint (count_of (&count, "MedicationRequest"), >, 1000);
  g_assert_cmpuint (count_of (&count, "Patient"), >, 500);
}

static void
test_official_examples (void)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Count count = { .values_by_type = table };

  if (!index_folder ("fhir-r4-examples", 50, &count))
    return;
  g_assert_cmpuint (g_hash_table_size (table), >, 40);
}

static void
test_words_and_composites (void)
{
  const char *pressure =
      "{\"resourceType\":\"Observation\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\","
      "\"code\":\"85354-9\",\"display\":\"Blood pressure panel\"},{\"display\":\"BLOOD  pressure "
      "panel\"}],\"text\":\"Blutdruck\"},\"category\":[{\"text\":\"Vital Signs\"}],\"component\":["
      "{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8480-6\"},{\"code\":"
      "\"sys\"}],\"text\":\"Systolic\"},\"valueQuantity\":{\"value\":120,\"unit\":\"mmHg\","
      "\"system\":"
      "\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}},{\"code\":{\"coding\":[{\"code\":"
      "\"pos\"}]},\"valueCodeableConcept\":{\"coding\":[{\"system\":\"urn:s\",\"code\":\"sitting\","
      "\"display\":\"Sitting\"}]}},{\"code\":{},\"valueQuantity\":{\"value\":1}},{"
      "\"valueQuantity\":7},"
      "8]}";
  const char *patient =
      "{\"resourceType\":\"Patient\",\"identifier\":[{\"type\":{\"text\":\"Medical "
      "Record\"},\"value\":\"1\"},{\"type\":{\"text\":[]},\"value\":\"2\"}]}";

  assert_values (pressure, "code:text", "'blood pressure panel' 'blutdruck'");
  assert_values (pressure, "category:text", "'vital signs'");
  assert_values (pressure, "component-code:text", "'systolic'");
  assert_values (pressure, "component-value-concept:text", "'sitting'");
  /* These are the words of the two that they join. */
  assert_values (pressure, "combo-code:text", "");
  assert_values (pressure, "status:text", "");
  assert_values (pressure, "component-code-value-quantity",
                 "http://loinc.org|8480-6$120|http://unitsofmeasure.org|mm[Hg] "
                 "http://loinc.org|8480-6$120||mmHg |sys$120|http://unitsofmeasure.org|mm[Hg] "
                 "|sys$120||mmHg");
  assert_values (pressure, "component-code-value-concept", "|pos$0|urn:s|sitting");
  assert_values (pressure, "code-value-quantity", "");
  assert_values (patient, "identifier:text", "'medical record'");
}

/* A component that names thousands of codes gives no millions of values. */
static void
test_pairs_are_limited (void)
{
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Observation\",\"component\":[{");
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GPtrArray) values = NULL;
  guint pairs = 0, words = 0;

  for (int part = 0; part < 2; part++)
    {
      g_string_append_printf (text, "%s\"%s\":{\"coding\":[{\"code\":\"x\"}", part > 0 ? "," : "",
                              part > 0 ? "valueCodeableConcept" : "code");
      for (int i = 0; i < 20000; i++)
        g_string_append_printf (text, ",{\"code\":\"c%d\",\"display\":\"w%d\"}", i, i);
      g_string_append (text, "]}");
    }
  g_string_append (text, "}]}");
  resource = parse (text->str);
  values = fhir_index_values (resource);
  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];

      pairs += value->type == FHIR_SEARCH_COMPOSITE;
      words += value->type == FHIR_SEARCH_SPECIAL;
    }
  g_assert_cmpuint (pairs, ==, FHIR_INDEX_MAX_PAIRED * FHIR_INDEX_MAX_PAIRED);
  g_assert_cmpuint (words, ==, 2 * 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/index/patient", test_patient);
  g_test_add_func ("/fhir/index/exact-text", test_text_is_kept_for_exact_search);
  g_test_add_func ("/fhir/index/deceased", test_deceased);
  g_test_add_func ("/fhir/index/dates", test_dates);
  g_test_add_func ("/fhir/index/references", test_references);
  g_test_add_func ("/fhir/index/quantities", test_quantities);
  g_test_add_func ("/fhir/index/concepts", test_filters);
  g_test_add_func ("/fhir/index/wrong-shapes", test_wrong_shapes_are_passed_over);
  g_test_add_func ("/fhir/index/any-kind", test_any_element_of_any_kind);
  g_test_add_func ("/fhir/index/long-texts", test_long_texts_are_cut_between_characters);
  g_test_add_func ("/fhir/index/words-and-composites", test_words_and_composites);
  g_test_add_func ("/fhir/index/pairs-are-limited", test_pairs_are_limited);
  g_test_add_func ("/fhir/index/population", test_population);
  g_test_add_func ("/fhir/index/official-examples", test_official_examples);
  return g_test_run ();
}
