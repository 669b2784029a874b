/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-discovery.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "net-error.h"
#include "net-http.h"

/* Where one signs in, as the server says it. One that does not offer PKCE with S256 is refused. */

/* What a hub in front of another server adds to that server's SMART configuration. */
#define RECORDS_BASE "bedside_fhir_base"

typedef struct
{
  char **base_url, **authorize_url, **token_url;
} Found;

static gboolean
holds_s256 (JsonObject *configuration)
{
  JsonNode *node = json_object_get_member (configuration, "code_challenge_methods_supported");
  JsonArray *methods =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; methods != NULL && i < json_array_get_length (methods); i++)
    {
      JsonNode *method = json_array_get_element (methods, i);

      if (json_node_get_value_type (method) == G_TYPE_STRING &&
          strcmp (json_node_get_string (method), "S256") == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_endpoint (JsonObject *configuration, const char *name, char **url, GError **error)
{
  JsonNode *node = json_object_get_member (configuration, name);
  const char *text = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                         ? json_node_get_string (node)
                         : "";
  g_autoptr (GUri) uri = net_http_parse_url (text, error);

  if (uri != NULL)
    g_set_str (url, text);
  return uri != NULL;
}

static gboolean
take_configuration (Found *self, GBytes *body, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  JsonNode *root = NULL;

  if (text != NULL && json_parser_load_from_data (parser, text, (gssize) length, NULL))
    root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      net_error_set_protocol (error, FALSE,
                              _ ("The server does not say how to sign in. Check its address."));
      return FALSE;
    }
  if (!holds_s256 (json_node_get_object (root)))
    {
      net_error_set_protocol (
          error, FALSE,
          _ ("The server's sign-in is not safe enough (it does not offer PKCE with S256). "
             "Ask whoever runs it to update it."));
      return FALSE;
    }
  return take_endpoint (json_node_get_object (root), "token_endpoint", self->token_url, error) &&
         take_endpoint (json_node_get_object (root), "authorization_endpoint", self->authorize_url,
                        error) &&
         (!json_object_has_member (json_node_get_object (root), RECORDS_BASE) ||
          take_endpoint (json_node_get_object (root), RECORDS_BASE, self->base_url, error));
}

/**
 * net_discovery_read:
 * @base_url: (inout): the FHIR base; where the records are, if they are elsewhere
 * @authorize_url: (out): where the browser goes
 * @token_url: (out): where codes are exchanged
 *
 * Blocks: for worker threads only. SMART puts the document below the FHIR base; some servers only
 * have it at their root.
 */
gboolean
net_discovery_read (SoupSession *http,
                    char **base_url,
                    char **authorize_url,
                    char **token_url,
                    GCancellable *cancellable,
                    GError **error)
{
  Found found = { base_url, authorize_url, token_url };
  g_autoptr (GUri) base = net_http_parse_url (*base_url, error);
  g_autofree char *below = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) problem = NULL;

  if (base == NULL)
    return FALSE;
  below = g_strconcat (*base_url, g_str_has_suffix (*base_url, "/") ? "" : "/",
                       ".well-known/smart-configuration", NULL);
  message = soup_message_new ("GET", below);
  body = net_http_fetch (http, message, NET_DISCOVERY_ANSWER_MAX, cancellable, &problem);
  if (body == NULL && !g_error_matches (problem, NET_ERROR, NET_ERROR_OFFLINE) &&
      !g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autoptr (GUri) root = g_uri_parse_relative (base, "/.well-known/smart-configuration",
                                                    SOUP_HTTP_URI_FLAGS, NULL);
      g_autoptr (SoupMessage) second = soup_message_new_from_uri ("GET", root);

      body = net_http_fetch (http, second, NET_DISCOVERY_ANSWER_MAX, cancellable, NULL);
    }
  if (body != NULL)
    return take_configuration (&found, body, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}
