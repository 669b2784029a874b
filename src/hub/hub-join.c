/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-join.h"

#include <json-glib/json-glib.h>

#include "base-id.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "hub-reply.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-setting.h"

/* Join links. A link is a setting of the store named after the hash of its token, so that reading
 * the store does not give a link away. It lasts until a day after the appointment's start: long
 * enough to choose a pharmacy afterwards. */

#define LIFETIME (24 * G_TIME_SPAN_HOUR)

static const char *const texts[] = { "appointment", "patient", "encounter",  "location",
                                     "callback",    "camera",  "microphone", "speaker",
                                     "network",     "summary" };

static char **
text_at (HubJoin *join, gsize index)
{
  char **const fields[] = { &join->appointment, &join->patient, &join->encounter,  &join->location,
                            &join->callback,    &join->camera,  &join->microphone, &join->speaker,
                            &join->network,     &join->summary };

  return fields[index];
}

static char *
setting_name (const char *hash)
{
  return g_strconcat ("join/", hash, NULL);
}

static HubJoin *
join_new (const char *hash)
{
  HubJoin *join = g_new0 (HubJoin, 1);

  join->hash = g_strdup (hash);
  join->sessions = g_ptr_array_new_with_free_func (g_free);
  return join;
}

void
hub_join_free (HubJoin *join)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (join, i));
  g_ptr_array_unref (join->sessions);
  g_free (join->hash);
  g_free (join);
}

/**
 * hub_join_hash:
 * @secret: a link's token or a session's cookie
 *
 * Returns: (transfer full): what is stored in its place
 */
char *
hub_join_hash (const char *secret)
{
  return base_sha256_hex (secret, -1);
}

/**
 * hub_join_load:
 * @error: HUB_ERROR 404 alike for a link that never was and one that has expired
 *
 * Returns: (transfer full) (nullable): the link
 */
HubJoin *
hub_join_load (StoreConnection *connection, const char *hash, GError **error)
{
  g_autofree char *name = setting_name (hash);
  g_autofree char *text = store_setting_get (connection, name);
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, error) : NULL;
  g_autoptr (HubJoin) join = join_new (hash);
  JsonObject *object;
  JsonArray *sessions;

  if (text != NULL && root == NULL)
    return NULL;
  object = root != NULL ? json_node_get_object (root) : NULL;
  join->expires = object != NULL ? json_object_get_int_member (object, "expires") : 0;
  if (base_clock_now (store_connection_get_clock (connection)) >= join->expires)
    {
      g_set_error_literal (error, HUB_ERROR, 404, "There is no such link");
      return NULL;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (join, i) =
        g_strdup (json_object_get_string_member_with_default (object, texts[i], NULL));
  join->wrong = (guint) json_object_get_int_member_with_default (object, "wrong", 0);
  join->closed = json_object_get_boolean_member_with_default (object, "closed", FALSE);
  sessions = json_object_get_array_member (object, "sessions");
  for (guint i = 0; i < json_array_get_length (sessions); i++)
    g_ptr_array_add (join->sessions, g_strdup (json_array_get_string_element (sessions, i)));
  return g_steal_pointer (&join);
}

