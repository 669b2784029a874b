/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

static HubAnswer *
get (HubFixture *fixture, const char *user, const char *path, const char *accept)
{
  g_autofree char *request = g_strconcat ("GET /fhir/", path, NULL);
  g_autofree char *headers = accept != NULL ? g_strconcat ("Accept: ", accept, NULL) : NULL;

  return hub_fixture_send (fixture, user, request, headers, NULL);
}

#define CSV "a,b\n1.00,2\n"

static void
test_bytes (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) made = hub_fixture_send (fixture, "nurse", "PUT /fhir/Binary/b",
                                                 "Content-Type: text/csv; charset=utf-8", CSV);
  g_autoptr (HubAnswer) raw = get (fixture, "nurse", "Binary/b", NULL);
  g_autoptr (HubAnswer) any = get (fixture, "nurse", "Binary/b", "text/html, */*;q=0.8");
  g_autoptr (HubAnswer) exact = get (fixture, "nurse", "Binary/b", "text/csv");
  g_autoptr (HubAnswer) major = get (fixture, "nurse", "Binary/b", "text/*");
  g_autoptr (HubAnswer) fhir = get (fixture, "nurse", "Binary/b", "application/fhir+json");
  g_autoptr (HubAnswer) format = get (fixture, "nurse", "Binary/b?_format=json", "text/csv");
  g_autoptr (HubAnswer) other = get (fixture, "nurse", "Binary/b", "image/png");
  g_autoptr (HubAnswer) xml = get (fixture, "nurse", "Binary/b", "application/fhir+xml");
  g_autoptr (HubAnswer) old = get (fixture, "nurse", "Binary/b/_history/1", NULL);
  g_autoptr (HubAnswer) known =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Binary/b", "If-None-Match: W/\"1\"", NULL);

  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpstr (made->text, ==, "");
  g_assert_cmpstr (raw->text, ==, CSV);
  g_assert_cmpstr (hub_answer_header (raw, "Content-Type"), ==, "text/csv; charset=utf-8");
  g_assert_cmpstr (hub_answer_header (raw, "ETag"), ==, "W/\"1\"");
  g_assert_cmpstr (hub_answer_header (raw, "X-Content-Type-Options"), ==, "nosniff");
  g_assert_nonnull (hub_answer_header (raw, "Content-Security-Policy"));
  g_assert_cmpstr (any->text, ==, CSV);
  g_assert_cmpstr (exact->text, ==, CSV);
  g_assert_cmpstr (major->text, ==, CSV);
  g_assert_cmpstr (old->text, ==, CSV);
  g_assert_cmpstr (fhir_resource_path_text (fhir->resource, "data"), ==, "YSxiCjEuMDAsMgo=");
  g_assert_cmpstr (fhir_resource_path_text (fhir->resource, "contentType"), ==,
                   "text/csv; charset=utf-8");
  g_assert_cmpstr (fhir_resource_path_text (format->resource, "resourceType"), ==, "Binary");
  hub_assert_outcome (other, 406);
  hub_assert_outcome (xml, 406);
  g_assert_cmpuint (known->status, ==, 304);
}

static void
test_writes (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) created =
      hub_fixture_send (fixture, "nurse", "POST /fhir/Binary",
                        "Content-Type: image/png\nPrefer: return=representation", "\x89PNG\xff");
  const char *json =
      "{\"resourceType\":\"Binary\",\"contentType\":\"text/plain\",\"data\":\"aGk=\"}";
  g_autoptr (HubAnswer) resource =
      hub_fixture_send (fixture, "nurse", "POST /fhir/Binary", NULL, json);
  g_autoptr (HubAnswer) as_json = hub_fixture_send (fixture, "nurse", "POST /fhir/Binary",
                                                    "Content-Type: application/json", json);
  /* JSON that is no resource is what is kept */
  g_autoptr (HubAnswer) content = hub_fixture_send (fixture, "nurse", "PUT /fhir/Binary/j",
                                                    "Content-Type: application/json", "{\"a\":1}");
  g_autoptr (HubAnswer) back = get (fixture, "nurse", "Binary/j", NULL);
  g_autoptr (HubAnswer) xml = hub_fixture_send (fixture, "nurse", "POST /fhir/Binary",
                                                "Content-Type: application/fhir+xml", "<Binary/>");
  g_autoptr (HubAnswer) broken =
      hub_fixture_send (fixture, "nurse", "POST /fhir/Binary", NULL, "{");
  g_autoptr (HubAnswer) stale =
      hub_fixture_send (fixture, "nurse", "PUT /fhir/Binary/j",
                        "Content-Type: text/plain\nIf-Match: W/\"9\"", "x");
  g_autoptr (HubAnswer) empty =
      hub_fixture_send (fixture, "nurse", "PUT /fhir/Binary/e", "Content-Type: text/plain", "");
  g_autoptr (HubAnswer) nothing = get (fixture, "nurse", "Binary/e", NULL);

  g_assert_cmpuint (created->status, ==, 201);
  g_assert_cmpstr (fhir_resource_path_text (created->resource, "data"), ==, "iVBOR/8=");
  g_assert_cmpuint (resource->status, ==, 201);
  g_assert_cmpstr (fhir_resource_path_text (resource->resource, "data"), ==, "aGk=");
  g_assert_cmpstr (fhir_resource_path_text (as_json->resource, "data"), ==, "aGk=");
  g_assert_cmpuint (content->status, ==, 201);
  g_assert_cmpstr (back->text, ==, "{\"a\":1}");
  hub_assert_outcome (xml, 415);
  hub_assert_outcome (broken, 400);
  hub_assert_outcome (stale, 412);
  g_assert_cmpuint (empty->status, ==, 201);
  g_assert_cmpuint (nothing->status, ==, 200);
  g_assert_cmpstr (nothing->text, ==, "");
}

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

