/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

/* PATCH: alone, by query, in a bundle, and what it may not do. */

#define JSON_PATCH "Content-Type: application/json-patch+json"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

static void
put (HubFixture *fixture, const char *user, const char *reference, const char *members)
{
  g_autofree char *request = g_strconcat ("PUT /fhir/", reference, NULL);
  g_auto (GStrv) parts = g_strsplit (reference, "/", 2);
  g_autofree char *body =
      g_strdup_printf ("{\"resourceType\":\"%s\",\"id\":\"%s\"%s}", parts[0], parts[1], members);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, body);

  g_assert_cmpuint (answer->status, ==, 201);
}

static HubAnswer *
patch (
    HubFixture *fixture, const char *user, const char *target, const char *more, const char *body)
{
  g_autofree char *request = g_strconcat ("PATCH /fhir/", target, NULL);
  g_autofree char *headers = g_strconcat (JSON_PATCH, more, NULL);

  return hub_fixture_send (fixture, user, request, headers, body);
}

static void
test_alone (HubFixture *fixture, gconstpointer data)
{
  const char *body = "[{\"op\":\"test\",\"path\":\"/x\",\"value\":1.0},"
                     "{\"op\":\"add\",\"path\":\"/y\",\"value\":2.50},"
                     "{\"op\":\"replace\",\"path\":\"/birthDate\",\"value\":\"1981\"}]";
  g_autoptr (HubAnswer) stale = NULL, done = NULL, again = NULL, minimal = NULL, read = NULL;
  g_autoptr (HubAnswer) search = NULL;

  put (fixture, "nurse", "Patient/a", ",\"x\":1.00,\"birthDate\":\"1980\"");
  stale = patch (fixture, "nurse", "Patient/a", "\nIf-Match: W/\"7\"", body);
  hub_assert_outcome (stale, 412);
  done = patch (fixture, "nurse", "Patient/a", "\nIf-Match: W/\"7\", W/\"1\"", body);
  g_assert_cmpuint (done->status, ==, 200);
  g_assert_cmpstr (hub_answer_header (done, "ETag"), ==, "W/\"2\"");
  g_assert_cmpstr (fhir_resource_path_text (done->resource, "x"), ==, "1.00");
  g_assert_cmpstr (fhir_resource_path_text (done->resource, "y"), ==, "2.50");
  /* the index follows */
  search = hub_fixture_send (fixture, "nurse", "GET /fhir/Patient?birthdate=1981", NULL, NULL);
  g_assert_cmpstr (fhir_resource_path_text (search->resource, "entry.0.resource.id"), ==, "a");
  /* what changes nothing makes no version */
  again = patch (fixture, "nurse", "Patient/a", "\nIf-Match: *", body);
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_cmpstr (hub_answer_header (again, "ETag"), ==, "W/\"2\"");
  minimal = patch (fixture, "nurse", "Patient/a", "\nPrefer: return=minimal",
                   "[{\"op\":\"remove\",\"path\":\"/y\"}]");
  g_assert_cmpuint (minimal->status, ==, 200);
  g_assert_cmpstr (minimal->text, ==, "");
  read = hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/a", NULL, NULL);
  g_assert_null (fhir_resource_path (read->resource, "y"));
  g_assert_cmpstr (hub_answer_header (read, "ETag"), ==, "W/\"3\"");
}

typedef struct
{
  const char *user, *target, *body;
  guint status;
  const char *words;
} Refusal;

