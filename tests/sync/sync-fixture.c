/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "last-reference.h"
#include "store-resource.h"
#include "sync-setting.h"

gboolean
sync_fixture_tick (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

static void
on_set_aside (SyncEngine *engine,
              const char *group,
              const char *state,
              const char *sentence,
              GPtrArray *aside)
{
  g_ptr_array_add (aside, g_strdup_printf ("%s: %s", state, sentence));
}

void
sync_fixture_set_up (SyncFixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) key = g_bytes_new_static ("0123456789abcdef0123456789abcdef", STORE_KEY_BYTES);
  g_autofree char *path = NULL;
  g_autofree char *url = NULL;

  self->mock = self->shared != NULL ? self->shared : mock_fhir_new ();
  self->clock = self->today != NULL ? base_clock_new_at (self->today) : base_clock_new ();
  self->folder = g_dir_make_tmp ("bedside-sync-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (self->folder, "store.db", NULL);
  self->store = store_database_open (path, key, self->clock, &error);
  g_assert_no_error (error);
  url = mock_fhir_dup_url (self->mock);
  self->client = net_fhir_client_new (url, NULL, &error);
  g_assert_no_error (error);
  self->engine = sync_engine_new (self->store, self->client, self->clock);
  self->aside = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (self->engine, "group-set-aside", G_CALLBACK (on_set_aside), self->aside);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
sync_fixture_tear_down (SyncFixture *self)
{
  sync_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  last_reference_drop (self->engine);
  store_database_close (self->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->store);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  if (self->shared == NULL)
    g_clear_pointer (&self->mock, mock_fhir_free);
  g_clear_pointer (&self->today, g_date_time_unref);
  g_clear_pointer (&self->aside, g_ptr_array_unref);
  remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

static gboolean
append (StoreConnection *connection,
        const SyncChange *change,
        FhirResource *resource,
        const char *base,
        GError **error)
{
  gint64 sequence;

  return store_journal_append (connection, change->group, change->verb,
                               fhir_resource_get_type (resource), fhir_resource_get_id (resource),
                               change->patient, base, change->priority, &sequence, error) &&
         (change->state == NULL ||
          store_journal_set_state (connection, sequence, change->state, change->reason, error));
}

static gboolean
write_change (StoreConnection *connection, gpointer data, GError **error)
{
  const SyncChange *change = data;
  g_autoptr (FhirResource) resource = fhir_resource_parse (change->json, -1, error);
  const char *type = fhir_resource_get_type (resource);
  const char *id = fhir_resource_get_id (resource);
  g_autoptr (FhirResource) before = store_resource_get (connection, type, id, NULL);
  const char *base = before != NULL ? fhir_resource_get_version (before) : NULL;

  if (change->verb == STORE_JOURNAL_DELETE)
    return store_resource_delete (connection, type, id, NULL, NULL, error) &&
           append (connection, change, resource, base, error);
  return store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error) &&
         append (connection, change, resource, base, error);
}

void
sync_fixture_write (SyncFixture *self, const SyncChange *change)
{
  g_autoptr (GError) error = NULL;

  store_database_write (self->store, BASE_LANE_PERSON, write_change, (gpointer) change, &error);
  g_assert_no_error (error);
}

typedef struct
{
  const char *type, *id;
  FhirResource *resource;
} Get;

static gboolean
get (StoreConnection *connection, gpointer data, GError **error)
{
  Get *job = data;

  job->resource = store_resource_get (connection, job->type, job->id, NULL);
  return TRUE;
}

FhirResource *
sync_fixture_get (SyncFixture *self, const char *type, const char *id)
{
  Get job = { .type = type, .id = id };

  g_assert_true (store_database_read (self->store, get, &job, NULL));
  return job.resource;
}

typedef struct
{
  const char *group;
  const char *set_state, *set_reason;
  char *state, *reason;
} State;

static gboolean
journal_state (StoreConnection *connection, gpointer data, GError **error)
{
  State *job = data;
  g_autoptr (GPtrArray) entries = store_journal_list (connection, NULL, 1000, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      StoreJournalEntry *entry = entries->pdata[i];

      if (strcmp (entry->group, job->group) != 0)
        continue;
      g_set_str (&job->state, entry->state);
      g_set_str (&job->reason, entry->reason);
      if (job->set_state != NULL &&
          !store_journal_set_state (connection, entry->sequence, job->set_state, job->set_reason,
                                    error))
        return FALSE;
    }
  return entries != NULL;
}

char *
sync_fixture_dup_state (SyncFixture *self, const char *group)
{
  State job = { .group = group };

  g_assert_true (store_database_read (self->store, journal_state, &job, NULL));
  g_free (job.reason);
  return job.state;
}

char *
sync_fixture_dup_reason (SyncFixture *self, const char *group)
{
  State job = { .group = group };

  g_assert_true (store_database_read (self->store, journal_state, &job, NULL));
  g_free (job.state);
  return job.reason;
}

void
sync_fixture_set_state (SyncFixture *self, const char *group, const char *state, const char *reason)
{
  State job = { .group = group, .set_state = state, .set_reason = reason };

  g_assert_true (store_database_write (self->store, BASE_LANE_PERSON, journal_state, &job, NULL));
  g_free (job.state);
  g_free (job.reason);
}

static gboolean
state_is (SyncFixture *self, const char *group, const char *state)
{
  g_autofree char *stands = sync_fixture_dup_state (self, group);

  return g_strcmp0 (stands, state) == 0;
}

void
sync_fixture_wait_state (SyncFixture *self, const char *group, const char *state)
{
  sync_fixture_wait (state_is (self, group, state));
}

static gboolean
is_here (SyncFixture *self, const char *type, const char *id)
{
  g_autoptr (FhirResource) resource = sync_fixture_get (self, type, id);

  return resource != NULL;
}

void
sync_fixture_wait_resource (SyncFixture *self, const char *type, const char *id)
{
  sync_fixture_wait (is_here (self, type, id));
}

void
sync_fixture_wait_pull (SyncFixture *self)
{
  sync_fixture_wait (sync_status_get_last_pull (sync_engine_get_status (self->engine)) > 0);
}

static gboolean
read_reconciled (StoreConnection *connection, gpointer data, GError **error)
{
  *(gint64 *) data = sync_setting_get_reconciled (connection);
  return TRUE;
}

/* A pass over deletions has come to its end since this was asked for the last time. */
gboolean
sync_fixture_is_reconciled (SyncFixture *self)
{
  gint64 when = 0;
  gboolean news;

  g_assert_true (store_database_read (self->store, read_reconciled, &when, NULL));
  news = when != self->reconciled;
  self->reconciled = when;
  return news;
}
