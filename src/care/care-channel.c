/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-channel.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "store-resource.h"

/* A message about a visit goes out only where the patient has said so, for that way and for that
 * number or address. What was said is a Consent: one for each patient and way, whose versions are
 * its history. A Consent for another number says nothing about this one. */

#define SCOPE     "http://terminology.hl7.org/CodeSystem/consentscope"
#define ACT_CODE  "http://terminology.hl7.org/CodeSystem/v3-ActCode"
#define ACTION    "http://terminology.hl7.org/CodeSystem/consentaction"
#define EXTENSION "https://bedside.health/fhir/StructureDefinition/consent-contact-point"
#define MAX_EMAIL 254 /* RFC 5321, 4.5.3.1.3: a path of 256 octets with its brackets */

static const struct
{
  const char *name, *medium, *display, *system;
} channels[CARE_N_CHANNELS] = {
  [CARE_CHANNEL_SMS] = { "sms", "SMSWRIT", "SMS message", "sms" },
  [CARE_CHANNEL_EMAIL] = { "email", "EMAILWRIT", "email", "email" },
};

static const char *const registrars[] = { "prescriber", "nurse", "reception", "admin", NULL };

/* Returns: "sms" or "email" */
const char *
care_channel_get_name (CareChannel channel)
{
  return channels[channel].name;
}

/* Returns: the code of CARE_CHANNEL_MEDIUM */
const char *
care_channel_get_medium (CareChannel channel)
{
  return channels[channel].medium;
}

gboolean
care_channel_parse (const char *name, CareChannel *channel)
{
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    if (g_strcmp0 (name, channels[i].name) == 0 || g_strcmp0 (name, channels[i].medium) == 0)
      {
        *channel = (CareChannel) i;
        return TRUE;
      }
  return FALSE;
}

/* ---- numbers and addresses ---- */

static char *
dup_valid_number (const char *text)
{
  g_autoptr (GString) number = g_string_new (NULL);

  for (const char *at = text; *at; at++)
    if (g_ascii_isdigit (*at) || (*at == '+' && number->len == 0))
      g_string_append_c (number, *at);
    else if (!strchr (" -./()", *at))
      return NULL;
  /* E.164 has at most 15 digits; what is shorter than 5 is no telephone of a person. */
  gsize digits = number->len - (number->len > 0 && number->str[0] == '+' ? 1 : 0);
  return digits >= 5 && digits <= 15 ? g_string_free_and_steal (g_steal_pointer (&number)) : NULL;
}

static char *
dup_valid_email (const char *text)
{
  const char *at = strchr (text, '@');

  if (!at || at == text || strchr (at + 1, '@') || !strchr (at + 1, '.') || at[1] == '.' ||
      g_str_has_suffix (text, ".") || strlen (text) > MAX_EMAIL)
    return NULL;
  /* What ends a line, or means something in a header or an SMTP command, is in no address that a
   * mail server gives to a person. */
  for (const char *c = text; *c; c++)
    if ((guchar) *c <= ' ' || *c == 0x7f || strchr ("<>()[]\\,;:\"", *c))
      return NULL;
  return g_strdup (text);
}

/**
 * care_channel_dup_valid:
 * @address: (nullable): as it was typed
 *
 * Returns: (transfer full) (nullable): the number or address as a machine takes it; NULL where it
 *   is none
 */
char *
care_channel_dup_valid (CareChannel channel, const char *address)
{
  g_autofree char *text =
      address && g_utf8_validate (address, -1, NULL) ? g_strstrip (g_strdup (address)) : NULL;

  if (!text)
    return NULL;
  return channel == CARE_CHANNEL_SMS ? dup_valid_number (text) : dup_valid_email (text);
}

gboolean
care_channel_same (CareChannel channel, const char *one, const char *other)
{
  g_autofree char *a = care_channel_dup_valid (channel, one);
  g_autofree char *b = care_channel_dup_valid (channel, other);

  return a && b && g_ascii_strcasecmp (a, b) == 0;
}

static gboolean
is_over (const FhirElement *telecom, const char *today)
{
  const char *end = fhir_element_path_text (telecom, "period.end");

  return g_strcmp0 (fhir_element_path_text (telecom, "use"), "old") == 0 ||
         (end && strncmp (end, today, MIN (strlen (end), strlen (today))) <= 0);
}

