/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <stdlib.h>
#include <string.h>

#include "store-setting.h"

/* Bulk Data: kick-off, polling, manifest, files as it stood at the kick-off. */

#define ASYNC "Prefer: respond-async"
#define P1    "{\"reference\":\"Patient/p1\"}"
#define P2    "{\"reference\":\"Patient/p2\"}"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, set_up, function, hub_fixture_tear_down)

static void
put (HubFixture *fixture, const char *reference, const char *members)
{
  g_auto (GStrv) parts = g_strsplit (reference, "/", 2);
  g_autofree char *request = g_strconcat ("PUT /fhir/", reference, NULL);
  g_autofree char *body = g_strdup_printf ("{\n \"resourceType\":\"%s\",\r\n\"id\":\"%s\"%s}",
                                           parts[0], parts[1], members);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, body);

  g_assert_cmpuint (answer->status / 100, ==, 2);
}

static void delete (HubFixture *fixture, const char *reference)
{
  g_autofree char *request = g_strconcat ("DELETE /fhir/", reference, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 204);
}

static void
set_up (HubFixture *fixture, gconstpointer data)
{
  hub_fixture_set_up (fixture, data);
  put (fixture, "Organization/o1", "");
  put (fixture, "Patient/p1", "");
  put (fixture, "Patient/p2", "");
  put (fixture, "Patient/p3", "");
  put (fixture, "Basic/b1", ",\"subject\":" P1 ",\"x\":1.00");
  put (fixture, "Basic/b2", ",\"subject\":" P2);
  put (fixture, "Basic/b3", "");
  put (fixture, "Group/g",
       ",\"member\":[{\"entity\":" P1 "},{\"entity\":" P2 ",\"inactive\":true},{\"entity\":"
       "{\"reference\":\"Practitioner/d\"}}]");
}

/* The address where the export's status is asked. */
static char *
kick_off (HubFixture *fixture, const char *path)
{
  g_autofree char *request = g_strconcat ("GET /fhir/", path, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, ASYNC, NULL);

  g_assert_cmpuint (answer->status, ==, 202);
  g_assert_nonnull (hub_answer_header (answer, "Content-Location"));
  return g_strdup (hub_answer_header (answer, "Content-Location"));
}

/* Asks until the manifest is there. */
static FhirResource *
wait_for (HubFixture *fixture, const char *status)
{
  g_autofree char *request = g_strconcat ("GET ", status, NULL);

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

      if (answer->status == 200)
        {
          /* a manifest is no resource: dress it as one to read it */
          g_autofree char *text =
              g_strconcat ("{\"resourceType\":\"Basic\",", answer->text + 1, NULL);

          g_assert_nonnull (hub_answer_header (answer, "Expires"));
          g_assert_cmpstr (hub_answer_header (answer, "Content-Type"), ==, "application/json");
          return fhir_resource_parse (text, -1, NULL);
        }
      g_assert_cmpuint (answer->status, ==, 202);
      g_assert_nonnull (strstr (hub_answer_header (answer, "X-Progress"), "types"));
      g_assert_nonnull (hub_answer_header (answer, "Retry-After"));
    }
  g_assert_not_reached ();
}

/* "Basic/b1 1, Basic/b2 1 …": each line's resource and version. */
static char *
dup_lines (HubFixture *fixture, const char *url, guint expected)
{
  g_autofree char *request = g_strconcat ("GET ", url, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);
  g_auto (GStrv) lines = NULL;
  GString *words = g_string_new (NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (hub_answer_header (answer, "Content-Type"), ==, "application/fhir+ndjson");
  g_assert_true (g_str_has_suffix (answer->text, "\n"));
  answer->text[strlen (answer->text) - 1] = '\0';
  lines = g_strsplit (answer->text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, expected);
  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (FhirResource) resource = fhir_resource_parse (*line, -1, NULL);

      g_assert_nonnull (resource);
      g_string_append_printf (words, "%s%s/%s %s", words->len > 0 ? ", " : "",
                              fhir_resource_get_type (resource), fhir_resource_get_id (resource),
                              fhir_resource_get_version (resource));
    }
  return g_string_free_and_steal (words);
}