static guint
status_of (HubFixture *fixture, const char *user, const char *path)
{
  g_autoptr (HubAnswer) answer = get (fixture, user, path, NULL);

  return answer->status;
}

static void
test_security_context (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) made = NULL, read = NULL, bad = NULL, both = NULL, foreign = NULL;
  g_autoptr (HubAnswer) search = NULL, history = NULL;

  put (fixture, "Patient/p2", "");
  made = hub_fixture_send (fixture, "nurse", "PUT /fhir/Binary/b",
                           "Content-Type: text/plain\nX-Security-Context: Patient/p2", "x");
  g_assert_cmpuint (made->status, ==, 201);
  read = get (fixture, "prescriber", "Binary/b", NULL);
  g_assert_cmpuint (read->status, ==, 200);
  g_assert_cmpstr (hub_answer_header (read, "X-Security-Context"), ==, "Patient/p2");
  /* a nurse may read no AuditEvent, so no bytes that belong to one */
  put (fixture, "AuditEvent/a", "");
  put (fixture, "Binary/c",
       ",\"contentType\":\"text/plain\",\"securityContext\":{\"reference\":\"AuditEvent/a\"}");
  put (fixture, "Binary/d",
       ",\"contentType\":\"text/plain\",\"securityContext\":{\"reference\":\"Patient/none\"}");
  put (fixture, "Binary/e",
       ",\"contentType\":\"text/plain\",\"securityContext\":{\"reference\":\"Binary/e\"}");
  g_assert_cmpuint (status_of (fixture, "nurse", "Binary/c"), ==, 403);
  g_assert_cmpuint (status_of (fixture, "nurse", "Binary/c/_history/1"), ==, 403);
  g_assert_cmpuint (status_of (fixture, "admin", "Binary/c"), ==, 200);
  g_assert_cmpuint (status_of (fixture, "nurse", "Binary/d"), ==, 403);
  g_assert_cmpuint (status_of (fixture, "nurse", "Binary/e"), ==, 403);
  g_assert_cmpuint (status_of (fixture, "patient", "Binary/b"), ==, 403);
  search = get (fixture, "nurse", "Binary", NULL);
  g_assert_null (strstr (search->text, "AuditEvent/a"));
  g_assert_nonnull (strstr (search->text, "Patient/p2"));
  history = get (fixture, "nurse", "_history", NULL);
  g_assert_null (strstr (history->text, "AuditEvent/a"));
  foreign =
      hub_fixture_send (fixture, "nurse", "PUT /fhir/Binary/c", "Content-Type: text/plain", "mine");
  hub_assert_outcome (foreign, 403);
  bad = hub_fixture_send (fixture, "nurse", "POST /fhir/Binary",
                          "Content-Type: text/plain\nX-Security-Context: somebody", "x");
  hub_assert_outcome (bad, 400);
  both = hub_fixture_send (fixture, "nurse", "POST /fhir/Binary", "X-Security-Context: Patient/p2",
                           "{\"resourceType\":\"Binary\",\"contentType\":\"text/plain\"}");
  hub_assert_outcome (both, 400);
}

