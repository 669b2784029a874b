/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-name.h"
#include "hub-records.h"
#include "hub-signal-private.h"

#include <string.h>

/* A visit that runs over moves what waiting patients are told by itself: whenever a visit or a
 * booking changes, and as time goes by, it is reckoned anew for everybody who waits. */

#define SETTLE_MS      200
#define OTHER_SERVER_S 10                      /* another server is not asked more often */
#define DAY_US         (12 * G_TIME_SPAN_HOUR) /* what was planned further off does not matter */

typedef struct
{
  char *encounter;
  char *who; /* as a patient reads it; NULL: not known */
  gboolean is_known;
  CareWaitEstimate estimate;
} Answer;

/* Holds the server, and so the HubSignal. */
typedef struct
{
  HubServer *server;
  GPtrArray *answers; /* Answer, one for each visit that is asked about */
} Question;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->encounter);
  g_free (answer->who);
  g_free (answer);
}

static void
question_free (Question *question)
{
  g_ptr_array_unref (question->answers);
  g_object_unref (question->server);
  g_free (question);
}

/* ---- one clinician's queue ---- */

/* Of the day's visits, by appointment: "Appointment/1" → FhirResource. Of several the newest
 * counts. */
static GHashTable *
index_visits (GPtrArray *visits)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < visits->len; i++)
    fhir_element_foreach (item, fhir_resource_path (visits->pdata[i], "appointment"))
      {
        const char *reference = fhir_element_path_text (item, "reference");
        FhirResource *before = reference != NULL ? g_hash_table_lookup (index, reference) : NULL;

        if (reference != NULL &&
            (before == NULL ||
             g_strcmp0 (fhir_resource_path_text (before, "period.start"),
                        fhir_resource_path_text (visits->pdata[i], "period.start")) < 0))
          g_hash_table_insert (index, (gpointer) reference, visits->pdata[i]);
      }
  return index;
}

static GPtrArray *
search_day (HubRecords *records, const char *type, const char *by, const char *who, GError **error)
{
  gint64 now = base_clock_now (records->clock);
  g_autofree char *from = base_clock_format_instant (now - DAY_US);
  g_autofree char *to = base_clock_format_instant (now + DAY_US);
  g_autofree char *query =
      g_strdup_printf ("%s=%s&date=ge%s&date=lt%s&_count=200", by, who, from, to);

  return hub_records_search (records, type, query, error);
}

static gboolean
estimate_queue (
    HubRecords *records, const char *who, const char *appointment, Answer *answer, GError **error)
{
  g_autoptr (GPtrArray) bookings = search_day (records, "Appointment", "actor", who, error);
  g_autoptr (GPtrArray) visits =
      bookings != NULL ? search_day (records, "Encounter", "participant", who, error) : NULL;
  g_autoptr (GHashTable) index = visits != NULL ? index_visits (visits) : NULL;
  g_autoptr (GArray) queue = g_array_new (FALSE, TRUE, sizeof (CareWaitVisit));

  if (index == NULL)
    return FALSE;
  for (guint i = 0; i < bookings->len; i++)
    {
      g_autofree char *reference = fhir_resource_dup_reference (bookings->pdata[i]);
      CareWaitVisit visit = { 0 };

      care_wait_read (bookings->pdata[i], g_hash_table_lookup (index, reference), &visit);
      g_array_append_val (queue, visit);
    }
  answer->is_known =
      care_wait_estimate ((const CareWaitVisit *) (gpointer) queue->data, queue->len, appointment,
                          base_clock_now (records->clock), &answer->estimate);
  return TRUE;
}

static char *
dup_practitioner (FhirResource *appointment)
{
  fhir_element_foreach (participant, fhir_resource_path (appointment, "participant"))
    {
      const char *reference = fhir_element_path_text (participant, "actor.reference");

      if (reference != NULL && g_str_has_prefix (reference, "Practitioner/"))
        return g_strdup (reference);
    }
  return NULL;
}