/**
 * care_channel_dup_address:
 * @today: YYYY-MM-DD
 *
 * For SMS one that is called `sms`, else a mobile one, else the first telephone.
 *
 * Returns: (transfer full) (nullable): the number or address as it is recorded today
 */
char *
care_channel_dup_address (FhirResource *patient, CareChannel channel, const char *today)
{
  const char *best = NULL;
  int rank = 0;

  fhir_element_foreach (telecom, fhir_resource_path (patient, "telecom"))
    {
      const char *system = fhir_element_path_text (telecom, "system");
      const char *value = fhir_element_path_text (telecom, "value");
      gboolean phone = channel == CARE_CHANNEL_SMS && g_strcmp0 (system, "phone") == 0;
      gboolean mobile = g_strcmp0 (fhir_element_path_text (telecom, "use"), "mobile") == 0;
      int here = g_strcmp0 (system, channels[channel].system) == 0 ? 3 : phone ? 1 + mobile : 0;

      if (value && here > rank && !is_over (telecom, today))
        {
          best = value;
          rank = here;
        }
    }
  return g_strdup (best);
}

/* ---- consent ---- */

void
care_consent_free (CareConsent *self)
{
  g_free (self->address);
  g_free (self->when);
  g_free (self);
}

/* Whether @consent is about messages of the clinic at all. */
gboolean
care_consent_is_for_messages (FhirResource *consent)
{
  const FhirElement *categories = fhir_resource_path (consent, "category");

  if (strcmp (fhir_resource_get_type (consent), "Consent") != 0 ||
      fhir_element_get_length (categories) != 1)
    return FALSE;
  fhir_element_foreach (category, categories)
    if (!fhir_concept_has_code (category, CARE_CONSENT_CATEGORY, CARE_CONSENT_MESSAGES))
      return FALSE;
  return TRUE;
}

/* Whether @communication is one of those that carry a link. */
gboolean
care_message_is_link (FhirResource *communication)
{
  const FhirElement *categories = fhir_resource_path (communication, "category");

  return fhir_element_get_length (categories) == 1 &&
         fhir_concept_has_code (fhir_element_first (categories), CARE_MESSAGE_CATEGORY,
                                CARE_MESSAGE_LINK);
}

static const char *
address_of (FhirResource *consent)
{
  fhir_element_foreach (extension, fhir_resource_path (consent, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), EXTENSION) == 0)
      return fhir_element_path_text (extension, "valueContactPoint.value");
  return NULL;
}

static gboolean
is_of (FhirResource *consent, CareChannel channel)
{
  const char *status = fhir_resource_path_text (consent, "status");

  return g_strcmp0 (status, "entered-in-error") != 0 && care_consent_is_for_messages (consent) &&
         fhir_concept_has_code (fhir_resource_path (consent, "provision.code.0"),
                                CARE_CHANNEL_MEDIUM, channels[channel].medium);
}

/* (transfer full) (nullable): the newest word on this way; two stations may have made one each. */
FhirResource *
care_consent_find (StoreConnection *connection,
                   const char *patient_id,
                   CareChannel channel,
                   GError **error)
{
  g_autoptr (GPtrArray) all = store_resource_list (connection, patient_id, "Consent", error);
  FhirResource *newest = NULL;

  for (guint i = 0; all && i < all->len; i++)
    {
      const char *here = fhir_resource_path_text (all->pdata[i], "dateTime");

      if (is_of (all->pdata[i], channel) &&
          (!newest || g_strcmp0 (here, fhir_resource_path_text (newest, "dateTime")) >= 0))
        newest = all->pdata[i];
    }
  return newest ? fhir_resource_ref (newest) : NULL;
}

static CareConsentState
state_of (FhirResource *consent, CareChannel channel, const char *address)
{
  gboolean active = g_strcmp0 (fhir_resource_path_text (consent, "status"), "active") == 0;
  const char *type = fhir_resource_path_text (consent, "provision.type");

  if (!care_channel_same (channel, address_of (consent), address))
    return CARE_CONSENT_NOT_ASKED;
  return active && g_strcmp0 (type, "permit") == 0 ? CARE_CONSENT_GIVEN : CARE_CONSENT_REFUSED;
}

