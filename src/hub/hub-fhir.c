/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fhir.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "fhir-date.h"
#include "hub-generation.h"
#include "hub-gzip.h"
#include "hub-quirk.h"
#include "hub-reply.h"
#include "hub-request.h"

/* What comes under /fhir: who asks and how it is answered. Everything that goes wrong is answered
 * with an OperationOutcome. hub-fhir-route.c says what for, hub-fhir-body.c in which format. */

/* Answers that are packed on a thread of their own, in bytes: the main loop must not wait. */
#define LARGE (64 * 1024)

#define CORKED "bedside-hub-corked"

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
  g_free (self->patient);
  g_free (self);
}

/* ---- answers -------------------------------------------------------------------------------- */

void
hub_request_set_header (HubRequest *self, const char *name, const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name,
                                value);
}

static void
set_version_headers (HubRequest *self, const char *version, const char *updated)
{
  FhirDate date;

  if (version != NULL)
    {
      g_autofree char *etag = g_strdup_printf ("W/\"%s\"", version);

      hub_request_set_header (self, "ETag", etag);
    }
  if (updated != NULL && fhir_date_parse (updated, &date) &&
      date.precision >= FHIR_PRECISION_MINUTE)
    {
      g_autofree char *text = NULL;
      gint64 low, high;

      fhir_date_bounds (&date, &low, &high);
      text = base_clock_format_http_date (low);
      hub_request_set_header (self, "Last-Modified", text);
    }
}

/* Times in headers are whole seconds: what was changed later in the same one must be sent. */
static gboolean
is_older (FhirResource *resource, const char *since)
{
  const char *updated = fhir_resource_get_updated (resource);
  g_autoptr (GDateTime) limit = soup_date_time_new_from_http_string (since);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = updated != NULL ? g_date_time_new_from_iso8601 (updated, utc) : NULL;

  return limit != NULL && time != NULL && g_date_time_compare (time, limit) <= 0;
}

static gboolean
client_has_it (HubRequest *self, FhirResource *resource)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  const char *etag = soup_message_headers_get_list (headers, "If-None-Match");
  const char *since = soup_message_headers_get_one (headers, "If-Modified-Since");
  const char *method = soup_server_message_get_method (self->message);

  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    return FALSE;
  if (etag != NULL) /* says more, so the other is not looked at */
    return hub_entry_matches (etag, fhir_resource_get_version (resource));
  return since != NULL && is_older (resource, since);
}

/**
 * hub_request_refuse:
 *
 * Answers with an OperationOutcome that says @sentence, of an error or of what was accepted.
 *
 * Returns: FALSE
 */
gboolean
hub_request_refuse (HubRequest *self, guint status, const char *sentence)
{
  hub_reply_outcome (self->message, status, sentence);
  return FALSE;
}

/**
 * hub_request_refuse_method:
 * @allowed: the methods that are answered here
 *
 * Returns: FALSE
 */
gboolean
hub_request_refuse_method (HubRequest *self, const char *allowed)
{
  g_autofree char *sentence = g_strdup_printf ("Here the hub answers %s only", allowed);

  hub_request_set_header (self, "Allow", allowed);
  return hub_request_refuse (self, 405, sentence);
}

/**
 * hub_request_answer_unchanged:
 *
 * Sets version and time, and answers 304 where the client says that it has this version.
 *
 * Returns: whether that was the answer
 */
gboolean
hub_request_answer_unchanged (HubRequest *self, FhirResource *resource)
{
  set_version_headers (self, fhir_resource_get_version (resource),
                       fhir_resource_get_updated (resource));
  if (!client_has_it (self, resource))
    return FALSE;
  soup_server_message_set_status (self->message, 304, NULL);
  return TRUE;
}

static void
set_location (HubRequest *self, const char *type, const char *id, const char *version)
{
  g_autofree char *location =
      g_strdup_printf ("%s/fhir/%s/%s/_history/%s", hub_server_get_base_url (self->server), type,
                       id, version);

  hub_request_set_header (self, "Location", location);
}

/**
 * hub_request_answer_stored:
 *
 * Answers with a stored resource: version, time, and its text unless the client has or wants none.
 */
void
hub_request_answer_stored (HubRequest *self, guint status, FhirResource *resource)
{
  if (hub_request_answer_unchanged (self, resource))
    return;
  if (status == 201)
    set_location (self, fhir_resource_get_type (resource), fhir_resource_get_id (resource),
                  fhir_resource_get_version (resource));
  if (self->minimal)
    soup_server_message_set_status (self->message, status, NULL);
  else
    hub_reply_resource (self->message, status, resource);
}

/**
 * hub_request_answer_written:
 *
 * As hub_request_answer_stored(), with what @entry has just written, whose text it takes.
 */
void
hub_request_answer_written (HubRequest *self, HubEntry *entry)
{
  set_version_headers (self, entry->version, entry->updated);
  if (entry->status == 201)
    set_location (self, entry->type, entry->id, entry->version);
  if (self->minimal)
    soup_server_message_set_status (self->message, entry->status, NULL);
  else
    hub_reply_text (self->message, entry->status, HUB_FHIR_JSON, g_steal_pointer (&entry->written));
}

