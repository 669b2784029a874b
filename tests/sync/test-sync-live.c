/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>

#include "base-id.h"
#include "net-sign-in.h"
#include "net-socket.h"
#include "store-search.h"
#include "sync-fixture.h"

/* The engine against the real hub with its demo clinic, in a process of its own: sign-in, first
 * reading, a prescription, and changes that arrive while nobody asks for them. */

typedef struct
{
  char *folder, *url, *base;
  GSubprocess *process;
  GDataInputStream *output;
} Hub;

static void
start_hub (Hub *hub, const char *port)
{
  const char *program = g_getenv ("BEDSIDE_HUB");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (program);
  if (hub->folder == NULL)
    hub->folder = g_dir_make_tmp ("bedside-hub-XXXXXX", NULL);
  hub->process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                        program, "serve", "--data", hub->folder, "--port", port, "--demo", NULL);
  g_assert_no_error (error);
  hub->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (hub->process));
  g_free (hub->url);
  hub->url = g_data_input_stream_read_line (hub->output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (hub->url, "http://127.0.0.1:"));
  g_free (hub->base);
  hub->base = g_strconcat (hub->url, "/fhir", NULL);
}

static void
stop_hub (Hub *hub, int sig)
{
  g_subprocess_send_signal (hub->process, sig);
  g_subprocess_wait (hub->process, NULL, NULL);
  g_clear_object (&hub->output);
  g_clear_object (&hub->process);
}

static void
remove_hub (Hub *hub)
{
  g_autoptr (GSubprocess) rm =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "rm", "-rf", hub->folder, NULL);

  g_subprocess_wait (rm, NULL, NULL);
  g_free (hub->folder);
  g_free (hub->url);
  g_free (hub->base);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static NetSession *
sign_in (Hub *hub, const char *user)
{
  g_autoptr (NetSignIn) sign_in = net_sign_in_new (hub->base, "bedside", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  NetSession *session;

  net_sign_in_set_login_hint (sign_in, user);
  net_sign_in_follow_async (sign_in, NULL, keep_result, &result);
  sync_fixture_wait (result != NULL);
  session = net_sign_in_finish (sign_in, result, &error);
  g_assert_no_error (error);
  return session;
}

/* A fixture whose client is signed in to the hub instead of pointing to the mock. */
static void
set_up (SyncFixture *self, Hub *hub, NetSession *session)
{
  g_autoptr (GError) error = NULL;

  sync_fixture_set_up (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->client);
  self->client = net_fhir_client_new (hub->base, session, &error);
  g_assert_no_error (error);
  self->engine = sync_engine_new (self->store, self->client, self->clock);
}

static NetAnswer *
send (NetFhirClient *client, const NetRequest *request)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  NetAnswer *answer;

  net_fhir_client_send_async (client, request, NULL, keep_result, &result);
  sync_fixture_wait (result != NULL);
  answer = net_fhir_client_send_finish (client, result, &error);
  g_assert_no_error (error);
  return answer;
}

typedef struct
{
  const char *type;
  char *id;
  guint count;
} First;

static gboolean
find_first (StoreConnection *connection, gpointer data, GError **error)
{
  First *first = data;
  g_autoptr (GPtrArray) ids = store_search_ids (connection, first->type, "_count=1000", error);

  first->count = ids != NULL ? ids->len : 0;
  first->id = first->count > 0 ? g_strdup (ids->pdata[0]) : NULL;
  return ids != NULL;
}

static char *
dup_prescription (const char *id, const char *patient)
{
  return g_strdup_printf (
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"identifier\":[{\"system\":"
      "\"https://bedside.health/fhir/prescription-id\",\"value\":\"%s\"}],\"status\":\"active\","
      "\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"amoxicillin 500 mg "
      "capsule\"},"
      "\"subject\":{\"reference\":\"Patient/%s\"},\"authoredOn\":\"2026-11-09T09:00:00+01:00\"}",
      id, id, patient);
}

static char *
dup_signature (const char *id, const char *request, const char *who)
{
  return g_strdup_printf (
      "{\"resourceType\":\"Provenance\",\"id\":\"%s\",\"recorded\":\"2026-11-09T09:00:00Z\","
      "\"target\":[{\"reference\":\"MedicationRequest/%s\"}],\"agent\":[{\"who\":{\"reference\":"
      "\"%s\"}}]}",
      id, request, who);
}

static void
test_round_trip (void)
{
  Hub hub = { 0 };
  SyncFixture self = { 0 };
  First patient = { .type = "Patient" };
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetAnswer) there = NULL;
  g_autoptr (FhirResource) here = NULL;
  g_autofree char *id = NULL;
  g_autofree char *signature_id = NULL;
  g_autofree char *json = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *path = NULL;

  start_hub (&hub, "0");
  session = sign_in (&hub, "doctor");
  g_assert_cmpstr (net_session_get_role (session), ==, "prescriber");
  set_up (&self, &hub, session);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  g_assert_true (store_database_read (self.store, find_first, &patient, NULL));
  g_assert_cmpuint (patient.count, ==, 40); /* all of the demo clinic */
  id = base_id_new (base_clock_now (self.clock));
  signature_id = base_id_new (base_clock_now (self.clock));
  json = dup_prescription (id, patient.id);
  signature = dup_signature (signature_id, id, net_session_get_fhir_user (session));
  sync_fixture_write (&self, &(SyncChange) { "rx", STORE_JOURNAL_CREATE, json, patient.id, 10, NULL,
                                             NULL });
  sync_fixture_write (&self, &(SyncChange) { "rx", STORE_JOURNAL_CREATE, signature, patient.id, 10,
                                             NULL, NULL });
  sync_fixture_wait_state (&self, "rx", "done");
  path = g_strdup_printf ("MedicationRequest/%s", id);
  there = send (self.client, &(NetRequest) { .method = "GET", .path = path });
  here = sync_fixture_get (&self, "MedicationRequest", id);
  g_assert_cmpstr (fhir_resource_get_version (here), ==,
                   fhir_resource_get_version (there->resource));
  sync_fixture_tear_down (&self);
  stop_hub (&hub, SIGTERM);
  remove_hub (&hub);
  g_free (patient.id);
}

