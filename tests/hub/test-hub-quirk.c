/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <stdlib.h>
#include <string.h>

#include "hub-gzip.h"
#include "hub-quirk.h"

/* Each way in which another server differs, seen from outside; and that none is there unasked. */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GBytes **answer = data;
  g_autoptr (GError) error = NULL;

  *answer = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
}

static void
send_message (HubFixture *fixture, SoupMessage *message)
{
  g_autoptr (GBytes) answer = NULL;

  soup_session_send_and_read_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL, sent_cb,
                                    &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (GError) error = NULL;

  hub_fixture_set_up (fixture, NULL);
  hub_quirk_use (names, fixture->clock, &error);
  g_assert_no_error (error);
}

static void
tear_down (HubFixture *fixture, gconstpointer names)
{
  hub_quirk_use (NULL, fixture->clock, NULL);
  hub_fixture_tear_down (fixture, NULL);
}

static HubAnswer *
send (HubFixture *fixture, const char *request, const char *headers, const char *body)
{
  return hub_fixture_send (fixture, "admin", request, headers, body);
}

static guint
status_of (HubFixture *fixture, const char *request, const char *headers, const char *body)
{
  g_autoptr (HubAnswer) answer = send (fixture, request, headers, body);

  return answer->status;
}

static void
put_patients (HubFixture *fixture, int count)
{
  for (int i = 0; i < count; i++)
    {
      g_autofree char *request = g_strdup_printf ("PUT /fhir/Patient/q%d", i);
      g_autofree char *body = g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"q%d\"}", i);

      g_assert_cmpuint (status_of (fixture, request, NULL, body), ==, 201);
    }
}

static gboolean
has_interaction (HubFixture *fixture, const char *path, const char *code)
{
  g_autoptr (HubAnswer) answer = send (fixture, "GET /fhir/metadata", NULL, NULL);
  gboolean found = FALSE;

  g_assert_cmpuint (answer->status, ==, 200);
  fhir_element_foreach (interaction, fhir_resource_path (answer->resource, path))
    found = found || g_strcmp0 (fhir_element_path_text (interaction, "code"), code) == 0;
  return found;
}

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"a\"}"
#define CHANGED "{\"resourceType\":\"Patient\",\"id\":\"a\",\"active\":true}"
#define TYPE    "rest.0.resource.0.interaction"

/* ---- */

static void
test_none (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (HubAnswer) created = send (fixture, "PUT /fhir/Patient/a", NULL, PATIENT);
  g_autoptr (HubAnswer) statement = send (fixture, "GET /fhir/metadata", NULL, NULL);
  g_autofree char *none = hub_quirk_dup_names ();

  g_assert_null (none);
  g_assert_cmpstr (hub_answer_header (created, "ETag"), ==, "W/\"1\"");
  g_assert_nonnull (created->resource);
  g_assert_cmpstr (fhir_resource_path_text (statement->resource, "software.name"), ==,
                   "bedside-hub");
  for (HubQuirk quirk = 0; quirk < HUB_N_QUIRKS; quirk++)
    g_assert_false (hub_quirk_is_on (quirk));
}

static void
test_names (void)
{
  static const char *const bad[] = { "unknown",      "uuid-versions,integer-versions",
                                     "rate-limit=0", "rate-limit=x",
                                     "no-history=3", "no-history,,no-body" };
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autofree char *names = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (hub_quirk_use (bad[i], clock, &error));
      g_assert_nonnull (error);
      g_assert_false (hub_quirk_is_on (HUB_QUIRK_NO_HISTORY));
    }
  g_assert_true (hub_quirk_use ("rate-limit=3, no-body", clock, NULL));
  names = hub_quirk_dup_names ();
  g_assert_cmpstr (names, ==, "rate-limit, no-body");
  hub_quirk_use (NULL, clock, NULL);
}

/* Said loudly to every client. */
static void
test_statement (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (HubAnswer) answer = send (fixture, "GET /fhir/metadata", NULL, NULL);

  g_assert_nonnull (
      strstr (fhir_resource_path_text (answer->resource, "software.name"), "no-history"));
  g_assert_nonnull (
      strstr (fhir_resource_path_text (answer->resource, "implementation.description"),
              "FOR TESTS ONLY"));
}

/* ---- versions ---- */

static gboolean
is_opaque (const char *version)
{
  return version != NULL && g_uuid_string_is_valid (version);
}

