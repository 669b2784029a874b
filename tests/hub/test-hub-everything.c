/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

/* Patient/[id]/$everything: whose record it is, what comes with it, and what stays out. */

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, set_up, function, hub_fixture_tear_down)

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

#define P1 "{\"reference\":\"Patient/p1\"}"
#define P2 "{\"reference\":\"Patient/p2\"}"

static void
set_up (HubFixture *fixture, gconstpointer data)
{
  hub_fixture_set_up (fixture, data);
  put (fixture, "Organization/clinic", "");
  put (fixture, "Practitioner/d1", "");
  put (fixture, "Practitioner/other", "");
  put (fixture, "Patient/p1", ",\"managingOrganization\":{\"reference\":\"Organization/clinic\"}");
  put (fixture, "Patient/p2", "");
  put (fixture, "Observation/o1",
       ",\"subject\":" P1 ",\"performer\":[{\"reference\":\"Practitioner/d1\"}]");
  put (fixture, "Observation/o2", ",\"subject\":" P2 ",\"performer\":[" P1 "]");
  put (fixture, "Observation/o3", ",\"subject\":" P2);
  put (fixture, "Appointment/a",
       ",\"participant\":[{\"actor\":{\"reference\":\"Location/l\"}},"
       "{\"actor\":" P1 "}]");
  put (fixture, "Basic/b", ",\"subject\":" P1);
  put (fixture, "Basic/gone", ",\"subject\":" P1);
  put (fixture, "Task/t",
       ",\"for\":" P1 ",\"owner\":{\"reference\":\"Organization/o1\"},\"requester\":" P1);
  {
    g_autoptr (HubAnswer) deleted =
        hub_fixture_send (fixture, "admin", "DELETE /fhir/Basic/gone", NULL, NULL);

    g_assert_cmpuint (deleted->status, ==, 204);
  }
}

static const char *
next_of (HubAnswer *answer)
{
  fhir_element_foreach (link, fhir_resource_path (answer->resource, "link"))
    if (strcmp (fhir_element_path_text (link, "relation"), "next") == 0)
      return fhir_element_path_text (link, "url");
  return NULL;
}

/* "Patient/p1 +Organization/clinic …": what came along has a plus. */
static char *
dup_entries (HubAnswer *answer)
{
  GString *words = g_string_new (NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  fhir_element_foreach (entry, fhir_resource_path (answer->resource, "entry"))
    {
      gboolean beside = strcmp (fhir_element_path_text (entry, "search.mode"), "include") == 0;

      g_string_append_printf (words, "%s%s%s/%s", words->len > 0 ? " " : "", beside ? "+" : "",
                              fhir_element_path_text (entry, "resource.resourceType"),
                              fhir_element_path_text (entry, "resource.id"));
    }
  return g_string_free_and_steal (words);
}

static void
assert_record (HubFixture *fixture, const char *user, const char *query, const char *expected)
{
  g_autofree char *request = g_strconcat ("GET /fhir/Patient/p1/$everything", query, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, NULL);
  g_autofree char *entries = dup_entries (answer);

  g_assert_cmpstr (entries, ==, expected);
  g_assert_null (next_of (answer));
}

static void
test_record (HubFixture *fixture, gconstpointer data)
{
  /* by any reference of the compartment, o2 as its performer; nothing of p2 comes along */
  assert_record (fixture, "nurse", "",
                 "Patient/p1 +Organization/clinic Observation/o1 +Practitioner/d1 Observation/o2 "
                 "Appointment/a Basic/b Task/t");
  assert_record (fixture, "nurse", "?_type=Observation,Basic",
                 "Observation/o1 Observation/o2 Basic/b");
  assert_record (fixture, "nurse", "?_since=2099", "");
}

static void
test_shows_what_one_may_see (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) other = NULL, reception = NULL, stranger = NULL;

  assert_record (fixture, "patient", "",
                 "Patient/p1 +Organization/clinic Observation/o1 +Practitioner/d1 Appointment/a "
                 "Task/t");
  assert_record (fixture, "reception", "", "Patient/p1 +Organization/clinic Appointment/a");
  other = hub_fixture_send (fixture, "patient", "GET /fhir/Patient/p2/$everything", NULL, NULL);
  hub_assert_outcome (other, 403);
  stranger = hub_fixture_send (fixture, "pharmacy", "GET /fhir/Patient/p2/$everything", NULL, NULL);
  hub_assert_outcome (stranger, 403);
}

static void
test_pages (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) walked = g_string_new (NULL);
  g_autofree char *next = g_strdup ("/fhir/Patient/p1/$everything?_count=2");
  guint pages = 0;

  while (next != NULL)
    {
      g_autofree char *request = g_strconcat ("GET ", next, NULL);
      g_autoptr (HubAnswer) page = hub_fixture_send (fixture, "nurse", request, NULL, NULL);
      g_autofree char *entries = dup_entries (page);

      g_string_append_printf (walked, "%s%s", walked->len > 0 ? " | " : "", entries);
      g_free (next);
      next = g_strdup (next_of (page));
      if (pages++ == 0) /* neither moves nor repeats another */
        put (fixture, "Observation/o1", ",\"subject\":" P1);
    }
  g_assert_cmpstr (walked->str, ==,
                   "Patient/p1 +Organization/clinic Observation/o1 +Practitioner/d1 | "
                   "Observation/o2 Appointment/a | Basic/b Task/t");
}

static void
test_refusals (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *request;
    guint status;
    const char *words;
  } cases[] = {
    { "GET /fhir/Patient/p1/$everything?start=2020", 400, "start" },
    { "GET /fhir/Patient/p1/$everything?_type=Pasta", 400, "Pasta" },
    { "GET /fhir/Patient/p1/$everything?_count=none", 400, "1000" },
    { "GET /fhir/Patient/p1/$everything?_page=x", 400, "next" },
    { "GET /fhir/Patient/p9/$everything", 404, "p9" },
    { "GET /fhir/Observation/o1/$everything", 404, "operation" },
    { "GET /fhir/Patient/$everything", 404, "operation" },
    { "DELETE /fhir/Patient/p1/$everything", 405, "GET" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "nurse", cases[i].request, NULL, NULL);
      g_autofree char *sentence = hub_answer_sentence (answer);

      g_test_message ("%s: %s", cases[i].request, sentence);
      hub_assert_outcome (answer, cases[i].status);
      g_assert_nonnull (strstr (sentence, cases[i].words));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub-everything/record", test_record);
  fixture_test ("/hub-everything/what-one-may-see", test_shows_what_one_may_see);
  fixture_test ("/hub-everything/pages", test_pages);
  fixture_test ("/hub-everything/refusals", test_refusals);
  return g_test_run ();
}
