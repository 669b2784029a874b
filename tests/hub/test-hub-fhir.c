/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <stdlib.h>
#include <string.h>

#include "store-audit.h"

#define PATIENT                                                                                    \
  "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Abara\",\"given\":[\"Ife\"]}],"           \
  "\"birthDate\":\"1980-02\"}"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

static char *
create_patient (HubFixture *fixture)
{
  g_autoptr (HubAnswer) answer =
      hub_fixture_send (fixture, "prescriber", "POST /fhir/Patient", NULL, PATIENT);

  g_assert_cmpuint (answer->status, ==, 201);
  return g_strdup (fhir_resource_get_id (answer->resource));
}

static void
test_create_read_update_delete (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_patient (fixture);
  g_autofree char *get = g_strconcat ("GET /fhir/Patient/", id, NULL);
  g_autofree char *put = g_strconcat ("PUT /fhir/Patient/", id, NULL);
  g_autofree char *delete = g_strconcat ("DELETE /fhir/Patient/", id, NULL);
  g_autofree char *first = g_strconcat (get, "/_history/1", NULL);
  g_autofree char *history = g_strconcat (get, "/_history", NULL);
  g_autofree char *body = g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"%s\",\"active\":"
                                           "true,\"multipleBirthInteger\":1,\"x\":1.00}",
                                           id);
  g_autoptr (HubAnswer) read = hub_fixture_send (fixture, "nurse", get, NULL, NULL);
  g_autoptr (HubAnswer) fresh = NULL;
  g_autoptr (HubAnswer) updated = NULL, stale = NULL, again = NULL, old = NULL, removed = NULL;
  g_autoptr (HubAnswer) gone = NULL, versions = NULL, missing = NULL, forbidden = NULL;

  g_assert_cmpuint (read->status, ==, 200);
  g_assert_cmpstr (hub_answer_header (read, "ETag"), ==, "W/\"1\"");
  g_assert_nonnull (hub_answer_header (read, "Last-Modified"));
  fresh = hub_fixture_send (fixture, "nurse", get, "If-None-Match: W/\"1\"", NULL);
  g_assert_cmpuint (fresh->status, ==, 304);

  updated = hub_fixture_send (fixture, "nurse", put, "If-Match: W/\"1\"", body);
  g_assert_cmpuint (updated->status, ==, 200);
  g_assert_cmpstr (hub_answer_header (updated, "ETag"), ==, "W/\"2\"");
  g_assert_cmpstr (fhir_resource_path_text (updated->resource, "x"), ==, "1.00");
  stale = hub_fixture_send (fixture, "nurse", put, "If-Match: W/\"1\"", body);
  hub_assert_outcome (stale, 412);
  again = hub_fixture_send (fixture, "nurse", put, "If-Match: W/\"2\"", body);
  g_assert_cmpuint (again->status, ==, 200); /* the same content makes no version */
  g_assert_cmpstr (hub_answer_header (again, "ETag"), ==, "W/\"2\"");

  old = hub_fixture_send (fixture, "nurse", first, NULL, NULL);
  g_assert_cmpuint (old->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (old->resource, "birthDate"), ==, "1980-02");

  forbidden = hub_fixture_send (fixture, "nurse", delete, NULL, NULL);
  hub_assert_outcome (forbidden, 403);
  removed = hub_fixture_send (fixture, "admin", delete, NULL, NULL);
  g_assert_cmpuint (removed->status, ==, 204);
  gone = hub_fixture_send (fixture, "nurse", get, NULL, NULL);
  hub_assert_outcome (gone, 410);
  versions = hub_fixture_send (fixture, "nurse", history, NULL, NULL);
  g_assert_cmpstr (fhir_resource_path_text (versions->resource, "total"), ==, "3");
  g_assert_cmpstr (fhir_resource_path_text (versions->resource, "entry.0.request.method"), ==,
                   "DELETE");
  missing = hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/none", NULL, NULL);
  hub_assert_outcome (missing, 404);
}

static void
test_create_answers_as_asked (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) minimal = hub_fixture_send (fixture, "prescriber", "POST /fhir/Patient",
                                                    "Prefer: return=minimal", PATIENT);
  const char *location = hub_answer_header (minimal, "Location");
  g_autofree char *get = g_strconcat ("GET ", location, NULL);
  g_autoptr (HubAnswer) read = hub_fixture_send (fixture, "prescriber", get, NULL, NULL);
  g_autoptr (HubAnswer) by_put =
      hub_fixture_send (fixture, "prescriber", "PUT /fhir/Patient/mine", NULL,
                        "{\"resourceType\":\"Patient\",\"id\":\"mine\"}");

  g_assert_cmpuint (minimal->status, ==, 201);
  g_assert_cmpstr (minimal->text, ==, "");
  g_assert_cmpuint (read->status, ==, 200);
  g_assert_cmpuint (by_put->status, ==, 201);
}

