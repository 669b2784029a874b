/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-async.h"

#include "care-command.h"
#include "care-visit.h"

/* The commands of a visit from the main thread. */

static gboolean
admit_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_admit (connection, command->context, command->texts[0], error);
}

void
care_visit_admit_async (CareContext *context,
                        const char *encounter_id,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_write (care_command_new (context, admit_work, encounter_id, NULL),
                      care_visit_admit_async, cancellable, callback, user_data);
}

static gboolean
hold_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_hold (connection, command->context, command->texts[0], error);
}

void
care_visit_hold_async (CareContext *context,
                       const char *encounter_id,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  care_command_write (care_command_new (context, hold_work, encounter_id, NULL),
                      care_visit_hold_async, cancellable, callback, user_data);
}

static gboolean
confirm_identity_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_confirm_identity (connection, command->context, command->texts[0], error);
}

void
care_visit_confirm_identity_async (CareContext *context,
                                   const char *encounter_id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  care_command_write (care_command_new (context, confirm_identity_work, encounter_id, NULL),
                      care_visit_confirm_identity_async, cancellable, callback, user_data);
}

static gboolean
hang_up_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_hang_up (connection, command->context, command->texts[0], error);
}

void
care_visit_hang_up_async (CareContext *context,
                          const char *encounter_id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_write (care_command_new (context, hang_up_work, encounter_id, NULL),
                      care_visit_hang_up_async, cancellable, callback, user_data);
}

static gboolean
mark_interrupted_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_mark_interrupted (connection, command->context, command->texts[0], error);
}

void
care_visit_mark_interrupted_async (CareContext *context,
                                   const char *encounter_id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  care_command_write (care_command_new (context, mark_interrupted_work, encounter_id, NULL),
                      care_visit_mark_interrupted_async, cancellable, callback, user_data);
}

static gboolean
end_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_end (connection, command->context, command->texts[0],
                         (CareOutcome) command->number, command->texts[1], error);
}

void
care_visit_end_async (CareContext *context,
                      const char *encounter_id,
                      CareOutcome outcome,
                      const char *follow_up_date,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  CareCommand *command = care_command_new (context, end_work, encounter_id, NULL);

  command->texts[1] = g_strdup (follow_up_date);
  command->number = (int) outcome;
  care_command_write (command, care_visit_end_async, cancellable, callback, user_data);
}

static gboolean
raise_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_raise_interrupted (connection, command->context, NULL, error);
}

void
care_visit_raise_interrupted_async (CareContext *context,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  care_command_write (care_command_new (context, raise_work, NULL),
                      care_visit_raise_interrupted_async, cancellable, callback, user_data);
}

static gboolean
ready_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_ready (connection, command->context, command->texts[0], command->texts[1],
                           error);
}

void
care_visit_ready_async (CareContext *context,
                        const char *encounter_id,
                        const char *intake,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_write (care_command_new (context, ready_work, encounter_id, intake, NULL),
                      care_visit_ready_async, NULL, callback, user_data);
}

static gboolean
tell_late_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  guint told = 0;

  if (!care_visit_tell_late (connection, command->context, command->number, &told, error))
    return FALSE;
  command->result = GUINT_TO_POINTER (told);
  return TRUE;
}

void
care_visit_tell_late_async (CareContext *context,
                            int minutes,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  CareCommand *command = care_command_new (context, tell_late_work, NULL);

  command->number = minutes;
  care_command_write (command, care_visit_tell_late_async, NULL, callback, user_data);
}

/**
 * care_visit_tell_late_finish:
 *
 * Returns: how many bookings say so now
 */
guint
care_visit_tell_late_finish (GAsyncResult *result, GError **error)
{
  return GPOINTER_TO_UINT (care_command_finish_result (result, error));
}

gboolean
care_visit_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