gboolean
hub_join_save (StoreConnection *connection, HubJoin *join, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *name = setting_name (join->hash);
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (*text_at (join, i) != NULL)
      {
        json_builder_set_member_name (builder, texts[i]);
        json_builder_add_string_value (builder, *text_at (join, i));
      }
  json_builder_set_member_name (builder, "expires");
  json_builder_add_int_value (builder, join->expires);
  json_builder_set_member_name (builder, "wrong");
  json_builder_add_int_value (builder, join->wrong);
  json_builder_set_member_name (builder, "closed");
  json_builder_add_boolean_value (builder, join->closed);
  json_builder_set_member_name (builder, "sessions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < join->sessions->len; i++)
    json_builder_add_string_value (builder, join->sessions->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return store_setting_set (connection, name, text, error);
}

gboolean
hub_join_has_session (HubJoin *join, const char *session_hash)
{
  for (guint i = 0; session_hash != NULL && i < join->sessions->len; i++)
    if (base_equal_constant_time (join->sessions->pdata[i], session_hash))
      return TRUE;
  return FALSE;
}

/**
 * hub_join_add_session:
 *
 * Returns: (transfer full): the cookie of a new session; the oldest of too many ends
 */
char *
hub_join_add_session (HubJoin *join)
{
  char *cookie = base_id_new_token ();

  if (join->sessions->len >= HUB_JOIN_SESSIONS)
    g_ptr_array_remove_index (join->sessions, 0);
  g_ptr_array_add (join->sessions, hub_join_hash (cookie));
  return cookie;
}

static char *
find_patient (FhirResource *appointment)
{
  fhir_element_foreach (participant, fhir_resource_path (appointment, "participant"))
    {
      const char *reference = fhir_element_path_text (participant, "actor.reference");
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;

      if (reference != NULL && fhir_reference_split (reference, &type, &id) &&
          g_strcmp0 (type, "Patient") == 0)
        return g_steal_pointer (&id);
    }
  return NULL;
}

static gint64
expiry_of (FhirResource *appointment, gint64 now)
{
  const char *start = fhir_resource_path_text (appointment, "start");
  FhirDate date;
  gint64 low = now;
  gint64 high = now;

  if (start != NULL && fhir_date_parse (start, &date))
    fhir_date_bounds (&date, &low, &high);
  return MAX (low, now) + LIFETIME;
}

/**
 * hub_join_create_in:
 * @connection: in a write
 * @appointment: id of a booked Appointment with a patient
 * @expires: (out) (nullable): when the link ends, in microseconds since 1970
 * @error: STORE_ERROR, or HUB_ERROR 409 where the appointment is not one to join
 *
 * Returns: (transfer full) (nullable): the token, which is kept nowhere else
 */
char *
hub_join_create_in (StoreConnection *connection,
                    const char *appointment,
                    gint64 *expires,
                    GError **error)
{
  const char *const open[] = { "booked", "arrived", "checked-in", "pending", NULL };
  g_autoptr (FhirResource) resource =
      store_resource_get (connection, "Appointment", appointment, error);
  g_autofree char *token = base_id_new_token ();
  g_autofree char *hash = hub_join_hash (token);
  g_autofree char *reference = g_strconcat ("Appointment/", appointment, NULL);
  g_autoptr (HubJoin) join = join_new (hash);
  const char *status;

  if (resource == NULL)
    return NULL;
  status = fhir_resource_path_text (resource, "status");
  join->appointment = g_strdup (appointment);
  join->patient = find_patient (resource);
  if (status == NULL || !g_strv_contains (open, status) || join->patient == NULL)
    {
      g_set_error_literal (error, HUB_ERROR, 409,
                           "Only a booked appointment that names its patient can be joined");
      return NULL;
    }
  join->expires = expiry_of (resource, base_clock_now (store_connection_get_clock (connection)));
  if (!hub_join_save (connection, join, error) ||
      !store_audit_append (connection, "write", "hub", join->patient, reference, "join link",
                           error))
    return NULL;
  if (expires != NULL)
    *expires = join->expires;
  return g_steal_pointer (&token);
}

typedef struct
{
  char *appointment;
  char *token;
  gint64 expires;
} Creation;

static void
creation_free (gpointer data)
{
  Creation *creation = data;

  g_free (creation->appointment);
  g_free (creation->token);
  g_free (creation);
}

static gboolean
create_work (StoreConnection *connection, gpointer data, GError **error)
{
  Creation *creation = data;

  creation->token =
      hub_join_create_in (connection, creation->appointment, &creation->expires, error);
  return creation->token != NULL;
}

/**
 * hub_join_dup_url:
 *
 * Returns: (transfer full): the link that a patient opens
 */
char *
hub_join_dup_url (HubServer *server, const char *token)
{
  return g_strconcat (hub_server_get_base_url (server), "/join/", token, NULL);
}

/**
 * hub_join_create:
 * @server: a started server
 * @expires: (out) (nullable): when the link ends, in microseconds since 1970
 *
 * Waits for the store: for set-up and tests, not for a handler.
 *
 * Returns: (transfer full) (nullable): the link that a patient opens
 */
char *
hub_join_create (HubServer *server, const char *appointment, gint64 *expires, GError **error)
{
  Creation creation = { .appointment = (char *) appointment };
  g_autofree char *token = NULL;

  if (!store_database_write (hub_server_get_store (server), BASE_LANE_PERSON, create_work,
                             &creation, error))
    return NULL;
  token = creation.token;
  if (expires != NULL)
    *expires = creation.expires;
  return hub_join_dup_url (server, token);
}

/* ---- POST /fhir/Appointment/{id}/$join-link ---- */

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  Creation *creation;
} Operation;

static char *
dup_parameters (const char *url, gint64 expires)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc_usec (expires);
  g_autofree char *instant = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

  /* Neither part can hold a character that JSON escapes. */
  return g_strdup_printf ("{\"resourceType\":\"Parameters\",\"parameter\":["
                          "{\"name\":\"url\",\"valueUrl\":\"%s\"},"
                          "{\"name\":\"expires\",\"valueInstant\":\"%s\"}]}",
                          url, instant);
}