/* All files of an export, in the order of the manifest. */
static char *
dup_export (HubFixture *fixture, FhirResource *manifest)
{
  GString *words = g_string_new (NULL);

  fhir_element_foreach (file, fhir_resource_path (manifest, "output"))
    {
      guint count = (guint) atoi (fhir_element_path_text (file, "count"));
      g_autofree char *lines = dup_lines (fixture, fhir_element_path_text (file, "url"), count);

      g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", lines);
    }
  return g_string_free_and_steal (words);
}

static void
assert_export (HubFixture *fixture, const char *path, const char *expected)
{
  g_autofree char *status = kick_off (fixture, path);
  g_autoptr (FhirResource) manifest = wait_for (fixture, status);
  g_autofree char *lines = dup_export (fixture, manifest);

  g_assert_cmpstr (lines, ==, expected);
}

static void
test_levels (HubFixture *fixture, gconstpointer data)
{
  assert_export (fixture, "$export",
                 "Basic/b1 1, Basic/b2 1, Basic/b3 1, Group/g 1, Organization/o1 1, "
                 "Patient/p1 1, Patient/p2 1, Patient/p3 1");
  assert_export (fixture, "Patient/$export",
                 "Basic/b1 1, Basic/b2 1, Group/g 1, Patient/p1 1, Patient/p2 1, Patient/p3 1");
  /* not p2, who has left the group */
  assert_export (fixture, "Group/g/$export", "Basic/b1 1, Group/g 1, Patient/p1 1");
  assert_export (fixture, "$export?_type=Patient,Organization,Device",
                 "Patient/p1 1, Patient/p2 1, Patient/p3 1, Organization/o1 1");
  assert_export (fixture, "$export?_outputFormat=application/fhir+ndjson&_since=2099", "");
}

/* What is changed, moved, deleted or made after the kick-off does not show. */
static void
test_snapshot (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *all = kick_off (fixture, "$export?_type=Basic,Patient,Device");
  g_autofree char *group = kick_off (fixture, "Group/g/$export?_type=Basic");
  g_autoptr (FhirResource) manifest = NULL, of_group = NULL;
  g_autofree char *lines = NULL, *group_lines = NULL, *since = NULL;

  put (fixture, "Basic/b1", ",\"subject\":" P2 ",\"y\":1");
  put (fixture, "Basic/b1", ",\"subject\":" P2 ",\"y\":2");
  put (fixture, "Basic/b2", ",\"subject\":" P1);
  delete (fixture, "Basic/b3");
  put (fixture, "Basic/b4", "");
  put (fixture, "Device/d", "");
  manifest = wait_for (fixture, all);
  lines = dup_export (fixture, manifest);
  g_assert_cmpstr (lines, ==,
                   "Basic/b1 1, Basic/b2 1, Basic/b3 1, Patient/p1 1, Patient/p2 1, Patient/p3 1");
  of_group = wait_for (fixture, group);
  group_lines = dup_export (fixture, of_group);
  g_assert_cmpstr (group_lines, ==, "Basic/b1 1");
  g_assert_cmpstr (fhir_resource_path_text (manifest, "requiresAccessToken"), ==, "true");
  g_assert_nonnull (strstr (fhir_resource_path_text (manifest, "request"), "/fhir/$export?_type="));
  /* the next one, from its time on, has the rest */
  since = g_strdup_printf ("$export?_type=Basic,Device&_since=%s",
                           fhir_resource_path_text (manifest, "transactionTime"));
  assert_export (fixture, since, "Basic/b1 3, Basic/b2 2, Basic/b4 1, Device/d 1");
}

