/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "hub-quirk.h"
#include "hub-subscription.h"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

#define BACKPORT "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"

static char *
subscription (const char *filter, const char *content)
{
  return g_strdup_printf ("{\"resourceType\":\"Subscription\",\"status\":\"requested\",\"reason\":"
                          "\"test\",\"criteria\":\"" HUB_TOPIC "\","
                          "\"_criteria\":{\"extension\":[{\"url\":\"" BACKPORT
                          "backport-filter-criteria\",\"valueString\":\"%s\"}]},"
                          "\"channel\":{\"type\":\"websocket\",\"payload\":\"application/"
                          "fhir+json\",\"_payload\":{\"extension\":["
                          "{\"url\":\"" BACKPORT
                          "backport-payload-content\",\"valueCode\":\"%s\"}]}}}",
                          filter, content);
}

typedef struct
{
  SoupWebsocketConnection *connection;
  GPtrArray *messages; /* FhirResource* */
  gboolean closed;
} Client;

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer data)
{
  Client *client = data;
  gsize length;
  const char *text = g_bytes_get_data (message, &length);
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, (gssize) length, &error);

  g_assert_no_error (error);
  g_ptr_array_add (client->messages, resource);
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer data)
{
  ((Client *) data)->closed = TRUE;
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Client *client = data;
  g_autoptr (GError) error = NULL;

  client->connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
}

static Client *
client_new (HubFixture *fixture)
{
  Client *client = g_new0 (Client, 1);
  g_autofree char *url =
      g_strconcat ("ws", hub_server_get_base_url (fixture->server) + strlen ("http"), "/fhir/ws",
                   NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);

  client->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  soup_session_websocket_connect_async (fixture->session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        NULL, connected_cb, client);
  while (client->connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_signal_connect (client->connection, "message", G_CALLBACK (message_cb), client);
  g_signal_connect (client->connection, "closed", G_CALLBACK (closed_cb), client);
  return client;
}

static void
client_free (Client *client)
{
  g_signal_handlers_disconnect_by_data (client->connection, client);
  g_object_unref (client->connection);
  g_ptr_array_unref (client->messages);
  g_free (client);
}

static FhirResource *
wait_for (Client *client, guint count)
{
  while (client->messages->len < count)
    g_main_context_iteration (NULL, TRUE);
  return client->messages->pdata[count - 1];
}

static char *
subscribe (HubFixture *fixture, const char *user, const char *body)
{
  g_autoptr (HubAnswer) created =
      hub_fixture_send (fixture, user, "POST /fhir/Subscription", NULL, body);

  g_assert_cmpuint (created->status, ==, 201);
  g_assert_cmpstr (fhir_resource_path_text (created->resource, "status"), ==, "active");
  return g_strdup (fhir_resource_get_id (created->resource));
}

static void
bind_client (HubFixture *fixture, Client *client, const char *user, const char *id)
{
  g_autofree char *request =
      g_strdup_printf ("GET /fhir/Subscription/%s/$get-ws-binding-token", id);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, NULL);
  g_autofree char *text = NULL;

  g_assert_cmpuint (answer->status, ==, 200);
  text = g_strconcat ("bind-with-token ",
                      fhir_resource_path_text (answer->resource, "parameter.0.valueString"), NULL);
  soup_websocket_connection_send_text (client->connection, text);
}

static const char *
parameter (FhirResource *notice, const char *name)
{
  const FhirElement *parameters = fhir_resource_path (notice, "entry.0.resource.parameter");

  fhir_element_foreach (item, parameters)
    if (g_strcmp0 (fhir_element_path_text (item, "name"), name) == 0)
      return fhir_element_path_text (item, strcmp (name, "events-since-subscription-start") == 0
                                               ? "valueString"
                                               : "valueCode");
  return NULL;
}

static void
put (HubFixture *fixture, const char *path, const char *body)
{
  g_autofree char *request = g_strconcat ("PUT /fhir/", path, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, body);

  g_assert_cmpuint (answer->status, ==, 201);
}

