/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include "hub-patient-information.h"
#include "hub-reply.h"
#include "hub-second-factor.h"

/**
 * hub_request_get_content:
 *
 * Returns: (transfer none) (nullable): the tables that say which drugs are controlled
 */
ClinicalContent *
hub_request_get_content (HubRequest *self)
{
  StoreContent *content = hub_patient_get_content (self->server);

  return content != NULL ? CLINICAL_CONTENT (content) : NULL;
}

/* Create, update and delete of one resource: an entry like those of a transaction, alone. */

static gboolean
write_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *self = data;
  g_autoptr (GHashTable) references = g_hash_table_new (g_str_hash, g_str_equal);
  HubEntryContext context = { self->user, hub_server_get_base_url (self->server), references,
                              hub_request_get_content (self), NULL };
  gboolean good = hub_entry_name (self->entry, &context, connection, error) &&
                  hub_entry_do (self->entry, &context, connection, error) &&
                  hub_entry_finish (&self->entry, 1, &context, connection, error);

  /* counted by itself: this transaction is undone */
  if (context.wrong_factor != NULL)
    hub_second_factor_note_wrong_async (hub_server_get_store (self->server), context.wrong_factor);
  g_free (context.wrong_factor);
  return good;
}

static void
write_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *self = data;
  g_autoptr (GError) error = NULL;

  if (store_database_write_finish (STORE_DATABASE (source), result, &error))
    {
      if (self->entry->written != NULL)
        hub_request_answer_written (self, self->entry);
      else if (self->entry->answer != NULL)
        hub_request_answer_stored (self, self->entry->status, self->entry->answer);
      else
        hub_reply_status (self->message, self->entry->status);
    }
  hub_request_finish (self, error);
}

/**
 * hub_request_write:
 *
 * Does the request's one entry, in the lane of what a person waits for.
 */
void
hub_request_write (HubRequest *self)
{
  soup_server_message_pause (self->message);
  store_database_write_async (hub_server_get_store (self->server), BASE_LANE_PERSON, write_work,
                              self, NULL, NULL, write_done_cb, self);
}