/* Who has an earlier export learns what to delete. */
static void
test_deleted (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *first = kick_off (fixture, "$export");
  g_autoptr (FhirResource) before = wait_for (fixture, first);
  const char *time = fhir_resource_path_text (before, "transactionTime");
  g_autofree char *all_path = g_strdup_printf ("$export?_since=%s", time);
  g_autofree char *group_path = g_strdup_printf ("Group/g/$export?_since=%s", time);
  g_autofree char *type_path = g_strdup_printf ("$export?_type=Patient&_since=%s", time);
  g_autofree char *all = NULL, *group = NULL, *type = NULL, *request = NULL;
  g_autoptr (FhirResource) manifest = NULL, of_group = NULL, of_type = NULL;
  g_autoptr (HubAnswer) file = NULL, line = NULL;

  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (before, "deleted")), ==, 0);
  base_clock_advance (fixture->clock, G_USEC_PER_SEC);
  delete (fixture, "Basic/b2");
  delete (fixture, "Basic/b3");
  delete (fixture, "Organization/o1");
  put (fixture, "Organization/o1", "");
  all = kick_off (fixture, all_path);
  group = kick_off (fixture, group_path);
  type = kick_off (fixture, type_path);
  put (fixture, "Basic/b2", ""); /* was deleted at the kick-off */
  delete (fixture, "Basic/b1");  /* was not yet */
  manifest = wait_for (fixture, all);
  g_assert_cmpstr (fhir_resource_path_text (manifest, "deleted.0.type"), ==, "Bundle");
  request = g_strconcat ("GET ", fhir_resource_path_text (manifest, "deleted.0.url"), NULL);
  file = hub_fixture_send (fixture, "admin", request, NULL, NULL);
  g_assert_cmpstr (file->text, ==,
                   "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                   "{\"request\":{\"method\":\"DELETE\",\"url\":\"Basic/b2\"}},"
                   "{\"request\":{\"method\":\"DELETE\",\"url\":\"Basic/b3\"}}]}\n");
  of_group = wait_for (fixture, group); /* neither is of p1 */
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (of_group, "deleted")), ==, 0);
  of_type = wait_for (fixture, type);
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (of_type, "deleted")), ==, 0);
  /* the line does what it says */
  line = hub_fixture_send (fixture, "admin", "POST /fhir", NULL, file->text);
  g_assert_cmpuint (line->status, ==, 200);
}

/* More than is read at once, plain and packed, with digits kept. */
static void
test_long_file (HubFixture *fixture, gconstpointer data)
{
  GString *bundle =
      g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[");
  g_autoptr (HubAnswer) made = NULL, plain = NULL, packed = NULL;
  g_autoptr (FhirResource) manifest = NULL;
  g_autofree char *status = NULL, *request = NULL, *lines = NULL;

  for (guint i = 0; i < 450; i++)
    g_string_append_printf (bundle,
                            "%s{\"request\":{\"method\":\"PUT\",\"url\":\"Device/d%u\"},"
                            "\"resource\":{\"resourceType\":\"Device\",\"id\":\"d%u\",\"x\":2.50}}",
                            i > 0 ? "," : "", i, i);
  g_string_append (bundle, "]}");
  made = hub_fixture_send (fixture, "admin", "POST /fhir", NULL, bundle->str);
  g_string_free (bundle, TRUE);
  g_assert_cmpuint (made->status, ==, 200);
  status = kick_off (fixture, "$export?_type=Device");
  manifest = wait_for (fixture, status);
  g_assert_cmpstr (fhir_resource_path_text (manifest, "output.0.count"), ==, "450");
  lines = dup_lines (fixture, fhir_resource_path_text (manifest, "output.0.url"), 450);
  request = g_strconcat ("GET ", fhir_resource_path_text (manifest, "output.0.url"), NULL);
  packed = hub_fixture_send (fixture, "admin", request, "Accept-Encoding: gzip", NULL);
  g_assert_nonnull (strstr (packed->text, "\"x\":2.50"));
  soup_session_remove_feature_by_type (fixture->session, SOUP_TYPE_CONTENT_DECODER);
  plain = hub_fixture_send (fixture, "admin", request, NULL, NULL);
  g_assert_null (hub_answer_header (plain, "Content-Encoding"));
  g_assert_cmpstr (plain->text, ==, packed->text);
}

static void
test_cancel (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *status = kick_off (fixture, "$export");
  g_autoptr (FhirResource) manifest = wait_for (fixture, status);
  g_autofree char *get = g_strconcat ("GET ", status, NULL);
  g_autofree char *cancel = g_strconcat ("DELETE ", status, NULL);
  g_autofree char *file =
      g_strconcat ("GET ", fhir_resource_path_text (manifest, "output.0.url"), NULL);
  g_autoptr (HubUser) second = hub_user_new ("second", NULL, HUB_ROLE_ADMIN, NULL);
  g_autoptr (HubAnswer) other = NULL, done = NULL, gone = NULL, no_file = NULL, again = NULL;
  g_autoptr (HubAnswer) no_cancel = NULL, not_theirs = NULL, theirs = NULL;

  hub_access_put_user (fixture->data->access, second, NULL);
  other = hub_fixture_send (fixture, "second", get, NULL, NULL); /* is not theirs */
  hub_assert_outcome (other, 404);
  no_cancel = hub_fixture_send (fixture, "second", cancel, NULL, NULL);
  hub_assert_outcome (no_cancel, 404);
  not_theirs = hub_fixture_send (fixture, "second", file, NULL, NULL);
  hub_assert_outcome (not_theirs, 404);
  theirs = hub_fixture_send (fixture, "admin", file, NULL, NULL);
  g_assert_cmpuint (theirs->status, ==, 200);
  done = hub_fixture_send (fixture, "admin", cancel, NULL, NULL);
  g_assert_cmpuint (done->status, ==, 202);
  gone = hub_fixture_send (fixture, "admin", get, NULL, NULL);
  hub_assert_outcome (gone, 404);
  no_file = hub_fixture_send (fixture, "admin", file, NULL, NULL);
  hub_assert_outcome (no_file, 404);
  again = hub_fixture_send (fixture, "admin", cancel, NULL, NULL);
  hub_assert_outcome (again, 404);
}

static void
count_row (const char *name, const char *value, gpointer data)
{
  (*(guint *) data)++;
}

static gboolean
count_rows (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_foreach (connection, "hub.export.", count_row, data, error);
}

/* While it still counts: what it counted to the end meanwhile must not bring it back. */
static void
test_cancel_running (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *kept = kick_off (fixture, "$export");
  guint rows = 0;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *status = kick_off (fixture, "$export");
      g_autofree char *cancel = g_strconcat ("DELETE ", status, NULL);
      g_autoptr (HubAnswer) done = hub_fixture_send (fixture, "admin", cancel, NULL, NULL);

      g_assert_cmpuint (done->status, ==, 202);
    }
  fhir_resource_unref (wait_for (fixture, kept)); /* by then the others are through as well */
  g_assert_true (store_database_read (fixture->data->store, count_rows, &rows, NULL));
  g_assert_cmpuint (rows, ==, 1);
}