static void
test_notice_arrives (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = subscription ("patient=Patient/p1", "id-only");
  g_autofree char *id = subscribe (fixture, "nurse", body);
  Client *client = client_new (fixture);
  FhirResource *handshake, *notice;

  bind_client (fixture, client, "nurse", id);
  handshake = wait_for (client, 1);
  g_assert_cmpstr (fhir_resource_path_text (handshake, "type"), ==, "history");
  g_assert_cmpstr (parameter (handshake, "type"), ==, "handshake");
  g_assert_cmpstr (parameter (handshake, "events-since-subscription-start"), ==, "0");

  put (fixture, "Patient/p2",
       "{\"resourceType\":\"Patient\",\"id\":\"p2\"}"); /* another's: not told */
  put (fixture, "Encounter/e1",
       "{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"subject\":{\"reference\":\"Patient/p1\"}}");
  notice = wait_for (client, 2);
  g_assert_cmpstr (parameter (notice, "type"), ==, "event-notification");
  g_assert_cmpstr (parameter (notice, "events-since-subscription-start"), ==, "1");
  g_assert_cmpstr (fhir_resource_path_text (notice, "entry.1.request.url"), ==, "Encounter/e1");
  g_assert_null (fhir_resource_path (notice, "entry.1.resource"));
  g_assert_cmpuint (client->messages->len, ==, 2);
  client_free (client);
}

static void
test_content_comes_along (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = subscription ("Patient?", "full-resource");
  g_autofree char *id = subscribe (fixture, "nurse", body);
  Client *client = client_new (fixture);
  FhirResource *notice;

  bind_client (fixture, client, "nurse", id);
  wait_for (client, 1);
  put (fixture, "Basic/b",
       "{\"resourceType\":\"Basic\",\"id\":\"b\"}"); /* another type: not told */
  put (fixture, "Patient/p1", "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"x\":1.00}");
  notice = wait_for (client, 2);
  g_assert_cmpstr (fhir_resource_path_text (notice, "entry.1.resource.x"), ==, "1.00");
  client_free (client);
}

