/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-engine-private.h"

#include <glib/gi18n.h>

#include "net-error.h"
#include "sync-decide.h"
#include "sync-offer.h"
#include "sync-server.h"
#include "sync-setting.h"

/* What a person asks the engine for: one chart now, or a decision about what was set aside. */

static gboolean
pull_patient_work (SyncRun *run, GTask *task, GError **error)
{
  SyncContext context = run->context;

  if (g_task_get_cancellable (task) != NULL)
    context.cancellable = g_task_get_cancellable (task);
  return sync_server_is_trusted (&context, error) &&
         sync_pull_patient (&context, g_task_get_task_data (task), FALSE, error);
}

static gboolean
return_if_stopped (SyncEngine *self, GTask *task)
{
  if (self->run == NULL)
    g_task_return_new_error (task, NET_ERROR, NET_ERROR_OFFLINE, "%s",
                             _ ("Bedside is not connected to the server."));
  return self->run == NULL;
}

/**
 * sync_engine_pull_patient_async:
 * @patient: an id
 *
 * Reads one chart before anything else: it is being opened.
 */
void
sync_engine_pull_patient_async (SyncEngine *self,
                                const char *patient,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, sync_engine_pull_patient_async);
  g_task_set_task_data (task, g_strdup (patient), g_free);
  if (!return_if_stopped (self, task))
    sync_run_task (self->run, self->puller, task, pull_patient_work);
}

gboolean
sync_engine_pull_patient_finish (SyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
accept_work (SyncRun *run, GTask *task, GError **error)
{
  SyncAcceptance acceptance = GPOINTER_TO_INT (g_task_get_task_data (task));
  g_auto (GStrv) types = sync_pull_list_types (&run->context, error);

  run->pull.broken = FALSE; /* nothing goes on: it all begins anew */
  sync_reconcile_clear (&run->reconcile);
  return types != NULL &&
         sync_offer (&run->context, (const char *const *) types,
                     acceptance == SYNC_ACCEPT_AND_OFFER, error) &&
         sync_server_accept (&run->context, (const char *const *) types, error);
}

static void
accept_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SyncEngine *self = SYNC_ENGINE (source);
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  self->pulled_once = FALSE;
  sync_engine_begin_pull (self, TRUE);
  sync_engine_wake (self);
  g_task_return_boolean (task, TRUE);
}

/**
 * sync_engine_accept_server_async:
 *
 * A person has looked, and says that this is the right server as it now is. Everything is read
 * anew; what is here and not there stays here, and is offered again only where the person says so.
 */
void
sync_engine_accept_server_async (SyncEngine *self,
                                 SyncAcceptance acceptance,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *outer = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GTask) task = g_task_new (self, NULL, accept_done_cb, outer);

  g_task_set_source_tag (task, sync_engine_accept_server_async);
  g_task_set_task_data (task, GINT_TO_POINTER (acceptance), NULL);
  if (!return_if_stopped (self, task))
    sync_run_task (self->run, self->puller, task, accept_work);
}

gboolean
sync_engine_accept_server_finish (SyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
decide_work (SyncRun *run, GTask *task, GError **error)
{
  SyncDecision decision = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (task), "decision"));

  return sync_decide (&run->context, g_task_get_task_data (task), decision, error);
}

static void
decide_woken_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  sync_engine_wake (SYNC_ENGINE (source));
  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * sync_engine_decide_async:
 * @group: as in the journal
 *
 * Works with the engine started; keeping theirs needs the server where its side is not here yet.
 */
void
sync_engine_decide_async (SyncEngine *self,
                          const char *group,
                          SyncDecision decision,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *outer = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GTask) task = g_task_new (self, NULL, decide_woken_cb, outer);

  g_task_set_source_tag (task, sync_engine_decide_async);
  g_task_set_task_data (task, g_strdup (group), g_free);
  g_object_set_data (G_OBJECT (task), "decision", GINT_TO_POINTER (decision));
  if (!return_if_stopped (self, task))
    sync_run_task (self->run, self->puller, task, decide_work);
}

gboolean
sync_engine_decide_finish (SyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
decide_elements_work (SyncRun *run, GTask *task, GError **error)
{
  return sync_decide_elements (&run->context, g_task_get_task_data (task), error);
}

static void
element_choice_free (gpointer data)
{
  SyncElementChoice *choice = data;

  g_free ((char *) choice->group);
  g_free ((char *) choice->type);
  g_free ((char *) choice->id);
  g_hash_table_unref (choice->choices);
  g_free (choice);
}

static SyncElementChoice *
element_choice_new (const char *group, const char *type, const char *id, GHashTable *choices)
{
  SyncElementChoice *choice = g_new0 (SyncElementChoice, 1);
  GHashTableIter iter;
  gpointer key, side;

  choice->group = g_strdup (group);
  choice->type = g_strdup (type);
  choice->id = g_strdup (id);
  choice->choices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, choices);
  while (g_hash_table_iter_next (&iter, &key, &side))
    g_hash_table_insert (choice->choices, g_strdup (key), side);
  return choice;
}

/**
 * sync_engine_decide_elements_async:
 * @group: as in the journal
 * @choices: key of each SyncDifference of the record → SyncSide; a key names both sides as they
 * were shown, so that nothing is written that nobody saw
 *
 * Writes the chosen combination, based on the server's version. An order that becomes something new
 * by that waits for a new signature.
 */
void
sync_engine_decide_elements_async (SyncEngine *self,
                                   const char *group,
                                   const char *type,
                                   const char *id,
                                   GHashTable *choices,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *outer = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GTask) task = g_task_new (self, NULL, decide_woken_cb, outer);

  g_task_set_source_tag (task, sync_engine_decide_elements_async);
  g_task_set_task_data (task, element_choice_new (group, type, id, choices), element_choice_free);
  if (!return_if_stopped (self, task))
    sync_run_task (self->run, self->puller, task, decide_elements_work);
}

gboolean
sync_engine_decide_elements_finish (SyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sync_as_of:
 * @patient: (nullable): an id
 *
 * Returns: µs at which the newest complete reading of this patient, or of everything, began; 0:
 * never. Older than 15 minutes is shown beside allergies, medicines and results (HAZARDS.md, H6)
 */
gint64
sync_as_of (StoreConnection *connection, const char *patient)
{
  gint64 all = sync_setting_get_as_of (connection, NULL);

  return patient != NULL ? MAX (all, sync_setting_get_as_of (connection, patient)) : all;
}

/**
 * sync_conflict_theirs:
 *
 * Returns: (transfer full) (nullable): the server's side of a conflict; ours is the record itself
 */
FhirResource *
sync_conflict_theirs (StoreConnection *connection, const char *type, const char *id)
{
  return sync_setting_get_theirs (connection, type, id);
}
