/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include "hub-signal-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base-id.h"
#include "store-resource.h"
#include "store-search.h"

#define PATIENCE (10 * G_USEC_PER_SEC)

static const char *const resources[] = {
  "{\"resourceType\":\"Organization\",\"id\":\"clinic\",\"name\":\"Harbour "
  "Clinic\",\"type\":[{\"coding\":[{"
  "\"system\":\"https://bedside.health/fhir/organization-type\",\"code\":\"clinic\"}]}],"
  "\"telecom\":[{\"system\":\"phone\",\"value\":\"+44 20 7946 0100\"}]}",
  "{\"resourceType\":\"Organization\",\"id\":\"pine\",\"name\":\"Pine "
  "Pharmacy\",\"type\":[{\"coding\":[{"
  "\"system\":\"https://bedside.health/fhir/organization-type\",\"code\":\"pharmacy\"}]}],"
  "\"address\":[{\"line\":[\"3 Pine Row\"],\"city\":\"Harbour\"}],"
  "\"telecom\":[{\"system\":\"phone\",\"value\":\"+44 20 7946 0200\"}]}",
  "{\"resourceType\":\"Organization\",\"id\":\"quay\",\"name\":\"Quay "
  "Pharmacy\",\"type\":[{\"coding\":[{"
  "\"system\":\"https://bedside.health/fhir/organization-type\",\"code\":\"pharmacy\"}]}],"
  "\"address\":[{\"line\":[\"1 The Quay\"],\"city\":\"Harbour\"}]}",
  "{\"resourceType\":\"Practitioner\",\"id\":\"doctor\",\"name\":[{\"family\":\"Osei\",\"given\":["
  "\"Ama\"],"
  "\"prefix\":[\"Dr\"]}]}",
  "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{\"family\":\"Quillfeather\",\"given\":["
  "\"Marigold\"]}],"
  "\"birthDate\":\"1961-03-12\",\"telecom\":[{\"system\":\"phone\",\"value\":\"+44 20 7946 "
  "0999\"}],"
  "\"address\":[{\"line\":[\"12 Bramblewood Lane\"],\"city\":\"Harbour\",\"postalCode\":\"HB1 "
  "2CD\"}]}",
  "{\"resourceType\":\"Patient\",\"id\":\"p2\",\"name\":[{\"family\":\"Other\"}],\"birthDate\":"
  "\"1980-01-01\"}",
  "{\"resourceType\":\"Appointment\",\"id\":\"a1\",\"status\":\"booked\",\"start\":\"2026-11-22T10:"
  "00:00Z\","
  "\"end\":\"2026-11-22T10:20:00Z\",\"reasonCode\":[{\"text\":\"ringing in the left ear\"}],"
  "\"participant\":[{\"actor\":{\"reference\":\"Patient/p1\"},\"status\":\"accepted\"},"
  "{\"actor\":{\"reference\":\"Practitioner/doctor\",\"display\":\"Dr Ama "
  "Osei\"},\"status\":\"accepted\"}]}",
  "{\"resourceType\":\"Appointment\",\"id\":\"a2\",\"status\":\"cancelled\",\"start\":\"2026-11-"
  "22T11:00:00Z\","
  "\"participant\":[{\"actor\":{\"reference\":\"Patient/p1\"},\"status\":\"accepted\"}]}",
};

static gboolean
put_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_auto (StorePut) put = { 0 };

  return store_resource_put (connection, data, STORE_PUT_DEFAULT, NULL, &put, error);
}

void
visit_clinic_put (VisitClinic *self, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, &error);

  g_assert_no_error (error);
  g_assert_true (store_database_write (self->store, BASE_LANE_PERSON, put_work, resource, &error));
  g_assert_no_error (error);
}

static char *
add_user (VisitClinic *self, const char *name, HubRole role, const char *reference)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HubUser) user = hub_user_new (name, name, role, reference);
  g_autoptr (HubTokens) tokens = NULL;

  hub_access_put_user (self->access, user, NULL);
  tokens = hub_access_issue (self->access, name, &error);
  g_assert_no_error (error);
  return g_strdup (tokens->access_token);
}

static void
start (VisitClinic *self)
{
  g_autoptr (GError) error = NULL;

  self->server = hub_server_new (self->store, self->clock, self->access);
  g_assert_true (hub_server_start (self->server, 0, &error));
  g_assert_no_error (error);
  self->session = soup_session_new ();
}