static void
test_create_if_none_exist (HubFixture *fixture, gconstpointer data)
{
  const char *body =
      "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"urn:s\",\"value\":\"7\"}]}";
  const char *header = "If-None-Exist: identifier=urn:s|7";
  g_autoptr (HubAnswer) first =
      hub_fixture_send (fixture, "prescriber", "POST /fhir/Patient", header, body);
  g_autoptr (HubAnswer) second =
      hub_fixture_send (fixture, "prescriber", "POST /fhir/Patient", header, body);
  g_autoptr (HubAnswer) other =
      hub_fixture_send (fixture, "prescriber", "POST /fhir/Patient", NULL, body);
  g_autoptr (HubAnswer) third =
      hub_fixture_send (fixture, "prescriber", "POST /fhir/Patient", header, body);

  g_assert_cmpuint (first->status, ==, 201);
  g_assert_cmpuint (second->status, ==, 200);
  g_assert_cmpstr (fhir_resource_get_id (first->resource), ==,
                   fhir_resource_get_id (second->resource));
  g_assert_cmpuint (other->status, ==, 201);
  hub_assert_outcome (third, 412);
}

static guint
count_of (HubFixture *fixture, const char *search)
{
  g_autofree char *request =
      g_strconcat ("GET /fhir/", search, strchr (search, '?') != NULL ? "&" : "?", "_summary=count",
                   NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);
  const char *total;

  g_assert_cmpuint (answer->status, ==, 200);
  total = fhir_resource_path_text (answer->resource, "total");
  g_assert_nonnull (total);
  return (guint) atoi (total);
}

static void
test_transaction_rewrites_references (HubFixture *fixture, gconstpointer data)
{
  const char *bundle =
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
      "{\"fullUrl\":\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001\",\"resource\":{"
      "\"resourceType\":\"Observation\","
      "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"urn:uuid:"
      "0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a002\"},"
      "\"performer\":[{\"reference\":\"Practitioner?identifier=urn:npi|1\"}],\"note\":[{\"text\":"
      "\"\\\"reference\\\":\\\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a002\\\"\"}]},"
      "\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}},"
      "{\"fullUrl\":\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a002\",\"resource\":{"
      "\"resourceType\":\"Patient\"},"
      "\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}]}";
  g_autoptr (HubAnswer) practitioner =
      hub_fixture_send (fixture, "admin", "PUT /fhir/Practitioner/d7", NULL,
                        "{\"resourceType\":\"Practitioner\",\"id\":\"d7\",\"identifier\":[{"
                        "\"system\":\"urn:npi\",\"value\":\"1\"}]}");
  g_autoptr (HubAnswer) answer =
      hub_fixture_send (fixture, "prescriber", "POST /fhir", NULL, bundle);
  const char *subject;

  g_assert_cmpuint (practitioner->status, ==, 201);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "type"), ==, "transaction-response");
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "entry.0.response.status"), ==,
                   "201");
  subject = fhir_resource_path_text (answer->resource, "entry.0.resource.subject.reference");
  /* a client that already knows the uuid keeps it */
  g_assert_cmpstr (subject, ==, "Patient/0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a002");
  g_assert_cmpstr (fhir_resource_path_text (answer->resource,
                                            "entry.0.resource.performer.reference"),
                   ==, "Practitioner/d7");
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "entry.0.resource.note.text"), ==,
                   "\"reference\":\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a002\"");
}

#define ENTRY(method, url, resource, more)                                                         \
  "{\"resource\":" resource ",\"request\":{\"method\":\"" method "\",\"url\":\"" url "\"" more "}" \
  "}"
#define BUNDLE(type, entries)                                                                      \
  "{\"resourceType\":\"Bundle\",\"type\":\"" type "\",\"entry\":[" entries "]}"
#define GOOD ENTRY ("POST", "Patient", "{\"resourceType\":\"Patient\"}", "")

