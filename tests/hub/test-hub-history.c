/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <stdlib.h>
#include <string.h>

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

static void
put (HubFixture *fixture, const char *reference, const char *members)
{
  g_auto (GStrv) parts = g_strsplit (reference, "/", 2);
  g_autofree char *request = g_strconcat ("PUT /fhir/", reference, NULL);
  g_autofree char *body =
      g_strdup_printf ("{\"resourceType\":\"%s\",\"id\":\"%s\"%s}", parts[0], parts[1], members);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, body);

  g_assert_cmpuint (answer->status / 100, ==, 2);
}

static void delete (HubFixture *fixture, const char *reference)
{
  g_autofree char *request = g_strconcat ("DELETE /fhir/", reference, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 204);
}

static HubAnswer *
get (HubFixture *fixture, const char *user, const char *path)
{
  g_autofree char *request = g_strconcat ("GET ", path, NULL);

  return hub_fixture_send (fixture, user, request, NULL, NULL);
}

/* "POST Patient 201 Patient/a, DELETE Patient/a 204, …": newest first. */
static char *
dup_entries (HubAnswer *answer)
{
  GString *words = g_string_new (NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "type"), ==, "history");
  fhir_element_foreach (entry, fhir_resource_path (answer->resource, "entry"))
    {
      const char *id = fhir_element_path_text (entry, "resource.id");

      g_assert_nonnull (fhir_element_path_text (entry, "response.etag"));
      g_assert_nonnull (fhir_element_path_text (entry, "response.lastModified"));
      g_string_append_printf (words, "%s%s %s %s%s%s", words->len > 0 ? ", " : "",
                              fhir_element_path_text (entry, "request.method"),
                              fhir_element_path_text (entry, "request.url"),
                              fhir_element_path_text (entry, "response.status"),
                              id != NULL ? " " : "", id != NULL ? id : "");
    }
  return g_string_free_and_steal (words);
}

static void
assert_history (HubFixture *fixture, const char *user, const char *path, const char *expected)
{
  g_autoptr (HubAnswer) answer = get (fixture, user, path);
  g_autofree char *entries = dup_entries (answer);

  g_assert_cmpstr (entries, ==, expected);
}

static void
test_levels (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) all = NULL, one = NULL, unknown = NULL;

  put (fixture, "Patient/a", "");
  put (fixture, "Basic/b", "");
  put (fixture, "Patient/a", ",\"active\":true");
  delete (fixture, "Patient/a");
  put (fixture, "Patient/a", ",\"active\":false");
  assert_history (fixture, "admin", "/fhir/_history",
                  "POST Patient 201 a, DELETE Patient/a 204, PUT Patient/a 200 a, "
                  "POST Basic 201 b, POST Patient 201 a");
  assert_history (fixture, "nurse", "/fhir/Patient/_history",
                  "POST Patient 201 a, DELETE Patient/a 204, PUT Patient/a 200 a, "
                  "POST Patient 201 a");
  assert_history (fixture, "nurse", "/fhir/Basic/_history", "POST Basic 201 b");
  assert_history (fixture, "nurse", "/fhir/Patient/a/_history?_count=2",
                  "POST Patient 201 a, DELETE Patient/a 204");
  assert_history (fixture, "nurse", "/fhir/Device/_history", "");
  all = get (fixture, "admin", "/fhir/_history");
  g_assert_null (fhir_resource_path (all->resource, "total"));
  one = get (fixture, "admin", "/fhir/Patient/a/_history?_count=2");
  g_assert_cmpstr (fhir_resource_path_text (one->resource, "total"), ==, "4");
  unknown = get (fixture, "admin", "/fhir/Patient/z/_history");
  hub_assert_outcome (unknown, 404);
}

static const char *
next_of (HubAnswer *answer)
{
  fhir_element_foreach (link, fhir_resource_path (answer->resource, "link"))
    if (strcmp (fhir_element_path_text (link, "relation"), "next") == 0)
      return fhir_element_path_text (link, "url");
  return NULL;
}