/**
 * care_consent_read:
 * @address: (nullable): the number or address that a message would go to
 *
 * Returns: (transfer full) (nullable): what the patient has said about it; NULL where it could not
 *   be read, which permits nothing
 */
CareConsent *
care_consent_read (StoreConnection *connection,
                   const char *patient_id,
                   CareChannel channel,
                   const char *address,
                   GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (FhirResource) consent = care_consent_find (connection, patient_id, channel, &local);
  CareConsent *self;

  if (local)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  self = g_new0 (CareConsent, 1);
  if (consent)
    {
      self->state = state_of (consent, channel, address);
      self->address = g_strdup (address_of (consent));
      self->when = g_strdup (fhir_resource_path_text (consent, "dateTime"));
    }
  return self;
}

/**
 * care_consent_build:
 * @before: (nullable): what was said before; it becomes the version before this one
 * @id: of a new one
 * @address: as care_channel_dup_valid() gives it
 * @now: FHIR dateTime
 *
 * Returns: (transfer full): the Consent that says it
 */
FhirResource *
care_consent_build (FhirResource *before,
                    const char *id,
                    const char *patient_id,
                    CareChannel channel,
                    const char *address,
                    gboolean given,
                    const char *now)
{
  g_autoptr (FhirBuilder) builder =
      before ? fhir_builder_new_from (before) : fhir_builder_new ("Consent", id);
  g_autofree char *subject = g_strconcat ("Patient/", patient_id, NULL);

  fhir_builder_set (builder, "status", "active");
  fhir_builder_set_coding (builder, "scope", SCOPE, "patient-privacy", "Privacy Consent");
  fhir_builder_set_coding (builder, "category.0", CARE_CONSENT_CATEGORY, CARE_CONSENT_MESSAGES,
                           "Messages about visits");
  fhir_builder_set (builder, "patient.reference", subject);
  fhir_builder_set (builder, "performer.0.reference", subject);
  /* An agreement to each way by itself: nothing is sent without one. */
  fhir_builder_set_coding (builder, "policyRule", ACT_CODE, "OPTIN", "opt-in");
  fhir_builder_set_coding (builder, "provision.action.0", ACTION, "disclose", "Disclose");
  fhir_builder_set_coding (builder, "provision.code.0", CARE_CHANNEL_MEDIUM,
                           channels[channel].medium, channels[channel].display);
  fhir_builder_remove (builder, "extension");
  fhir_builder_set_many (builder, "extension.0.url", EXTENSION,
                         "extension.0.valueContactPoint.system", channels[channel].system,
                         "extension.0.valueContactPoint.value", address, "provision.type",
                         given ? "permit" : "deny", "dateTime", now, NULL);
  return fhir_builder_end (builder);
}

/**
 * care_channel_correct:
 * @address: the number or address that is right from @today on
 *
 * The one that was used so far stays, is called old and gets @today as its last day.
 *
 * Returns: (transfer full): the patient, reached at @address by this way
 */
FhirResource *
care_channel_correct (FhirResource *patient,
                      CareChannel channel,
                      const char *address,
                      const char *today)
{
  g_autofree char *before = care_channel_dup_address (patient, channel, today);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (patient);
  gsize n = 1;

  fhir_builder_remove (builder, "telecom");
  fhir_builder_set_many (builder, "telecom.0.system",
                         channel == CARE_CHANNEL_SMS ? "phone" : "email", "telecom.0.value",
                         address, "telecom.0.use", channel == CARE_CHANNEL_SMS ? "mobile" : "home",
                         "telecom.0.period.start", today, NULL);
  fhir_element_foreach (item, fhir_resource_path (patient, "telecom"))
    {
      g_autofree char *path = g_strdup_printf ("telecom.%" G_GSIZE_FORMAT, n++);
      g_autofree char *use = g_strconcat (path, ".use", NULL);
      g_autofree char *end = g_strconcat (path, ".period.end", NULL);
      const char *system = fhir_element_path_text (item, "system");
      gboolean this_way = g_strcmp0 (system, channels[channel].system) == 0 ||
                          (channel == CARE_CHANNEL_SMS && g_strcmp0 (system, "phone") == 0);

      fhir_builder_set_element (builder, path, item);
      if (!this_way || is_over (item, today) ||
          g_strcmp0 (fhir_element_path_text (item, "value"), before) != 0)
        continue;
      fhir_builder_set (builder, use, "old");
      fhir_builder_set (builder, end, today);
    }
  return fhir_builder_end (builder);
}

