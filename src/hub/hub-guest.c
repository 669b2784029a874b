/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-guest.h"

#include <json-glib/json-glib.h>

#include "hub-invite-door.h"
#include "hub-patient-private.h"
#include "hub-reply.h"

/* The pages of guests and interpreters: /guest/<token>, and what they ask below it. Nothing of the
 * patient's record is ever told here, not even a name. */

#define DATA_KEY     "hub-guest"
#define MAX_BODY     (4 * 1024)
#define MAX_DEPTH    4
#define MAX_CALLS    90 /* a link and minute */
#define MAX_LINKS    10000
#define MAX_NAME     80
#define MAX_NUMBER   40
#define MAX_LANGUAGE 60
#define MAX_RELATION 40

typedef struct
{
  GHashTable *calls; /* link hash -> how many in this minute */
  gint64 minute;
} Guests;

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  char *token, *hash, *session;
  JsonNode *body; /* NULL: only asks how it stands */

  guint status;
  const char *error;
  HubInvite *invite; /* NULL: the link is not good */
  gboolean known;    /* whether the session is this link's */
  char *cookie;      /* of a new session */
  HubClinic clinic;
} Call;

static void
call_free (Call *call)
{
  g_clear_pointer (&call->invite, hub_invite_free);
  g_clear_pointer (&call->body, json_node_unref);
  hub_clinic_clear (&call->clinic);
  g_object_unref (call->message);
  g_object_unref (call->server);
  g_free (call->token);
  g_free (call->hash);
  g_free (call->session);
  g_free (call->cookie);
  g_free (call);
}

/* ---- entering ---- */

static char *
dup_text (Call *call, const char *name, glong limit)
{
  JsonObject *object = json_node_get_object (call->body);
  JsonNode *node = json_object_get_member (object, name);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                             json_node_get_value_type (node) == G_TYPE_STRING
                         ? json_node_get_string (node)
                         : NULL;
  g_autofree char *clean = text != NULL ? g_strstrip (g_strdup (text)) : NULL;

  if (clean == NULL || *clean == '\0' || g_utf8_strlen (clean, -1) > limit)
    return NULL;
  for (const char *at = clean; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return NULL;
  return g_steal_pointer (&clean);
}

/* An interpreter is known by a number, as their service gives it; a guest by name and relation. */
static gboolean
read_person (Call *call)
{
  HubInvite *invite = call->invite;
  g_autofree char *name = dup_text (call, "name", MAX_NAME);
  g_autofree char *number = dup_text (call, "number", MAX_NUMBER);
  g_autofree char *language = dup_text (call, "language", MAX_LANGUAGE);
  g_autofree char *relation = dup_text (call, "relation", MAX_RELATION);
  gboolean interpreter = invite->role == CARE_VISIT_ROLE_INTERPRETER;

  call->status = 422;
  call->error = interpreter ? (number == NULL     ? "number"
                               : language == NULL ? "language"
                                                  : NULL)
                            : (name == NULL       ? "name"
                               : relation == NULL ? "relation"
                                                  : NULL);
  if (call->error != NULL)
    return FALSE;
  call->status = 200;
  g_set_str (&invite->name, name);
  g_set_str (&invite->number, interpreter ? number : NULL);
  g_set_str (&invite->language, interpreter ? language : NULL);
  g_set_str (&invite->relation, interpreter ? NULL : relation);
  return TRUE;
}

static gboolean
call_work (HubRecords *records, gpointer data, GError **error)
{
  Call *call = data;
  g_autoptr (GError) problem = NULL;

  /* the work may run again where somebody was faster */
  g_clear_pointer (&call->invite, hub_invite_free);
  g_clear_pointer (&call->cookie, g_free);
  hub_clinic_clear (&call->clinic);
  call->clinic = (HubClinic) { 0 };
  call->error = NULL;
  call->status = 200;
  call->known = FALSE;
  call->invite = hub_invite_load (records, call->token, &problem);
  hub_visit_load_clinic (records, &call->clinic);
  if (call->invite == NULL)
    {
      call->status = hub_reply_status_of (problem);
      call->error = call->status == 410   ? "finished"
                    : call->status == 404 ? "unknown"
                    : call->status == 503 ? "records"
                                          : "server";
      return TRUE;
    }
  call->known = call->session != NULL && g_strcmp0 (call->session, call->invite->session) == 0;
  if (call->body == NULL || !read_person (call))
    return TRUE;
  call->cookie = hub_invite_add_session (call->invite);
  call->known = TRUE;
  return hub_invite_save (records, call->invite, "invitation taken up", error);
}

/* ---- answering ---- */

static void
set_cookie (Call *call)
{
  gboolean secure = g_str_has_prefix (hub_server_get_public_url (call->server), "https:");
  g_autofree char *cookie =
      g_strdup_printf (HUB_INVITE_COOKIE
                       "-%.8s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
                       call->hash, call->cookie, 12 * 3600, secure ? "; Secure" : "");

  soup_message_headers_append (soup_server_message_get_response_headers (call->message),
                               "Set-Cookie", cookie);
}

static void
answer (Call *call)
{
  JsonBuilder *out = json_builder_new ();

  json_builder_begin_object (out);
  hub_reply_add_text (out, "error", call->error);
  json_builder_set_member_name (out, "clinic");
  json_builder_begin_object (out);
  hub_reply_add_text (out, "name", call->clinic.name);
  hub_reply_add_text (out, "phone", call->clinic.phone);
  json_builder_end_object (out);
  if (call->invite != NULL)
    hub_reply_add_text (out, "role", care_visit_role_name (call->invite->role));
  if (call->known)
    {
      hub_reply_add_text (out, "visit", call->invite->encounter);
      hub_reply_add_text (out, "name", call->invite->name);
      json_builder_set_member_name (out, "testHooks");
      json_builder_add_boolean_value (out, g_strcmp0 (g_getenv ("BEDSIDE_TEST_HOOKS"), "1") == 0);
    }
  json_builder_end_object (out);
  hub_reply_json (call->message, call->status, out);
}

static void
call_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;

  if (!hub_records_run_finish (result, &error))
    {
      call->known = FALSE;
      call->status = hub_reply_status_of (error);
      call->error = call->status == 503 ? "records" : "server";
    }
  if (call->known)
    hub_invite_door_remember (call->server, call->invite);
  if (call->known && call->cookie != NULL)
    set_cookie (call);
  answer (call);
  soup_server_message_unpause (call->message);
  call_free (call);
}