static void
test_uuid_versions (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (HubAnswer) created = send (fixture, "PUT /fhir/Patient/a", NULL, PATIENT);
  const char *first = fhir_resource_get_version (created->resource);
  g_autofree char *etag = g_strdup_printf ("W/\"%s\"", first);
  g_autofree char *match = g_strdup_printf ("If-Match: %s", etag);
  g_autofree char *vread = g_strdup_printf ("GET /fhir/Patient/a/_history/%s", first);
  g_autoptr (HubAnswer) changed = NULL, history = NULL, old = NULL;

  g_assert_true (is_opaque (first));
  g_assert_cmpstr (hub_answer_header (created, "ETag"), ==, etag);
  g_assert_true (g_str_has_suffix (hub_answer_header (created, "Location"), first));
  g_assert_cmpuint (status_of (fixture, "PUT /fhir/Patient/a", "If-Match: W/\"1\"", CHANGED), ==,
                    412);
  changed = send (fixture, "PUT /fhir/Patient/a", match, CHANGED);
  g_assert_cmpuint (changed->status, ==, 200);
  g_assert_cmpstr (fhir_resource_get_version (changed->resource), !=, first);
  g_assert_cmpuint (status_of (fixture, "PUT /fhir/Patient/a", match, PATIENT), ==, 412);
  old = send (fixture, vread, NULL, NULL);
  g_assert_cmpuint (old->status, ==, 200);
  g_assert_cmpstr (fhir_resource_get_version (old->resource), ==, first);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a/_history/1", NULL, NULL), ==, 404);
  history = send (fixture, "GET /fhir/Patient/a/_history", NULL, NULL);
  g_assert_true (
      is_opaque (fhir_resource_path_text (history->resource, "entry.0.resource.meta.versionId")));
  g_assert_null (strstr (history->text, "W/\\\"2\\\""));
}

