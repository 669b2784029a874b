/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include <string.h>

#include "hub-everything.h"
#include "hub-history.h"
#include "hub-policy.h"
#include "hub-reach.h"
#include "hub-search.h"
#include "store-resource.h"

/**
 * hub_request_note_read:
 * @patient: (nullable): whose record was read
 *
 * The audit names a patient by pseudonym only, so the reference of a Patient stays out of it.
 */
void
hub_request_note_read (HubRequest *self, const char *patient)
{
  g_autofree char *reference = self->id != NULL && strcmp (self->type, "Patient") != 0
                                   ? g_strdup_printf ("%s/%s", self->type, self->id)
                                   : g_strdup (self->type);
  g_autofree char *detail = self->what != NULL
                                ? g_strdup_printf ("%s, %u shown", self->what, self->shown)
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

      if (g_str_equal (self->type, "Binary"))
        hub_request_answer_binary (self, self->answer);
      else
        hub_request_answer_stored (self, 200, self->answer);
      hub_request_note_read (self, patient);
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

/* ---- histories ------------------------------------------------------------------------------ */

static gboolean
history_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *self = data;
  HubHistory history = {
    self->user, hub_server_get_base_url (self->server), self->type, self->id, self->query, 0, NULL
  };

  self->text = hub_history_run (&history, connection, error);
  self->shown = history.shown;
  self->patient = history.patient;
  return self->text != NULL;
}

static void
text_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *self = data;
  g_autoptr (GError) error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      hub_request_answer_text (self, 200, g_steal_pointer (&self->text));
      hub_request_note_read (self, self->patient);
    }
  hub_request_finish (self, error);
}

/**
 * hub_request_history:
 *
 * The versions of one resource, of a type or of all, newest first.
 */
void
hub_request_history (HubRequest *self)
{
  soup_server_message_pause (self->message);
  self->what = "history";
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
  self->what = "search";
  store_database_read_async (hub_server_get_store (self->server), search_work, self, NULL, NULL,
                             text_done_cb, self);
}

/* ---- a record ------------------------------------------------------------------------------- */

static gboolean
everything_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *self = data;

  self->text = hub_everything_run (connection, self->user, hub_server_get_base_url (self->server),
                                   self->id, self->query, &self->shown, error);
  self->patient = g_strdup (self->id);
  return self->text != NULL;
}

/**
 * hub_request_everything:
 *
 * A page of the record of the patient in the path.
 */
void
hub_request_everything (HubRequest *self)
{
  soup_server_message_pause (self->message);
  self->what = "everything";
  store_database_read_async (hub_server_get_store (self->server), everything_work, self, NULL, NULL,
                             text_done_cb, self);
}