VisitClinic *
visit_clinic_new (void)
{
  VisitClinic *self = g_new0 (VisitClinic, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 22, 9, 55, 0);
  g_autoptr (GBytes) key = base_random_bytes (STORE_KEY_BYTES);
  g_autofree char *path = NULL;

  self->said = g_string_new (NULL);
  self->folder = g_dir_make_tmp ("bedside-visit-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (self->folder, "hub.db", NULL);
  self->clock = base_clock_new_at (now);
  self->store = store_database_open (path, key, self->clock, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (resources); i++)
    visit_clinic_put (self, resources[i]);
  self->access = hub_access_new (self->store, self->clock, &error);
  g_assert_no_error (error);
  self->doctor = add_user (self, "doctor", HUB_ROLE_PRESCRIBER, "Practitioner/doctor");
  self->nurse = add_user (self, "nurse", HUB_ROLE_NURSE, NULL);
  self->reception = add_user (self, "reception", HUB_ROLE_RECEPTION, NULL);
  self->pharmacy = add_user (self, "pharmacy", HUB_ROLE_PHARMACY, "Organization/pine");
  start (self);
  self->url = hub_join_create (self->server, "a1", NULL, &error);
  g_assert_no_error (error);
  return self;
}

static void
stop (VisitClinic *self)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  soup_session_abort (self->session);
  g_clear_object (&self->session);
  hub_server_stop (self->server);
  /* what is still being written holds the server, and wants to read afterwards */
  while (G_OBJECT (self->server)->ref_count > 1 && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->server);
}

/* A new server on the same store: what was only in memory is gone. */
void
visit_clinic_restart (VisitClinic *self)
{
  g_autofree char *token = g_strdup (strrchr (self->url, '/') + 1);

  stop (self);
  start (self);
  g_free (self->url);
  self->url = hub_join_dup_url (self->server, token);
}

gboolean
visit_clinic_spin (gboolean (*done) (gpointer data), gpointer data)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (!done (data))
    {
      if (g_get_monotonic_time () > end)
        return FALSE;
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
  return TRUE;
}

struct _HubSignalRoom *
visit_clinic_find_room (VisitClinic *self, const char *encounter)
{
  return g_hash_table_lookup (hub_signal_of (self->server)->rooms, encounter);
}

void
visit_clinic_free (VisitClinic *self)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  stop (self);
  g_object_unref (self->access);
  store_database_close (self->store);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  dir = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->url);
  g_free (self->cookie);
  g_free (self->doctor);
  g_free (self->nurse);
  g_free (self->reception);
  g_free (self->pharmacy);
  g_string_free (self->said, TRUE);
  g_free (self);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
remember_header (const char *name, const char *value, gpointer data)
{
  VisitClinic *self = data;

  g_string_append_printf (self->said, "%s: %s\n", name, value);
  if (g_ascii_strcasecmp (name, "Set-Cookie") == 0)
    {
      g_free (self->cookie);
      self->cookie = g_strndup (value, strcspn (value, ";"));
    }
}

