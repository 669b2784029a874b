/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-link.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-said.h"
#include "store-resource.h"

static void
message_free (gpointer data)
{
  CareLinkMessage *message = data;

  g_free (message->address);
  g_free (message->status);
  g_free (message->reason);
  g_free (message->sent);
  g_free (message);
}

void
care_link_free (CareLink *self)
{
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      g_free (self->ways[i].address);
      g_clear_pointer (&self->ways[i].consent, care_consent_free);
    }
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_free (self->name);
  g_free (self);
}

/* ---- reading ---- */

static gboolean
is_about (FhirResource *communication, const char *appointment)
{
  fhir_element_foreach (about, fhir_resource_path (communication, "about"))
    if (g_strcmp0 (fhir_element_path_text (about, "reference"), appointment) == 0)
      return TRUE;
  return FALSE;
}

static CareLinkMessage *
message_of (FhirResource *communication)
{
  CareLinkMessage *self = g_new0 (CareLinkMessage, 1);
  const char *medium =
      fhir_concept_get_code (fhir_resource_path (communication, "medium.0"), CARE_CHANNEL_MEDIUM);

  if (!care_channel_parse (medium, &self->channel))
    self->channel = CARE_CHANNEL_SMS;
  fhir_element_foreach (extension, fhir_resource_path (communication, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), CARE_MESSAGE_ADDRESS) == 0)
      g_set_str (&self->address, fhir_element_path_text (extension, "valueContactPoint.value"));
  self->status = g_strdup (fhir_resource_path_text (communication, "status"));
  if (fhir_resource_path_text (communication, "statusReason.text"))
    self->reason = fhir_said_dup (fhir_resource_path_text (communication, "statusReason.text"));
  self->sent = g_strdup (fhir_resource_path_text (communication, "sent"));
  return self;
}

/* The hub's ids grow with time. */
static int
compare_newest (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (fhir_resource_get_id (*(FhirResource *const *) b),
                    fhir_resource_get_id (*(FhirResource *const *) a));
}

static gboolean
read_messages (CareLink *self,
               StoreConnection *connection,
               const char *patient_id,
               const char *appointment_id,
               GError **error)
{
  g_autofree char *appointment = g_strconcat ("Appointment/", appointment_id, NULL);
  g_autoptr (GPtrArray) all = store_resource_list (connection, patient_id, "Communication", error);

  if (!all)
    return FALSE;
  g_ptr_array_sort (all, compare_newest);
  for (guint i = 0; i < all->len; i++)
    if (care_message_is_link (all->pdata[i]) && is_about (all->pdata[i], appointment))
      g_ptr_array_add (self->messages, message_of (all->pdata[i]));
  return TRUE;
}

/**
 * care_link_read:
 *
 * Returns: (transfer full) (nullable): how the link to a visit may be sent, and what was sent
 */
CareLink *
care_link_read (StoreConnection *connection,
                const char *patient_id,
                const char *appointment_id,
                BaseClock *clock,
                GError **error)
{
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autoptr (CareLink) self = g_new0 (CareLink, 1);

  self->messages = g_ptr_array_new_with_free_func (message_free);
  if (!patient || !read_messages (self, connection, patient_id, appointment_id, error))
    return NULL;
  self->name = fhir_human_name_format (fhir_resource_path (patient, "name"));
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      CareChannel channel = (CareChannel) i;
      CareLinkWay *way = &self->ways[i];

      way->address = care_channel_dup_address (patient, channel, today);
      g_autofree char *valid = care_channel_dup_valid (channel, way->address);
      way->valid = valid != NULL;
      way->consent = care_consent_read (connection, patient_id, channel, way->address, error);
      if (!way->consent)
        return NULL;
    }
  return g_steal_pointer (&self);
}

static gboolean
read_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = (GDestroyNotify) care_link_free;
  c->result = care_link_read (connection, c->texts[0], c->texts[1], c->clock, error);
  return c->result != NULL;
}

void
care_link_read_async (CareContext *context,
                      const char *patient_id,
                      const char *appointment_id,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_command_read (care_command_new (context, read_work, patient_id, appointment_id, NULL),
                     care_context_get_store (context), care_link_read_async, cancellable, callback,
                     user_data);
}

CareLink *
care_link_read_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

/* ---- in words ---- */