typedef struct
{
  GInputStream *stream;
  gssize length; /* of one read; -1 where it failed */
  gboolean done;
} Reading;

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;

  reading->stream = soup_session_send_finish (SOUP_SESSION (source), result, NULL);
  reading->done = TRUE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;

  reading->length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
  reading->done = TRUE;
}

static gssize
read_some (Reading *reading, char *buffer, gsize size)
{
  reading->done = FALSE;
  g_input_stream_read_async (reading->stream, buffer, size, G_PRIORITY_DEFAULT, NULL, read_cb,
                             reading);
  while (!reading->done)
    g_main_context_iteration (NULL, TRUE);
  return reading->length;
}

/* 600 resources of 40 kB: more than fits between server and client. Gives back where they are. */
static char *
export_much (HubFixture *fixture, char **url)
{
  g_autofree char *note = g_strnfill (40 * 1024, 'n');
  GString *bundle =
      g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[");
  g_autoptr (HubAnswer) made = NULL;
  g_autoptr (FhirResource) manifest = NULL;
  char *status;

  for (guint i = 0; i < 600; i++)
    g_string_append_printf (
        bundle,
        "%s{\"request\":{\"method\":\"PUT\",\"url\":\"Media/d%u\"},"
        "\"resource\":{\"resourceType\":\"Media\",\"id\":\"d%u\",\"x\":\"%s\"}}",
        i > 0 ? "," : "", i, i, note);
  g_string_append (bundle, "]}");
  made = hub_fixture_send (fixture, "admin", "POST /fhir", "Prefer: return=minimal", bundle->str);
  g_string_free (bundle, TRUE);
  g_assert_cmpuint (made->status, ==, 200);
  status = kick_off (fixture, "$export?_type=Media");
  manifest = wait_for (fixture, status);
  *url = g_strdup (fhir_resource_path_text (manifest, "output.0.url"));
  return status;
}

/* Opens the file and reads its first bytes. */
static void
start_reading (HubFixture *fixture, const char *url, Reading *reading)
{
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autofree char *token = hub_fixture_token (fixture, "admin");
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  char buffer[1024];

  soup_session_remove_feature_by_type (fixture->session, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                bearer);
  soup_session_send_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL, sent_cb, reading);
  while (!reading->done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (reading->stream);
  g_assert_cmpint (read_some (reading, buffer, sizeof buffer), >, 0);
}

/* Who reads half a file must not take it for the whole. */
static void
test_cut_short (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *status = export_much (fixture, &url);
  g_autofree char *cancel = g_strconcat ("DELETE ", status, NULL);
  g_autofree char *buffer = g_malloc (64 * 1024);
  g_autoptr (HubAnswer) done = NULL;
  Reading reading = { 0 };
  gssize length;

  start_reading (fixture, url, &reading);
  done = hub_fixture_send (fixture, "admin", cancel, NULL, NULL);
  g_assert_cmpuint (done->status, ==, 202);
  do
    length = read_some (&reading, buffer, 64 * 1024);
  while (length > 0);
  g_assert_cmpint (length, ==, -1);
  g_clear_object (&reading.stream);
}

/* A client that goes away leaves nothing behind. */
static void
test_client_goes (HubFixture *fixture, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  g_autofree char *url = NULL;
  g_autofree char *status = export_much (fixture, &url);
  guint before = G_OBJECT (fixture->server)->ref_count;
  Reading reading = { 0 };

  start_reading (fixture, url, &reading);
  g_assert_cmpuint (G_OBJECT (fixture->server)->ref_count, >, before);
  g_clear_object (&reading.stream);
  soup_session_abort (fixture->session);
  while (G_OBJECT (fixture->server)->ref_count > before && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (G_OBJECT (fixture->server)->ref_count, ==, before);
}

static void
test_limits (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *first = kick_off (fixture, "$export?_type=Basic");
  g_autofree char *get = g_strconcat ("GET ", first, NULL);
  g_autoptr (HubAnswer) full = NULL, old = NULL;
  g_autofree char *next = NULL;

  for (guint i = 0; i < 7; i++)
    g_free (kick_off (fixture, "$export?_type=Basic"));
  full = hub_fixture_send (fixture, "admin", "GET /fhir/$export", ASYNC, NULL);
  hub_assert_outcome (full, 429);
  g_assert_nonnull (hub_answer_header (full, "Retry-After"));
  base_clock_advance (fixture->clock, G_GINT64_CONSTANT (3601) * G_USEC_PER_SEC);
  old = hub_fixture_send (fixture, "admin", get, NULL, NULL); /* nobody asked for an hour */
  hub_assert_outcome (old, 404);
  next = kick_off (fixture, "$export");
}

typedef struct
{
  guint begun, refused, open;
} Crowd;

static void
crowd_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  Crowd *crowd = data;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, NULL);

  g_assert_nonnull (stream);
  if (soup_message_get_status (message) == 202)
    crowd->begun++;
  else if (soup_message_get_status (message) == 429)
    crowd->refused++;
  crowd->open--;
}

