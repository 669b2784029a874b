/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

/* Each limit is refused with an OperationOutcome that names it, and what is just within it is not.
 */

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

static void
assert_answer (HubFixture *fixture,
               const char *request,
               const char *headers,
               const char *body,
               guint status,
               const char *words)
{
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, headers, body);
  g_autofree char *sentence = hub_answer_sentence (answer);

  g_test_message ("%.40s: %u %s", request, answer->status, sentence);
  g_assert_cmpuint (answer->status, ==, status);
  if (words == NULL)
    return;
  g_assert_cmpstr (fhir_resource_get_type (answer->resource), ==, "OperationOutcome");
  g_assert_nonnull (strstr (sentence, words));
}

/* @before, then @piece @count times, then @after. */
static char *
repeat (const char *before, const char *piece, guint count, const char *after)
{
  GString *out = g_string_new (before);

  for (guint i = 0; i < count; i++)
    g_string_append (out, piece);
  g_string_append (out, after);
  return g_string_free_and_steal (out);
}

static void
test_body (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (56 * 1024 * 1024 + 1, ' ');
  g_autofree char *most =
      repeat ("{\"resourceType\":\"Basic\"", "                ", 64 * 1024, "}");

  assert_answer (fixture, "POST /fhir/Basic", NULL, large, 413, "56 MB");
  assert_answer (fixture, "POST /fhir/Binary", "Content-Type: text/plain", large, 413, "56 MB");
  assert_answer (fixture, "POST /fhir", NULL, large, 413, "56 MB");
  assert_answer (fixture, "POST /fhir/Basic", NULL, most, 201, NULL);
}

static void
test_depth (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *open = repeat ("{\"resourceType\":\"Basic\",\"x\":", "[", 98, "");
  g_autofree char *within = repeat (open, "]", 98, "}");
  g_autofree char *deeper = repeat ("{\"resourceType\":\"Basic\",\"x\":", "[", 99, "1");
  g_autofree char *past = repeat (deeper, "]", 99, "}");

  assert_answer (fixture, "POST /fhir/Basic", NULL, within, 201, NULL);
  assert_answer (fixture, "POST /fhir/Basic", NULL, past, 413, "100 levels");
}

static void
test_entries (HubFixture *fixture, gconstpointer data)
{
  const char *entry = "{\"request\":{\"method\":\"GET\",\"url\":\"Basic/none\"}},";
  const char *last = "{\"request\":{\"method\":\"GET\",\"url\":\"Basic/none\"}}]}";
  const char *start = "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[";
  g_autofree char *within = repeat (start, entry, 99, last);
  g_autofree char *past = repeat (start, entry, 5000, last);

  assert_answer (fixture, "POST /fhir", NULL, within, 200, NULL);
  assert_answer (fixture, "POST /fhir", NULL, past, 413, "5000");
}

static void
test_queries (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *search = repeat ("GET /fhir/Patient?name=", "abcdefgh", 1100, "");
  g_autofree char *update = repeat ("PUT /fhir/Patient?name=", "abcdefgh", 1100, "");
  g_autofree char *history = repeat ("GET /fhir/Patient/_history?_page=", "abcdefgh", 1100, "");
  g_autofree char *everything =
      repeat ("GET /fhir/Patient/a/$everything?_page=", "abcdefgh", 1100, "");
  g_autofree char *none_exist = repeat ("If-None-Exist: name=", "abcdefgh", 1100, "");
  g_autofree char *in_batch = repeat ("{\"resourceType\":\"Bundle\",\"type\":\"transaction\","
                                      "\"entry\":[{\"request\":{\"method\":\"GET\",\"url\":"
                                      "\"Patient?name=",
                                      "abcdefgh", 1100, "\"}}]}");
  g_autofree char *by_reference = repeat ("{\"resourceType\":\"Observation\",\"subject\":{"
                                          "\"reference\":\"Patient?name=",
                                          "abcdefgh", 1100, "\"}}");
  const char *patient = "{\"resourceType\":\"Patient\"}";

  assert_answer (fixture, search, NULL, NULL, 414, "8192");
  assert_answer (fixture, update, NULL, patient, 414, "8192");
  assert_answer (fixture, history, NULL, NULL, 414, "8192");
  assert_answer (fixture, everything, NULL, NULL, 414, "8192");
  assert_answer (fixture, "POST /fhir/Patient", none_exist, patient, 414, "8192");
  assert_answer (fixture, "POST /fhir", NULL, in_batch, 414, "8192");
  assert_answer (fixture, "POST /fhir/Observation", NULL, by_reference, 414, "8192");
}

