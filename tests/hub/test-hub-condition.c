/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

/* Update and delete of what a query finds, and what If-Match and If-None-Match keep from being
 * lost. */

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

static HubAnswer *
put (HubFixture *fixture, const char *target, const char *headers, const char *members)
{
  g_autofree char *request = g_strconcat ("PUT /fhir/", target, NULL);
  g_autofree char *body = g_strdup_printf ("{\"resourceType\":\"Patient\"%s}", members);

  return hub_fixture_send (fixture, "nurse", request, headers, body);
}

static void
make (HubFixture *fixture, const char *id, const char *value)
{
  g_autofree char *target = g_strconcat ("Patient/", id, NULL);
  g_autofree char *members =
      g_strdup_printf (",\"id\":\"%s\",\"identifier\":[{\"value\":\"%s\"}]", id, value);
  g_autoptr (HubAnswer) answer = put (fixture, target, NULL, members);

  g_assert_cmpuint (answer->status, ==, 201);
}

static guint
status_of (HubFixture *fixture, const char *request)
{
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

  return answer->status;
}

static void
test_update (HubFixture *fixture, gconstpointer data)
{
  const char *seven = ",\"identifier\":[{\"value\":\"7\"}],\"active\":true";
  const char *own = ",\"id\":\"mine\",\"identifier\":[{\"value\":\"8\"}]";
  const char *taken = ",\"id\":\"mine\",\"identifier\":[{\"value\":\"9\"}]";
  g_autoptr (HubAnswer) made = put (fixture, "Patient?identifier=7", NULL, seven);
  g_autoptr (HubAnswer) again = put (fixture, "Patient?identifier=7", NULL,
                                     ",\"identifier\":[{\"value\":\"7\"}],\"active\":false");
  g_autoptr (HubAnswer) mine = put (fixture, "Patient?identifier=8", NULL, own);
  g_autoptr (HubAnswer) conflict = put (fixture, "Patient?identifier=9", NULL, taken);
  g_autoptr (HubAnswer) other =
      put (fixture, "Patient?identifier=8", NULL, ",\"id\":\"else\",\"active\":true");
  g_autoptr (HubAnswer) stale = put (fixture, "Patient?identifier=7", "If-Match: W/\"1\"", seven);
  g_autoptr (HubAnswer) fresh = put (fixture, "Patient?identifier=7", "If-Match: W/\"2\"", seven);
  g_autoptr (HubAnswer) many = NULL, none = NULL, plain = NULL;

  g_assert_cmpuint (made->status, ==, 201);
  g_assert_nonnull (hub_answer_header (made, "Location"));
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_cmpstr (fhir_resource_get_id (again->resource), ==,
                   fhir_resource_get_id (made->resource));
  g_assert_cmpstr (fhir_resource_get_version (again->resource), ==, "2");
  g_assert_cmpuint (mine->status, ==, 201);
  g_assert_cmpstr (fhir_resource_get_id (mine->resource), ==, "mine");
  hub_assert_outcome (conflict, 409);
  hub_assert_outcome (other, 400);
  hub_assert_outcome (stale, 412);
  g_assert_cmpuint (fresh->status, ==, 200);
  make (fixture, "twin", "7");
  many = put (fixture, "Patient?identifier=7", NULL, seven);
  hub_assert_outcome (many, 412);
  /* a page of one would make one of many */
  none = put (fixture, "Patient?identifier=7&_count=1", NULL, seven);
  hub_assert_outcome (none, 400);
  plain = put (fixture, "Patient", NULL, seven);
  hub_assert_outcome (plain, 400);
}

