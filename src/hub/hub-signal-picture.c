/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-private.h"
#include "hub-reply.h"
#include "hub-signal-private.h"
#include "hub-signal-room-private.h"

/* A patient's answer to a request for a picture, on its way into the record and from there to the
 * clinician: an agreement that is not on record lets nobody keep anything. */

typedef struct
{
  HubServer *server;
  char *encounter, *request, *language, *reference;
  gint64 version;
  gboolean permit;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_object_unref (answer->server);
  g_free (answer->encounter);
  g_free (answer->request);
  g_free (answer->language);
  g_free (answer->reference);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static gboolean
write_work (HubRecords *records, gpointer data, GError **error)
{
  Answer *answer = data;
  HubPictureConsent consent = { answer->encounter, answer->request, answer->language,
                                answer->version, answer->permit };

  return hub_patient_put_picture_consent (records, &consent, &answer->reference, error);
}

/* The room may be gone, or ask for something else by now: it looks for itself. */
static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Answer) answer = data;
  g_autoptr (GError) error = NULL;
  HubSignal *signal = hub_signal_of (answer->server);
  HubSignalRoom *room = g_hash_table_lookup (signal->rooms, answer->encounter);
  CareVisitMessage told = { .type = CARE_SIGNAL_AGREE, .id = answer->request };

  if (!hub_records_run_finish (result, &error))
    {
      g_log (G_LOG_DOMAIN, hub_reply_log_level (error),
             "A patient's answer about a picture could not be written: %s", error->message);
      told.text = (char *) "The answer could not be put on record";
    }
  else
    {
      told.on = answer->permit;
      told.consent = answer->reference;
    }
  if (room != NULL)
    hub_signal_asked_answered (room, &told);
}

/*
 * hub_signal_picture_write:
 * @message: the patient's answer to the request that stands
 * @language: in which it was asked
 * @version: of the wording
 */
void
hub_signal_picture_write (HubSignalRoom *self,
                          const CareVisitMessage *message,
                          const char *language,
                          gint64 version)
{
  Answer *answer;

  if (self->server == NULL)
    return;
  answer = g_new0 (Answer, 1);
  answer->server = g_object_ref (self->server);
  answer->encounter = g_strdup (self->encounter);
  answer->request = g_strdup (message->id);
  answer->language = g_strdup (language);
  answer->version = version;
  answer->permit = message->on;
  hub_records_run_async (self->server, TRUE, write_work, answer, written_cb, answer);
}
