/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fhir.h"

#include <string.h>

#include "hub-policy.h"
#include "hub-reply.h"
#include "hub-request.h"
#include "hub-subscription.h"

/* The routes under /fhir: who asks, in which format, for what. Everything that goes wrong is
 * answered with an OperationOutcome. */

#define BODY_LIMIT  (32u * 1024 * 1024)
#define QUERY_LIMIT 8192

void
hub_request_free (HubRequest *self)
{
  g_object_unref (self->server);
  g_object_unref (self->message);
  g_clear_pointer (&self->user, hub_user_unref);
  g_free (self->type);
  g_free (self->id);
  g_free (self->version);
  g_free (self->query);
  g_clear_pointer (&self->entry, hub_entry_free);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->answer, fhir_resource_unref);
  g_free (self->text);
  g_free (self);
}

/* ---- answers -------------------------------------------------------------------------------- */

static void
set_header (HubRequest *self, const char *name, const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name,
                                value);
}

static void
set_version_headers (HubRequest *self, FhirResource *resource)
{
  const char *updated = fhir_resource_get_updated (resource);
  const char *version = fhir_resource_get_version (resource);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = updated != NULL ? g_date_time_new_from_iso8601 (updated, utc) : NULL;

  if (version != NULL)
    {
      g_autofree char *etag = g_strdup_printf ("W/\"%s\"", version);

      set_header (self, "ETag", etag);
    }
  if (time != NULL)
    {
      g_autofree char *text = soup_date_time_to_string (time, SOUP_DATE_HTTP);

      set_header (self, "Last-Modified", text);
    }
}

static gboolean
client_has_it (HubRequest *self, FhirResource *resource)
{
  const char *etag =
      soup_message_headers_get_one (soup_server_message_get_request_headers (self->message),
                                    "If-None-Match");
  g_autofree char *version = hub_entry_dup_version (etag);

  return version != NULL && g_strcmp0 (version, fhir_resource_get_version (resource)) == 0 &&
         g_str_equal (soup_server_message_get_method (self->message), "GET");
}

/**
 * hub_request_answer_stored:
 *
 * Answers with a stored resource: version, time, and its text unless the client has or wants none.
 */
void
hub_request_answer_stored (HubRequest *self, guint status, FhirResource *resource)
{
  set_version_headers (self, resource);
  if (status == 201)
    {
      g_autofree char *location =
          g_strdup_printf ("%s/fhir/%s/%s/_history/%s", hub_server_get_base_url (self->server),
                           fhir_resource_get_type (resource), fhir_resource_get_id (resource),
                           fhir_resource_get_version (resource));

      set_header (self, "Location", location);
    }
  if (client_has_it (self, resource))
    soup_server_message_set_status (self->message, 304, NULL);
  else if (self->minimal)
    soup_server_message_set_status (self->message, status, NULL);
  else
    hub_reply_resource (self->message, status, resource);
}

void
hub_request_answer_text (HubRequest *self, guint status, char *text)
{
  hub_reply_text (self->message, status, HUB_FHIR_JSON, text);
}

/**
 * hub_request_finish:
 * @error: (nullable): what went wrong; else the answer stands in the message
 *
 * Ends a request that was paused.
 */
void
hub_request_finish (HubRequest *self, const GError *error)
{
  if (error != NULL)
    hub_reply_error (self->message, error);
  soup_server_message_unpause (self->message);
  hub_request_free (self);
}

/* ---- formats -------------------------------------------------------------------------------- */

static gboolean
is_json_type (const char *type)
{
  return type == NULL || g_str_has_prefix (type, "application/fhir+json") ||
         g_str_has_prefix (type, "application/json") || g_str_has_prefix (type, "text/json") ||
         g_str_has_prefix (type, "application/json+fhir");
}

static gboolean
accepts_json (HubRequest *self, GHashTable *query)
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

static gboolean
refuse (HubRequest *self, guint status, const char *sentence)
{
  hub_reply_outcome (self->message, status, sentence);
  return FALSE;
}

static gboolean
read_body (HubRequest *self, GError **error)
{
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);
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
  self->body = soup_message_body_flatten (body);
  return TRUE;
}