static void
operation_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Operation *operation = data;
  g_autoptr (GError) error = NULL;

  if (!store_database_write_finish (STORE_DATABASE (source), result, &error))
    hub_reply_error (operation->message, error);
  else
    {
      g_autofree char *url = hub_join_dup_url (operation->server, operation->creation->token);

      hub_reply_text (operation->message, 200, HUB_FHIR_JSON,
                      dup_parameters (url, operation->creation->expires));
    }
  soup_message_headers_replace (soup_server_message_get_response_headers (operation->message),
                                "Cache-Control", "no-store");
  soup_server_message_unpause (operation->message);
  creation_free (operation->creation);
  g_object_unref (operation->message);
  g_free (operation);
}

static char *
appointment_of_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  if (g_strv_length (parts) != 5 || !g_str_equal (parts[1], "fhir") ||
      !g_str_equal (parts[2], "Appointment") || !g_str_equal (parts[4], "$join-link") ||
      !fhir_id_is_valid (parts[3]))
    return NULL;
  return g_strdup (parts[3]);
}

static gboolean
may_create (HubServer *server, SoupServerMessage *message)
{
  g_autoptr (HubUser) user = hub_access_authenticate (hub_server_get_access (server), message);

  if (user == NULL)
    {
      hub_reply_outcome (message, 401, "Sign in to make a join link");
      return FALSE;
    }
  if (user->role != HUB_ROLE_PRESCRIBER && user->role != HUB_ROLE_NURSE &&
      user->role != HUB_ROLE_RECEPTION && user->role != HUB_ROLE_ADMIN)
    {
      hub_reply_outcome (message, 403, "Join links are made by the clinic");
      return FALSE;
    }
  return TRUE;
}

static void
handle_operation (HubServer *server, SoupServerMessage *message, const char *path)
{
  g_autofree char *appointment = appointment_of_path (path);
  Operation *operation;

  if (appointment == NULL)
    return;
  if (g_strcmp0 (soup_server_message_get_method (message), "POST") != 0)
    {
      hub_reply_outcome (message, 405, "This operation is called with POST");
      return;
    }
  if (!may_create (server, message))
    return;
  operation = g_new0 (Operation, 1);
  operation->server = server;
  operation->message = g_object_ref (message);
  operation->creation = g_new0 (Creation, 1);
  operation->creation->appointment = g_steal_pointer (&appointment);
  soup_server_message_pause (message);
  store_database_write_async (hub_server_get_store (server), BASE_LANE_PERSON, create_work,
                              operation->creation, NULL, NULL, operation_done_cb, operation);
}

static void
got_headers_cb (SoupServerMessage *message, gpointer data)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  if (g_str_has_suffix (path, "/$join-link"))
    handle_operation (data, message, path);
}

static void
request_started_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers_cb), data);
}

/**
 * hub_join_attach:
 *
 * The operation stands under the path of the FHIR server, which has its one handler already; so it
 * is answered as soon as a request's headers are there, and the handler then finds it answered.
 */
void
hub_join_attach (HubServer *server)
{
  g_signal_connect (hub_server_get_soup (server), "request-started",
                    G_CALLBACK (request_started_cb), server);
}
