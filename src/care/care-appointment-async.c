/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-appointment.h"

#include "care-command.h"

/* The schedule's commands from the main thread. */

static CareCommand *
command_of (CareContext *context, CareWork work, const CareBooking *booking)
{
  CareCommand *command = care_command_new (context, work, NULL);

  command->texts[0] = g_strdup (booking->appointment);
  command->texts[1] = g_strdup (booking->patient_id);
  command->texts[2] = g_strdup (booking->practitioner);
  command->texts[3] = g_strdup (booking->reason);
  command->texts[4] = g_strdup_printf ("%" G_GINT64_FORMAT, booking->start);
  command->texts[5] = booking->over_another ? g_strdup ("over") : NULL;
  command->number = booking->minutes;
  return command;
}

static CareBooking
booking_of (CareCommand *c)
{
  return (CareBooking) {
    .appointment = c->texts[0],
    .patient_id = c->texts[1],
    .practitioner = c->texts[2],
    .reason = c->texts[3],
    .start = g_ascii_strtoll (c->texts[4], NULL, 10),
    .minutes = c->number,
    .over_another = c->texts[5] != NULL,
  };
}

static gboolean
write_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  CareBooking booking = booking_of (c);

  c->free_result = g_free;
  c->result = care_appointment_write (connection, c->context, &booking, error);
  return c->result != NULL;
}

void
care_appointment_write_async (CareContext *context,
                              const CareBooking *booking,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_write (command_of (context, write_work, booking), care_appointment_write_async,
                      cancellable, callback, user_data);
}

static gboolean
conflict_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  CareBooking booking = booking_of (c);
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (c->context));
  g_autoptr (GError) failure = NULL;

  c->free_result = g_free;
  c->result = care_appointment_dup_conflict (connection, &booking, g_date_time_get_timezone (now),
                                             &failure);
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

void
care_appointment_conflict_async (CareContext *context,
                                 const CareBooking *booking,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  care_command_read (command_of (context, conflict_work, booking), care_context_get_store (context),
                     care_appointment_conflict_async, cancellable, callback, user_data);
}

static gboolean
among_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  CareBooking booking = booking_of (c);
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (c->context));
  GPtrArray *others = g_object_get_data (c->objects[0], "others");

  c->free_result = g_free;
  c->result = care_appointment_dup_conflict_among (connection, &booking, others,
                                                   g_date_time_get_timezone (now));
  return TRUE;
}

/* @others: (element-type FhirResource): as the server answered */
void
care_appointment_conflict_among_async (CareContext *context,
                                       const CareBooking *booking,
                                       GPtrArray *others,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  CareCommand *command = command_of (context, among_work, booking);

  command->objects[0] = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data_full (command->objects[0], "others", g_ptr_array_ref (others),
                          (GDestroyNotify) g_ptr_array_unref);
  care_command_read (command, care_context_get_store (context),
                     care_appointment_conflict_among_async, cancellable, callback, user_data);
}

static gboolean
cancel_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_appointment_cancel (connection, c->context, c->texts[0], (CareCancelBy) c->number,
                                  c->texts[1], error);
}

void
care_appointment_cancel_async (CareContext *context,
                               const char *appointment_id,
                               CareCancelBy by,
                               const char *reason,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  CareCommand *command = care_command_new (context, cancel_work, appointment_id, NULL);

  command->texts[1] = g_strdup (reason);
  command->number = (int) by;
  care_command_write (command, care_appointment_cancel_async, cancellable, callback, user_data);
}

static gboolean
no_show_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_appointment_no_show (connection, c->context, c->texts[0], error);
}

void
care_appointment_no_show_async (CareContext *context,
                                const char *appointment_id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  care_command_write (care_command_new (context, no_show_work, appointment_id, NULL),
                      care_appointment_no_show_async, cancellable, callback, user_data);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_appointment_undo (connection, c->context, c->texts[0], error);
}

void
care_appointment_undo_async (CareContext *context,
                             const char *appointment_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, appointment_id, NULL),
                      care_appointment_undo_async, cancellable, callback, user_data);
}

/* (transfer full) (nullable): ends write and conflict; of conflict NULL is no error. */
char *
care_appointment_text_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

/* Ends cancel, no_show and undo. */
gboolean
care_appointment_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
