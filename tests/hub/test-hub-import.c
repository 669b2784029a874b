/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "hub-import.h"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

#define ENTRY(uuid, resource) "{\"fullUrl\":\"urn:uuid:" uuid "\",\"resource\":" resource "}"
#define A                     "11111111-1111-4111-8111-111111111111"
#define B                     "22222222-2222-4222-8222-222222222222"
#define C                     "33333333-3333-4333-8333-333333333333"

static char *
write_file (HubFixture *fixture, const char *name, const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static HubImportReport *
import (HubFixture *fixture, const char *first, const char *second)
{
  const char *files[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;
  HubImportReport *report = hub_import_run (fixture->data->store, files, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->total.in, ==,
                    report->total.stored + report->total.unchanged + report->total.refused);
  return report;
}

static char *
text_at (HubFixture *fixture, const char *reference, const char *path)
{
  g_autofree char *request = g_strconcat ("GET /fhir/", reference, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return g_strdup (fhir_resource_path_text (answer->resource, path));
}

static const char *const bundle_a =
    "{\"entry\":[" ENTRY (A,
                          "{\"resourceType\":\"Observation\",\"id\":\"other\",\"value\":1.00,"
                          "\"subject\":{\"reference\":\"urn:uuid:" B "\"},"
                          "\"performer\":[{\"reference\":\"Practitioner?identifier=http:\\/\\/"
                          "npi|7\"}],"
                          "\"specimen\":{\"reference\":\"urn:uuid:99999999-9999-4999-8999-"
                          "999999999999\"}}") "],\"type\":\"transaction\",\"resourceType\":"
                                              "\"Bundle\"}";
static const char *const bundle_b = "{\"resourceType\":\"Bundle\",\"entry\":[" ENTRY (
    B, "{\"resourceType\":\"Patient\"}") "," ENTRY (C,
                                                    "{\"resourceType\":\"Practitioner\","
                                                    "\"identifier\":[{\"value\":\"7\",\"system\":"
                                                    "\"http://npi\"}]}") "]}";

static void
check_references (HubFixture *fixture)
{
  g_autofree char *subject = text_at (fixture, "Observation/" A, "subject.reference");
  g_autofree char *performer = text_at (fixture, "Observation/" A, "performer.reference");
  g_autofree char *specimen = text_at (fixture, "Observation/" A, "specimen.reference");
  g_autofree char *value = text_at (fixture, "Observation/" A, "value");

  g_assert_cmpstr (subject, ==, "Patient/" B);
  g_assert_cmpstr (performer, ==, "Practitioner/" C);
  g_assert_cmpstr (specimen, ==,
                   "urn:uuid:99999999-9999-4999-8999-999999999999"); /* leads to nothing: kept */
  g_assert_cmpstr (value, ==, "1.00");
}

/* Together, in either order, or one after the other: the references lead to the same resources. */
static void
test_any_order (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *a = write_file (fixture, "a.json", bundle_a);
  g_autofree char *b = write_file (fixture, "b.json", bundle_b);
  g_autoptr (HubImportReport) report = import (fixture, a, b);
  g_autoptr (HubImportReport) again = import (fixture, b, a);

  g_assert_cmpuint (report->total.stored, ==, 3);
  g_assert_cmpuint (report->unresolved->len, ==, 1);
  check_references (fixture);
  g_assert_cmpuint (again->total.unchanged, ==, 3);
}

static void
test_one_after_the_other (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *a = write_file (fixture, "a.json", bundle_a);
  g_autofree char *b = write_file (fixture, "b.json", bundle_b);
  g_autoptr (HubImportReport) first = import (fixture, a, NULL);
  g_autoptr (HubImportReport) second = import (fixture, b, NULL);
  g_autoptr (HubImportReport) again = import (fixture, a, b);

  g_assert_cmpuint (first->total.stored, ==, 1);
  g_assert_cmpuint (first->unresolved->len, ==, 3);
  g_assert_cmpuint (second->total.stored, ==, 2);
  check_references (fixture);
  g_assert_cmpuint (again->total.unchanged, ==, 3);
}

static void
test_edits_survive (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *b = write_file (fixture, "b.json", bundle_b);
  g_autoptr (HubImportReport) report = import (fixture, b, NULL);
  g_autoptr (HubAnswer) edit =
      hub_fixture_send (fixture, "nurse", "PUT /fhir/Patient/" B, NULL,
                        "{\"resourceType\":\"Patient\",\"id\":\"" B "\",\"active\":true}");
  g_autoptr (HubImportReport) again = import (fixture, b, NULL);
  g_autofree char *active = text_at (fixture, "Patient/" B, "active");

  g_assert_cmpuint (edit->status, ==, 200);
  g_assert_cmpuint (again->total.unchanged, ==, 2);
  g_assert_cmpstr (active, ==, "true");
}

/* Two files tell one resource differently: whatever their order, the fuller one stands. */
static void
test_differing_files (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *fuller =
      write_file (fixture, "a.json", "{\"resourceType\":\"Patient\",\"id\":\"x\",\"active\":true}");
  g_autofree char *poorer =
      write_file (fixture, "b.json", "{\"resourceType\":\"Patient\",\"id\":\"x\"}");
  g_autoptr (HubImportReport) one = import (fixture, fuller, poorer);
  g_autofree char *active = text_at (fixture, "Patient/x", "active");
  g_autoptr (HubImportReport) other = import (fixture, poorer, fuller);

  g_assert_cmpuint (one->total.stored, ==, 2);
  g_assert_cmpuint (one->differing->len, ==, 1);
  g_assert_cmpstr (active, ==, "true");
  g_assert_cmpuint (other->total.unchanged, ==, 2);
}

static void
test_bad_entries (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Bundle\",\"entry\":[");
  static const char *const bad[] = {
    "{\"resource\":{\"resourceType\":\"Patient\",\"active\":true,\"active\":true}}", /* duplicate
                                                                                        key */
    "{\"resource\":{\"resourceType\":\"Pasta\"}}",
    "{\"resource\":{\"id\":\"x\"}}",
    "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"a b\"}}",
    "{\"resource\":{\"resourceType\":\"Patient\",\"x\":tru}}",
    "{\"resource\":[]}",
    "{\"fullUrl\":\"urn:uuid:" A "\"}",
    "7",
    ENTRY (B, "{\"resourceType\":\"Patient\",\"active\":false}"), /* the id of the good one, in one
                                                                     file */
  };
  g_autofree char *path = NULL, *cut = NULL, *nothing = NULL;
  g_autoptr (HubImportReport) report = NULL, broken = NULL, again = NULL;

  g_string_append (text, ENTRY (B, "{\"resourceType\":\"Patient\",\"active\":true}"));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_string_append_printf (text, ",%s", bad[i]);
  g_string_append (text, ",{\"resource\":{\"resourceType\":\"Basic\",\"x\":");
  for (int i = 0; i < 50000; i++)
    g_string_append_c (text, '[');
  for (int i = 0; i < 50000; i++)
    g_string_append_c (text, ']');
  g_string_append (text, "}}," ENTRY (C, "{\"resourceType\":\"Patient\"}") "]}");
  path = write_file (fixture, "bad.json", text->str);
  report = import (fixture, path, NULL);
  for (guint i = 0; i < report->refusals->len; i++)
    {
      const HubImportRefusal *refusal = report->refusals->pdata[i];

      g_test_message ("%u: %s", refusal->entry, refusal->reason);
      g_assert_cmpuint (refusal->entry, ==, i + 2);
      g_assert_cmpstr (refusal->file, ==, path);
      g_assert_true (*refusal->reason != '\0');
    }
  g_assert_cmpuint (report->total.stored, ==, 2);
  g_assert_cmpuint (report->total.refused, ==, G_N_ELEMENTS (bad) + 1);

  g_string_truncate (text, text->len - 30);
  cut = write_file (fixture, "cut.json", text->str);
  broken = import (fixture, cut, NULL);
  g_assert_cmpuint (broken->total.unchanged, ==, 1); /* what stands before the break is read */
  g_assert_cmpuint (broken->total.refused, ==, G_N_ELEMENTS (bad) + 2);

  nothing = write_file (fixture, "nothing.json", "hello");
  again = import (fixture, nothing, "/nowhere");
  g_assert_cmpuint (again->total.refused, ==, 2);
}

static void
test_lines (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *path =
      write_file (fixture, "x.ndjson",
                  "{\"resourceType\":\"Patient\",\"id\":\"l1\"}\r\n\n{\"eventId\":\"kickoff\"}\n"
                  "{\"resourceType\":\"Patient\",\"id\":\"l2\"\n{\"resourceType\":\"Patient\"}");
  g_autoptr (HubImportReport) report = import (fixture, path, NULL);
  g_autoptr (HubImportReport) again = import (fixture, path, NULL);
  const HubImportRefusal *first, *second;

  g_assert_cmpuint (report->total.stored, ==, 2);
  g_assert_cmpuint (report->total.refused, ==, 2);
  first = report->refusals->pdata[0];
  second = report->refusals->pdata[1];
  g_assert_cmpuint (first->entry, ==, 3);
  g_assert_true (g_str_has_prefix (first->reason, "not FHIR"));
  g_assert_cmpuint (second->entry, ==, 4);
  g_assert_cmpuint (again->total.unchanged, ==,
                    2); /* no id: named by its content, so the same again */
}

static void
add_files (GPtrArray *files, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (files, g_build_filename (folder, name, NULL));
}

static void
test_population (HubFixture *fixture, gconstpointer data)
{
  const char *shared = g_getenv ("BEDSIDE_SHARED_DATA");
  g_autofree char *project =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "..", "shared", "data", NULL);
  g_autofree char *population =
      g_build_filename (shared != NULL ? shared : project, "fhir-population", NULL);
  g_autofree char *export =
      g_build_filename (shared != NULL ? shared : project, "bulk-export", NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (HubImportReport) report = NULL, again = NULL, bulk = NULL;
  g_autoptr (GError) error = NULL;

  add_files (files, population);
  if (files->len == 0)
    {
      g_test_skip (
          "the sample population is not on this machine; BEDSIDE_SHARED_DATA names its folder");
      return;
    }
  g_ptr_array_add (files, NULL);
  report = hub_import_run (fixture->data->store, (const char *const *) files->pdata, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->total.in, ==, 13684);
  g_assert_cmpuint (report->total.refused, ==, 0);
  g_assert_cmpuint (report->unresolved->len, ==, 0);
  again = hub_import_run (fixture->data->store, (const char *const *) files->pdata, &error);
  g_assert_cmpuint (again->total.unchanged, ==, 13684);

  g_ptr_array_set_size (files, 0);
  add_files (files, export);
  g_ptr_array_add (files, NULL);
  bulk = hub_import_run (fixture->data->store, (const char *const *) files->pdata, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bulk->total.stored, ==, 7160);
  g_assert_cmpuint (bulk->total.refused, ==, 4); /* log.ndjson is not FHIR */
  g_assert_cmpuint (bulk->unresolved->len, ==, 0);
  for (guint i = 0; i < bulk->refusals->len; i++)
    g_assert_true (
        g_str_has_suffix (((HubImportRefusal *) bulk->refusals->pdata[i])->file, "log.ndjson"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/import/any-order", test_any_order);
  fixture_test ("/hub/import/one-after-the-other", test_one_after_the_other);
  fixture_test ("/hub/import/edits-survive", test_edits_survive);
  fixture_test ("/hub/import/differing-files", test_differing_files);
  fixture_test ("/hub/import/bad-entries", test_bad_entries);
  fixture_test ("/hub/import/lines", test_lines);
  fixture_test ("/hub/import/population", test_population);
  return g_test_run ();
}
