/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-builder.h"
#include "fhir-reference.h"
#include "fhir-ucum.h"

#include <string.h>

static void
test_text_is_kept (void)
{
  const char *text = "{ \"resourceType\":\"Observation\", \"id\":\"a\",\n \"valueQuantity\":"
                     "{\"value\":1.00,\"unit\":\"[#/"
                     "(\xe2\x80\x8b)volume]\"},\"unknown\":{\"x\":[12345678901234567890]}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, &error);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) changed = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (fhir_resource_get_text (resource, NULL), ==, text);
  g_assert_cmpstr (fhir_resource_path_text (resource, "valueQuantity.value"), ==, "1.00");
  builder = fhir_builder_new_from (resource);
  fhir_builder_set (builder, "meta.versionId", "2");
  changed = fhir_builder_end (builder);
  g_assert_cmpstr (fhir_resource_path_text (changed, "valueQuantity.value"), ==, "1.00");
  g_assert_cmpstr (fhir_resource_path_text (changed, "unknown.x.0"), ==, "12345678901234567890");
  g_assert_cmpstr (fhir_resource_get_version (changed), ==, "2");
}

static void
test_bad_input_is_refused (gconstpointer data)
{
  const struct
  {
    const char *text;
    FhirError code;
  } cases[] = {
    { "", FHIR_ERROR_SYNTAX },
    { "{", FHIR_ERROR_SYNTAX },
    { "[]", FHIR_ERROR_STRUCTURE },
    { "{}", FHIR_ERROR_STRUCTURE },
    { "{\"resourceType\":7}", FHIR_ERROR_STRUCTURE },
    { "{\"resourceType\":\"Pasta\"}", FHIR_ERROR_STRUCTURE },
    { "{\"resourceType\":\"Patient\",\"id\":\"a b\"}", FHIR_ERROR_VALUE },
    { "{\"resourceType\":\"Patient\",\"active\":true,\"active\":false}", FHIR_ERROR_DUPLICATE },
    { "{\"resourceType\":\"Patient\",\"x\":{\"a\":1,\"a\":1}}", FHIR_ERROR_DUPLICATE },
    { "{\"resourceType\":\"Patient\",\"x\":\"a\\u0000b\"}", FHIR_ERROR_VALUE },
    { "{\"resourceType\":\"Patient\"} x", FHIR_ERROR_SYNTAX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) resource = fhir_resource_parse (cases[i].text, -1, &error);

      g_test_message ("%s", cases[i].text);
      g_assert_null (resource);
      g_assert_error (error, FHIR_ERROR, (int) cases[i].code);
    }
}

static void
test_huge_nesting_is_refused (void)
{
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Basic\",\"x\":");
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = NULL;

  for (int i = 0; i < 200000; i++)
    g_string_append_c (text, '[');
  for (int i = 0; i < 200000; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  resource = fhir_resource_parse (text->str, (gssize) text->len, &error);
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT);
}

static void
test_builder_walks_paths (void)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Patient", "p1");
  g_autoptr (FhirResource) patient = NULL;
  const FhirElement *names;
  gsize count = 0;

  fhir_builder_set_many (builder, "name.0.family", "Smith", "name.0.given.0", "Jane", "name.1.text",
                         "Janey", NULL);
  fhir_builder_set (builder, "gender", NULL);
  fhir_builder_set_decimal (builder, "extension.0.valueDecimal", "2.50");
  g_assert_cmpuint (fhir_builder_get_length (builder, "name"), ==, 2);
  fhir_builder_remove (builder, "name.1");
  patient = fhir_builder_end (builder);
  names = fhir_resource_path (patient, "name");
  fhir_element_foreach (name, names)
    {
      g_assert_cmpstr (fhir_element_path_text (name, "given"), ==, NULL);
      g_assert_cmpstr (fhir_element_path_text (name, "given.0"), ==, "Jane");
      count++;
    }
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (patient, "name.family"), ==, "Smith");
  g_assert_null (fhir_resource_path_text (patient, "gender"));
  g_assert_cmpstr (fhir_resource_path_text (patient, "extension.0.valueDecimal"), ==, "2.50");
}