/* Nobody gets past the limit by asking for all at once. */
static void
test_crowd (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (SoupSession) session =
      g_object_new (SOUP_TYPE_SESSION, "max-conns-per-host", 20, NULL);
  g_autofree char *token = hub_fixture_token (fixture, "admin");
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autofree char *url =
      g_strconcat (hub_server_get_base_url (fixture->server), "/fhir/$export?_type=Basic", NULL);
  Crowd crowd = { 0 };

  for (crowd.open = 0; crowd.open < 20; crowd.open++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
      SoupMessageHeaders *headers = soup_message_get_request_headers (message);

      soup_message_headers_replace (headers, "Authorization", bearer);
      soup_message_headers_replace (headers, "Prefer", "respond-async");
      soup_session_send_async (session, message, G_PRIORITY_DEFAULT, NULL, crowd_cb, &crowd);
    }
  while (crowd.open > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (crowd.begun, ==, 8);
  g_assert_cmpuint (crowd.refused, ==, 12);
}

/* As if the hub's machine had been started anew. */
static void
restart (HubFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  hub_server_stop (fixture->server);
  g_clear_object (&fixture->server);
  g_clear_pointer (&fixture->data, hub_data_close);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  fixture->data = hub_data_open (fixture->folder, NULL, fixture->clock, &error);
  g_assert_no_error (error);
  fixture->server = hub_server_new (fixture->data->store, fixture->clock, fixture->data->access);
  hub_server_start (fixture->server, 0, &error);
  g_assert_no_error (error);
}

/* The hub has another port by now, and all its users are saved. */
static char *
dup_path (const char *url)
{
  return g_strdup (strstr (url, "/fhir/"));
}

static FhirResource *
wait_again (HubFixture *fixture, const char *status)
{
  g_autofree char *path = dup_path (status);

  return wait_for (fixture, path);
}

/* What was counted is there as it was, what was not is counted anew: of the same snapshot. */
static void
test_restart (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *done = kick_off (fixture, "$export?_type=Basic,Device");
  g_autoptr (FhirResource) before = wait_for (fixture, done);
  g_autofree char *group = NULL, *cancelled = NULL, *delete_request = NULL, *gone_request = NULL;
  g_autofree char *lines = NULL, *group_lines = NULL;
  g_autoptr (FhirResource) after = NULL, of_group = NULL;
  g_autoptr (HubAnswer) ended = NULL, gone = NULL;

  g_assert_true (hub_access_save (fixture->data->access, NULL));
  put (fixture, "Observation/both", ",\"subject\":" P2 ",\"performer\":[" P1 "]");
  cancelled = kick_off (fixture, "$export");
  delete_request = g_strconcat ("DELETE ", cancelled, NULL);
  ended = hub_fixture_send (fixture, "admin", delete_request, NULL, NULL);
  g_assert_cmpuint (ended->status, ==, 202);
  group = kick_off (fixture, "Group/g/$export"); /* its counting has not come far */
  put (fixture, "Basic/b1", ",\"subject\":" P2);
  restart (fixture);
  put (fixture, "Basic/b2", ",\"x\":1");
  after = wait_again (fixture, done);
  g_assert_cmpstr (fhir_resource_path_text (after, "transactionTime"), ==,
                   fhir_resource_path_text (before, "transactionTime"));
  g_assert_cmpstr (fhir_resource_path_text (after, "request"), ==,
                   fhir_resource_path_text (before, "request"));
  lines = dup_export (fixture, after);
  g_assert_cmpstr (lines, ==, "Basic/b1 1, Basic/b2 1, Basic/b3 1");
  of_group = wait_again (fixture, group);
  group_lines = dup_export (fixture, of_group);
  g_assert_cmpstr (group_lines, ==, "Basic/b1 1, Group/g 1, Observation/both 1, Patient/p1 1");
  gone_request = g_strconcat ("GET ", strstr (cancelled, "/fhir/"), NULL);
  gone = hub_fixture_send (fixture, "admin", gone_request, NULL, NULL);
  hub_assert_outcome (gone, 404);
}

static gboolean
spoil_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, data, "{\"format\":2,\"user\":\"admin\"}", error);
}