static void
test_condition_shows_nothing (HubFixture *fixture, gconstpointer data)
{
  const char *task = "{\"resourceType\":\"Task\",\"for\":{\"reference\":\"Patient/p1\"},"
                     "\"requester\":{\"reference\":\"Patient/p1\"},\"status\":\"%s\"}";
  g_autofree char *first = g_strdup_printf (task, "requested");
  g_autofree char *hers =
      g_strdup ("{\"resourceType\":\"Task\",\"id\":\"hers\",\"for\":{\"reference\":\"Patient/p2\"},"
                "\"status\":\"requested\"}");
  g_autoptr (HubAnswer) stranger =
      hub_fixture_send (fixture, "nurse", "PUT /fhir/Task/hers", NULL, hers);
  /* p2's task meets the condition too, but not for p1, who gets one of their own */
  g_autoptr (HubAnswer) made =
      hub_fixture_send (fixture, "patient", "PUT /fhir/Task?status=requested", NULL, first);
  g_autoptr (HubAnswer) again =
      hub_fixture_send (fixture, "patient", "PUT /fhir/Task?status=requested", NULL, first);
  g_autoptr (HubAnswer) forbidden =
      hub_fixture_send (fixture, "reception", "PUT /fhir/Task?status=requested", NULL, first);

  g_assert_cmpuint (stranger->status, ==, 201);
  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_cmpstr (fhir_resource_get_id (again->resource), ==,
                   fhir_resource_get_id (made->resource));
  hub_assert_outcome (forbidden, 403);
}

static void
test_delete (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) forbidden = NULL, stale = NULL;

  make (fixture, "a", "7");
  make (fixture, "b", "8");
  make (fixture, "c", "8");
  forbidden = hub_fixture_send (fixture, "nurse", "DELETE /fhir/Patient?identifier=7", NULL, NULL);
  hub_assert_outcome (forbidden, 403);
  stale = hub_fixture_send (fixture, "admin", "DELETE /fhir/Patient/a", "If-Match: W/\"2\"", NULL);
  hub_assert_outcome (stale, 412);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a"), ==, 200);
  g_assert_cmpuint (status_of (fixture, "DELETE /fhir/Patient?identifier=8"), ==, 412);
  g_assert_cmpuint (status_of (fixture, "DELETE /fhir/Patient"), ==, 400);
  g_assert_cmpuint (status_of (fixture, "DELETE /fhir/Patient?_sort=name"), ==, 400);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/b"), ==, 200);
  g_assert_cmpuint (status_of (fixture, "DELETE /fhir/Patient?identifier=7"), ==, 204);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a"), ==, 410);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a/_history/2"), ==, 410);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a/_history/1"), ==, 200);
  g_assert_cmpuint (status_of (fixture, "DELETE /fhir/Patient?identifier=7"), ==, 204);
}

static void
test_if_none_match (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) made = put (fixture, "Patient/a", "If-None-Match: *", ",\"id\":\"a\"");
  g_autoptr (HubAnswer) any =
      put (fixture, "Patient/a", "If-None-Match: *", ",\"id\":\"a\",\"active\":true");
  g_autoptr (HubAnswer) this =
      put (fixture, "Patient/a", "If-None-Match: W/\"1\"", ",\"id\":\"a\",\"active\":true");
  g_autoptr (HubAnswer) other =
      put (fixture, "Patient/a", "If-None-Match: W/\"9\"", ",\"id\":\"a\",\"active\":true");
  g_autoptr (HubAnswer) nothing = put (fixture, "Patient/b", "If-Match: *", ",\"id\":\"b\"");
  g_autoptr (HubAnswer) read = hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/a",
                                                 "If-None-Match: W/\"8\", W/\"2\"", NULL);
  g_autoptr (HubAnswer) head =
      hub_fixture_send (fixture, "nurse", "HEAD /fhir/Patient/a", "If-None-Match: W/\"2\"", NULL);
  g_autoptr (HubAnswer) batch = hub_fixture_send (
      fixture, "nurse", "POST /fhir", NULL,
      "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":["
      "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/a\",\"ifNoneMatch\":\"W/\\\"2\\\"\"}},"
      "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/a\",\"ifNoneMatch\":\"W/\\\"1\\\"\"}}]}");

  g_assert_cmpuint (made->status, ==, 201);
  hub_assert_outcome (any, 412);
  hub_assert_outcome (this, 412);
  g_assert_cmpuint (other->status, ==, 200);
  hub_assert_outcome (nothing, 412);
  g_assert_cmpuint (read->status, ==, 304);
  g_assert_cmpuint (head->status, ==, 304);
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.0.response.status"), ==, "304");
  g_assert_null (fhir_resource_path (batch->resource, "entry.0.resource"));
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.1.response.status"), ==, "200");
}

