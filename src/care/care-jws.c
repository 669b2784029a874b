/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-jws.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base-id.h"
#include "base-totp.h"

/* Signatures in the form of JOSE: the compact serialization of RFC 7515 with the content left out,
 * for it stands beside. One algorithm and no choice: what names another is no signature. */

#define HEADER_MAX 4096

void
care_jws_free (CareJws *self)
{
  g_free (self->key_id);
  g_free (self->when);
  g_free (self->input);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->factor, care_jws_factor_free);
  g_free (self);
}

CareJwsFactor *
care_jws_factor_new (gint64 step, const char *code, const char *const *list)
{
  CareJwsFactor *self = g_new0 (CareJwsFactor, 1);

  self->step = step;
  self->code = g_strdup (code);
  self->list = g_strdupv ((GStrv) list);
  return self;
}

void
care_jws_factor_free (CareJwsFactor *self)
{
  g_free (self->code);
  g_strfreev (self->list);
  g_free (self);
}

static void
add_factor (JsonBuilder *builder, const CareJwsFactor *factor)
{
  json_builder_set_member_name (builder, "otp");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "step");
  json_builder_add_int_value (builder, factor->step);
  json_builder_set_member_name (builder, "code");
  json_builder_add_string_value (builder, factor->code);
  json_builder_set_member_name (builder, "list");
  json_builder_begin_array (builder);
  for (guint i = 0; factor->list[i]; i++)
    json_builder_add_string_value (builder, factor->list[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static char *
dup_header (BaseKey *key, const char *when, const CareJwsFactor *factor)
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
  if (factor)
    add_factor (builder, factor);
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
 * @factor: (nullable): the second factor, which is signed with it too
 * @payload: the content
 *
 * Returns: (transfer full) (nullable): "header..signature"
 */
char *
care_jws_sign (BaseKey *key,
               const char *when,
               const CareJwsFactor *factor,
               const char *payload,
               GError **error)
{
  g_autofree char *json = dup_header (key, when, factor);
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

/* (transfer full) (nullable): NULL where it is not whole, or holds what is not known here */
static CareJwsFactor *
read_factor (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *code = object ? text_of (object, "code") : NULL;
  JsonNode *step = object ? json_object_get_member (object, "step") : NULL,
           *list = object ? json_object_get_member (object, "list") : NULL;
  g_autoptr (GStrvBuilder) numbers = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;
  JsonArray *array;

  if (!object || json_object_get_size (object) != 3 || !base_totp_is_code (code) || !step ||
      !JSON_NODE_HOLDS_VALUE (step) || json_node_get_value_type (step) != G_TYPE_INT64 ||
      json_node_get_int (step) <= 0 || !list || !JSON_NODE_HOLDS_ARRAY (list))
    return NULL;
  array = json_node_get_array (list);
  if (json_array_get_length (array) == 0 || json_array_get_length (array) > CARE_JWS_LIST_MAX)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *one = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (one) || json_node_get_value_type (one) != G_TYPE_STRING)
        return NULL;
      g_strv_builder_add (numbers, json_node_get_string (one));
    }
  all = g_strv_builder_end (numbers);
  return care_jws_factor_new (json_node_get_int (step), code, (const char *const *) all);
}

/* A header that asks for what is not known here must not be passed over: "crit" above all. */
static gboolean
read_header (CareJws *self, GBytes *bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
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
  if (json_object_has_member (header, "otp"))
    self->factor = read_factor (json_object_get_member (header, "otp"));
  if (json_object_get_size (header) != (self->factor ? 4 : 3) ||
      g_strcmp0 (text_of (header, "alg"), "ES256") != 0)
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
