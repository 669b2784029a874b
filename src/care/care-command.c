/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-command.h"

#include "care-second-factor.h"

static void
care_command_free (gpointer data)
{
  CareCommand *self = data;

  g_clear_object (&self->context);
  g_clear_object (&self->clock);
  for (gsize i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (self->objects); i++)
    g_clear_object (&self->objects[i]);
  g_clear_pointer (&self->table, g_hash_table_unref);
  if (self->result && self->free_result)
    self->free_result (self->result);
  g_clear_pointer (&self->factor, care_second_factor_free);
  g_free (self->code);
  g_free (self);
}

/**
 * care_command_new:
 * @context: who acts
 * @work: what runs on the store's thread
 * @...: texts to hand over, ended by NULL; an argument that may be absent is set afterwards
 *
 * Returns: (transfer full): a command to be sent off by care_command_write () or _read ()
 */
CareCommand *
care_command_new (CareContext *context, CareWork work, ...)
{
  CareCommand *self = g_new0 (CareCommand, 1);
  va_list args;
  guint n = 0;

  self->context = g_object_ref (context);
  self->clock = g_object_ref (care_context_get_clock (context));
  self->work = work;
  va_start (args, work);
  for (const char *text = va_arg (args, const char *); text; text = va_arg (args, const char *))
    {
      g_assert (n < G_N_ELEMENTS (self->texts));
      self->texts[n++] = g_strdup (text);
    }
  va_end (args);
  return self;
}

CareCommand *
care_command_new_read (BaseClock *clock, CareWork work, const char *text)
{
  CareCommand *self = g_new0 (CareCommand, 1);

  self->clock = g_object_ref (clock);
  self->work = work;
  self->texts[0] = g_strdup (text);
  return self;
}

static gboolean
run_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareCommand *command = g_task_get_task_data (data);
  gboolean good;

  if (!command->factor)
    return command->work (connection, command, error);
  care_context_set_factor (command->context, command->factor);
  good = command->work (connection, command, error);
  care_context_set_factor (command->context, NULL);
  return good;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (store_database_write_finish (STORE_DATABASE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static GTask *
task_new (CareCommand *command,
          gpointer source,
          gpointer tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, command, care_command_free);
  return task;
}

/**
 * care_command_write:
 * @command: (transfer full): what to do
 *
 * Runs the command in one write transaction, before what no person waits for.
 */
void
care_command_write (CareCommand *command,
                    gpointer tag,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = task_new (command, command->context, tag, cancellable, callback, user_data);

  store_database_write_async (care_context_get_store (command->context), BASE_LANE_PERSON, run_work,
                              task, NULL, cancellable, written_cb, task);
}

static void
load_key_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CareCommand *command = data;
  g_autoptr (GError) error = NULL;

  if (care_context_load_key (CARE_CONTEXT (source), &error) && command->code)
    command->factor = care_second_factor_accept (CARE_CONTEXT (source), command->code, &error);
  if (!error)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
key_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  store_database_write_async (care_context_get_store (CARE_CONTEXT (source)), BASE_LANE_PERSON,
                              run_work, task, NULL, g_task_get_cancellable (task), written_cb,
                              task);
  g_steal_pointer (&task);
}

/**
 * care_command_sign:
 * @command: (transfer full): what to do
 *
 * As care_command_write(), once the user's key is there, and the code was taken that the command
 * has: the keyring may ask for its password, and no transaction waits for that.
 */
void
care_command_sign (CareCommand *command,
                   gpointer tag,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  GTask *task = task_new (command, command->context, tag, cancellable, callback, user_data);
  g_autoptr (GTask) loading = g_task_new (command->context, cancellable, key_loaded_cb, task);

  g_task_set_source_tag (loading, care_command_sign);
  g_task_set_task_data (loading, command, NULL); /* of @task, which lives on */
  g_task_run_in_thread (loading, load_key_thread);
}

/**
 * care_command_read:
 * @command: (transfer full): what to do
 *
 * Runs the command in a read transaction.
 */
void
care_command_read (CareCommand *command,
                   StoreDatabase *store,
                   gpointer tag,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  GTask *task = task_new (command, store, tag, cancellable, callback, user_data);

  store_database_read_async (store, run_work, task, NULL, cancellable, read_cb, task);
}

gboolean
care_command_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * care_command_finish_result:
 *
 * Returns: (transfer full) (nullable): what the work left in its command; NULL with @error set, or
 *   where it left nothing
 */
gpointer
care_command_finish_result (GAsyncResult *result, GError **error)
{
  CareCommand *command = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_steal_pointer (&command->result);
}