static void
reply_error (SoupServerMessage *message, guint status, const char *error)
{
  hub_reply_text (message, status, "application/json",
                  g_strdup_printf ("{\"error\":\"%s\"}", error));
}

/* ---- requests ---- */

static void
start_call (HubServer *server, SoupServerMessage *message, const char *token, gboolean enters)
{
  Call *call = g_new0 (Call, 1);

  call->server = g_object_ref (server);
  call->message = g_object_ref (message);
  call->token = g_strdup (token);
  call->hash = hub_join_hash (token);
  call->session = hub_invite_door_dup_session (message, call->hash);
  call->body = enters ? hub_patient_read_body (message, MAX_DEPTH) : NULL;
  if (enters && (call->body == NULL || !JSON_NODE_HOLDS_OBJECT (call->body)))
    {
      reply_error (message, 400, "body");
      call_free (call);
      return;
    }
  soup_server_message_pause (message);
  hub_records_run_async (server, enters, call_work, call, call_done_cb, call);
}

static gboolean
may_call_again (HubServer *server, const char *token)
{
  Guests *self = g_object_get_data (G_OBJECT (server), DATA_KEY);
  gint64 minute = g_get_monotonic_time () / G_TIME_SPAN_MINUTE;
  char *hash = hub_join_hash (token);
  guint count;

  if (minute != self->minute || g_hash_table_size (self->calls) >= MAX_LINKS)
    g_hash_table_remove_all (self->calls);
  self->minute = minute;
  count = GPOINTER_TO_UINT (g_hash_table_lookup (self->calls, hash)) + 1;
  g_hash_table_replace (self->calls, hash, GUINT_TO_POINTER (count));
  return count <= MAX_CALLS;
}

static void
guest_handler (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 6);
  guint count = g_strv_length (parts);
  const char *token = count > 2 ? parts[2] : "";
  const char *action = count > 3 ? parts[3] : "";
  gboolean get = g_strcmp0 (soup_server_message_get_method (message), "GET") == 0;
  gboolean post = g_strcmp0 (soup_server_message_get_method (message), "POST") == 0;

  hub_patient_set_headers (message);
  if (hub_reply_too_large (message))
    reply_error (message, 413, "size");
  else if (!may_call_again (data, token))
    reply_error (message, 429, "busy");
  else if (count > 4)
    reply_error (message, 404, "unknown");
  else if (*action == '\0' && get)
    hub_patient_reply_file (message, 200, "guest.html");
  else if (g_str_equal (action, "state") && get)
    start_call (data, message, token, FALSE);
  else if (g_str_equal (action, "enter") && post && hub_patient_is_cross_site (message))
    reply_error (message, 403, "origin");
  else if (g_str_equal (action, "enter") && post)
    start_call (data, message, token, TRUE);
  else
    reply_error (message, 404, "unknown");
}

static void
guests_free (gpointer data)
{
  g_hash_table_unref (((Guests *) data)->calls);
  g_free (data);
}

void
hub_guest_attach (HubServer *server)
{
  Guests *self = g_new0 (Guests, 1);
  SoupServer *soup = hub_server_get_soup (server);

  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, guests_free);
  hub_reply_limit_bodies (soup, "/guest", MAX_BODY);
  soup_server_add_handler (soup, "/guest", guest_handler, server, NULL);
}