/* As the page itself reads it. */
static char *
dup_name (HubRecords *records, FhirResource *appointment, const char *who)
{
  g_autoptr (FhirResource) practitioner = NULL;

  fhir_element_foreach (participant, fhir_resource_path (appointment, "participant"))
    if (g_strcmp0 (fhir_element_path_text (participant, "actor.reference"), who) == 0 &&
        fhir_element_path_text (participant, "actor.display") != NULL)
      return g_strdup (fhir_element_path_text (participant, "actor.display"));
  practitioner = hub_records_get (records, "Practitioner", who + strlen ("Practitioner/"), NULL);
  return practitioner != NULL
             ? fhir_human_name_format_plain (fhir_resource_path (practitioner, "name"))
             : NULL;
}

/* Who has no clinician, or no booking, is told nothing. */
static gboolean
estimate_one (HubRecords *records, Answer *answer, GError **error)
{
  g_autoptr (FhirResource) encounter =
      hub_records_get (records, "Encounter", answer->encounter, error);
  const char *reference =
      encounter != NULL ? fhir_resource_path_text (encounter, "appointment.0.reference") : NULL;
  const char *id = reference != NULL && g_str_has_prefix (reference, "Appointment/")
                       ? reference + sizeof "Appointment/" - 1
                       : NULL;
  g_autoptr (FhirResource) appointment = NULL;
  g_autofree char *who = NULL;

  answer->is_known = FALSE;
  if (id == NULL)
    return encounter != NULL;
  appointment = hub_records_get (records, "Appointment", id, error);
  if (appointment == NULL)
    return FALSE;
  who = dup_practitioner (appointment);
  answer->who = who != NULL ? dup_name (records, appointment, who) : NULL;
  return who == NULL || estimate_queue (records, who, id, answer, error);
}

/* What cannot be read of one visit does not keep the others from being told. */
static gboolean
estimate_work (HubRecords *records, gpointer data, GError **error)
{
  Question *question = data;

  for (guint i = 0; i < question->answers->len; i++)
    {
      g_autoptr (GError) local = NULL;
      Answer *answer = question->answers->pdata[i];

      if (!estimate_one (records, answer, &local))
        {
          answer->is_known = FALSE;
          g_debug ("When a patient's turn comes is not known: %s", local->message);
        }
    }
  return TRUE;
}

static void
estimated_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  HubSignal *self = hub_signal_of (question->server);
  gboolean read = hub_records_run_finish (result, NULL);

  self->estimating = FALSE;
  for (guint i = 0; read && i < question->answers->len; i++)
    {
      Answer *answer = question->answers->pdata[i];
      HubSignalRoom *room = g_hash_table_lookup (self->rooms, answer->encounter);

      if (room == NULL)
        continue;
      hub_signal_room_set_who (room, answer->who);
      hub_signal_room_set_estimate (room, answer->is_known ? &answer->estimate : NULL);
    }
  question_free (question);
}

/* ---- when ---- */

static GPtrArray *
list_waiting (HubSignal *self)
{
  GPtrArray *answers = g_ptr_array_new_with_free_func (answer_free);
  GHashTableIter iter;
  gpointer encounter, room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &encounter, &room))
    if (hub_signal_room_is_waiting (room))
      {
        Answer *answer = g_new0 (Answer, 1);

        answer->encounter = g_strdup (encounter);
        g_ptr_array_add (answers, answer);
      }
  return answers;
}

/* It asks again while the last answer is on its way, so that no change is missed. */
static gboolean
estimate_cb (gpointer data)
{
  HubSignal *self = data;
  Question *question;

  if (self->estimating)
    return G_SOURCE_CONTINUE;
  self->estimate_source = 0;
  question = g_new0 (Question, 1);
  question->server = g_object_ref (self->server);
  question->answers = list_waiting (self);
  if (question->answers->len == 0)
    {
      question_free (question);
      return G_SOURCE_REMOVE;
    }
  self->estimating = TRUE;
  hub_records_run_async (self->server, FALSE, estimate_work, question, estimated_cb, question);
  return G_SOURCE_REMOVE;
}

/*
 * hub_signal_estimate_soon:
 *
 * Something may have moved a waiting patient's turn.
 */
void
hub_signal_estimate_soon (HubSignal *self)
{
  if (self->estimate_source == 0)
    self->estimate_source =
        g_timeout_add (self->store != NULL ? SETTLE_MS : OTHER_SERVER_S * 1000, estimate_cb, self);
}