static void
test_transaction_is_whole_or_nothing (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *bundle;
    guint status;
  } cases[] = {
    { BUNDLE ("transaction", GOOD
              "," ENTRY ("PUT", "Patient/a", "{\"resourceType\":\"Patient\",\"id\":\"b\"}", "")),
      400 },
    { BUNDLE ("transaction",
              GOOD "," ENTRY ("PUT", "Patient/a", "{\"resourceType\":\"Patient\",\"id\":\"a\"}",
                              ",\"ifMatch\":\"W/\\\"3\\\"\"")),
      412 },
    { BUNDLE ("transaction", GOOD "," ENTRY ("POST", "Observation",
                                             "{\"resourceType\":\"Observation\",\"performer\":[{"
                                             "\"reference\":\"Practitioner?identifier=nobody\"}]}",
                                             "")),
      412 },
    { BUNDLE ("transaction",
              GOOD "," ENTRY ("POST", "Organization", "{\"resourceType\":\"Organization\"}", "")),
      403 },
    { BUNDLE ("transaction", GOOD "," ENTRY ("POST", "Pasta", "{\"resourceType\":\"Pasta\"}", "")),
      400 },
    { BUNDLE ("transaction",
              GOOD "," ENTRY ("PATCH", "Patient/a", "{\"resourceType\":\"Patient\"}", "")),
      400 },
    { BUNDLE ("transaction", GOOD ",7"), 400 },
    { BUNDLE ("history", GOOD), 400 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "prescriber", "POST /fhir", NULL, cases[i].bundle);

      g_test_message ("%s", cases[i].bundle);
      hub_assert_outcome (answer, cases[i].status);
      g_assert_cmpuint (count_of (fixture, "Patient"), ==, 0);
    }
}

static void
test_batch_goes_on (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) answer = hub_fixture_send (
      fixture, "prescriber", "POST /fhir", NULL,
      BUNDLE (
          "batch", GOOD
          "," ENTRY ("POST", "Pasta", "{\"resourceType\":\"Pasta\"}",
                     "") "," GOOD
                         ",{\"request\":{\"method\":\"GET\",\"url\":\"Patient?_summary=count\"}}"));

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "entry.0.response.status"), ==,
                   "201");
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "entry.1.response.status"), ==,
                   "400");
  g_assert_cmpstr (fhir_resource_path_text (answer->resource,
                                            "entry.1.response.outcome.resourceType"),
                   ==, "OperationOutcome");
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "entry.2.response.status"), ==,
                   "201");
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "entry.3.resource.total"), ==, "2");
}

static char *
next_of (HubAnswer *answer)
{
  const FhirElement *links = fhir_resource_path (answer->resource, "link");

  fhir_element_foreach (link, links)
    if (g_strcmp0 (fhir_element_path_text (link, "relation"), "next") == 0)
      return g_strconcat ("GET ", fhir_element_path_text (link, "url"), NULL);
  return NULL;
}

static void
test_pages_stay_stable (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *request =
      g_strdup ("GET /fhir/Patient?family=abara&_count=3&_sort=_lastUpdated");
  guint pages = 0;

  for (int i = 0; i < 10; i++)
    g_free (create_patient (fixture));
  while (request != NULL)
    {
      g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "nurse", request, NULL, NULL);
      const FhirElement *entries = fhir_resource_path (answer->resource, "entry");

      g_assert_cmpuint (answer->status, ==, 200);
      fhir_element_foreach (entry, entries)
        g_assert_true (
            g_hash_table_add (seen, g_strdup (fhir_element_path_text (entry, "resource.id"))));
      g_free (request);
      request = next_of (answer);
      /* the searched name stands in no second URL */
      g_assert_true (request == NULL || strstr (request, "abara") == NULL);
      if (pages++ < 2)
        g_free (create_patient (fixture));
      g_assert_cmpuint (pages, <, 10);
    }
  g_assert_cmpuint (g_hash_table_size (seen), >=, 10);
}

static void
test_search_says_what_it_cannot (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_patient (fixture);
  g_autoptr (HubAnswer) strict =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Patient?shoesize=7", NULL, NULL);
  g_autoptr (HubAnswer) lenient =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Patient?shoesize=7",
                        "Prefer: handling=lenient", NULL);
  g_autoptr (HubAnswer) form = hub_fixture_send (fixture, "nurse", "POST /fhir/Patient/_search",
                                                 "Content-Type: application/x-www-form-urlencoded",
                                                 "family=abara&_elements=birthDate");
  g_autoptr (HubAnswer) page =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Patient?_page=AAAA", NULL, NULL);
  g_autofree char *sentence = hub_answer_sentence (strict);

  hub_assert_outcome (strict, 400);
  g_assert_nonnull (strstr (sentence, "shoesize"));
  g_assert_cmpuint (lenient->status, ==, 200);
  g_assert_nonnull (strstr (lenient->text, "shoesize"));
  g_assert_cmpuint (form->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (form->resource, "entry.0.resource.birthDate"), ==,
                   "1980-02");
  g_assert_null (fhir_resource_path (form->resource, "entry.0.resource.name"));
  g_assert_cmpstr (fhir_resource_path_text (form->resource, "entry.0.resource.meta.tag.code"), ==,
                   "SUBSETTED");
  hub_assert_outcome (page, 400);
}