/* Pages from the first, read while things change. */
static void
test_pages_stay (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) walked = g_string_new (NULL);
  g_autofree char *next = g_strdup ("/fhir/Patient/_history?_count=2&_since=2020");
  guint pages = 0;

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *reference = g_strdup_printf ("Patient/p%u", i);

      put (fixture, reference, "");
    }
  put (fixture, "Patient/p1", ",\"active\":true");
  while (next != NULL)
    {
      g_autoptr (HubAnswer) page = get (fixture, "nurse", next);
      g_autofree char *entries = dup_entries (page);

      g_string_append_printf (walked, "%s%s", walked->len > 0 ? " | " : "", entries);
      g_free (next);
      next = g_strdup (next_of (page));
      if (pages++ == 0)
        {
          put (fixture, "Patient/p0", ",\"active\":true"); /* the oldest is moved */
          put (fixture, "Patient/new", "");
          delete (fixture, "Patient/p3");
        }
    }
  g_assert_cmpstr (walked->str, ==,
                   "PUT Patient/p1 200 p1, POST Patient 201 p4 | "
                   "POST Patient 201 p3, POST Patient 201 p2 | "
                   "POST Patient 201 p1, POST Patient 201 p0");
}

static void
test_since (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) first = NULL, total = NULL;
  g_autofree char *since = NULL, *one = NULL;

  put (fixture, "Patient/a", "");
  base_clock_advance (fixture->clock, 5000);
  put (fixture, "Patient/a", ",\"active\":true");
  first = get (fixture, "nurse", "/fhir/Patient/a");
  since = g_strdup_printf ("/fhir/Patient/_history?_since=%s",
                           fhir_resource_get_updated (first->resource));
  assert_history (fixture, "nurse", since, "PUT Patient/a 200 a");
  one = g_strdup_printf ("/fhir/Patient/a/_history?_since=%s",
                         fhir_resource_get_updated (first->resource));
  total = get (fixture, "nurse", one);
  g_assert_cmpstr (fhir_resource_path_text (total->resource, "total"), ==, "1");
  assert_history (fixture, "nurse", "/fhir/Patient/_history?_since=2099-01-01T00:00:00%2B02:00",
                  "");
}

static void
test_refusals (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path;
    guint status;
    const char *words;
  } cases[] = {
    { "/fhir/_history?_at=2020", 400, "_at" },
    { "/fhir/_history?_list=1", 400, "_list" },
    { "/fhir/Patient/_history?name=x", 400, "name" },
    { "/fhir/Patient/_history?_count=0", 400, "1000" },
    { "/fhir/Patient/_history?_count=-1", 400, "1000" },
    { "/fhir/Patient/_history?_since=yesterday", 400, "yesterday" },
    { "/fhir/Patient/_history?_since=2020&_since=2021", 400, "one value" },
    { "/fhir/Patient/_history?_page=abc", 400, "next" },
    { "/fhir/Patient/_history?_page=MQoxCjE", 200, NULL },
    { "/fhir/Patient/_history?_page=MQoxCi0x", 400, "next" }, /* below nothing */
    { "/fhir/Pasta/_history", 404, "resource type" },
    { "/fhir/AuditEvent/_history", 403, "AuditEvent" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer = get (fixture, "nurse", cases[i].path);
      g_autofree char *sentence = hub_answer_sentence (answer);

      g_test_message ("%s: %s", cases[i].path, sentence);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
      if (cases[i].words != NULL)
        g_assert_nonnull (strstr (sentence, cases[i].words));
    }
}

