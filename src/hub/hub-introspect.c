/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-introspect.h"

#include <json-glib/json-glib.h>

#include "hub-reply.h"

/* POST /auth/introspect, RFC 7662: whom a token stands for. For a hub that stands in front of this
 * one and signs in to it as one of the clinic. */

#define BODY_LIMIT (16 * 1024)

static void
add_user (JsonBuilder *builder, HubUser *user, gint64 expires)
{
  hub_reply_add_text (builder, "token_type", "Bearer");
  hub_reply_add_text (builder, "username", user->name);
  hub_reply_add_text (builder, "name", user->display);
  hub_reply_add_text (builder, "role", hub_role_get_name (user->role));
  hub_reply_add_text (builder, "fhirUser", user->reference);
  json_builder_set_member_name (builder, "exp");
  json_builder_add_int_value (builder, expires / G_USEC_PER_SEC);
}

static void
answer_introspection (HubServer *server, SoupServerMessage *message, const char *token)
{
  HubAccess *access = hub_server_get_access (server);
  gint64 expires = 0;
  g_autoptr (HubUser) user = hub_access_check_token_until (access, token, &expires);
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "active");
  json_builder_add_boolean_value (builder, user != NULL);
  if (user != NULL)
    add_user (builder, user, expires);
  json_builder_end_object (builder);
  hub_reply_json (message, 200, builder);
}

static gboolean
may_ask (HubServer *server, SoupServerMessage *message)
{
  g_autoptr (HubUser) user = hub_access_authenticate (hub_server_get_access (server), message);

  if (user == NULL)
    hub_reply_outcome (message, 401, "Sign in to ask whom a token stands for");
  else if (user->role == HUB_ROLE_PATIENT || user->role == HUB_ROLE_PHARMACY)
    hub_reply_outcome (message, 403, "Only the clinic may ask whom a token stands for");
  else
    return TRUE;
  return FALSE;
}

static void
introspect_handler (SoupServer *soup,
                    SoupServerMessage *message,
                    const char *path,
                    GHashTable *query,
                    gpointer data)
{
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (message),
                                             NULL);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GHashTable) form = NULL;
  g_autofree char *text = NULL;
  const char *token = NULL;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "no-store");
  if (!may_ask (data, message))
    return;
  if (g_strcmp0 (soup_server_message_get_method (message), "POST") == 0 &&
      g_strcmp0 (type, "application/x-www-form-urlencoded") == 0 && !hub_reply_too_large (message))
    {
      body = soup_message_body_flatten (soup_server_message_get_request_body (message));
      text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
      form = soup_form_decode (text);
      token = g_hash_table_lookup (form, "token");
    }
  if (token != NULL)
    answer_introspection (data, message, token);
  else
    hub_reply_outcome (message, 400, "POST a form with a token, application/x-www-form-urlencoded");
}

void
hub_introspect_attach (HubServer *server)
{
  SoupServer *soup = hub_server_get_soup (server);

  hub_reply_limit_bodies (soup, "/auth/introspect", BODY_LIMIT);
  soup_server_add_handler (soup, "/auth/introspect", introspect_handler, server, NULL);
}