static void
test_refusals (HubFixture *fixture, gconstpointer data)
{
  static const Refusal cases[] = {
    { "nurse", "Patient/none", "[]", 404, "none" },
    { "nurse", "Patient/a", "{", 400, "Not JSON" },
    { "nurse", "Patient/a", "[{\"op\":\"remove\",\"path\":\"/y\"}]", 422,
      "Operation 0 (remove /y)" },
    { "nurse", "Patient/a", "[{\"op\":\"test\",\"path\":\"/x\",\"value\":2}]", 422, "Operation 0" },
    { "nurse", "Patient/a", "[{\"op\":\"replace\",\"path\":\"/id\",\"value\":\"b\"}]", 422, "id" },
    { "nurse", "Patient/a", "[{\"op\":\"add\",\"path\":\"/meta\",\"value\":7}]", 422, "meta" },
    { "nurse", "Patient/a", "[{\"op\":\"add\",\"path\":\"/birthDate\",\"value\":\"1980-13\"}]", 422,
      "1980-13" },
    /* who may not change it, and who would learn by a test what they may not read */
    { "pharmacy", "Patient/a", "[]", 403, "pharmacy" },
    { "reception", "Observation/o", "[{\"op\":\"test\",\"path\":\"/status\",\"value\":\"x\"}]", 403,
      "reception" },
    { "patient", "Task/t", "[{\"op\":\"test\",\"path\":\"/status\",\"value\":\"x\"}]", 403,
      "another person" },
    { "nurse", "Patient", "[]", 400, "which one" },
    { "nurse", "Patient?", "[]", 400, "which one" },
    { "nurse", "Patient?_count=1", "[]", 400, "no condition" },
    { "nurse", "Patient?active=true&_count=1", "[]", 400, "no condition" },
    { "nurse", "Patient?active=true&_sort=name", "[]", 400, "no condition" },
    { "nurse", "Patient?active=true", "[]", 412, "2 resources" },
    { "nurse", "Patient?birthdate=1999", "[]", 404, "finds nothing" },
    { "nurse", "Patient?shoesize=43", "[]", 400, "shoesize" },
  };
  g_autoptr (HubAnswer) deleted = NULL, gone = NULL;

  put (fixture, "nurse", "Patient/a", ",\"x\":1,\"active\":true");
  put (fixture, "nurse", "Patient/b", ",\"active\":true");
  put (fixture, "nurse", "Patient/c", "");
  put (fixture, "nurse", "Observation/o", ",\"status\":\"final\"");
  put (fixture, "nurse", "Task/t", ",\"for\":{\"reference\":\"Patient/b\"}");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          patch (fixture, cases[i].user, cases[i].target, "", cases[i].body);
      g_autofree char *sentence = hub_answer_sentence (answer);

      g_test_message ("%s %s: %s", cases[i].target, cases[i].body, sentence);
      hub_assert_outcome (answer, cases[i].status);
      g_assert_nonnull (strstr (sentence, cases[i].words));
    }
  deleted = hub_fixture_send (fixture, "admin", "DELETE /fhir/Patient/c", NULL, NULL);
  g_assert_cmpuint (deleted->status, ==, 204);
  gone = patch (fixture, "nurse", "Patient/c", "", "[]");
  hub_assert_outcome (gone, 410);
}

static void
test_prescription_stays_its_requesters (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) stop = NULL, other = NULL;

  put (fixture, "admin", "MedicationRequest/m",
       ",\"status\":\"active\",\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/p1\"},"
       "\"requester\":{\"reference\":\"Practitioner/d9\"},"
       "\"medicationCodeableConcept\":{\"text\":\"x\"}");
  other = patch (fixture, "prescriber", "MedicationRequest/m", "",
                 "[{\"op\":\"replace\",\"path\":\"/medicationCodeableConcept/text\","
                 "\"value\":\"y\"}]");
  hub_assert_outcome (other, 403);
  stop = patch (fixture, "prescriber", "MedicationRequest/m", "",
                "[{\"op\":\"replace\",\"path\":\"/status\",\"value\":\"stopped\"}]");
  g_assert_cmpuint (stop->status, ==, 200);
}

static void
test_by_query (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) done = NULL;

  put (fixture, "nurse", "Patient/a", ",\"identifier\":[{\"system\":\"urn:s\",\"value\":\"7\"}]");
  put (fixture, "nurse", "Patient/b", "");
  done = patch (fixture, "nurse", "Patient?identifier=urn:s%7C7", "",
                "[{\"op\":\"add\",\"path\":\"/active\",\"value\":true}]");
  g_assert_cmpuint (done->status, ==, 200);
  g_assert_cmpstr (fhir_resource_get_id (done->resource), ==, "a");
  g_assert_cmpstr (fhir_resource_path_text (done->resource, "active"), ==, "true");
}

