/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-health-link.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base-id.h"
#include "fhir-text.h"
#include "net-error.h"
#include "net-http.h"
#include "net-jwe.h"

/* Whoever makes a link may write anything into it. */
#define PAYLOAD_MAX 8192
#define URL_MAX     2048 /* the specification has 128; servers with longer ones are about */
#define LABEL_MAX   80
#define VERSION     1

void
net_health_link_free (NetHealthLink *self)
{
  g_free (self->url);
  g_free (self->host);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_free (self->label);
  g_free (self);
}

NetHealthLink *
net_health_link_copy (const NetHealthLink *self)
{
  NetHealthLink *copy = g_memdup2 (self, sizeof *self);

  copy->url = g_strdup (self->url);
  copy->host = g_strdup (self->host);
  copy->key = g_bytes_ref (self->key);
  copy->label = g_strdup (self->label);
  return copy;
}

static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gint64
number_of (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = json_object_get_member (object, name);

  if (!node || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return (gint64) CLAMP (json_node_get_double (node), 0, 1e12);
  return fallback;
}

/* Only encrypted, whoever it is: (transfer full) (nullable) */
static GUri *
parse_url (const char *url)
{
  g_autoptr (GUri) uri = url && strlen (url) <= URL_MAX ? net_http_parse_url (url, NULL) : NULL;

  return uri && g_str_equal (g_uri_get_scheme (uri), "https") ? g_steal_pointer (&uri) : NULL;
}

static char *
dup_label (const char *text)
{
  g_autofree char *tidy = fhir_text_tidy (text);

  return tidy ? g_utf8_substring (tidy, 0, MIN (g_utf8_strlen (tidy, -1), LABEL_MAX)) : NULL;
}

static gboolean
fill (NetHealthLink *self, JsonObject *payload, GError **error)
{
  const char *flags = text_of (payload, "flag"), *key = text_of (payload, "key");
  g_autoptr (GUri) uri = parse_url (text_of (payload, "url"));

  if (number_of (payload, "v", VERSION) != VERSION)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("The link is of a newer kind than this Bedside knows."));
      return FALSE;
    }
  if (!uri)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("The link does not lead to an address that begins with https://, so "
                              "it is not followed."));
      return FALSE;
    }
  self->url = g_strdup (text_of (payload, "url"));
  self->host = g_strdup (g_uri_get_host (uri));
  self->key = key ? base_unbase64url (key) : NULL;
  self->label = dup_label (text_of (payload, "label"));
  self->expires = MAX (number_of (payload, "exp", 0), 0);
  self->is_direct = flags && strchr (flags, 'U');
  self->has_passcode = flags && strchr (flags, 'P') && !self->is_direct;
  self->is_long_term = flags && strchr (flags, 'L');
  return self->key && g_bytes_get_size (self->key) == NET_JWE_KEY_BYTES;
}

/**
 * net_health_link_parse:
 * @text: "shlink:/…", with the address of a viewer before it or without; of any length
 *
 * Asks nobody for anything.
 *
 * Returns: (transfer full) (nullable): what it says; NULL with a sentence
 */
NetHealthLink *
net_health_link_parse (const char *text, GError **error)
{
  gsize length = strnlen (text, PAYLOAD_MAX * 2);
  const char *at = length < PAYLOAD_MAX * 2 ? strstr (text, NET_HEALTH_LINK_PREFIX) : NULL;
  g_autoptr (GBytes) bytes = at && strlen (at) <= PAYLOAD_MAX
                                 ? base_unbase64url (at + strlen (NET_HEALTH_LINK_PREFIX))
                                 : NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (NetHealthLink) self = g_new0 (NetHealthLink, 1);
  g_autoptr (GError) problem = NULL;
  JsonNode *root = NULL;

  if (bytes && json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL),
                                           (gssize) g_bytes_get_size (bytes), NULL))
    root = json_parser_get_root (parser);
  if (root && JSON_NODE_HOLDS_OBJECT (root) && fill (self, json_node_get_object (root), &problem))
    return g_steal_pointer (&self);
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("The link is damaged: a part of it may be missing. Ask for it again."));
  return NULL;
}