static void
test_if_modified_since (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *headers;
    guint status;
  } cases[] = {
    { "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", 304 },
    { "If-Modified-Since: Fri, 01 Jan 2010 00:00:00 GMT", 200 },
    { "If-Modified-Since: yesterday", 200 },
    /* the version says more */
    { "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\nIf-None-Match: W/\"7\"", 200 },
    { "If-Modified-Since: Fri, 01 Jan 2010 00:00:00 GMT\nIf-None-Match: W/\"1\"", 304 },
  };
  g_autoptr (HubAnswer) same_second = NULL;
  g_autofree char *header = NULL;

  /* half a second into one */
  base_clock_advance (fixture->clock,
                      G_USEC_PER_SEC * 3 / 2 - base_clock_now (fixture->clock) % G_USEC_PER_SEC);
  make (fixture, "a", "7");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/a", cases[i].headers, NULL);

      g_assert_cmpuint (answer->status, ==, cases[i].status);
      if (header == NULL)
        header =
            g_strconcat ("If-Modified-Since: ", hub_answer_header (answer, "Last-Modified"), NULL);
    }
  /* it may have changed since, within that second */
  same_second = hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/a", header, NULL);
  g_assert_cmpuint (same_second->status, ==, 200);
}

#define ENTRY(method, url, resource)                                                               \
  "{\"fullUrl\":\"urn:x:" url "\"" resource ",\"request\":{\"method\":\"" method                   \
  "\",\"url\":\"" url "\"}}"
#define BUNDLE(type, entries)                                                                      \
  "{\"resourceType\":\"Bundle\",\"type\":\"" type "\",\"entry\":[" entries "]}"
#define PATIENT(value)                                                                             \
  ",\"resource\":{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"" value "\"}]}"

static void
test_in_bundles (HubFixture *fixture, gconstpointer data)
{
  const char *good = BUNDLE (
      "transaction",
      ENTRY ("PUT", "Patient?identifier=7", PATIENT ("7")) "," ENTRY (
          "PUT", "Patient?identifier=new",
          PATIENT ("new")) "," ENTRY ("DELETE", "Patient?identifier=8",
                                      "") "," ENTRY ("POST", "Observation",
                                                     ",\"resource\":{\"resourceType\":"
                                                     "\"Observation\",\"subject\":{\"reference\":"
                                                     "\"urn:x:Patient?identifier=new\"}}"));
  const char *many =
      BUNDLE ("transaction", ENTRY ("DELETE", "Patient?identifier=7",
                                    "") "," ENTRY ("DELETE", "Patient?identifier=9", ""));
  const char *same =
      BUNDLE ("transaction", ENTRY ("PUT", "Patient?identifier=7",
                                    PATIENT ("7")) "," ENTRY ("DELETE", "Patient/a", ""));
  g_autoptr (HubAnswer) done = NULL, none = NULL, twice = NULL;
  const char *id;
  g_autofree char *subject = NULL;

  make (fixture, "a", "7");
  make (fixture, "b", "8");
  make (fixture, "c", "9");
  make (fixture, "d", "9");
  done = hub_fixture_send (fixture, "admin", "POST /fhir", NULL, good);
  g_assert_cmpuint (done->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (done->resource, "entry.0.resource.id"), ==, "a");
  g_assert_cmpstr (fhir_resource_path_text (done->resource, "entry.1.response.status"), ==, "201");
  g_assert_cmpstr (fhir_resource_path_text (done->resource, "entry.2.response.status"), ==, "204");
  id = fhir_resource_path_text (done->resource, "entry.1.resource.id");
  subject = g_strconcat ("Patient/", id, NULL);
  g_assert_cmpstr (fhir_resource_path_text (done->resource, "entry.3.resource.subject.reference"),
                   ==, subject);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/b"), ==, 410);
  none = hub_fixture_send (fixture, "admin", "POST /fhir", NULL, many);
  hub_assert_outcome (none, 412);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a"), ==, 200);
  twice = hub_fixture_send (fixture, "admin", "POST /fhir", NULL, same);
  hub_assert_outcome (twice, 400);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a"), ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub-condition/update", test_update);
  fixture_test ("/hub-condition/shows-nothing", test_condition_shows_nothing);
  fixture_test ("/hub-condition/delete", test_delete);
  fixture_test ("/hub-condition/if-none-match", test_if_none_match);
  fixture_test ("/hub-condition/if-modified-since", test_if_modified_since);
  fixture_test ("/hub-condition/in-bundles", test_in_bundles);
  return g_test_run ();
}