/**
 * care_consent_set:
 * @address: that the patient was asked about
 * @given: FALSE: refused, or taken back
 *
 * Writes what the patient said, with who heard it.
 */
gboolean
care_consent_set (StoreConnection *connection,
                  CareContext *context,
                  const char *patient_id,
                  CareChannel channel,
                  const char *address,
                  gboolean given,
                  GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *valid = care_channel_dup_valid (channel, address);
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autoptr (GError) local = NULL;
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_require_role (context, "write down what a patient agrees to", registrars, error))
    return FALSE;
  if (!valid)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           channel == CARE_CHANNEL_SMS
                               ? _ ("A text message needs a telephone number of 5 to 15 digits.")
                               : _ ("This is no e-mail address."));
      return FALSE;
    }
  before = care_consent_find (connection, patient_id, channel, &local);
  if (local)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  after = care_consent_build (before, id, patient_id, channel, valid, given, now);
  g_autofree char *reference = fhir_resource_dup_reference (after);
  g_autoptr (FhirBuilder) provenance = care_write_provenance (context, reference, now);
  care_write_init (&write, connection, context, patient_id, CARE_PRIORITY_VISIT);
  return care_write_put (&write, after, error) &&
         care_write_put_builder (&write, provenance, error) &&
         care_write_audit (&write, "write", reference,
                           given ? "agrees to messages" : "refuses messages", error);
}

/* ---- at the desk ---- */

static gboolean
correct_email (StoreConnection *connection,
               CareContext *context,
               FhirResource **patient,
               const char *email,
               GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *valid = care_channel_dup_valid (CARE_CHANNEL_EMAIL, email);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *there = care_channel_dup_address (*patient, CARE_CHANNEL_EMAIL, today);
  g_autofree char *reference = fhir_resource_dup_reference (*patient);
  g_autoptr (FhirBuilder) provenance = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!valid)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("This is no e-mail address."));
      return FALSE;
    }
  if (care_channel_same (CARE_CHANNEL_EMAIL, there, valid))
    return TRUE;
  FhirResource *after = care_channel_correct (*patient, CARE_CHANNEL_EMAIL, valid, today);
  fhir_resource_unref (*patient);
  *patient = after;
  provenance = care_write_provenance (context, reference, now);
  care_write_init (&write, connection, context, fhir_resource_get_id (after), CARE_PRIORITY_VISIT);
  return care_write_put (&write, after, error) &&
         care_write_put_builder (&write, provenance, error) &&
         care_write_audit (&write, "write", reference, "contact corrected", error);
}

/**
 * care_channel_save:
 *
 * Writes an e-mail address and what the patient said about each way, in one transaction.
 */
gboolean
care_channel_save (StoreConnection *connection,
                   CareContext *context,
                   const char *patient_id,
                   const CareChannelWord *word,
                   GError **error)
{
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (context));
  g_autoptr (FhirResource) patient = NULL;

  if (!care_require_role (context, "correct how a patient is reached", registrars, error) ||
      !(patient = care_read (connection, "Patient", patient_id, error)) ||
      (word->email && !correct_email (connection, context, &patient, word->email, error)))
    return FALSE;
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      CareChannel channel = (CareChannel) i;
      g_autofree char *address = care_channel_dup_address (patient, channel, today);

      if (word->said[i] != CARE_CONSENT_NOT_ASKED &&
          !care_consent_set (connection, context, patient_id, channel, address,
                             word->said[i] == CARE_CONSENT_GIVEN, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
save_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  CareChannelWord word = { .email = c->texts[1] };

  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    word.said[i] = (CareConsentState) ((c->number >> (2 * i)) & 3);
  return care_channel_save (connection, c->context, c->texts[0], &word, error);
}

void
care_channel_save_async (CareContext *context,
                         const char *patient_id,
                         const CareChannelWord *word,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  CareCommand *command = care_command_new (context, save_work, patient_id, NULL);

  command->texts[1] = g_strdup (word->email);
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    command->number |= (int) word->said[i] << (2 * i);
  care_command_write (command, care_channel_save_async, NULL, callback, user_data);
}

gboolean
care_channel_save_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