void
hub_request_answer_text (HubRequest *self, guint status, char *text)
{
  hub_reply_text (self->message, status, HUB_FHIR_JSON, text);
}

/* libsoup writes an answer's head and body one after the other, and each would be a packet of its
 * own that wakes the client. */
static void
set_cork (SoupServerMessage *message, gboolean corked)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket == NULL)
    return;
  g_socket_set_option (socket, IPPROTO_TCP, TCP_CORK, corked, NULL);
  g_object_set_data (G_OBJECT (message), CORKED, GINT_TO_POINTER (corked));
}

static void
finished_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  if (g_object_get_data (G_OBJECT (message), CORKED) != NULL)
    set_cork (message, FALSE);
}

static void
send_answer (HubRequest *self)
{
  set_cork (self->message, TRUE);
  soup_server_message_unpause (self->message);
  hub_request_free (self);
}

static void
pack_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, hub_gzip_pack (data), (GDestroyNotify) g_bytes_unref);
}

static void
packed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *self = data;
  g_autoptr (GBytes) packed = g_task_propagate_pointer (G_TASK (result), NULL);

  hub_gzip_set_answer (self->message, packed);
  send_answer (self);
}

static void
pack (SoupServerMessage *message, GBytes *plain)
{
  g_autoptr (GBytes) packed = hub_gzip_pack (plain);

  hub_gzip_set_answer (message, packed);
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
  g_autoptr (GBytes) plain = NULL;

  if (error != NULL)
    hub_reply_error (self->message, error);
  hub_quirk_answer (self->message);
  plain = hub_gzip_find_answer (self->message);
  if (plain != NULL && g_bytes_get_size (plain) > LARGE)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, packed_cb, self);

      g_task_set_source_tag (task, hub_request_finish);
      g_task_set_task_data (task, g_steal_pointer (&plain), (GDestroyNotify) g_bytes_unref);
      g_task_run_in_thread (task, pack_thread);
      return;
    }
  if (plain != NULL)
    pack (self->message, plain);
  send_answer (self);
}

/* ---- a request ------------------------------------------------------------------------------ */

static gboolean
authorize (HubRequest *self)
{
  self->user = hub_access_authenticate (hub_server_get_access (self->server), self->message);
  if (self->user != NULL)
    return TRUE;
  return hub_request_refuse (self, 401,
                             "Sign in first: the access token is missing, unknown or has ended");
}

/* A workstation whose records are of another life than these has to look first. */
static gboolean
admit (HubRequest *self)
{
  if (hub_generation_admits (self->server, self->message))
    return TRUE;
  hub_request_set_header (self, HUB_GENERATION_HEADER, hub_generation_get (self->server));
  return hub_request_refuse (self, 412,
                             "These are not the records that you know: they were restored from a "
                             "back-up since, or exchanged. Nothing was done");
}

/* A Binary may be asked for in its own type: hub-fhir-binary.c decides when it is known. */
static gboolean
reads_binary (GStrv parts, const char *method)
{
  guint length = g_strv_length (parts);

  return (g_str_equal (method, "GET") || g_str_equal (method, "HEAD")) &&
         (length == 2 || length == 4) && g_str_equal (parts[0], "Binary") && parts[1][0] != '$' &&
         parts[1][0] != '_';
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
  gboolean answered = hub_quirk_ask (message, &path), started = FALSE;
  g_auto (GStrv) parts = split_path (path);

  self->server = g_object_ref (data);
  self->message = g_object_ref (message);
  hub_request_set_header (self, "Cache-Control", "no-store");
  if (answered)
    g_debug ("Answered as another server would");
  else if (hub_reply_too_large (message))
    hub_request_refuse (self, 413, "The body is larger than 56 MB: send it in smaller parts");
  else if (!reads_binary (parts, method) && !hub_request_accepts_json (self, query))
    hub_request_refuse (self, 406, "The hub speaks JSON only: ask for application/fhir+json");
  else if (parts[0] != NULL && g_str_equal (parts[0], "metadata") && parts[1] == NULL)
    {
      if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
        hub_request_answer_text (self, 200, hub_request_capability (self->server));
      else
        hub_request_refuse_method (self, "GET, HEAD");
    }
  else if (authorize (self) && admit (self))
    {
      hub_request_read_preferences (self);
      started = hub_request_route (self, parts, method, asked != NULL ? asked : "");
    }
  if (!started)
    {
      g_autoptr (GBytes) plain = NULL;

      hub_quirk_answer (message);
      plain = hub_gzip_find_answer (message);
      if (plain != NULL)
        pack (message, plain);
      hub_request_free (self);
    }
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

  hub_generation_load (server);
  g_signal_connect (soup, "request-finished", G_CALLBACK (finished_cb), NULL);
  hub_reply_limit_bodies (soup, "/fhir", HUB_REQUEST_BODY_LIMIT);
  soup_server_add_handler (soup, "/fhir", answer, server, NULL);
}