static void
test_roles_hold (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = subscription ("", "id-only");
  g_autofree char *desk = subscribe (fixture, "reception", body);
  g_autofree char *shop = subscribe (fixture, "pharmacy", body);
  g_autoptr (HubAnswer) patient =
      hub_fixture_send (fixture, "patient", "POST /fhir/Subscription", NULL, body);
  Client *reception = client_new (fixture), *pharmacy = client_new (fixture);

  hub_assert_outcome (patient, 403);
  bind_client (fixture, reception, "reception", desk);
  bind_client (fixture, pharmacy, "pharmacy", shop);
  wait_for (reception, 1);
  wait_for (pharmacy, 1);
  put (fixture, "Observation/o1", "{\"resourceType\":\"Observation\",\"id\":\"o1\"}");
  put (fixture, "Task/t2",
       "{\"resourceType\":\"Task\",\"id\":\"t2\",\"owner\":{\"reference\":\"Organization/o2\"}}");
  put (fixture, "Task/t1",
       "{\"resourceType\":\"Task\",\"id\":\"t1\",\"owner\":{\"reference\":\"" HUB_FIXTURE_PHARMACY
       "\"}}");
  put (fixture, "Patient/p1", "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
  g_assert_cmpstr (fhir_resource_path_text (wait_for (reception, 2), "entry.1.request.url"), ==,
                   "Patient/p1");
  g_assert_cmpstr (fhir_resource_path_text (wait_for (pharmacy, 2), "entry.1.request.url"), ==,
                   "Task/t1");
  client_free (reception);
  client_free (pharmacy);
}

static void
test_a_token_is_good_once (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = subscription ("", "id-only");
  g_autofree char *id = subscribe (fixture, "nurse", body);
  g_autofree char *request =
      g_strdup_printf ("GET /fhir/Subscription/%s/$get-ws-binding-token", id);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "nurse", request, NULL, NULL);
  g_autofree char *text =
      g_strconcat ("bind-with-token: ",
                   fhir_resource_path_text (answer->resource, "parameter.0.valueString"), NULL);
  Client *first = client_new (fixture), *second = client_new (fixture),
         *stranger = client_new (fixture);

  soup_websocket_connection_send_text (first->connection, text);
  wait_for (first, 1);
  soup_websocket_connection_send_text (second->connection, text);
  soup_websocket_connection_send_text (stranger->connection, "bind-with-token x");
  while (!second->closed || !stranger->closed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (second->messages->len, ==, 0);
  g_assert_cmpint (soup_websocket_connection_get_close_code (second->connection), ==,
                   SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  client_free (first);
  client_free (second);
  client_free (stranger);
}

/* A hub that stands for a server with opaque versions says no other ones here either. */
static void
test_quirk_of_versions (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = subscription ("", "full-resource");
  g_autofree char *id = subscribe (fixture, "nurse", body);
  Client *client = client_new (fixture);
  FhirResource *notice;
  const char *version, *etag;

  g_assert_true (hub_quirk_use ("uuid-versions", fixture->clock, NULL));
  bind_client (fixture, client, "nurse", id);
  wait_for (client, 1);
  put (fixture, "Patient/p1", "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
  notice = wait_for (client, 2);
  version = fhir_resource_path_text (notice, "entry.1.resource.meta.versionId");
  etag = fhir_resource_path_text (notice, "entry.1.response.etag");
  g_assert_true (g_uuid_string_is_valid (version));
  g_assert_nonnull (strstr (etag, version));
  hub_quirk_use (NULL, fixture->clock, NULL);
  client_free (client);
}

/* That another pharmacy's task is gone tells that there was one. */
static void
test_deletions_of_others (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = subscription ("", "id-only");
  g_autofree char *shop = subscribe (fixture, "pharmacy", body);
  Client *pharmacy = client_new (fixture);
  FhirResource *notice;

  put (fixture, "Task/t2",
       "{\"resourceType\":\"Task\",\"id\":\"t2\",\"owner\":{\"reference\":\"Organization/o2\"}}");
  put (fixture, "Task/t1",
       "{\"resourceType\":\"Task\",\"id\":\"t1\",\"owner\":{\"reference\":\"" HUB_FIXTURE_PHARMACY
       "\"}}");
  bind_client (fixture, pharmacy, "pharmacy", shop);
  wait_for (pharmacy, 1);
  hub_answer_free (hub_fixture_send (fixture, "admin", "DELETE /fhir/Task/t2", NULL, NULL));
  hub_answer_free (hub_fixture_send (fixture, "admin", "DELETE /fhir/Task/t1", NULL, NULL));
  notice = wait_for (pharmacy, 2);
  g_assert_cmpstr (fhir_resource_path_text (notice, "entry.1.request.url"), ==, "Task/t1");
  g_assert_cmpstr (fhir_resource_path_text (notice, "entry.1.request.method"), ==, "DELETE");
  g_assert_null (fhir_resource_path (notice, "entry.1.resource"));
  for (guint i = 0; i < pharmacy->messages->len; i++)
    g_assert_null (strstr (fhir_resource_get_text (pharmacy->messages->pdata[i], NULL), "t2"));
  client_free (pharmacy);
}

/* The socket ends with the account, without waiting for something to tell. */
static void
test_disabled_at_once (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = subscription ("", "id-only");
  g_autofree char *id = subscribe (fixture, "nurse", body);
  Client *client = client_new (fixture);

  bind_client (fixture, client, "nurse", id);
  wait_for (client, 1);
  g_assert_true (hub_access_disable_user (fixture->data->access, "nurse"));
  while (!client->closed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (client->messages->len, ==, 1);
  client_free (client);
}

/* Who may not sign in any more is told nothing more. */
static void
test_disabled_user (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *body = subscription ("", "full-resource");
  g_autofree char *id = subscribe (fixture, "nurse", body);
  Client *client = client_new (fixture);

  bind_client (fixture, client, "nurse", id);
  wait_for (client, 1);
  g_assert_true (hub_access_disable_user (fixture->data->access, "nurse"));
  put (fixture, "Patient/p1", "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
  while (!client->closed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (client->messages->len, ==, 1);
  client_free (client);
}

static void
test_what_cannot_be_served (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *filter = subscription ("Observation?code=1", "id-only");
  g_autofree char *content = subscription ("", "everything");
  const char *bodies[] = {
    filter,
    content,
    "{\"resourceType\":\"Subscription\",\"criteria\":\"Observation?\",\"channel\":{\"type\":"
    "\"websocket\"}}",
    "{\"resourceType\":\"Subscription\",\"criteria\":\"" HUB_TOPIC
    "\",\"channel\":{\"type\":\"rest-hook\"}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "nurse", "POST /fhir/Subscription", NULL, bodies[i]);

      hub_assert_outcome (answer, 422);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/subscription/notice", test_notice_arrives);
  fixture_test ("/hub/subscription/content", test_content_comes_along);
  fixture_test ("/hub/subscription/roles", test_roles_hold);
  fixture_test ("/hub/subscription/token", test_a_token_is_good_once);
  fixture_test ("/hub/subscription/disabled-user", test_disabled_user);
  fixture_test ("/hub/subscription/disabled-at-once", test_disabled_at_once);
  fixture_test ("/hub/subscription/quirk-of-versions", test_quirk_of_versions);
  fixture_test ("/hub/subscription/deletions-of-others", test_deletions_of_others);
  fixture_test ("/hub/subscription/refused", test_what_cannot_be_served);
  return g_test_run ();
}