/* A row of another hub's making is no export that holds nothing. */
static void
test_unreadable (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *status = kick_off (fixture, "$export");
  g_autoptr (FhirResource) manifest = wait_for (fixture, status);
  g_autofree char *row = g_strconcat ("hub.export.", strrchr (status, '/') + 1, NULL);
  g_autofree char *path = dup_path (status);
  g_autofree char *get = g_strconcat ("GET ", path, NULL);
  g_autofree char *cancel = g_strconcat ("DELETE ", path, NULL);
  g_autofree char *sentence = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HubAnswer) failed = NULL, done = NULL, gone = NULL;

  g_assert_true (hub_access_save (fixture->data->access, NULL));
  store_database_write (fixture->data->store, BASE_LANE_PERSON, spoil_work, row, &error);
  g_assert_no_error (error);
  restart (fixture);
  failed = hub_fixture_send (fixture, "admin", get, NULL, NULL);
  hub_assert_outcome (failed, 500);
  sentence = hub_answer_sentence (failed);
  g_assert_nonnull (strstr (sentence, "export once more"));
  done = hub_fixture_send (fixture, "admin", cancel, NULL, NULL);
  g_assert_cmpuint (done->status, ==, 202);
  restart (fixture);
  gone = hub_fixture_send (fixture, "admin", get, NULL, NULL);
  hub_assert_outcome (gone, 404);
}