static char *
header (HubRequest *self, const char *name)
{
  return g_strdup (
      soup_message_headers_get_one (soup_server_message_get_request_headers (self->message), name));
}

static gboolean
read_resource (HubRequest *self, HubVerb verb, GError **error)
{
  g_autofree char *match = header (self, "If-Match");
  g_autofree char *none = header (self, "If-None-Match");
  gsize length;
  const char *text;

  self->entry = hub_entry_new (verb, self->type, self->id);
  self->entry->if_match = hub_entry_dup_version (match);
  self->entry->if_none_match = hub_entry_dup_version (none);
  self->entry->if_none_exist = header (self, "If-None-Exist");
  if (verb == HUB_VERB_DELETE)
    return TRUE;
  if (!read_body (self, error))
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

/* ---- routes --------------------------------------------------------------------------------- */

/* Takes over @self and pauses the message, or answers and returns FALSE. */
static gboolean
start_write (HubRequest *self, HubVerb verb)
{
  static const HubOperation operations[] = {
    [HUB_VERB_DELETE] = HUB_DELETE, [HUB_VERB_POST] = HUB_CREATE, [HUB_VERB_PUT] = HUB_UPDATE
  };
  g_autoptr (GError) error = NULL;

  if (!hub_policy_allows (self->user, operations[verb], self->type, &error) ||
      !read_resource (self, verb, &error))
    {
      hub_reply_error (self->message, error);
      return FALSE;
    }
  hub_request_write (self);
  return TRUE;
}

static gboolean
start_search (HubRequest *self, const char *query)
{
  g_autoptr (GError) error = NULL;

  if (strlen (query) > QUERY_LIMIT)
    return refuse (self, 414, "The search is longer than 8192 bytes: ask in several searches");
  if (!hub_policy_allows (self->user, HUB_SEARCH, self->type, &error))
    {
      hub_reply_error (self->message, error);
      return FALSE;
    }
  self->query = g_strdup (query);
  hub_request_search (self);
  return TRUE;
}

static gboolean
start_form_search (HubRequest *self, const char *query)
{
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);
  g_autofree char *form = g_strndup (body->data != NULL ? body->data : "", (gsize) body->length);
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (
                                                 self->message),
                                             NULL);
  g_autofree char *both = NULL;

  if (type != NULL && !g_str_equal (type, "application/x-www-form-urlencoded"))
    return refuse (self, 415, "Send the search as application/x-www-form-urlencoded");
  both = g_strconcat (form, *form != '\0' && *query != '\0' ? "&" : "", query, NULL);
  return start_search (self, both);
}

static gboolean
start_read (HubRequest *self)
{
  g_autoptr (GError) error = NULL;

  if (hub_policy_allows (self->user, HUB_READ, self->type, &error))
    {
      if (self->wants_history)
        hub_request_history (self);
      else
        hub_request_read (self);
      return TRUE;
    }
  hub_reply_error (self->message, error);
  return FALSE;
}

static gboolean
start_bundle (HubRequest *self)
{
  g_autoptr (GError) error = NULL;

  if (read_body (self, &error))
    {
      hub_request_bundle (self);
      return TRUE;
    }
  hub_reply_error (self->message, error);
  return FALSE;
}

static gboolean
refuse_method (HubRequest *self, const char *allowed)
{
  g_autofree char *sentence = g_strdup_printf ("Here the hub answers %s only", allowed);

  set_header (self, "Allow", allowed);
  return refuse (self, 405, sentence);
}

static gboolean
route_type (HubRequest *self, const char *method, const char *query)
{
  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    return start_search (self, query);
  if (g_str_equal (method, "POST"))
    return start_write (self, HUB_VERB_POST);
  return refuse_method (self, "GET, POST");
}

static gboolean
route_instance (HubRequest *self, const char *method)
{
  if (!fhir_id_is_valid (self->id))
    return refuse (self, 400, "An id has 1 to 64 of the characters A-Z a-z 0-9 - .");
  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    return start_read (self);
  if (g_str_equal (method, "PUT"))
    return start_write (self, HUB_VERB_PUT);
  if (g_str_equal (method, "DELETE"))
    return start_write (self, HUB_VERB_DELETE);
  return refuse_method (self, "GET, PUT, DELETE");
}

