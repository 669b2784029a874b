/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-busy.h"

#include <glib/gi18n.h>

#include "fhir-bundle.h"
#include "net-fhir-client.h"

#define WAIT_SECONDS 5 /* nobody waits longer at a counter */

typedef struct
{
  CareContext *context;
  NetFhirClient *client;
  char *appointment, *patient, *practitioner;
  gint64 start;
  int minutes;
  GPtrArray *others; /* FhirResource */
  char *conflict;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_object (&question->context);
  g_clear_object (&question->client);
  g_free (question->appointment);
  g_free (question->patient);
  g_free (question->practitioner);
  g_ptr_array_unref (question->others);
  g_free (question->conflict);
  g_free (question);
}

static CareBooking
booking_of (Question *question)
{
  return (CareBooking) {
    .appointment = question->appointment,
    .patient_id = question->patient,
    .practitioner = question->practitioner,
    .start = question->start,
    .minutes = question->minutes,
  };
}

/* What the server has of @actor; one page of 200 is more than a day holds. */
static gboolean
fetch (Question *question, const char *actor, GCancellable *cancellable, GError **error)
{
  CareBooking booking = booking_of (question);
  g_autofree char *query = care_appointment_dup_actor_query (&booking, actor);
  g_autoptr (FhirResource) bundle =
      net_fhir_client_search (question->client, "Appointment", query, TRUE, cancellable, error);

  if (!bundle)
    return FALSE;
  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    {
      const FhirElement *element = fhir_element_get (entry, "resource");
      FhirResource *other = element ? fhir_resource_new_from_element (element, NULL) : NULL;

      if (other)
        g_ptr_array_add (question->others, other);
    }
  return TRUE;
}

static void
fetch_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  g_autofree char *patient = g_strconcat ("Patient/", question->patient, NULL);
  GError *error = NULL;

  if (fetch (question, question->practitioner, cancellable, &error) &&
      fetch (question, patient, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
judged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
  GError *error = NULL;

  question->conflict = care_appointment_text_finish (result, &error);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
  CareBooking booking = booking_of (question);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  care_appointment_conflict_among_async (question->context, &booking, question->others,
                                         g_task_get_cancellable (task), judged_cb,
                                         g_object_ref (task));
}

void
today_busy_ask_async (WorkspaceSession *session,
                      const CareBooking *booking,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GObject *net = workspace_session_get_net (session);
  GTask *task = g_task_new (session, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, today_busy_ask_async);
  question->context = g_object_ref (workspace_session_get_context (session));
  question->others = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  question->appointment = g_strdup (booking->appointment);
  question->patient = g_strdup (booking->patient_id);
  question->practitioner = g_strdup (booking->practitioner);
  question->start = booking->start;
  question->minutes = booking->minutes;
  g_task_set_task_data (task, question, question_free);
  if (net)
    question->client = net_fhir_client_new (net_session_get_base_url (NET_SESSION (net)),
                                            NET_SESSION (net), &error);
  else
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, _ ("not connected"));
  if (!question->client)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  net_fhir_client_set_timeout (question->client, WAIT_SECONDS);
  g_autoptr (GTask) worker = g_task_new (session, cancellable, fetched_cb, task);
  g_task_set_task_data (worker, question, NULL);
  g_task_run_in_thread (worker, fetch_thread);
}

/* @conflict: (out) (nullable): who is busy then, in a sentence; NULL: nobody that the server knows
 *
 * Returns: FALSE where the server could not be asked */
gboolean
today_busy_ask_finish (GAsyncResult *result, char **conflict, GError **error)
{
  Question *question = g_task_get_task_data (G_TASK (result));

  *conflict = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *conflict = g_steal_pointer (&question->conflict);
  return TRUE;
}