static gboolean
status_is (SyncFixture *self, const char *type, const char *id, const char *status)
{
  g_autoptr (FhirResource) resource = sync_fixture_get (self, type, id);

  return resource != NULL && g_strcmp0 (fhir_resource_path_text (resource, "status"), status) == 0;
}

/* What somebody else writes arrives by itself; also after the hub was killed and came back. */
static void
test_live_and_back_after_kill (void)
{
  Hub hub = { 0 };
  SyncFixture self = { 0 };
  SyncStatus *status;
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetSession) admin = NULL;
  g_autoptr (NetFhirClient) other = NULL;
  g_autoptr (NetAnswer) created = NULL;
  g_autoptr (FhirResource) task = NULL;
  g_autofree char *json = NULL;
  g_autofree char *id = NULL;
  First patient = { .type = "Patient" };
  g_autofree char *port = NULL;
  g_autofree char *path = NULL;

  start_hub (&hub, "0");
  session = sign_in (&hub, "doctor");
  set_up (&self, &hub, session);
  status = sync_engine_get_status (self.engine);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_fixture_wait (sync_status_get_live (status));
  g_assert_true (store_database_read (self.store, find_first, &patient, NULL));
  json =
      g_strdup_printf ("{\"resourceType\":\"Task\",\"status\":\"requested\",\"intent\":\"order\","
                       "\"for\":{\"reference\":\"Patient/%s\"}}",
                       patient.id);
  task = fhir_resource_parse (json, -1, NULL);
  created = send (self.client, &(NetRequest) { .method = "POST", .path = "Task", .body = task });
  id = g_strdup (strchr (created->location, '/') + 1);
  sync_fixture_wait_resource (&self, "Task", id);

  port = g_strdup (strrchr (hub.url, ':') + 1);
  stop_hub (&hub, SIGKILL);
  sync_fixture_wait (!sync_status_get_live (status));
  g_free (json);
  json = g_strdup_printf (
      "{\"resourceType\":\"Task\",\"id\":\"%s\",\"status\":\"completed\",\"intent\":\"order\","
      "\"for\":{\"reference\":\"Patient/%s\"}}",
      id, patient.id);
  sync_fixture_write (&self, &(SyncChange) { "t", STORE_JOURNAL_UPDATE, json, patient.id, 10, NULL,
                                             NULL });
  sync_fixture_wait (sync_status_get_state (status) == SYNC_STATE_OFFLINE);
  start_hub (&hub, port);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "t", "done");
  sync_fixture_wait (sync_status_get_live (status));
  g_assert_true (status_is (&self, "Task", id, "completed"));
  path = g_strdup_printf ("Task/%s", id);
  g_clear_pointer (&created, net_answer_free);
  admin = sign_in (&hub, "admin"); /* who alone may delete */
  other = net_fhir_client_new (hub.base, admin, NULL);
  created = send (other, &(NetRequest) { .method = "DELETE", .path = path });
  sync_fixture_wait (!status_is (&self, "Task", id, "completed"));
  sync_fixture_tear_down (&self);
  stop_hub (&hub, SIGTERM);
  remove_hub (&hub);
  g_free (patient.id);
}

/* Deleted while nobody listened: read from the hub's history at the next start. And there is
 * nothing to say about what a hub cannot do. */
static void
test_deleted_meanwhile (void)
{
  Hub hub = { 0 };
  SyncFixture self = { 0 };
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetSession) admin = NULL;
  g_autoptr (NetFhirClient) other = NULL;
  g_autoptr (NetAnswer) created = NULL;
  g_autoptr (NetAnswer) deleted = NULL;
  g_autoptr (FhirResource) task = fhir_resource_parse (
      "{\"resourceType\":\"Task\",\"status\":\"requested\",\"intent\":\"order\"}", -1, NULL);
  g_auto (GStrv) notes = NULL;
  g_autofree char *id = NULL;

  start_hub (&hub, "0");
  session = sign_in (&hub, "doctor");
  admin = sign_in (&hub, "admin");
  set_up (&self, &hub, session);
  other = net_fhir_client_new (hub.base, admin, NULL);
  created = send (other, &(NetRequest) { .method = "POST", .path = "Task", .body = task });
  id = g_strdup (strchr (created->location, '/') + 1);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_fixture_wait_resource (&self, "Task", id);
  notes = sync_engine_get_capability_notes (self.engine);
  g_assert_cmpuint (g_strv_length (notes), ==, 0);
  sync_fixture_wait (sync_fixture_is_reconciled (&self));
  sync_engine_stop (self.engine);
  deleted = send (other, &(NetRequest) { .method = "DELETE", .path = created->location });
  sync_engine_start (self.engine);
  sync_fixture_wait (!status_is (&self, "Task", id, "requested"));
  sync_fixture_tear_down (&self);
  stop_hub (&hub, SIGTERM);
  remove_hub (&hub);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/live/round-trip", test_round_trip);
  g_test_add_func ("/sync/live/live-and-back-after-kill", test_live_and_back_after_kill);
  g_test_add_func ("/sync/live/deleted-meanwhile", test_deleted_meanwhile);
  return g_test_run ();
}