static void
test_uuid_versions_in_bundles (HubFixture *fixture, gconstpointer names)
{
  static const char format[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":" CHANGED
      ",\"request\":{\"method\":\"PUT\",\"url\":\"Patient/a\",\"ifMatch\":\"W/\\\"%s\\\"\"}}]}";
  g_autoptr (HubAnswer) created = send (fixture, "PUT /fhir/Patient/a", NULL, PATIENT);
  g_autofree char *good = g_strdup_printf (format, fhir_resource_get_version (created->resource));
  g_autofree char *made_up = g_strdup_printf (format, "1");
  g_autoptr (HubAnswer) done = NULL;
  g_autofree char *version = NULL;

  g_assert_cmpuint (status_of (fixture, "POST /fhir", NULL, made_up), ==, 412);
  done = send (fixture, "POST /fhir", NULL, good);
  g_assert_cmpuint (done->status, ==, 200);
  version = g_strndup (fhir_resource_path_text (done->resource, "entry.0.response.etag") +
                           strlen ("W/\""),
                       36);
  g_assert_true (is_opaque (version));
}

/* The same number of another record is another version: nobody can guess or count. */
static void
test_uuid_versions_are_of_a_record (HubFixture *fixture, gconstpointer names)
{
  static const char format[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":" CHANGED
      ",\"request\":{\"method\":\"PUT\",\"url\":\"Patient/a\",\"ifMatch\":\"W/\\\"%s\\\"\"}}]}";
  g_autoptr (HubAnswer) here = send (fixture, "PUT /fhir/Patient/a", NULL, PATIENT);
  g_autoptr (HubAnswer) other =
      send (fixture, "PUT /fhir/Patient/b", NULL, "{\"resourceType\":\"Patient\",\"id\":\"b\"}");
  g_autoptr (HubAnswer) both = send (fixture, "GET /fhir/Patient?_sort=_id", NULL, NULL);
  const char *version = fhir_resource_get_version (other->resource);
  g_autofree char *match = g_strdup_printf ("If-Match: W/\"%s\"", version);
  g_autofree char *vread = g_strdup_printf ("GET /fhir/Patient/a/_history/%s", version);
  g_autofree char *bundle = g_strdup_printf (format, version);

  g_assert_cmpstr (fhir_resource_get_version (here->resource), !=, version);
  g_assert_cmpstr (fhir_resource_path_text (both->resource, "entry.0.resource.meta.versionId"), ==,
                   fhir_resource_get_version (here->resource));
  g_assert_cmpstr (fhir_resource_path_text (both->resource, "entry.1.resource.meta.versionId"), ==,
                   version);
  g_assert_cmpuint (status_of (fixture, "PUT /fhir/Patient/a", match, CHANGED), ==, 412);
  g_assert_cmpuint (status_of (fixture, vread, NULL, NULL), ==, 404);
  g_assert_cmpuint (status_of (fixture, "POST /fhir", NULL, bundle), ==, 412);
}

/* Packed bodies are looked into like others, and bytes are left as they are. */
static void
test_other_bodies (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (HubAnswer) created = send (fixture, "PUT /fhir/Patient/a", NULL, PATIENT);
  g_autofree char *format = g_strdup_printf (
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":" CHANGED
      ",\"request\":{\"method\":\"PUT\",\"url\":\"Patient/a\",\"ifMatch\":\"W/\\\"%s\\\"\"}}]}",
      fhir_resource_get_version (created->resource));
  g_autoptr (GBytes) plain = g_bytes_new (format, strlen (format));
  g_autoptr (GBytes) packed = hub_gzip_pack (plain);
  g_autoptr (GBytes) raw = g_bytes_new_static ("W/\"1\"\0 and more", 15);
  g_autofree char *token = hub_fixture_token (fixture, "admin");
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  const struct
  {
    const char *path, *type, *encoding;
    GBytes *body;
    guint status;
  } sent[] = { { "/fhir", "application/fhir+json", "gzip", packed, 200 },
               { "/fhir/Binary", "application/octet-stream", NULL, raw, 201 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      g_autofree char *url =
          g_strconcat (hub_server_get_base_url (fixture->server), sent[i].path, NULL);
      g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
      SoupMessageHeaders *headers = soup_message_get_request_headers (message);

      soup_message_set_request_body_from_bytes (message, sent[i].type, sent[i].body);
      soup_message_headers_replace (headers, "Authorization", bearer);
      if (sent[i].encoding != NULL)
        soup_message_headers_replace (headers, "Content-Encoding", sent[i].encoding);
      send_message (fixture, message);
      g_assert_cmpuint (soup_message_get_status (message), ==, sent[i].status);
    }
}

/* ---- ids, history, transactions ---- */

static void
test_server_ids (HubFixture *fixture, gconstpointer names)
{
  static const char bundle[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":"
      "\"urn:uuid:019a0000-0000-7000-8000-000000000001\",\"resource\":{\"resourceType\":"
      "\"Patient\"},"
      "\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}]}";
  g_autoptr (HubAnswer) made = NULL, sent = NULL;
  g_autofree char *request = NULL, *body = NULL;
  const char *id;

  g_assert_cmpuint (status_of (fixture, "PUT /fhir/Patient/a", NULL, PATIENT), ==, 404);
  made = send (fixture, "POST /fhir/Patient", NULL, PATIENT);
  g_assert_cmpuint (made->status, ==, 201);
  id = fhir_resource_get_id (made->resource);
  g_assert_cmpstr (id, !=, "a");
  request = g_strdup_printf ("PUT /fhir/Patient/%s", id);
  body = g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"%s\",\"active\":true}", id);
  g_assert_cmpuint (status_of (fixture, request, NULL, body), ==, 200);
  sent = send (fixture, "POST /fhir", NULL, bundle);
  g_assert_cmpuint (sent->status, ==, 200);
  g_assert_null (strstr (fhir_resource_path_text (sent->resource, "entry.0.response.location"),
                         "019a0000-0000-7000-8000-000000000001"));
}

static void
test_no_history (HubFixture *fixture, gconstpointer names)
{
  g_assert_cmpuint (status_of (fixture, "PUT /fhir/Patient/a", NULL, PATIENT), ==, 201);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a", NULL, NULL), ==, 200);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a/_history", NULL, NULL), ==, 404);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/a/_history/1", NULL, NULL), ==, 404);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient/_history", NULL, NULL), ==, 404);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/_history", NULL, NULL), ==, 404);
  g_assert_false (has_interaction (fixture, TYPE, "vread"));
  g_assert_false (has_interaction (fixture, TYPE, "history-instance"));
  g_assert_true (has_interaction (fixture, TYPE, "read"));
}