static void
test_formats (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) xml = hub_fixture_send (fixture, "nurse", "GET /fhir/Patient",
                                                "Accept: application/fhir+xml", NULL);
  g_autoptr (HubAnswer) format =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Patient?_format=xml", NULL, NULL);
  g_autoptr (HubAnswer) sent =
      hub_fixture_send (fixture, "nurse", "POST /fhir/Patient",
                        "Content-Type: application/fhir+xml", "<Patient/>");
  g_autoptr (HubAnswer) patch =
      hub_fixture_send (fixture, "nurse", "PATCH /fhir/Patient/a", NULL, "[]");
  g_autoptr (HubAnswer) metadata =
      hub_fixture_send (fixture, NULL, "GET /fhir/metadata", NULL, NULL);
  g_autoptr (HubAnswer) nobody = hub_fixture_send (fixture, NULL, "GET /fhir/Patient", NULL, NULL);
  g_autoptr (HubAnswer) stranger =
      hub_fixture_send (fixture, NULL, "GET /fhir/Patient", "Authorization: Bearer x", NULL);

  hub_assert_outcome (xml, 406);
  hub_assert_outcome (format, 406);
  hub_assert_outcome (sent, 415);
  hub_assert_outcome (patch, 415); /* FHIRPath Patch, were it one */
  g_assert_cmpuint (metadata->status, ==, 200);
  g_assert_cmpstr (fhir_resource_get_type (metadata->resource), ==, "CapabilityStatement");
  hub_assert_outcome (nobody, 401);
  g_assert_nonnull (hub_answer_header (nobody, "WWW-Authenticate"));
  hub_assert_outcome (stranger, 401);
}

static char *
nested (guint depth)
{
  GString *text = g_string_new ("{\"resourceType\":\"Basic\",\"extension\":");

  for (guint i = 0; i < depth; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < depth; i++)
    g_string_append_c (text, ']');
  return g_string_free_and_steal (g_string_append_c (text, '}'));
}

static void
test_bad_input (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *request, *body;
    guint status;
  } cases[] = {
    { "POST /fhir/Patient", "", 400 },
    { "POST /fhir/Patient", "{", 400 },
    { "POST /fhir/Patient", "[]", 400 },
    { "POST /fhir/Patient", "\"Patient\"", 400 },
    { "POST /fhir/Patient", "{\"resourceType\":\"Patient\",\"active\":true,\"active\":false}",
      400 },
    { "POST /fhir/Patient", "{\"resourceType\":\"Observation\"}", 400 },
    { "POST /fhir/Patient", "{\"resourceType\":7}", 400 },
    { "POST /fhir/Patient", "{\"resourceType\":\"Patient\",\"id\":\"a b\"}", 422 },
    { "POST /fhir/Patient", "\xff\xfe{}", 400 },
    { "POST /fhir/Pasta", "{\"resourceType\":\"Pasta\"}", 404 },
    { "PUT /fhir/Patient/a", "{\"resourceType\":\"Patient\"}", 400 },
    { "PUT /fhir/Patient/a%20b", "{\"resourceType\":\"Patient\",\"id\":\"a b\"}", 400 },
    { "POST /fhir", "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":7}", 400 },
    { "POST /fhir", "{\"resourceType\":\"Bundle\"}", 400 },
    { "POST /fhir", "{\"resourceType\":\"Patient\"}", 400 },
    { "POST /fhir/Subscription", "{\"resourceType\":\"Subscription\"}", 422 },
    { "GET /fhir/Patient?birthdate=yesterday", NULL, 400 },
    { "GET /fhir/Patient/1/_history/x/y", NULL, 404 },
    { "GET /fhir/Patient/$everything", NULL, 404 },
    { "GET /fhir/", NULL, 405 },
    { "DELETE /fhir/Patient", NULL, 400 },
  };
  g_autofree char *deep = nested (200000);
  g_autoptr (HubAnswer) too_deep =
      hub_fixture_send (fixture, "admin", "POST /fhir/Basic", NULL, deep);

  g_assert_cmpuint (too_deep->status, >=, 400);
  g_assert_cmpstr (fhir_resource_get_type (too_deep->resource), ==, "OperationOutcome");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "admin", cases[i].request, NULL, cases[i].body);
      g_autoptr (HubAnswer) alive =
          hub_fixture_send (fixture, NULL, "GET /fhir/metadata", NULL, NULL);

      g_test_message ("%s %s: %u", cases[i].request, cases[i].body != NULL ? cases[i].body : "",
                      answer->status);
      hub_assert_outcome (answer, cases[i].status);
      g_assert_cmpuint (alive->status, ==, 200);
    }
}