/* A restart gives no export a longer life, and asking for it does. */
static void
test_expiry (HubFixture *fixture, gconstpointer data)
{
  const gint64 minute = G_GINT64_CONSTANT (60) * G_USEC_PER_SEC;
  g_autofree char *asked = kick_off (fixture, "$export?_type=Basic");
  g_autofree char *forgotten = kick_off (fixture, "$export?_type=Basic");
  g_autofree char *path = dup_path (forgotten);
  g_autofree char *get = g_strconcat ("GET ", path, NULL);
  g_autoptr (FhirResource) first = wait_for (fixture, asked);
  g_autoptr (FhirResource) second = wait_for (fixture, forgotten);
  g_autoptr (FhirResource) later = NULL, still = NULL;
  g_autoptr (HubAnswer) gone = NULL;

  g_assert_true (hub_access_save (fixture->data->access, NULL));
  base_clock_advance (fixture->clock, 40 * minute);
  later = wait_for (fixture, asked);
  restart (fixture);
  base_clock_advance (fixture->clock, 30 * minute);
  gone = hub_fixture_send (fixture, "admin", get, NULL, NULL);
  hub_assert_outcome (gone, 404);
  still = wait_again (fixture, asked);
}

#define PARAMETERS(list)         "{\"resourceType\":\"Parameters\",\"parameter\":[" list "]}"
#define NAMED(name, type, value) "{\"name\":\"" name "\",\"" type "\":" value "}"

/* The address of a status, as kick_off(), or an outcome in @sentence. */
static char *
post (HubFixture *fixture, const char *path, const char *body, guint status, char **sentence)
{
  g_autofree char *request = g_strconcat ("POST /fhir/", path, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, ASYNC, body);

  *sentence = hub_answer_sentence (answer);
  g_test_message ("%s %s: %s", request, body, *sentence);
  hub_assert_outcome (answer, status);
  return g_strdup (hub_answer_header (answer, "Content-Location"));
}

static void
test_parameters (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path, *body, *lines;
  } cases[] = {
    { "$export", "",
      "Basic/b1 1, Basic/b2 1, Basic/b3 1, Group/g 1, Organization/o1 1, "
      "Patient/p1 1, Patient/p2 1, Patient/p3 1" },
    { "$export",
      PARAMETERS (NAMED ("_type", "valueString", "\"Patient,Organization\"") "," NAMED (
          "_type", "valueCode", "\"Group\"") "," NAMED ("_outputFormat", "valueString",
                                                        "\"application/fhir+ndjson\"")),
      "Patient/p1 1, Patient/p2 1, Patient/p3 1, Organization/o1 1, Group/g 1" },
    { "$export", PARAMETERS (NAMED ("_since", "valueInstant", "\"2099-01-01T00:00:00+02:00\"")),
      "" },
    { "Patient/$export",
      PARAMETERS (
          NAMED ("patient", "valueReference", P2) "," NAMED ("patient", "valueReference",
                                                             "{\"reference\":\"Patient/p3\"}")),
      "Basic/b2 1, Group/g 1, Patient/p2 1, Patient/p3 1" },
    { "Group/g/$export", PARAMETERS (NAMED ("patient", "valueReference", P1)),
      "Basic/b1 1, Group/g 1, Patient/p1 1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = NULL;
      g_autofree char *status = post (fixture, cases[i].path, cases[i].body, 202, &sentence);
      g_autoptr (FhirResource) manifest = wait_for (fixture, status);
      g_autofree char *lines = dup_export (fixture, manifest);

      g_assert_cmpstr (lines, ==, cases[i].lines);
    }
}