static void
test_no_transaction (HubFixture *fixture, gconstpointer names)
{
  static const char format[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[{\"request\":"
      "{\"method\":\"GET\",\"url\":\"Patient\"}}]}";
  gboolean batch_too = strstr (names, "no-batch") != NULL;
  g_autofree char *transaction = g_strdup_printf (format, "transaction");
  g_autofree char *batch = g_strdup_printf (format, "batch");

  g_assert_cmpuint (status_of (fixture, "POST /fhir", NULL, transaction), ==, 404);
  g_assert_cmpuint (status_of (fixture, "POST /fhir/", NULL, transaction), ==, 404);
  g_assert_cmpuint (status_of (fixture, "POST /fhir", NULL, batch), ==, batch_too ? 404 : 200);
  g_assert_false (has_interaction (fixture, "rest.0.interaction", "transaction"));
  g_assert_cmpint (has_interaction (fixture, "rest.0.interaction", "batch"), ==, !batch_too);
}

static void
test_no_subscriptions (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (HubAnswer) statement = send (fixture, "GET /fhir/metadata", NULL, NULL);

  g_assert_cmpuint (status_of (fixture, "GET /fhir/Subscription", NULL, NULL), ==, 404);
  g_assert_cmpuint (status_of (fixture, "POST /fhir/Subscription", NULL,
                               "{\"resourceType\":\"Subscription\"}"),
                    ==, 404);
  fhir_element_foreach (resource, fhir_resource_path (statement->resource, "rest.0.resource"))
    g_assert_cmpstr (fhir_element_path_text (resource, "type"), !=, "Subscription");
}

/* ---- paging ---- */

static char *
next_of (HubAnswer *answer)
{
  fhir_element_foreach (link, fhir_resource_path (answer->resource, "link"))
    if (g_strcmp0 (fhir_element_path_text (link, "relation"), "next") == 0)
      return g_strconcat ("GET ", fhir_element_path_text (link, "url"), NULL);
  return NULL;
}

static void
test_expiring_next (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (HubAnswer) first = NULL, second = NULL, again = NULL;
  g_autofree char *next = NULL, *after = NULL, *late = NULL;

  put_patients (fixture, 5);
  first = send (fixture, "GET /fhir/Patient?_count=2", NULL, NULL);
  next = next_of (first);
  second = send (fixture, next, NULL, NULL);
  g_assert_cmpuint (second->status, ==, 200);
  g_assert_cmpuint (status_of (fixture, next, NULL, NULL), ==, 410); /* once */
  after = next_of (second);
  base_clock_advance (fixture->clock, 11 * G_USEC_PER_SEC);
  g_assert_cmpuint (status_of (fixture, after, NULL, NULL), ==, 410); /* and soon */
  again = send (fixture, "GET /fhir/Patient?_count=2", NULL, NULL);
  late = next_of (again);
  g_assert_cmpuint (status_of (fixture, late, NULL, NULL), ==, 200);
}

static void
test_unknown_parameters (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (HubAnswer) answer = NULL, empty = NULL;

  put_patients (fixture, 2);
  answer = send (fixture, "GET /fhir/Patient?shoe-size=44", NULL, NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (answer->resource, "entry")), ==,
                    2);
  g_assert_null (strstr (answer->text, "OperationOutcome"));
  empty = send (fixture, "GET /fhir/Observation?shoe-size=44", NULL, NULL);
  g_assert_cmpuint (empty->status, ==, 200);
  g_assert_null (fhir_resource_path (empty->resource, "entry"));
}

/* ---- limits ---- */

static void
test_small_bodies (HubFixture *fixture, gconstpointer names)
{
  g_autofree char *filling = g_strnfill (1024 * 1024, 'x');
  g_autofree char *large =
      g_strdup_printf ("{\"resourceType\":\"Patient\",\"text\":{\"div\":\"%s\"}}", filling);
  g_autoptr (HubAnswer) refused = NULL;
  g_autofree char *sentence = NULL;

  filling[1000 * 1000] = '\0';
  refused = send (fixture, "POST /fhir/Patient", NULL, large);
  g_assert_cmpuint (refused->status, ==, 400);
  sentence = hub_answer_sentence (refused);
  g_assert_cmpstr (sentence, ==, "File too large");
  g_free (large);
  large = g_strdup_printf ("{\"resourceType\":\"Patient\",\"text\":{\"div\":\"%s\"}}", filling);
  g_assert_cmpuint (status_of (fixture, "POST /fhir/Patient", NULL, large), ==, 201);
}

static void
test_rate_limit (HubFixture *fixture, gconstpointer names)
{
  static const char bundle[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
      "{\"resource\":{\"resourceType\":\"Patient\"},\"request\":{\"method\":\"POST\",\"url\":"
      "\"Patient\"}},{\"resource\":{\"resourceType\":\"Patient\"},\"request\":{\"method\":\"POST\","
      "\"url\":\"Patient\"}}]}";
  g_autoptr (HubAnswer) refused = NULL;

  put_patients (fixture, 2);
  g_assert_cmpuint (status_of (fixture, "POST /fhir", NULL, bundle), ==, 429); /* would be four */
  g_assert_cmpuint (status_of (fixture, "POST /fhir/Patient", NULL, PATIENT), ==, 201);
  refused = send (fixture, "POST /fhir/Patient", NULL, PATIENT);
  g_assert_cmpuint (refused->status, ==, 429);
  g_assert_cmpint (atoi (hub_answer_header (refused, "Retry-After")), >, 0);
  g_assert_cmpint (atoi (hub_answer_header (refused, "Retry-After")), <=, 61);
  g_assert_cmpuint (status_of (fixture, "GET /fhir/Patient", NULL, NULL), ==, 200);
  base_clock_advance (fixture->clock,
                      atoi (hub_answer_header (refused, "Retry-After")) * G_USEC_PER_SEC);
  g_assert_cmpuint (status_of (fixture, "POST /fhir", NULL, bundle), ==, 200);
}

/* ---- answers ---- */

static void
test_if_match (HubFixture *fixture, gconstpointer names)
{
  g_assert_cmpuint (status_of (fixture, "PUT /fhir/Patient/a", NULL, PATIENT), ==, 201);
  g_assert_cmpuint (status_of (fixture, "PUT /fhir/Patient/a", "If-Match: W/\"9\"", CHANGED), ==,
                    412);
  g_assert_cmpuint (status_of (fixture, "PATCH /fhir/Patient/a",
                               "If-Match: W/\"9\"\nContent-Type: application/json-patch+json",
                               "[{\"op\":\"add\",\"path\":\"/active\",\"value\":true}]"),
                    ==, 200);
  g_assert_cmpuint (status_of (fixture, "DELETE /fhir/Patient/a", "If-Match: W/\"9\"", NULL), ==,
                    204);
}

static void
test_no_body (HubFixture *fixture, gconstpointer names)
{
  g_autoptr (HubAnswer) created = send (fixture, "PUT /fhir/Patient/a", NULL, PATIENT);
  g_autoptr (HubAnswer) changed = send (fixture, "PUT /fhir/Patient/a", NULL, CHANGED);

  g_assert_cmpuint (created->status, ==, 201);
  g_assert_cmpstr (created->text, ==, "");
  g_assert_cmpstr (hub_answer_header (created, "Location"), ==, "4_0_0/Patient/a");
  g_assert_cmpstr (hub_answer_header (created, "ETag"), ==, "1");
  g_assert_cmpuint (changed->status, ==, 200);
  g_assert_nonnull (changed->resource);
}

#define quirk_test(path, names, function)                                                          \
  g_test_add (path, HubFixture, names, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  quirk_test ("/hub/quirk/none", NULL, test_none);
  g_test_add_func ("/hub/quirk/names", test_names);
  quirk_test ("/hub/quirk/statement", "no-history", test_statement);
  quirk_test ("/hub/quirk/uuid-versions", "uuid-versions", test_uuid_versions);
  quirk_test ("/hub/quirk/uuid-versions-in-bundles", "uuid-versions",
              test_uuid_versions_in_bundles);
  quirk_test ("/hub/quirk/uuid-versions-are-of-a-record", "uuid-versions",
              test_uuid_versions_are_of_a_record);
  quirk_test ("/hub/quirk/other-bodies", "uuid-versions", test_other_bodies);
  quirk_test ("/hub/quirk/server-ids", "server-ids", test_server_ids);
  quirk_test ("/hub/quirk/no-history", "no-history", test_no_history);
  quirk_test ("/hub/quirk/no-transaction", "no-transaction", test_no_transaction);
  quirk_test ("/hub/quirk/no-batch", "no-transaction,no-batch", test_no_transaction);
  quirk_test ("/hub/quirk/no-subscriptions", "no-subscriptions", test_no_subscriptions);
  quirk_test ("/hub/quirk/expiring-next", "expiring-next=10", test_expiring_next);
  quirk_test ("/hub/quirk/unknown-parameters", "ignores-unknown-parameters",
              test_unknown_parameters);
  quirk_test ("/hub/quirk/small-bodies", "small-bodies", test_small_bodies);
  quirk_test ("/hub/quirk/rate-limit", "rate-limit=3", test_rate_limit);
  quirk_test ("/hub/quirk/if-match", "patch-ignores-if-match", test_if_match);
  quirk_test ("/hub/quirk/no-body", "no-body", test_no_body);
  return g_test_run ();
}