static char *
nested (guint levels)
{
  GString *text = g_string_new ("{\"resourceType\":\"Basic\",\"x\":");

  for (guint i = 0; i < levels; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < levels; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* What could be stored can be answered in a bundle, and that bundle can be read. */
static void
test_deepest_resource_fits_a_bundle (void)
{
  g_autofree char *text = nested (FHIR_MAX_DEPTH - 1), *deeper = nested (FHIR_MAX_DEPTH);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Bundle", NULL);
  g_autoptr (FhirResource) deep = NULL, bundle = NULL, read = NULL;
  g_autoptr (GError) error = NULL;

  deep = fhir_resource_parse (text, -1, &error);
  g_assert_no_error (error);
  g_assert_null (fhir_resource_parse (deeper, -1, NULL));
  fhir_builder_set_element (builder, "entry.0.resource", fhir_resource_get_root (deep));
  bundle = fhir_builder_end (builder);
  read = fhir_resource_parse (fhir_resource_get_text (bundle, NULL), -1, &error);
  g_assert_no_error (error);
  g_assert_true (fhir_element_equal (fhir_resource_path (read, "entry.0.resource"),
                                     fhir_resource_get_root (deep)));
}

static void
test_builder_survives_what_people_send (void)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Basic", NULL);
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GError) error = NULL;

  fhir_builder_set (builder, "x", "a\xff\x01\"b");
  g_assert_false (fhir_builder_set_json (builder, "y", "{\"a\":1,\"a\":2}", &error));
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_DUPLICATE);
  g_clear_error (&error);
  g_assert_false (fhir_builder_set_json (builder, "y", "{\"a\":", &error));
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_SYNTAX);
  resource = fhir_builder_end (builder);
  g_assert_cmpstr (fhir_resource_path_text (resource, "x"), ==, "a\xef\xbf\xbd\x01\"b");
  g_assert_null (fhir_resource_path (resource, "y"));
}

/* Whatever people may send that a program is tempted to mend. */
static const char *const difficult =
    "{\"resourceType\":\"Patient\",\"id\":\"a\",\"meta\":{\"tag\":[{\"code\":\"t\"}]},"
    "\"contained\":[{\"resourceType\":\"Basic\",\"id\":\"c\",\"x\":{\"y\":[]}}],"
    "\"extension\":[{\"url\":\"urn:x\",\"extension\":[{\"url\":\"n\",\"valueDecimal\":1.00}]}],"
    "\"birthDate\":\"1960-02\",\"_birthDate\":{\"id\":\"b\",\"extension\":[{\"url\":\"urn:t\","
    "\"valueDateTime\":\"1960-02-03T04:05:06.789+05:45\"}]},"
    "\"name\":[{\"given\":[\"A\\u200bnn\",null],\"_given\":[null,{\"extension\":[]}]}],"
    "\"zero\":-0.0,\"tiny\":1.0e-10,\"large\":12345678901234567890.10,\"exp\":1E+2,"
    "\"empty\":{},\"none\":null,\"nested\":[[1,[2.50]],{\"\":\"no name\"}],"
    "\"words\":[\"\u0639\u0631\u0628\u064a\",\"\u05e2\u05d1\u05e8\u05d9\u05ea\",\"\u65e5"
    "\u672c\u8a9e\",\"\ud55c\uad6d\uc5b4\",\"\u0e44\u0e17\u0e22\",\"\u0939\u093f\u0928\u094d\u0926"
    "\u0940\",\"e\u0301\",\"\\u00e9\",\"\U0001f9d1\u200d\u2695\ufe0f\",\"\\ud83e\\uddd1\","
    "\"\\u202eabc\",\"tab\\tline\\n\\\"\\\\\\/\"]}";

/* A copy in which one thing was changed has everything else as it was. */
static void
check_copy (FhirResource *resource)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);
  g_autoptr (FhirResource) copy = NULL, again = NULL;
  g_autoptr (GError) error = NULL;
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;
  gsize members = 0;

  fhir_builder_set (builder, "meta.versionId", "7");
  copy = fhir_builder_end (builder);
  again = fhir_resource_parse (fhir_resource_get_text (copy, NULL), -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fhir_resource_get_version (again), ==, "7");
  fhir_member_iter_init (&iter, fhir_resource_get_root (resource));
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      const FhirElement *same = fhir_element_get (fhir_resource_get_root (again), name);

      members++;
      if (!g_str_equal (name, "meta") && !fhir_element_equal (value, same))
        g_error ("“%s” is not what it was", name);
    }
  members += fhir_resource_path (resource, "meta") == NULL;
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_get_root (again)), ==, members);
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (difficult, -1, &error), inner = NULL;
  const char *const literals[][2] = {
    { "zero", "-0.0" },
    { "tiny", "1.0e-10" },
    { "large", "12345678901234567890.10" },
    { "exp", "1E+2" },
    { "nested.0.1.0", "2.50" },
    { "extension.0.extension.0.valueDecimal", "1.00" },
    { "birthDate", "1960-02" },
    { "_birthDate.extension.0.valueDateTime", "1960-02-03T04:05:06.789+05:45" },
    { "name.0.given.0", "A\xe2\x80\x8bnn" },
    { "words.7", "\xc3\xa9" },
    { "words.9", "\xf0\x9f\xa7\x91" },
  };

  g_assert_no_error (error);
  g_assert_cmpstr (fhir_resource_get_text (resource, NULL), ==, difficult);
  check_copy (resource);
  inner = fhir_resource_new_from_element (fhir_resource_get_root (resource), &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (literals); i++)
    {
      g_assert_cmpstr (fhir_resource_path_text (resource, literals[i][0]), ==, literals[i][1]);
      g_assert_cmpstr (fhir_resource_path_text (inner, literals[i][0]), ==, literals[i][1]);
    }
}