static void
test_patches (HubFixture *fixture, gconstpointer data)
{
  const char *json_patch = "Content-Type: application/json-patch+json";
  const char *one = "{\"op\":\"test\",\"path\":\"/id\",\"value\":\"a\"},";
  const char *last = "{\"op\":\"test\",\"path\":\"/id\",\"value\":\"a\"}]";
  g_autofree char *within = repeat ("[", one, 999, last);
  g_autofree char *past = repeat ("[", one, 1000, last);
  g_autofree char *bomb =
      repeat ("[", "{\"op\":\"copy\",\"from\":\"/l\",\"path\":\"/l/-\"},", 60, last);

  assert_answer (fixture, "PUT /fhir/Basic/a", NULL,
                 "{\"resourceType\":\"Basic\",\"id\":\"a\",\"l\":[\"0123456789\"]}", 201, NULL);
  assert_answer (fixture, "PATCH /fhir/Basic/a", json_patch, within, 200, NULL);
  assert_answer (fixture, "PATCH /fhir/Basic/a", json_patch, past, 413, "1000 operations");
  assert_answer (fixture, "PATCH /fhir/Basic/a", json_patch, bomb, 413, "32 MiB");
}

/* Without the word that a search has for whoever asked for more. */
static guint
entries_of (HubFixture *fixture, const char *request)
{
  guint entries = 0;
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  fhir_element_foreach (entry, fhir_resource_path (answer->resource, "entry"))
    entries += g_strcmp0 (fhir_element_path_text (entry, "search.mode"), "outcome") != 0;
  return entries;
}

/* A page is never larger than 1000, whatever is asked. */
static void
test_pages (HubFixture *fixture, gconstpointer data)
{
  GString *bundle =
      g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[");

  for (guint i = 0; i < 1005; i++)
    g_string_append_printf (
        bundle,
        "%s{\"request\":{\"method\":\"POST\",\"url\":\"Basic\"},\"resource\":{"
        "\"resourceType\":\"Basic\",\"subject\":{\"reference\":\"Patient/a\"}}}",
        i > 0 ? "," : "");
  g_string_append (bundle, "]}");
  assert_answer (fixture, "PUT /fhir/Patient/a", NULL,
                 "{\"resourceType\":\"Patient\",\"id\":\"a\"}", 201, NULL);
  assert_answer (fixture, "POST /fhir", "Prefer: return=minimal", bundle->str, 200, NULL);
  g_string_free (bundle, TRUE);
  g_assert_cmpuint (entries_of (fixture, "GET /fhir/Basic?_count=100000"), ==, 1000);
  g_assert_cmpuint (entries_of (fixture, "GET /fhir/_history?_count=100000"), ==, 1000);
  g_assert_cmpuint (entries_of (fixture, "GET /fhir/Patient/a/$everything?_count=100000"), ==,
                    1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub-fhir-limits/body", test_body);
  fixture_test ("/hub-fhir-limits/depth", test_depth);
  fixture_test ("/hub-fhir-limits/entries", test_entries);
  fixture_test ("/hub-fhir-limits/queries", test_queries);
  fixture_test ("/hub-fhir-limits/patches", test_patches);
  fixture_test ("/hub-fhir-limits/pages", test_pages);
  return g_test_run ();
}