static void
test_shows_what_one_may_see (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) other = NULL, few = NULL;

  put (fixture, "Patient/p1", "");
  put (fixture, "Patient/p2", "");
  put (fixture, "Observation/o1", ",\"subject\":{\"reference\":\"Patient/p1\"}");
  put (fixture, "Observation/o2", ",\"subject\":{\"reference\":\"Patient/p2\"}");
  put (fixture, "Basic/b", "");
  delete (fixture, "Observation/o1");
  delete (fixture, "Observation/o2");
  assert_history (fixture, "patient", "/fhir/_history",
                  "DELETE Observation/o1 204, POST Observation 201 o1, POST Patient 201 p1");
  assert_history (fixture, "reception", "/fhir/_history",
                  "POST Patient 201 p2, POST Patient 201 p1");
  assert_history (fixture, "pharmacy", "/fhir/_history", "");
  assert_history (fixture, "patient", "/fhir/Observation/_history",
                  "DELETE Observation/o1 204, POST Observation 201 o1");
  other = get (fixture, "patient", "/fhir/Observation/o2/_history");
  hub_assert_outcome (other, 403);
  few = get (fixture, "patient", "/fhir/_history?_count=1");
  g_assert_nonnull (next_of (few));
  /* a pharmacy reads a patient's data through its task, and their history with it */
  put (fixture, "Task/t",
       ",\"owner\":{\"reference\":\"Organization/o1\"},\"for\":{\"reference\":\"Patient/p2\"}");
  assert_history (fixture, "pharmacy", "/fhir/_history", "POST Task 201 t, POST Patient 201 p2");
}

/* Histories, versions and records are read in a bundle too. */
static void
test_in_bundles (HubFixture *fixture, gconstpointer data)
{
#define GET(url)       "{\"request\":{\"method\":\"GET\",\"url\":\"" url "\"}}"
#define BATCH(entries) "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" entries "]}"
  static const char *const statuses[] = { "200", "200", "200", "200", "400",
                                          "400", "400", "403", "410" };
  g_autoptr (HubAnswer) batch = NULL, other = NULL;
  const FhirElement *entries;

  put (fixture, "Patient/p1", "");
  put (fixture, "Patient/p1", ",\"active\":true");
  put (fixture, "Basic/b", ",\"subject\":{\"reference\":\"Patient/p1\"}");
  delete (fixture, "Basic/b");
  batch = hub_fixture_send (
      fixture, "nurse", "POST /fhir", NULL,
      BATCH (GET ("Patient/_history?_count=1") "," GET ("Patient/p1/_history") "," GET (
          "Patient/"
          "p1/"
          "_history/"
          "1") "," GET ("Patient/p1/$everything?_count=5") "," GET ("Basic/b/$everything") "," GET ("Patient/p1/$validate") "," GET ("Patient/p1/"
                                                                                                                                     "_history?_at="
                                                                                                                                     "2020") "," GET ("AuditEvent/_history") "," GET ("Basic/b/_history/2")));
  g_assert_cmpuint (batch->status, ==, 200);
  entries = fhir_resource_path (batch->resource, "entry");
  g_assert_cmpuint (fhir_element_get_length (entries), ==, G_N_ELEMENTS (statuses));
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    g_assert_cmpstr (fhir_element_path_text (fhir_element_at (entries, i), "response.status"), ==,
                     statuses[i]);
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.0.resource.type"), ==,
                   "history");
  g_assert_cmpuint (fhir_element_get_length (
                        fhir_resource_path (batch->resource, "entry.0.resource.entry")),
                    ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.1.resource.total"), ==, "2");
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.2.resource.meta.versionId"), ==,
                   "1");
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.3.resource.type"), ==,
                   "searchset");
  other = hub_fixture_send (
      fixture, "nurse", "POST /fhir", NULL,
      BATCH ("{\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/p1/_history\"}}"));
  g_assert_cmpstr (fhir_resource_path_text (other->resource, "entry.0.response.status"), ==, "400");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub-history/levels", test_levels);
  fixture_test ("/hub-history/pages-stay", test_pages_stay);
  fixture_test ("/hub-history/since", test_since);
  fixture_test ("/hub-history/refusals", test_refusals);
  fixture_test ("/hub-history/what-one-may-see", test_shows_what_one_may_see);
  fixture_test ("/hub-history/in-bundles", test_in_bundles);
  return g_test_run ();
}
