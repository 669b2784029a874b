/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-jws.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base-id.h"

/* Signatures in the form of JOSE: the compact serialization of RFC 7515 with the content left out,
 * for it stands beside. One algorithm and no choice: what names another is no signature. */

#define HEADER_MAX 1024

void
care_jws_free (CareJws *self)
{
  g_free (self->key_id);
  g_free (self->when);
  g_free (self->input);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

static char *
dup_header (BaseKey *key, const char *when)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "alg");
  json_builder_add_string_value (builder, "ES256");
  json_builder_set_member_name (builder, "kid");
  json_builder_add_string_value (builder, base_key_get_id (key));
  json_builder_set_member_name (builder, "sigT");
  json_builder_add_string_value (builder, when);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static char *
dup_input (const char *header, const char *payload)
{
  g_autofree char *content = base_base64url ((const guint8 *) payload, strlen (payload));

  return g_strconcat (header, ".", content, NULL);
}

/**
 * care_jws_sign:
 * @when: the moment, which is signed with the content
 * @payload: the content
 *
 * Returns: (transfer full) (nullable): "header..signature"
 */
char *
care_jws_sign (BaseKey *key, const char *when, const char *payload, GError **error)
{
  g_autofree char *json = dup_header (key, when);
  g_autofree char *header = base_base64url ((const guint8 *) json, strlen (json));
  g_autofree char *input = dup_input (header, payload);
  g_autoptr (GBytes) bytes = base_key_sign (key, input, strlen (input), error);
  g_autofree char *signature =
      bytes ? base_base64url (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;

  return signature ? g_strconcat (header, "..", signature, NULL) : NULL;
}

static const char *
text_of (JsonObject *header, const char *name)
{
  JsonNode *node = json_object_get_member (header, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* A header that asks for what is not known here must not be passed over: "crit" above all. */
static gboolean
read_header (CareJws *self, GBytes *bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize length = 0;
  const char *json = g_bytes_get_data (bytes, &length);
  JsonNode *root;
  JsonObject *header;

  if (length == 0 || length > HEADER_MAX ||
      !json_parser_load_from_data (parser, json, (gssize) length, NULL))
    return FALSE;
  root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;
  header = json_node_get_object (root);
  if (json_object_get_size (header) != 3 || g_strcmp0 (text_of (header, "alg"), "ES256") != 0)
    return FALSE;
  self->key_id = g_strdup (text_of (header, "kid"));
  self->when = g_strdup (text_of (header, "sigT"));
  return self->key_id && self->when;
}

/**
 * care_jws_parse:
 * @text: what was sent, from anybody
 *
 * Returns: (transfer full) (nullable): NULL where it is none of ours
 */
CareJws *
care_jws_parse (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 4);
  g_autoptr (CareJws) self = g_new0 (CareJws, 1);
  g_autoptr (GBytes) header = NULL;

  if (g_strv_length (parts) != 3 || *parts[1] != '\0')
    return NULL;
  header = base_unbase64url (parts[0]);
  self->bytes = base_unbase64url (parts[2]);
  self->input = g_strdup (parts[0]);
  if (!header || !self->bytes || !read_header (self, header))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * care_jws_verify:
 *
 * Returns: whether @key made this signature over exactly @payload
 */
gboolean
care_jws_verify (const CareJws *self, BaseKey *key, const char *payload)
{
  g_autofree char *input = dup_input (self->input, payload);
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &length);

  return strcmp (self->key_id, base_key_get_id (key)) == 0 &&
         base_key_verify (key, input, strlen (input), bytes, length);
}