static const struct
{
  const char *status, *level, *sms, *email;
} states[] = {
  /* the best first: one message that arrived is enough */
  { "completed", "ok", N_ ("Link delivered by text message"), N_ ("Link sent by e-mail") },
  { "in-progress", "unknown", N_ ("Link sent by text message, no word yet whether it arrived"),
    N_ ("Link sent by e-mail, no word yet whether it arrived") },
  { "preparation", "amber", N_ ("The text message with the link waits to be sent"),
    N_ ("The e-mail with the link waits to be sent") },
  { "not-done", "failed", N_ ("The text message with the link did not arrive"),
    N_ ("The e-mail with the link did not arrive") },
  { "stopped", "failed", N_ ("The text message with the link was not sent"),
    N_ ("The e-mail with the link was not sent") },
};

/**
 * care_link_load_words:
 * @level: (out): "ok", "amber", "failed" or "unknown"
 *
 * Of each way the last message counts, of both ways the better one.
 *
 * Returns: (transfer full) (nullable): what became of the link to a visit, in a few words; NULL
 *   where none was sent
 */
char *
care_link_load_words (StoreConnection *connection,
                      const char *patient_id,
                      const char *appointment_id,
                      const char **level)
{
  g_autoptr (CareLink) self = g_new0 (CareLink, 1);
  const CareLinkMessage *last[CARE_N_CHANNELS] = { NULL };

  *level = "unknown";
  self->messages = g_ptr_array_new_with_free_func (message_free);
  if (!read_messages (self, connection, patient_id, appointment_id, NULL))
    return NULL;
  for (guint i = 0; i < self->messages->len; i++)
    {
      const CareLinkMessage *message = self->messages->pdata[i];

      if (!last[message->channel])
        last[message->channel] = message;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    for (gsize channel = 0; channel < CARE_N_CHANNELS; channel++)
      if (last[channel] && g_strcmp0 (last[channel]->status, states[i].status) == 0)
        {
          *level = states[i].level;
          return g_strdup (channel == CARE_CHANNEL_SMS ? _ (states[i].sms) : _ (states[i].email));
        }
  return NULL;
}

static char *
describe_sent (const CareLinkMessage *message, GTimeZone *zone)
{
  g_autofree char *when = fhir_date_format (message->sent, zone);
  gboolean done = g_strcmp0 (message->status, "completed") == 0;

  if (message->channel == CARE_CHANNEL_EMAIL)
    return done ? g_strdup_printf (_ ("Sent %s by e-mail, taken by the mail server"), when)
                : g_strdup_printf (_ ("Sent %s by e-mail, no word yet whether it arrived"), when);
  return done ? g_strdup_printf (_ ("Sent %s by text message, delivered"), when)
              : g_strdup_printf (_ ("Sent %s by text message, no word yet whether it arrived"),
                                 when);
}

/**
 * care_link_describe_message:
 *
 * Returns: (transfer full): what became of a message, as in "Sent 22-Nov-2026 14:02 by text
 * message, delivered"
 */
char *
care_link_describe_message (const CareLinkMessage *message, GTimeZone *zone)
{
  const char *reason = message->reason ? message->reason : _ ("no reason is recorded");

  if (g_strcmp0 (message->status, "not-done") == 0)
    return g_strdup_printf (_ ("Not delivered: %s"), reason);
  if (g_strcmp0 (message->status, "stopped") == 0)
    return g_strdup_printf (_ ("Not sent: %s"), reason);
  if (g_strcmp0 (message->status, "preparation") == 0)
    return message->reason ? g_strdup_printf (_ ("Waits and is tried again: %s"), reason)
                           : g_strdup (_ ("Waits to be sent"));
  if (message->sent)
    return describe_sent (message, zone);
  return g_strdup (_ ("Nobody knows whether it was sent"));
}

/**
 * care_link_describe_way:
 *
 * Returns: (transfer full): whether messages may go this way, and why not
 */
char *
care_link_describe_way (CareChannel channel, const CareLinkWay *way, GTimeZone *zone)
{
  g_autofree char *when =
      way->consent->when ? fhir_date_format (way->consent->when, zone) : g_strdup ("–");
  gboolean sms = channel == CARE_CHANNEL_SMS;

  if (!way->address)
    return g_strdup (sms ? _ ("No telephone number is recorded.")
                         : _ ("No e-mail address is recorded."));
  if (!way->valid)
    return g_strdup (sms ? _ ("The recorded number takes no text messages.")
                         : _ ("The recorded e-mail address is none."));
  switch (way->consent->state)
    {
    case CARE_CONSENT_GIVEN:
      return g_strdup_printf (_ ("The patient agreed on %s."), when);
    case CARE_CONSENT_REFUSED:
      return g_strdup_printf (_ ("The patient refused on %s, so nothing is sent."), when);
    case CARE_CONSENT_NOT_ASKED:
      break;
    }
  return g_strdup (_ ("Ask the patient first: nothing is sent without their word."));
}