static void
test_bad_parameters (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path, *body;
    guint status;
    const char *words;
  } cases[] = {
    { "$export", "{", 400, "JSON" },
    { "$export", "{\"resourceType\":\"Patient\"}", 400, "Parameters" },
    { "$export?_type=Patient", PARAMETERS (""), 400, "_type" },
    { "$export", PARAMETERS (NAMED ("_typeFilter", "valueString", "\"x\"")), 400, "_typeFilter" },
    { "$export", PARAMETERS (NAMED ("_type", "valueString", "\"Pasta\"")), 400, "Pasta" },
    { "$export", PARAMETERS (NAMED ("_type", "valueInteger", "1")), 400, "valueString" },
    { "$export", PARAMETERS ("{\"valueString\":\"x\"}"), 400, "without a name" },
    { "$export",
      PARAMETERS (NAMED ("_since", "valueInstant",
                         "\"2026-01-01T00:00:00Z\"") "," NAMED ("_since", "valueInstant",
                                                                "\"2027-01-01T00:00:00Z\"")),
      400, "one value" },
    { "$export", PARAMETERS (NAMED ("patient", "valueReference", P1)), 400, "patients" },
    { "Patient/$export", PARAMETERS (NAMED ("patient", "valueReference", "{\"display\":\"x\"}")),
      400, "valueReference" },
    { "Patient/$export",
      PARAMETERS (NAMED ("patient", "valueReference", "{\"reference\":\"Group/g\"}")), 400,
      "Group/g" },
    { "Patient/$export",
      PARAMETERS (NAMED ("patient", "valueReference", "{\"reference\":\"Patient/none\"}")), 404,
      "none" },
    { "Group/g/$export", PARAMETERS (NAMED ("patient", "valueReference", P2)), 400, "no member" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = NULL;
      g_autofree char *status =
          post (fixture, cases[i].path, cases[i].body, cases[i].status, &sentence);

      g_assert_null (status);
      g_assert_nonnull (strstr (sentence, cases[i].words));
    }
}

static void
test_refusals (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *user, *request, *headers;
    guint status;
    const char *words;
  } cases[] = {
    { "nurse", "GET /fhir/$export", ASYNC, 403, "administrator" },
    { "prescriber", "GET /fhir/Patient/$export", ASYNC, 403, "administrator" },
    { "patient", "GET /fhir/Group/g/$export", ASYNC, 403, "administrator" },
    { "admin", "GET /fhir/$export", NULL, 400, "respond-async" },
    { "admin", "PUT /fhir/$export", ASYNC, 405, "GET, POST" },
    { "nurse", "POST /fhir/$export", ASYNC, 403, "administrator" },
    { "admin", "POST /fhir/$export", NULL, 400, "respond-async" },
    { "admin", "GET /fhir/Group/none/$export", ASYNC, 404, "none" },
    { "admin", "GET /fhir/Observation/$export", ASYNC, 404, "Group" },
    { "admin", "GET /fhir/$export?_typeFilter=Patient", ASYNC, 400, "_typeFilter" },
    { "admin", "GET /fhir/$export?_type=Pasta", ASYNC, 400, "Pasta" },
    { "admin", "GET /fhir/$export?_since=never", ASYNC, 400, "never" },
    { "admin", "GET /fhir/$export?_outputFormat=text/csv", ASYNC, 400, "ndjson" },
    { "admin", "GET /fhir/$export-status/none", NULL, 404, "export" },
    { "nurse", "GET /fhir/$export-status/none", NULL, 403, "administrator" },
    { "admin", "GET /fhir/$export-file/none/Basic.ndjson", NULL, 404, "export" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, cases[i].request, cases[i].headers, NULL);
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
  fixture_test ("/hub-export/levels", test_levels);
  fixture_test ("/hub-export/snapshot", test_snapshot);
  fixture_test ("/hub-export/deleted", test_deleted);
  fixture_test ("/hub-export/long-file", test_long_file);
  fixture_test ("/hub-export/cancel", test_cancel);
  fixture_test ("/hub-export/cancel-running", test_cancel_running);
  fixture_test ("/hub-export/cut-short", test_cut_short);
  fixture_test ("/hub-export/client-goes", test_client_goes);
  fixture_test ("/hub-export/limits", test_limits);
  fixture_test ("/hub-export/crowd", test_crowd);
  fixture_test ("/hub-export/restart", test_restart);
  fixture_test ("/hub-export/unreadable", test_unreadable);
  fixture_test ("/hub-export/expiry", test_expiry);
  fixture_test ("/hub-export/parameters", test_parameters);
  fixture_test ("/hub-export/bad-parameters", test_bad_parameters);
  fixture_test ("/hub-export/refusals", test_refusals);
  return g_test_run ();
}
