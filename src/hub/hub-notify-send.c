/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-send.h"

#include "base-id.h"
#include "fhir-builder.h"
#include "fhir-date.h"
#include "hub-join.h"
#include "hub-notify-message.h"
#include "hub-notify-queue.h"
#include "hub-notify-words.h"
#include "hub-notify.h"
#include "hub-reply.h"
#include "hub-signal.h"
#include "hub-visit.h"
#include "store-setting.h"

/* POST /fhir/Appointment/{id}/$send-link: makes a join link and puts a message with it into the
 * queue, in one transaction. Where `to` names another number or address than the recorded one, the
 * contact is corrected, the patient's word on it written down, and all links that went elsewhere
 * end: they may be in a stranger's hands. Without `to` an older link stays good, so that whichever
 * message the patient opens works. */

#define MAX_BODY   4096
#define AGAIN      (30 * G_TIME_SPAN_SECOND) /* the same click twice */
#define GRACE      (2 * G_TIME_SPAN_HOUR)    /* after the start nobody needs the message */
#define HOUR       G_TIME_SPAN_HOUR
#define SENT       "notices-of/"
#define DERIVATION "http://terminology.hl7.org/CodeSystem/v3-DataOperation"

typedef struct
{
  HubRequest *request; /* owns server and user */
  HubServer *server;
  HubUser *user;
  char *appointment;
  CareChannel channel;
  char *to; /* NULL: as recorded */
  gboolean consents;
  gboolean unasked; /* by nobody's click, which may come twice */

  FhirResource *answer;
  HubJoinEnded ended;
} Sending;

/* What the work finds on its way. */
typedef struct
{
  FhirResource *appointment, *patient;
  char *patient_id, *address, *today;
  StoreConnection *connection;
  gint64 now;
} Found;

static void
found_clear (Found *found)
{
  g_clear_pointer (&found->appointment, fhir_resource_unref);
  g_clear_pointer (&found->patient, fhir_resource_unref);
  g_free (found->patient_id);
  g_free (found->address);
  g_free (found->today);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Found, found_clear)

static gboolean
refuse (GError **error, int status, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, status, sentence);
  return FALSE;
}

/* ---- how often ---- */

/* What was sent for this visit in the last hour: "time channel id address link", newest first, the
 * address and the link as hashes: who reads this learns no number. */
static GStrv
load_sent (Found *found, const char *name)
{
  g_autofree char *text = store_setting_get (found->connection, name);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();

  for (gsize i = 0; lines[i] != NULL; i++)
    if (g_ascii_strtoll (lines[i], NULL, 10) > found->now - HOUR)
      g_strv_builder_add (kept, lines[i]);
  return g_strv_builder_end (kept);
}

static char *
sent_name (const char *appointment)
{
  return g_strconcat (SENT, appointment, NULL);
}

static char *
dup_mark (const char *appointment, const char *address)
{
  g_autofree char *text = g_strdup_printf ("%s %s", appointment, address);

  return base_sha256_hex (text, -1);
}

/* Whether that message still reaches the patient, or has: it did not fail, and its link opens
 * something. */
static gboolean
is_good (HubRecords *records, Found *found, const char *id, const char *link)
{
  const char *const dead[] = { "stopped", "not-done", "entered-in-error", NULL };
  g_autoptr (FhirResource) message = hub_records_get (records, "Communication", id, NULL);
  const char *status = message != NULL ? fhir_resource_path_text (message, "status") : NULL;
  g_autofree char *name = g_strconcat ("join/", link, NULL);
  g_autofree char *there = store_setting_get (found->connection, name);

  return status != NULL && !g_strv_contains (dead, status) && there != NULL;
}