/* One entry with a JSON Patch in a Binary. */
static char *
dup_entry (const char *url, const char *body, const char *more)
{
  g_autofree char *data = g_base64_encode ((const guchar *) body, strlen (body));

  return g_strdup_printf ("{\"fullUrl\":\"urn:x:%s\",\"resource\":{\"resourceType\":\"Binary\","
                          "\"contentType\":\"application/json-patch+json\",\"data\":\"%s\"},"
                          "\"request\":{\"method\":\"PATCH\",\"url\":\"%s\"%s}}",
                          url, data, url, more);
}

static HubAnswer *
send_bundle (HubFixture *fixture, const char *type, const char *first, const char *second)
{
  g_autofree char *bundle =
      g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[%s%s%s]}", type,
                       first, second != NULL ? "," : "", second != NULL ? second : "");

  return hub_fixture_send (fixture, "nurse", "POST /fhir", NULL, bundle);
}

static void
test_in_bundles (HubFixture *fixture, gconstpointer data)
{
  const char *active = "[{\"op\":\"add\",\"path\":\"/active\",\"value\":true}]";
  const char *refers =
      "{\"fullUrl\":\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001\",\"resource\":{"
      "\"resourceType\":\"Observation\",\"status\":\"final\",\"subject\":{\"reference\":"
      "\"urn:x:Patient?identifier=7\"}},\"request\":{\"method\":\"POST\",\"url\":"
      "\"Observation\"}}";
  g_autofree char *good = dup_entry ("Patient/a", active, ",\"ifMatch\":\"W/\\\"1\\\"\"");
  g_autofree char *bad = dup_entry ("Patient/b", "[{\"op\":\"remove\",\"path\":\"/y\"}]", "");
  g_autofree char *found = dup_entry ("Patient?identifier=7", active, "");
  const char *parameters = "{\"resource\":{\"resourceType\":\"Parameters\"},\"request\":{"
                           "\"method\":\"PATCH\",\"url\":\"Patient/a\"}}";
  g_autoptr (HubAnswer) whole = NULL, none = NULL, batch = NULL, by_query = NULL, path = NULL;
  g_autoptr (HubAnswer) stale = NULL;

  put (fixture, "nurse", "Patient/a", "");
  put (fixture, "nurse", "Patient/b", "");
  put (fixture, "nurse", "Patient/c", ",\"identifier\":[{\"value\":\"7\"}]");
  none = send_bundle (fixture, "transaction", good, bad);
  hub_assert_outcome (none, 422);
  whole = hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/a", NULL, NULL);
  g_assert_null (fhir_resource_path (whole->resource, "active")); /* all or nothing */
  batch = send_bundle (fixture, "batch", good, bad);
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.0.response.status"), ==, "200");
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.0.resource.active"), ==,
                   "true");
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.1.response.status"), ==, "422");
  g_assert_nonnull (strstr (batch->text, "Operation 0 (remove /y)"));
  by_query = send_bundle (fixture, "transaction", found, refers);
  g_assert_cmpuint (by_query->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (by_query->resource, "entry.0.resource.id"), ==, "c");
  g_assert_cmpstr (fhir_resource_path_text (by_query->resource,
                                            "entry.1.resource.subject.reference"),
                   ==, "Patient/c");
  path = send_bundle (fixture, "transaction", parameters, NULL);
  hub_assert_outcome (path, 400);
  stale = send_bundle (fixture, "transaction", good, NULL);
  hub_assert_outcome (stale, 412);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub-fhir-patch/alone", test_alone);
  fixture_test ("/hub-fhir-patch/refusals", test_refusals);
  fixture_test ("/hub-fhir-patch/prescription", test_prescription_stays_its_requesters);
  fixture_test ("/hub-fhir-patch/by-query", test_by_query);
  fixture_test ("/hub-fhir-patch/in-bundles", test_in_bundles);
  return g_test_run ();
}