static gboolean
start_operation (HubRequest *self, const char *operation)
{
  g_autoptr (GError) error = NULL;

  if (!fhir_id_is_valid (self->id) || !hub_policy_allows (self->user, HUB_READ, self->type, &error))
    return refuse (self, error != NULL ? 403 : 400,
                   error != NULL ? error->message : "This is no id");
  return hub_subscription_operate (self, operation) ||
         refuse (self, 404, "A Subscription has the operations $get-ws-binding-token and $status");
}

static gboolean
route (HubRequest *self, char **parts, const char *method, const char *query)
{
  guint length = g_strv_length (parts);

  if (length == 0)
    return g_str_equal (method, "POST") ? start_bundle (self) : refuse_method (self, "POST");
  if (!fhir_resource_type_is_known (parts[0]))
    return refuse (self, 404,
                   "There is no such resource type in FHIR R4: check the first word after /fhir/");
  self->type = g_strdup (parts[0]);
  if (length == 1)
    return route_type (self, method, query);
  if (length == 2 && g_str_equal (parts[1], "_search"))
    return g_str_equal (method, "POST") ? start_form_search (self, query)
                                        : refuse_method (self, "POST");
  if (parts[1][0] == '$' || parts[1][0] == '_')
    return refuse (self, 404, "The hub has no such operation; /fhir/metadata lists what it has");
  self->id = g_strdup (parts[1]);
  if (length == 2)
    return route_instance (self, method);
  if (g_str_equal (parts[2], "_history") && length <= 4 && g_str_equal (method, "GET"))
    {
      self->version = g_strdup (length == 4 ? parts[3] : NULL);
      self->wants_history = length == 3;
      return route_instance (self, method);
    }
  if (length == 3 && g_str_equal (self->type, "Subscription"))
    return start_operation (self, parts[2]);
  return refuse (self, 404,
                 "The hub has nothing under this address; /fhir/metadata lists what it has");
}

static gboolean
authorize (HubRequest *self)
{
  self->user = hub_access_authenticate (hub_server_get_access (self->server), self->message);
  if (self->user != NULL)
    return TRUE;
  return refuse (self, 401, "Sign in first: the access token is missing, unknown or has ended");
}

static char **
split_path (const char *path)
{
  const char *rest = path + strlen ("/fhir");
  g_autofree char *trimmed = NULL;
  gsize length;

  rest += strspn (rest, "/");
  trimmed = g_strdup (rest);
  length = strlen (trimmed);
  while (length > 0 && trimmed[length - 1] == '/')
    trimmed[--length] = '\0';
  return g_strsplit (trimmed, "/", 8);
}

static void
answer (SoupServer *soup,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer data)
{
  HubRequest *self = g_new0 (HubRequest, 1);
  const char *method = soup_server_message_get_method (message);
  const char *asked = g_uri_get_query (soup_server_message_get_uri (message));
  g_auto (GStrv) parts = split_path (path);
  gboolean started = FALSE;

  self->server = g_object_ref (data);
  self->message = g_object_ref (message);
  set_header (self, "Cache-Control", "no-store");
  if (hub_reply_too_large (message))
    refuse (self, 413, "The body is larger than 32 MB: send it in smaller parts");
  else if (!accepts_json (self, query))
    refuse (self, 406, "The hub speaks JSON only: ask for application/fhir+json");
  else if (parts[0] != NULL && g_str_equal (parts[0], "metadata") && parts[1] == NULL)
    hub_request_answer_text (self, 200, hub_request_capability (self->server));
  else if (authorize (self))
    {
      self->lenient = has_word (self, "Prefer", "handling=lenient");
      self->minimal = has_word (self, "Prefer", "return=minimal");
      started = route (self, parts, method, asked != NULL ? asked : "");
    }
  if (!started)
    hub_request_free (self);
}

static void
limit_body (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  hub_reply_limit_body (message, BODY_LIMIT);
}

/**
 * hub_fhir_attach:
 *
 * The module for the FHIR REST interface.
 */
void
hub_fhir_attach (HubServer *server)
{
  SoupServer *soup = hub_server_get_soup (server);

  soup_server_add_early_handler (soup, "/fhir", limit_body, server, NULL);
  soup_server_add_handler (soup, "/fhir", answer, server, NULL);
}