/* (transfer full) (nullable): the id of the message that was asked for just now. */
static char *
find_same (HubRecords *records, Sending *self, Found *found, GStrv sent)
{
  g_autofree char *mark = dup_mark (self->appointment, found->address);

  for (gsize i = 0; sent[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (sent[i], " ", 5);

      if (g_strv_length (words) == 5 && g_ascii_strtoll (words[0], NULL, 10) > found->now - AGAIN &&
          g_str_equal (words[1], care_channel_get_name (self->channel)) &&
          g_str_equal (words[3], mark) && is_good (records, found, words[2], words[4]))
        return g_strdup (words[2]);
    }
  return NULL;
}

typedef struct
{
  GPtrArray *names;
  gint64 since;
} Old;

static void
find_old (const char *name, const char *value, gpointer data)
{
  Old *old = data;

  if (g_ascii_strtoll (value, NULL, 10) <= old->since)
    g_ptr_array_add (old->names, g_strdup (name));
}

/* Of other visits too: nobody may ever send a message for them again. */
static gboolean
drop_old (Found *found, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  Old old = { names, found->now - HOUR };

  if (!store_setting_foreach (found->connection, SENT, find_old, &old, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    if (!store_setting_delete (found->connection, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
note_sent (
    Sending *self, Found *found, GStrv sent, const char *id, const char *token, GError **error)
{
  g_autofree char *name = sent_name (self->appointment);
  g_autofree char *mark = dup_mark (self->appointment, found->address);
  g_autofree char *link = hub_join_hash (token);
  g_autofree char *before = g_strjoinv ("\n", sent);
  g_autofree char *text =
      g_strdup_printf ("%" G_GINT64_FORMAT " %s %s %s %s\n%s", found->now,
                       care_channel_get_name (self->channel), id, mark, link, before);

  return drop_old (found, error) && store_setting_set (found->connection, name, text, error);
}

/* ---- whom, and whether they agree ---- */

static gboolean
put_provenance (HubRecords *records, Sending *self, const char *target, GError **error)
{
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autofree char *id = base_id_new (base_clock_now (records->clock));
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) provenance = NULL;

  if (self->user->reference == NULL)
    return TRUE;
  builder = fhir_builder_new ("Provenance", id);
  fhir_builder_set_many (builder, "target.0.reference", target, "recorded", now,
                         "agent.0.who.reference", self->user->reference, "agent.0.who.display",
                         self->user->display, NULL);
  fhir_builder_set_coding (builder, "activity", DERIVATION, "UPDATE", NULL);
  provenance = fhir_builder_end (builder);
  return hub_records_put (records, NULL, provenance, self->user->name, NULL, "contact corrected",
                          NULL, error);
}

static gboolean
put_consent (HubRecords *records, Sending *self, Found *found, GError **error)
{
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autofree char *id = base_id_new (base_clock_now (records->clock));
  g_autoptr (GError) problem = NULL;
  g_autoptr (FhirResource) before =
      care_consent_find (found->connection, found->patient_id, self->channel, &problem);
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *reference = NULL;

  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  after =
      care_consent_build (before, id, found->patient_id, self->channel, found->address, TRUE, now);
  reference = fhir_resource_dup_reference (after);
  return hub_records_put (records, before, after, self->user->name, found->patient_id,
                          "agrees to messages", NULL, error) &&
         put_provenance (records, self, reference, error);
}

static gboolean
correct_contact (HubRecords *records, Sending *self, Found *found, GError **error)
{
  g_autofree char *valid = care_channel_dup_valid (self->channel, self->to);
  g_autofree char *reference = g_strconcat ("Patient/", found->patient_id, NULL);
  g_autoptr (FhirResource) after = NULL;
  gboolean same;

  if (valid == NULL)
    return refuse (error, 422,
                   self->channel == CARE_CHANNEL_SMS
                       ? "A text message needs a telephone number of 5 to 15 digits"
                       : "This is no e-mail address");
  if (!self->consents)
    return refuse (error, 422, "Ask the patient first whether messages may go there");
  same = care_channel_same (self->channel, found->address, valid);
  g_set_str (&found->address, valid);
  if (!put_consent (records, self, found, error))
    return FALSE;
  if (same)
    return TRUE;
  after = care_channel_correct (found->patient, self->channel, valid, found->today);
  return hub_records_put (records, found->patient, after, self->user->name, found->patient_id,
                          "contact corrected", NULL, error) &&
         put_provenance (records, self, reference, error) &&
         hub_join_end_links (records, self->appointment, &self->ended, error);
}

static gboolean
check_consent (Sending *self, Found *found, GError **error)
{
  g_autoptr (CareConsent) consent = care_consent_read (found->connection, found->patient_id,
                                                       self->channel, found->address, error);

  if (consent == NULL)
    return FALSE;
  if (consent->state == CARE_CONSENT_GIVEN)
    return TRUE;
  if (consent->state == CARE_CONSENT_REFUSED)
    return refuse (error, 422,
                   self->channel == CARE_CHANNEL_SMS
                       ? "The patient does not agree to text messages, so none is sent"
                       : "The patient does not agree to e-mail, so none is sent");
  return refuse (error, 422,
                 self->channel == CARE_CHANNEL_SMS
                     ? "Nobody has asked the patient yet whether text messages may go to this "
                       "number"
                     : "Nobody has asked the patient yet whether e-mail may go to this address");
}

static gboolean
find (HubRecords *records, Sending *self, Found *found, GError **error)
{
  g_autofree char *recorded = NULL;

  found->connection = ((HubRecordsLocal *) records)->connection;
  found->now = base_clock_now (records->clock);
  found->today = base_clock_dup_today (records->clock);
  found->appointment = hub_records_get (records, "Appointment", self->appointment, error);
  if (found->appointment == NULL)
    return FALSE;
  found->patient_id = hub_join_dup_patient (found->appointment);
  if (found->patient_id == NULL)
    return refuse (error, 422, "This appointment names no patient");
  found->patient = hub_records_get (records, "Patient", found->patient_id, error);
  if (found->patient == NULL)
    return FALSE;
  recorded = care_channel_dup_address (found->patient, self->channel, found->today);
  found->address = care_channel_dup_valid (self->channel, recorded);
  if (self->to != NULL)
    return correct_contact (records, self, found, error);
  if (found->address == NULL)
    return refuse (error, 422,
                   self->channel == CARE_CHANNEL_SMS
                       ? "No telephone number that takes text messages is recorded"
                       : "No e-mail address is recorded");
  return check_consent (self, found, error);
}

/* ---- the message ---- */

static const char *
language_of (FhirResource *patient)
{
  const char *first = NULL;

  fhir_element_foreach (item, fhir_resource_path (patient, "communication"))
    {
      const char *code = fhir_element_path_text (item, "language.coding.0.code");

      if (code != NULL && fhir_element_is_true (fhir_element_get (item, "preferred")))
        return hub_notify_words_language (code);
      first = first != NULL ? first : code;
    }
  return hub_notify_words_language (first);
}

/* (transfer full) (nullable): the visit's start in the clinic's zone. */
static GDateTime *
start_of (FhirResource *appointment, BaseClock *clock)
{
  const char *text = fhir_resource_path_text (appointment, "start");
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autoptr (GDateTime) start = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return start != NULL ? g_date_time_to_timezone (start, g_date_time_get_timezone (now)) : NULL;
}

static void
write_texts (HubRecords *records, Sending *self, Found *found, HubNotice *notice)
{
  HubNotifyConfig *config = hub_notify_get_config (self->server);
  g_auto (HubClinic) clinic = { 0 };
  g_autoptr (GDateTime) start = start_of (found->appointment, records->clock);
  HubNotifyFacts facts;

  hub_visit_load_clinic (records, &clinic);
  facts = (HubNotifyFacts) { config->clinic != NULL ? config->clinic : clinic.name, clinic.phone,
                             start, notice->link };
  notice->language = g_strdup (language_of (found->patient));
  notice->subject = hub_notify_words_subject (notice->language, &facts);
  notice->text =
      hub_notify_words_text (notice->language, self->channel == CARE_CHANNEL_SMS, &facts);
}

static gint64
end_of (HubRecords *records, Sending *self, Found *found)
{
  gint64 until = found->now + hub_notify_get_config (self->server)->give_up;
  g_autoptr (GDateTime) start = start_of (found->appointment, records->clock);
  gint64 begins = start != NULL ? g_date_time_to_unix (start) * G_USEC_PER_SEC : G_MAXINT64 / 2;

  return begins + GRACE > found->now ? MIN (until, begins + GRACE) : until;
}

static gboolean
queue (HubRecords *records, Sending *self, Found *found, GStrv sent, GError **error)
{
  g_autoptr (HubNotifyRow) row = g_new0 (HubNotifyRow, 1);
  g_autofree char *token = hub_join_create_in (records, self->appointment, NULL, error);

  if (token == NULL)
    return FALSE;
  row->notice.id = base_id_new (found->now);
  row->notice.channel = self->channel;
  row->notice.to = g_strdup (found->address);
  row->notice.link = hub_join_dup_url (self->server, token);
  row->notice.written = found->now;
  row->appointment = g_strdup (self->appointment);
  row->patient = g_strdup (found->patient_id);
  row->next = found->now;
  row->until = end_of (records, self, found);
  write_texts (records, self, found, &row->notice);
  return hub_notify_queue_save (found->connection, row, error) &&
         hub_notify_message_put (records, &row->notice, self->appointment, found->patient_id,
                                 self->user->name, error) &&
         note_sent (self, found, sent, row->notice.id, token, error) &&
         (self->answer = hub_records_get (records, "Communication", row->notice.id, error)) != NULL;
}

static gboolean
send_work (HubRecords *records, gpointer data, GError **error)
{
  Sending *self = data;
  g_auto (Found) found = { 0 };
  g_autofree char *name = sent_name (self->appointment);
  g_auto (GStrv) sent = NULL;
  g_autofree char *same = NULL;

  if (!find (records, self, &found, error))
    return FALSE;
  sent = load_sent (&found, name);
  same = self->unasked ? NULL : find_same (records, self, &found, sent);
  if (same != NULL)
    return (self->answer = hub_records_get (records, "Communication", same, error)) != NULL;
  if (g_strv_length (sent) >= hub_notify_get_config (self->server)->per_hour)
    return refuse (error, 429,
                   "Many messages went to this patient within the hour. Call them instead, or show "
                   "them the link");
  return queue (records, self, &found, sent, error);
}

/**
 * hub_notify_send_unasked:
 * @records: in a work that writes
 * @error: HUB_ERROR where nothing may be sent this way, and nothing was written
 *
 * As $send-link to the recorded number or address, without anybody who asks.
 */
gboolean
hub_notify_send_unasked (HubRecords *records,
                         HubServer *server,
                         HubUser *user,
                         const char *appointment,
                         CareChannel channel,
                         GError **error)
{
  Sending self = { .server = server, .user = user, .channel = channel, .unasked = TRUE };
  gboolean sent;

  self.appointment = g_strdup (appointment);
  sent = send_work (records, &self, error);
  g_clear_pointer (&self.answer, fhir_resource_unref);
  hub_join_ended_clear (&self.ended);
  g_free (self.appointment);
  return sent;
}

/* ---- the request ---- */

static void
sending_free (Sending *self)
{
  g_clear_pointer (&self->answer, fhir_resource_unref);
  hub_join_ended_clear (&self->ended);
  g_free (self->appointment);
  g_free (self->to);
  g_free (self);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Sending *self = data;
  HubRequest *request = self->request;
  HubServer *server = self->server;
  g_autoptr (GError) error = NULL;

  if (hub_records_run_finish (result, &error))
    {
      hub_reply_resource (request->message, 200, self->answer);
      hub_signal_end_links (server, &self->ended);
      hub_notify_look (server);
    }
  hub_request_finish (request, error);
  sending_free (self);
}

static gboolean
read_part (Sending *self, const FhirElement *part, GError **error)
{
  const char *name = fhir_element_path_text (part, "name");

  if (g_strcmp0 (name, "channel") == 0)
    return care_channel_parse (fhir_element_path_text (part, "valueCode"), &self->channel) ||
           refuse (error, 400, "A channel is sms or email");
  if (g_strcmp0 (name, "to") == 0)
    g_set_str (&self->to, fhir_element_path_text (part, "valueString"));
  else if (g_strcmp0 (name, "consent") == 0)
    self->consents = fhir_element_is_true (fhir_element_get (part, "valueBoolean"));
  else
    return refuse (error, 400, "There are channel, to and consent, and nothing else");
  return TRUE;
}

static gboolean
read_parameters (Sending *self, GError **error)
{
  gsize length = 0;
  const char *text;
  g_autoptr (FhirResource) parameters = NULL;
  gboolean named = FALSE;

  if (!hub_request_take_body (self->request, error))
    return FALSE;
  text = self->request->body != NULL ? g_bytes_get_data (self->request->body, &length) : NULL;
  if (length == 0 || length > MAX_BODY)
    return refuse (error, length == 0 ? 400 : 413, "Send Parameters that say the channel");
  parameters = fhir_resource_parse (text, (gssize) length, error);
  if (parameters == NULL)
    return FALSE;
  fhir_element_foreach (part, fhir_resource_path (parameters, "parameter"))
    {
      if (!read_part (self, part, error))
        return FALSE;
      named |= g_strcmp0 (fhir_element_path_text (part, "name"), "channel") == 0;
    }
  return named || refuse (error, 400, "Say by which channel: sms or email");
}

static gboolean
check_way (Sending *self, GError **error)
{
  HubNotifyConfig *config = hub_notify_get_config (self->server);

  if (config == NULL)
    return refuse (
        error, 422,
        "This hub has no way to send messages. Show the link and pass it on yourself, or "
        "ask the administrator to set one up");
  if (config->back_ends[self->channel] == NULL)
    return refuse (error, 422,
                   self->channel == CARE_CHANNEL_SMS ? "This hub has no way to send text messages"
                                                     : "This hub has no way to send e-mail");
  return TRUE;
}

static gboolean
check_user (HubUser *user, GError **error)
{
  return user->role == HUB_ROLE_PRESCRIBER || user->role == HUB_ROLE_NURSE ||
         user->role == HUB_ROLE_RECEPTION || user->role == HUB_ROLE_ADMIN ||
         refuse (error, 403, "Links are sent by the clinic");
}

/**
 * hub_notify_send_link:
 * @request: for an Appointment's $send-link
 *
 * Returns: whether @request is taken over; else its message is answered
 */
gboolean
hub_notify_send_link (HubRequest *request)
{
  Sending *self = g_new0 (Sending, 1);
  g_autoptr (GError) error = NULL;

  self->request = request;
  self->server = request->server;
  self->user = request->user;
  self->appointment = g_strdup (request->id);
  if (!check_user (self->user, &error) || !read_parameters (self, &error) ||
      !check_way (self, &error))
    {
      hub_reply_error (request->message, error);
      sending_free (self);
      return FALSE;
    }
  soup_server_message_pause (request->message);
  hub_records_run_async (self->server, TRUE, send_work, self, sent_cb, self);
  return TRUE;
}