/* ---- records that no one here wrote ---- */

typedef struct
{
  guint resources, references[FHIR_REFERENCE_OTHER + 1], units, unread_units;
} Seen;

static void
check_element (const FhirElement *element, FhirResource *resource, Seen *seen)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  if (fhir_element_get_kind (element) == FHIR_KIND_ARRAY)
    fhir_element_foreach (item, element)
      check_element (item, resource, seen);
  if (fhir_element_get_kind (element) != FHIR_KIND_OBJECT)
    return;
  if (fhir_element_get_kind (fhir_element_get (element, "reference")) == FHIR_KIND_STRING)
    {
      g_auto (FhirReference) reference = { 0 };
      g_autofree char *shown = fhir_reference_format (element, resource);

      seen->references[fhir_reference_read (element, &reference)]++;
      g_assert_nonnull (shown);
    }
  if (g_strcmp0 (fhir_element_path_text (element, "system"), FHIR_UCUM_SYSTEM) == 0)
    {
      FhirUcum unit;
      const char *code = fhir_element_path_text (element, "code");

      seen->units++;
      if (code != NULL && !fhir_ucum_parse (code, &unit))
        {
          seen->unread_units++;
          g_test_message ("not read as a unit: %s", code);
        }
    }
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    check_element (value, resource, seen);
}

static void
check_one (const char *text, gsize length, Seen *seen)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (text, (gssize) length, &error);
  gsize kept;

  g_assert_no_error (error);
  g_assert_cmpmem (fhir_resource_get_text (resource, &kept), kept, text, length);
  seen->resources++;
  check_copy (resource);
  check_element (fhir_resource_get_root (resource), resource, seen);
  if (!g_str_equal (fhir_resource_get_type (resource), "Bundle"))
    return;
  fhir_element_foreach (entry, fhir_resource_path (resource, "entry"))
    {
      const FhirElement *element = fhir_element_get (entry, "resource");
      g_autoptr (FhirResource) inner = NULL;

      if (element == NULL)
        continue;
      inner = fhir_resource_new_from_element (element, &error);
      g_assert_no_error (error);
      g_assert_true (fhir_element_equal (element, fhir_resource_get_root (inner)));
      check_copy (inner);
      seen->resources++;
    }
}

static void
check_file (const char *path, Seen *seen)
{
  g_autofree char *text = NULL;
  gsize length;

  g_test_message ("%s", path);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  if (!g_str_has_suffix (path, ".ndjson"))
    {
      check_one (text, length, seen);
      return;
    }
  for (char *line = strtok (text, "\n"); line != NULL; line = strtok (NULL, "\n"))
    check_one (line, strlen (line), seen);
}

static void
test_every_record (gconstpointer data)
{
  const char *name = data;
  g_autofree char *folder =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "..", "shared", "data", name, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  Seen seen = { 0 };
  const char *file;

  if (dir == NULL)
    {
      g_autofree char *reason =
          g_strdup_printf ("the test data ../shared/data/%s is not on this machine", name);

      g_test_skip (reason);
      return;
    }
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, file, NULL);

      /* The export's own log is no resource. */
      if (!g_str_equal (file, "log.ndjson") &&
          (g_str_has_suffix (file, ".json") || g_str_has_suffix (file, ".ndjson")))
        check_file (path, &seen);
    }
  g_test_message ("%u resources; %u units, %u of them not read", seen.resources, seen.units,
                  seen.unread_units);
  for (int i = 0; i <= FHIR_REFERENCE_OTHER; i++)
    g_test_message ("references of kind %d: %u", i, seen.references[i]);
  g_assert_cmpuint (seen.resources, >=, 60);
  g_assert_cmpuint (seen.unread_units * 20, <=, seen.units);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/resource/text-is-kept", test_text_is_kept);
  g_test_add_func ("/fhir/resource/round-trip", test_round_trip);
  g_test_add_data_func ("/fhir/resource/every-record/population", "fhir-population",
                        test_every_record);
  g_test_add_data_func ("/fhir/resource/every-record/examples", "fhir-r4-examples",
                        test_every_record);
  g_test_add_data_func ("/fhir/resource/every-record/bulk-export", "bulk-export",
                        test_every_record);
  g_test_add_data_func ("/fhir/resource/bad-input", NULL, test_bad_input_is_refused);
  g_test_add_func ("/fhir/resource/huge-nesting", test_huge_nesting_is_refused);
  g_test_add_func ("/fhir/builder/paths", test_builder_walks_paths);
  g_test_add_func ("/fhir/builder/deepest-in-bundle", test_deepest_resource_fits_a_bundle);
  g_test_add_func ("/fhir/builder/what-people-send", test_builder_survives_what_people_send);
  return g_test_run ();
}