/* Whose bytes they are, where the context is the patient. */
static void
test_own (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) own = NULL, bytes = NULL, written = NULL;

  put (fixture, "Patient/p1", "");
  put (fixture, "Patient/p2", "");
  put (fixture, "Binary/own",
       ",\"contentType\":\"text/plain\",\"data\":\"aGk=\",\"securityContext\":{\"reference\":"
       "\"Patient/p1\"}");
  put (fixture, "Binary/other",
       ",\"contentType\":\"text/plain\",\"securityContext\":{\"reference\":\"Patient/p2\"}");
  put (fixture, "Binary/none", ",\"contentType\":\"text/plain\"");
  put (fixture, "Binary/claims",
       ",\"contentType\":\"text/plain\",\"subject\":{\"reference\":\"Patient/p1\"}");
  own = get (fixture, "patient", "Binary/own", "application/fhir+json");
  g_assert_cmpuint (own->status, ==, 200);
  bytes = get (fixture, "patient", "Binary/own", NULL);
  g_assert_cmpstr (bytes->text, ==, "hi");
  g_assert_cmpuint (status_of (fixture, "patient", "Binary/own/_history/1"), ==, 200);
  g_assert_cmpuint (status_of (fixture, "patient", "Binary/other"), ==, 403);
  g_assert_cmpuint (status_of (fixture, "patient", "Binary/none"), ==, 403);
  g_assert_cmpuint (status_of (fixture, "patient", "Binary/claims"), ==, 403);
  g_assert_cmpuint (status_of (fixture, "pharmacy", "Binary/own"), ==, 403);
  g_assert_cmpuint (status_of (fixture, "reception", "Binary/own"), ==, 403);
  written = hub_fixture_send (fixture, "patient", "PUT /fhir/Binary/own",
                              "Content-Type: text/plain\nX-Security-Context: Patient/p1", "mine");
  hub_assert_outcome (written, 403);
}

#define DOCUMENT(security)                                                                         \
  ",\"status\":\"current\",\"subject\":{\"reference\":\"Patient/p1\"}" security                    \
  ",\"content\":[{\"attachment\":{\"url\":\"Binary/own\"}}]"
#define KEPT                                                                                       \
  ",\"meta\":{\"security\":[{\"system\":\"https://bedside.health/fhir/label\","                    \
  "\"code\":\"clinic-only\"}]}"
#define RESTRICTED                                                                                 \
  ",\"meta\":{\"security\":[{\"system\":"                                                          \
  "\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"R\"}]}"

static void
assert_patient_reads (HubFixture *fixture, gboolean may)
{
  static const char *const paths[] = { "DocumentReference/d", "DocumentReference/d/_history/1",
                                       "Binary/own", "Binary/own/_history/1" };
  static const char *const lists[] = { "DocumentReference", "DocumentReference?_summary=count",
                                       "Patient/p1/$everything" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_test_message ("%s", paths[i]);
      g_assert_cmpuint (status_of (fixture, "patient", paths[i]), ==, may ? 200 : 403);
      g_assert_cmpuint (status_of (fixture, "nurse", paths[i]), ==, 200);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (HubAnswer) list = get (fixture, "patient", lists[i], NULL);
      gboolean shown =
          strstr (list->text, "Binary/own") != NULL || strstr (list->text, "\"total\":1") != NULL;

      g_test_message ("%s: %s", lists[i], list->text);
      g_assert_cmpint (shown, ==, may);
    }
}

/* H22: what stays in the clinic is not the patient's to read, nor its bytes, its earlier versions
 * or that there is one, until it is released. */
static void
test_kept (HubFixture *fixture, gconstpointer data)
{
  put (fixture, "Patient/p1", "");
  put (fixture, "Binary/own",
       ",\"contentType\":\"image/jpeg\",\"data\":\"aGk=\",\"securityContext\":{\"reference\":"
       "\"Patient/p1\"}");
  put (fixture, "DocumentReference/d", DOCUMENT (RESTRICTED)); /* another's label: they read it */
  assert_patient_reads (fixture, TRUE);
  put (fixture, "DocumentReference/d", DOCUMENT (KEPT));
  assert_patient_reads (fixture, FALSE);
  /* a history in which it was kept stays as it is */
  g_assert_cmpuint (status_of (fixture, "patient", "DocumentReference/d/_history"), ==, 403);
  put (fixture, "DocumentReference/d", DOCUMENT (""));
  assert_patient_reads (fixture, TRUE);
}

static void
test_type_is_no_header_of_its_own (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) read = NULL;

  put (fixture, "Binary/b",
       ",\"contentType\":\"text/html\\r\\nSet-Cookie: a=b\",\"data\":\"aGk=\"");
  read = get (fixture, "nurse", "Binary/b", NULL);
  g_assert_cmpuint (read->status, ==, 200);
  g_assert_cmpstr (hub_answer_header (read, "Content-Type"), ==, "application/octet-stream");
  g_assert_null (hub_answer_header (read, "Set-Cookie"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub-fhir-binary/bytes", test_bytes);
  fixture_test ("/hub-fhir-binary/writes", test_writes);
  fixture_test ("/hub-fhir-binary/security-context", test_security_context);
  fixture_test ("/hub-fhir-binary/own", test_own);
  fixture_test ("/hub-fhir-binary/kept", test_kept);
  fixture_test ("/hub-fhir-binary/type", test_type_is_no_header_of_its_own);
  return g_test_run ();
}
