/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include <string.h>

#include "hub-policy.h"
#include "hub-reach.h"
#include "hub-reply.h"
#include "hub-search.h"
#include "store-resource.h"

#define HISTORY_LIMIT 100

/* The audit names a patient by pseudonym only, so the reference of a Patient stays out of it. */
static void
note_read (HubRequest *self, const char *patient)
{
  g_autofree char *reference = self->id != NULL && strcmp (self->type, "Patient") != 0
                                   ? g_strdup_printf ("%s/%s", self->type, self->id)
                                   : g_strdup (self->type);
  g_autofree char *detail = self->id == NULL ? g_strdup_printf ("search, %u shown", self->shown)
                                             : g_strdup (self->version);

  hub_server_audit (self->server, "read", self->user->name, patient, reference, detail);
}

/* ---- one resource --------------------------------------------------------------------------- */

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *self = data;

  if (self->version != NULL)
    self->answer =
        store_resource_get_version (connection, self->type, self->id, self->version, error);
  else
    self->answer = store_resource_get (connection, self->type, self->id, error);
  return self->answer != NULL &&
         hub_policy_allows_resource (self->user, HUB_READ, self->answer, error) &&
         hub_reach_allows (connection, self->user, self->answer, error);
}

static void
read_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *self = data;
  g_autoptr (GError) error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      g_autofree char *patient = hub_policy_dup_patient (self->answer);

      hub_request_answer_stored (self, 200, self->answer);
      note_read (self, patient);
    }
  hub_request_finish (self, error);
}

/**
 * hub_request_read:
 *
 * Reads the resource, or the version of it, that the path names.
 */
void
hub_request_read (HubRequest *self)
{
  soup_server_message_pause (self->message);
  store_database_read_async (hub_server_get_store (self->server), read_work, self, NULL, NULL,
                             read_done_cb, self);
}

/* ---- its history ---------------------------------------------------------------------------- */

static const char *
verb_of (GPtrArray *versions, guint i)
{
  const StoreVersion *version = versions->pdata[i];

  if (version->deleted)
    return "DELETE";
  return g_strcmp0 (version->version, "1") == 0 ? "POST" : "PUT";
}

static void
append_version (GString *out, const char *base_url, GPtrArray *versions, guint i)
{
  const StoreVersion *version = versions->pdata[i];

  g_string_append_printf (out, "%s{\"fullUrl\":\"%s/fhir/%s/%s\",", i > 0 ? "," : "", base_url,
                          version->type, version->id);
  if (version->resource != NULL)
    g_string_append_printf (out, "\"resource\":%s,",
                            fhir_resource_get_text (version->resource, NULL));
  g_string_append_printf (
      out,
      "\"request\":{\"method\":\"%s\",\"url\":\"%s/%s\"},"
      "\"response\":{\"status\":\"%s\",\"etag\":\"W/\\\"%s\\\"\",\"lastModified\":\"%s\"}}",
      verb_of (versions, i), version->type, version->id, version->deleted ? "204" : "200",
      version->version, version->updated);
}

static gboolean
may_see_history (HubRequest *self, StoreConnection *connection, GPtrArray *versions, GError **error)
{
  for (guint i = 0; i < versions->len; i++)
    {
      const StoreVersion *version = versions->pdata[i];

      if (version->resource != NULL &&
          (!hub_policy_allows_resource (self->user, HUB_READ, version->resource, error) ||
           !hub_reach_allows (connection, self->user, version->resource, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
history_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *self = data;
  g_autoptr (GPtrArray) versions =
      store_resource_history (connection, self->type, self->id, HISTORY_LIMIT, error);
  const char *base_url = hub_server_get_base_url (self->server);
  GString *out;

  if (versions == NULL || !may_see_history (self, connection, versions, error))
    return FALSE;
  if (versions->len == 0)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no %s/%s", self->type,
                   self->id);
      return FALSE;
    }
  out = g_string_new (NULL);
  g_string_append_printf (
      out,
      "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"total\":%u,\"link\":[{"
      "\"relation\":\"self\",\"url\":\"%s/fhir/%s/%s/_history\"}],\"entry\":[",
      versions->len, base_url, self->type, self->id);
  for (guint i = 0; i < versions->len; i++)
    append_version (out, base_url, versions, i);
  g_string_append (out, "]}");
  self->text = g_string_free_and_steal (out);
  return TRUE;
}

static void
text_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *self = data;
  g_autoptr (GError) error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      hub_request_answer_text (self, 200, g_steal_pointer (&self->text));
      note_read (self, NULL);
    }
  hub_request_finish (self, error);
}

/**
 * hub_request_history:
 *
 * The versions of one resource, newest first.
 */
void
hub_request_history (HubRequest *self)
{
  soup_server_message_pause (self->message);
  store_database_read_async (hub_server_get_store (self->server), history_work, self, NULL, NULL,
                             text_done_cb, self);
}

/* ---- a search ------------------------------------------------------------------------------- */

static gboolean
search_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *self = data;

  self->text = hub_search_run (connection, self->user, hub_server_get_base_url (self->server),
                               self->type, self->query, self->lenient, &self->shown, error);
  return self->text != NULL;
}

/**
 * hub_request_search:
 *
 * Searches the type in the path for what the query asks.
 */
void
hub_request_search (HubRequest *self)
{
  soup_server_message_pause (self->message);
  store_database_read_async (hub_server_get_store (self->server), search_work, self, NULL, NULL,
                             text_done_cb, self);
}