char *
visit_clinic_ask (VisitClinic *self,
                  const char *method,
                  const char *url,
                  const char *token,
                  const char *body,
                  guint *status)
{
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *bearer = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (self->forwarded != NULL)
    soup_message_headers_append (headers, "X-Forwarded-For", self->forwarded);
  if (bearer != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  else if (self->cookie != NULL)
    soup_message_headers_append (headers, "Cookie", self->cookie);
  if (body != NULL)
    {
      g_autoptr (GBytes) sent = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", sent);
    }
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, answered_cb,
                                    &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  bytes = soup_session_send_and_read_finish (self->session, result, &error);
  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  soup_message_headers_foreach (soup_message_get_response_headers (message), remember_header, self);
  g_string_append (self->said, text);
  if (status != NULL)
    *status = soup_message_get_status (message);
  return text;
}

char *
visit_clinic_page (
    VisitClinic *self, const char *method, const char *action, const char *body, guint *status)
{
  g_autofree char *url =
      *action != '\0' ? g_strconcat (self->url, "/", action, NULL) : g_strdup (self->url);

  return visit_clinic_ask (self, method, url, NULL, body, status);
}

typedef struct
{
  const char *type, *query;
  GPtrArray *ids;
  FhirResource *resource;
} Look;

static gboolean
find_work (StoreConnection *connection, gpointer data, GError **error)
{
  Look *look = data;

  look->ids = store_search_ids (connection, look->type, look->query, error);
  return look->ids != NULL;
}

GPtrArray *
visit_clinic_find (VisitClinic *self, const char *type, const char *query)
{
  Look look = { .type = type, .query = query };
  g_autoptr (GError) error = NULL;

  store_database_read (self->store, find_work, &look, &error);
  g_assert_no_error (error);
  return look.ids;
}

static gboolean
get_work (StoreConnection *connection, gpointer data, GError **error)
{
  Look *look = data;

  look->resource = store_resource_get (connection, look->type, look->query, error);
  return look->resource != NULL;
}

FhirResource *
visit_clinic_get (VisitClinic *self, const char *type, const char *id)
{
  Look look = { .type = type, .query = id };
  g_autoptr (GError) error = NULL;

  store_database_read (self->store, get_work, &look, &error);
  g_assert_no_error (error);
  return look.resource;
}

void
visit_clinic_verify (VisitClinic *self)
{
  guint status;
  g_autofree char *answer =
      visit_clinic_page (self, "POST", "verify", "{\"year\":1961,\"month\":3,\"day\":12}", &status);

  g_assert_cmpuint (status, ==, 200);
}

/* The whole way to the waiting room. Returns: (transfer full): the Encounter's id */
char *
visit_clinic_wait (VisitClinic *self)
{
  guint status;
  g_autofree char *details = NULL;
  g_autofree char *test = NULL;
  g_autofree char *wait = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  visit_clinic_verify (self);
  details = visit_clinic_page (
      self, "POST", "details",
      "{\"location\":\"Bus stop, Mill Road\",\"callback\":\"+44 20 7946 0777 (work)\"}", &status);
  g_assert_cmpuint (status, ==, 200);
  test = visit_clinic_page (self, "POST", "device-test",
                            "{\"camera\":\"ok\",\"microphone\":\"ok\",\"speaker\":\"unknown\","
                            "\"network\":\"amber\",\"summary\":\"slow network, 0.9 Mbit/s\"}",
                            &status);
  g_assert_cmpuint (status, ==, 200);
  wait = visit_clinic_page (self, "POST", "wait", "{}", &status);
  g_assert_cmpuint (status, ==, 200);
  ids = visit_clinic_find (self, "Encounter", "appointment=Appointment/a1");
  g_assert_cmpuint (ids->len, ==, 1);
  return g_strdup (ids->pdata[0]);
}

/* ---- sockets ---- */

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *bytes, gpointer data)
{
  VisitSocket *self = data;

  g_queue_push_tail (&self->received,
                     g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer data)
{
  VisitSocket *self = data;

  self->closed = TRUE;
  self->code = soup_websocket_connection_get_close_code (connection);
}

VisitSocket *
visit_socket_open (VisitClinic *clinic, const char *path, const char *cookie, const char *token)
{
  VisitSocket *self = g_new0 (VisitSocket, 1);
  g_autofree char *url =
      g_strconcat ("ws", hub_server_get_base_url (clinic->server) + strlen ("http"), path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *bearer = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_queue_init (&self->received);
  if (cookie != NULL)
    soup_message_headers_append (headers, "Cookie", cookie);
  if (bearer != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  soup_session_websocket_connect_async (clinic->session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        NULL, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  self->connection = soup_session_websocket_connect_finish (clinic->session, result, &self->error);
  if (self->connection == NULL)
    return self;
  g_signal_connect (self->connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (closed_cb), self);
  return self;
}

void
visit_socket_send (VisitSocket *self, const char *text)
{
  soup_websocket_connection_send_text (self->connection, text);
}

static gboolean
is_type (const char *text, const char *type)
{
  g_autofree char *mark = g_strdup_printf ("\"type\":\"%s\"", type);

  return strstr (text, mark) != NULL;
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Waits for the next message of @type, and drops the ones before it. */
char *
visit_socket_expect (VisitSocket *self, const char *type)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (50, wake_cb, NULL);

  while (g_get_monotonic_time () < end)
    {
      char *text = g_queue_pop_head (&self->received);

      if (text != NULL && is_type (text, type))
        {
          g_source_remove (wake);
          return text;
        }
      if (text == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_free (text);
    }
  g_error ("No message “%s” came", type);
}

/* @code 0 is any, and none: who sends too much may be cut off before the code is read. */
void
visit_socket_expect_closed (VisitSocket *self, gushort code)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (50, wake_cb, NULL);

  while (!self->closed && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  g_assert_true (self->closed);
  if (code != 0)
    g_assert_cmpuint (self->code, ==, code);
}

/* A ping's answer comes after everything that the hub had to say before. */
void
visit_socket_settle (VisitSocket *self)
{
  GQueue kept = G_QUEUE_INIT;
  gint64 end = g_get_monotonic_time () + PATIENCE;
  gboolean settled = FALSE;

  visit_socket_send (self, "{\"type\":\"ping\",\"id\":\"settle\"}");
  while (!settled && g_get_monotonic_time () < end)
    {
      char *text;

      g_main_context_iteration (NULL, TRUE);
      while ((text = g_queue_pop_head (&self->received)) != NULL)
        if (is_type (text, "pong"))
          {
            settled = TRUE;
            g_free (text);
          }
        else
          g_queue_push_tail (&kept, text);
    }
  g_assert_true (settled);
  self->received = kept;
}

gboolean
visit_socket_has (VisitSocket *self, const char *type)
{
  for (GList *item = self->received.head; item != NULL; item = item->next)
    if (is_type (item->data, type))
      return TRUE;
  return FALSE;
}

void
visit_socket_free (VisitSocket *self)
{
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_error (&self->error);
  g_queue_clear_full (&self->received, g_free);
  g_free (self);
}
