/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include <string.h>

#include "hub-gzip.h"
#include "hub-reply.h"

/* Formats: what a client sends, and what it wants to read. */

#define PATCH_TYPE "application/json-patch+json"

/* ---- formats -------------------------------------------------------------------------------- */

static gboolean
is_json_type (const char *type)
{
  return type == NULL || g_str_has_prefix (type, "application/fhir+json") ||
         g_str_has_prefix (type, "application/json") || g_str_has_prefix (type, "text/json") ||
         g_str_has_prefix (type, "application/json+fhir");
}

/**
 * hub_request_accepts_json:
 *
 * Returns: whether the answer may be JSON, which is what the hub speaks
 */
gboolean
hub_request_accepts_json (HubRequest *self, GHashTable *query)
{
  const char *accept =
      soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                     "Accept");
  const char *format = query != NULL ? g_hash_table_lookup (query, "_format") : NULL;

  if (format != NULL)
    return strstr (format, "json") != NULL;
  return accept == NULL || strstr (accept, "json") != NULL || strstr (accept, "*/*") != NULL ||
         strstr (accept, "application/*") != NULL;
}

static gboolean
has_word (HubRequest *self, const char *header, const char *word)
{
  const char *value =
      soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                     header);

  return value != NULL && strstr (value, word) != NULL;
}

/**
 * hub_request_read_preferences:
 *
 * Reads what the client prefers.
 */
void
hub_request_read_preferences (HubRequest *self)
{
  self->lenient = has_word (self, "Prefer", "handling=lenient");
  self->minimal = has_word (self, "Prefer", "return=minimal");
}

/**
 * hub_request_prefers:
 *
 * Returns: whether Prefer has @word
 */
gboolean
hub_request_prefers (HubRequest *self, const char *word)
{
  return has_word (self, "Prefer", word);
}

/**
 * hub_request_take_body:
 *
 * Takes the body, of whatever type, unpacked.
 */
gboolean
hub_request_take_body (HubRequest *self, GError **error)
{
  return hub_gzip_read_body (self->message, HUB_REQUEST_BODY_LIMIT, &self->body, error);
}

/**
 * hub_request_read_body:
 *
 * Takes the body, which must be JSON by its own word.
 */
gboolean
hub_request_read_body (HubRequest *self, GError **error)
{
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (
                                                 self->message),
                                             NULL);

  if (!is_json_type (type))
    {
      g_set_error (error, HUB_ERROR, 415,
                   "Send the resource as application/fhir+json; “%s” is not read here", type);
      return FALSE;
    }
  return hub_request_take_body (self, error);
}

static char *
header (HubRequest *self, const char *name)
{
  return g_strdup (
      soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                     name));
}

static gboolean
read_patch (HubRequest *self, GError **error)
{
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (
                                                 self->message),
                                             NULL);
  gsize length;
  const char *text;

  if (type == NULL || !g_str_equal (type, PATCH_TYPE))
    {
      hub_request_set_header (self, "Accept-Patch", PATCH_TYPE);
      g_set_error (error, HUB_ERROR, 415,
                   "Send the patch as " PATCH_TYPE
                   "; patches in FHIRPath or XML are not read here");
      return FALSE;
    }
  if (!hub_request_take_body (self, error))
    return FALSE;
  text = g_bytes_get_data (self->body, &length);
  self->entry->patch = fhir_patch_parse (text != NULL ? text : "", (gssize) length, error);
  return self->entry->patch != NULL;
}

static gboolean
read_resource (HubRequest *self, GError **error)
{
  gsize length;
  const char *text;

  if (g_str_equal (self->type, "Binary"))
    {
      if (!hub_request_read_binary (self, &self->entry->resource, error))
        return FALSE;
      if (self->entry->resource != NULL)
        return TRUE;
    }
  else if (!hub_request_read_body (self, error))
    return FALSE;
  text = g_bytes_get_data (self->body, &length);
  self->entry->resource = fhir_resource_parse (text != NULL ? text : "", (gssize) length, error);
  if (self->entry->resource == NULL)
    return FALSE;
  if (g_str_equal (fhir_resource_get_type (self->entry->resource), self->type))
    return TRUE;
  g_set_error (error, HUB_ERROR, 400, "The URL says %s, the body says %s", self->type,
               fhir_resource_get_type (self->entry->resource));
  return FALSE;
}

/**
 * hub_request_read_entry:
 *
 * Reads body and headers as the one thing to do.
 */
gboolean
hub_request_read_entry (HubRequest *self, HubVerb verb, GError **error)
{
  self->entry = hub_entry_new (verb, self->type, self->id);
  self->entry->query = g_strdup (self->query);
  self->entry->if_match = header (self, "If-Match");
  self->entry->if_none_match = header (self, "If-None-Match");
  self->entry->if_none_exist = header (self, "If-None-Exist");
  if (verb == HUB_VERB_DELETE)
    return TRUE;
  return verb == HUB_VERB_PATCH ? read_patch (self, error) : read_resource (self, error);
}
