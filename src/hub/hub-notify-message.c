/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-message.h"

#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-reference.h"

/* The Communication of a message: `preparation` while it waits, `in-progress` when a service has
 * taken it, `completed` when it was delivered (or taken by a mail server, which tells no more),
 * `not-done` and `stopped` with a sentence why. It never holds the link itself: who reads the
 * record does not get into the visit. */

#define WHO "hub"

/* (transfer full): the text without its link */
static char *
dup_without_link (const HubNotice *notice)
{
  g_auto (GStrv) parts = g_strsplit (notice->text, notice->link, -1);

  return g_strjoinv ("[link]", parts);
}

gboolean
hub_notify_message_put (HubRecords *records,
                        const HubNotice *notice,
                        const char *appointment,
                        const char *patient,
                        const char *who,
                        GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Communication", notice->id);
  g_autofree char *subject = g_strconcat ("Patient/", patient, NULL);
  g_autofree char *about = g_strconcat ("Appointment/", appointment, NULL);
  g_autofree char *text = dup_without_link (notice);
  g_autoptr (FhirResource) message = NULL;

  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", notice->id, "status", "preparation", NULL);
  fhir_builder_set_coding (builder, "category.0", CARE_MESSAGE_CATEGORY, CARE_MESSAGE_LINK,
                           "Link to a visit");
  fhir_builder_set_coding (builder, "medium.0", CARE_CHANNEL_MEDIUM,
                           care_channel_get_medium (notice->channel), NULL);
  fhir_builder_set_many (builder, "subject.reference", subject, "about.0.reference", about,
                         "recipient.0.reference", subject, "payload.0.contentString", text,
                         "extension.0.url", CARE_MESSAGE_ADDRESS,
                         "extension.0.valueContactPoint.system",
                         notice->channel == CARE_CHANNEL_SMS ? "sms" : "email",
                         "extension.0.valueContactPoint.value", notice->to, NULL);
  message = fhir_builder_end (builder);
  return hub_records_put (records, NULL, message, who, patient, "message queued", NULL, error);
}

static gboolean
is_final (const char *status)
{
  const char *const ends[] = { "completed", "not-done", "stopped", "entered-in-error", NULL };

  return status == NULL || g_strv_contains (ends, status);
}

/**
 * hub_notify_message_mark:
 * @reason: (nullable): why it waits, or was not sent
 *
 * Moves a message on; one that has ended stays as it is, for reports cross each other. One that was
 * deleted is as good as ended.
 */
gboolean
hub_notify_message_mark (
    HubRecords *records, const char *id, const char *status, const char *reason, GError **error)
{
  g_autoptr (FhirResource) before = NULL;
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *type = NULL;
  g_autofree char *patient = NULL;
  const char *subject;

  if (!hub_records_find (records, "Communication", id, &before, error))
    return FALSE;
  if (before == NULL || is_final (fhir_resource_path_text (before, "status")))
    return TRUE;
  subject = fhir_resource_path_text (before, "subject.reference");
  if (subject != NULL)
    fhir_reference_split (subject, &type, &patient);
  builder = fhir_builder_new_from (before);
  fhir_builder_set (builder, "status", status);
  fhir_builder_remove (builder, "statusReason");
  fhir_builder_set (builder, "statusReason.text", reason);
  if ((g_str_equal (status, "in-progress") || g_str_equal (status, "completed")) &&
      fhir_resource_path (before, "sent") == NULL)
    fhir_builder_set (builder, "sent", now);
  after = fhir_builder_end (builder);
  return hub_records_put (records, before, after, WHO, patient, status, NULL, error);
}