static void
test_bad_values_are_kept (HubFixture *fixture, gconstpointer data)
{
  /* wrong types and references to nothing are the sender's own words: kept, and they break nothing
   */
  static const char *const bodies[] = {
    "{\"resourceType\":\"Patient\",\"name\":\"Smith\",\"birthDate\":17,\"identifier\":{\"value\":"
    "true}}",
    "{\"resourceType\":\"Patient\",\"name\":[7,null,[\"x\"],{\"family\":[1]}],\"birthDate\":\"31."
    "12.1970\"}",
    "{\"resourceType\":\"Patient\",\"managingOrganization\":{\"reference\":\"Organization/"
    "nowhere\"}}",
    "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"\xe5\xb1\xb1\xe7\x94\xb0\",\"given\":["
    "\"\xd8\xb9\xd9\x84\xd9\x8a\"]}]}",
    "{\"resourceType\":\"Patient\",\"contact\":[{\"name\":{\"text\":\"\\u200b\\ud83d\\ude00\"}}],"
    "\"meta\":7}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "admin", "POST /fhir/Patient", NULL, bodies[i]);

      g_test_message ("%s: %u %s", bodies[i], answer->status, answer->text);
      if (answer->status == 201)
        g_assert_nonnull (fhir_resource_get_id (answer->resource));
      else
        hub_assert_outcome (answer, answer->status);
      g_assert_cmpuint (answer->status, <, 500);
    }
}

static void
test_large_body_is_refused (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = g_strnfill (57 * 1024 * 1024, ' ');
  g_autoptr (HubAnswer) answer =
      hub_fixture_send (fixture, "admin", "POST /fhir/Patient", NULL, body);

  hub_assert_outcome (answer, 413);
}

static gboolean
count_audit (StoreConnection *connection, gpointer data, GError **error)
{
  return store_audit_verify (connection, data, error);
}

/* Every read and every write leaves a row, those of reads soon after. */
static void
test_audit (HubFixture *fixture, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC, before = 0, rows = 0;
  g_autofree char *id = NULL;
  g_autofree char *get = NULL;
  g_autoptr (HubAnswer) read = NULL, search = NULL;
  g_autoptr (GError) error = NULL;

  store_database_read (fixture->data->store, count_audit, &before, &error);
  id = create_patient (fixture);
  store_database_read (fixture->data->store, count_audit, &rows, &error);
  g_assert_cmpint (rows, ==, before + 1);
  get = g_strconcat ("GET /fhir/Patient/", id, NULL);
  read = hub_fixture_send (fixture, "nurse", get, NULL, NULL);
  search = hub_fixture_send (fixture, "nurse", "GET /fhir/Patient?family=abara", NULL, NULL);
  while (rows < before + 3 && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      store_database_read (fixture->data->store, count_audit, &rows, &error);
    }
  g_assert_no_error (error);
  g_assert_cmpint (rows, ==, before + 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/fhir/crud", test_create_read_update_delete);
  fixture_test ("/hub/fhir/create-answers", test_create_answers_as_asked);
  fixture_test ("/hub/fhir/if-none-exist", test_create_if_none_exist);
  fixture_test ("/hub/fhir/transaction/references", test_transaction_rewrites_references);
  fixture_test ("/hub/fhir/transaction/atomic", test_transaction_is_whole_or_nothing);
  fixture_test ("/hub/fhir/batch", test_batch_goes_on);
  fixture_test ("/hub/fhir/pages", test_pages_stay_stable);
  fixture_test ("/hub/fhir/search", test_search_says_what_it_cannot);
  fixture_test ("/hub/fhir/audit", test_audit);
  fixture_test ("/hub/fhir/formats", test_formats);
  fixture_test ("/hub/fhir/bad-input", test_bad_input);
  fixture_test ("/hub/fhir/bad-values", test_bad_values_are_kept);
  fixture_test ("/hub/fhir/large-body", test_large_body_is_refused);
  return g_test_run ();
}
