/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-guest.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-command.h"
#include "care-contact.h"
#include "care-extension.h"
#include "care-visit-async.h"
#include "care-visit-private.h"
#include "fhir-concept.h"
#include "store-resource.h"
#include "store-search.h"

/* Guests and interpreters in the record: each stay is a participant of the Encounter with its
 * period. An interpreter is nobody whom the clinic employs, so there is no Practitioner of them:
 * the participant's individual is a logical reference with the number that their service knows them
 * by, and its type is `translator` (hl7.org/fhir/R4/codesystem-encounter-participant-type.html). A
 * guest is a RelatedPerson; that they take part is a Consent of who agreed, for this visit alone.
 */

#define PARTICIPANT_TYPE   "http://terminology.hl7.org/CodeSystem/participant-type"
#define PARTICIPATION_TYPE "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
#define ROLE_CODE          "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
#define CONSENT_SCOPE      "http://terminology.hl7.org/CodeSystem/consentscope"
#define CONSENT_SYSTEM     "https://bedside.health/fhir/consent"
#define CONSENT_WORDING    "https://bedside.health/fhir/consent-wording/guest/1"
#define GUEST_SYSTEM       "https://bedside.health/fhir/identifier/visit-guest"
#define NUMBER_SYSTEM      "https://bedside.health/fhir/identifier/interpreter"
#define LANGUAGE           "visit-interpreter-language"
#define SPEAKERPHONE       "visit-speakerphone"

static gboolean
is_interpreter (const FhirElement *participant)
{
  fhir_element_foreach (type, fhir_element_get (participant, "type"))
    if (fhir_concept_has_code (type, PARTICIPANT_TYPE, "translator"))
      return TRUE;
  return FALSE;
}

static gboolean
is_guest (const FhirElement *participant)
{
  const char *reference = fhir_element_path_text (participant, "individual.reference");

  return reference != NULL && g_str_has_prefix (reference, "RelatedPerson/");
}

static gboolean
is_on_speakerphone (const FhirElement *participant)
{
  return fhir_element_is_true (
      fhir_element_get (care_extension_in (participant, SPEAKERPHONE), "valueBoolean"));
}

/**
 * care_visit_guest_is_one:
 * @participant: of an Encounter
 *
 * Returns: whether that is a guest or an interpreter, and so nobody who has the visit
 */
gboolean
care_visit_guest_is_one (const FhirElement *participant)
{
  return is_interpreter (participant) || is_guest (participant);
}

static gboolean
is_open (const FhirElement *participant)
{
  return fhir_element_path_text (participant, "period.start") != NULL &&
         fhir_element_path_text (participant, "period.end") == NULL;
}

static gboolean
is_of (const FhirElement *participant, CareVisitRole role, gboolean speakerphone)
{
  if (role == CARE_VISIT_ROLE_GUEST)
    return is_guest (participant);
  return is_interpreter (participant) && is_on_speakerphone (participant) == speakerphone;
}

/**
 * care_visit_guest_get_speakerphone:
 *
 * Returns: (nullable): the interpreter who is on a telephone beside the clinician now, in words
 */
const char *
care_visit_guest_get_speakerphone (FhirResource *encounter)
{
  fhir_element_foreach (item, fhir_resource_path (encounter, "participant"))
    if (is_open (item) && is_of (item, CARE_VISIT_ROLE_INTERPRETER, TRUE))
      return fhir_element_path_text (item, "individual.display");
  return NULL;
}

/* ---- the participant ---- */

/* Returns: how many stays have ended now */
static guint
end_stays (CareVisitChange *change, CareVisitRole role, gboolean speakerphone)
{
  gsize at = 0;
  guint count = 0;

  fhir_element_foreach (item, fhir_resource_path (change->encounter, "participant"))
    {
      g_autofree char *path = g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".period.end", at++);

      if (!is_open (item) || !is_of (item, role, speakerphone))
        continue;
      fhir_builder_set (change->builder, path, change->now);
      count++;
    }
  return count;
}

static char *
dup_display (const CareVisitGuest *guest)
{
  const char *relation = care_contact_relationship_name (guest->relation);
  g_autofree char *name = NULL;

  if (guest->role == CARE_VISIT_ROLE_GUEST && relation == NULL)
    relation = g_strcmp0 (guest->relation, "carer") == 0      ? _ ("Carer")
               : g_strcmp0 (guest->relation, "guardian") == 0 ? _ ("Guardian")
                                                              : guest->relation;
  if (guest->role == CARE_VISIT_ROLE_GUEST)
    return relation != NULL ? g_strdup_printf ("%s (%s)", guest->name, relation)
                            : g_strdup (guest->name);
  name = guest->name != NULL && *guest->name != '\0'
             /* Translators: an interpreter's name and number */
             ? g_strdup_printf (_ ("%1$s, interpreter %2$s"), guest->name, guest->number)
             /* Translators: an interpreter's number */
             : g_strdup_printf (_ ("Interpreter %s"), guest->number);
  if (guest->speakerphone)
    /* Translators: an interpreter and their language */
    return g_strdup_printf (_ ("%1$s (%2$s, on a speakerphone)"), name, guest->language);
  return g_strdup_printf ("%s (%s)", name, guest->language);
}

static gboolean
is_in_already (CareVisitChange *change, const CareVisitGuest *guest, const char *display)
{
  fhir_element_foreach (item, fhir_resource_path (change->encounter, "participant"))
    if (is_open (item) && is_of (item, guest->role, guest->speakerphone) &&
        g_strcmp0 (fhir_element_path_text (item, "individual.display"), display) == 0)
      return TRUE;
  return FALSE;
}

static void
set_in (FhirBuilder *builder, const char *path, const char *name, const char *value)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", path, name);

  if (value != NULL)
    fhir_builder_set (builder, full, value);
}

static void
set_interpreter (FhirBuilder *builder, const char *path, const CareVisitGuest *guest)
{
  g_autofree char *type = g_strconcat (path, ".type.0", NULL);

  fhir_builder_set_coding (builder, type, PARTICIPANT_TYPE, "translator", "Translator");
  set_in (builder, path, "individual.type", "Practitioner");
  set_in (builder, path, "individual.identifier.system", NUMBER_SYSTEM);
  set_in (builder, path, "individual.identifier.value", guest->number);
  set_in (builder, path, "extension.0.url", CARE_EXTENSION_BASE LANGUAGE);
  set_in (builder, path, "extension.0.valueString", guest->language);
  if (guest->speakerphone)
    {
      g_autofree char *flag = g_strconcat (path, ".extension.1.valueBoolean", NULL);

      set_in (builder, path, "extension.1.url", CARE_EXTENSION_BASE SPEAKERPHONE);
      fhir_builder_set_boolean (builder, flag, TRUE);
    }
}

static void
add_participant (CareVisitChange *change,
                 const CareVisitGuest *guest,
                 const char *person,
                 const char *display)
{
  gsize at = fhir_element_get_length (fhir_resource_path (change->encounter, "participant"));
  g_autofree char *path = g_strdup_printf ("participant.%" G_GSIZE_FORMAT, at);
  g_autofree char *type = g_strconcat (path, ".type.0", NULL);

  if (guest->role == CARE_VISIT_ROLE_INTERPRETER)
    set_interpreter (change->builder, path, guest);
  else
    {
      fhir_builder_set_coding (change->builder, type, PARTICIPATION_TYPE, "PART", "Participation");
      set_in (change->builder, path, "individual.reference", person);
    }
  set_in (change->builder, path, "individual.display", display);
  set_in (change->builder, path, "period.start", change->now);
}

/* ---- a guest ---- */

static char *
key_of (CareVisitChange *change, const CareVisitGuest *guest, const char *what)
{
  g_autofree char *cause = g_strdup_printf ("%s %s %s", change->reference, guest->name, what);

  return base_sha256_hex (cause, -1);
}

/* @found: (out) (nullable): what was made for this guest of this visit before */
static gboolean
find_made (CareVisitChange *change, const char *type, const char *key, char **found, GError **error)
{
  g_autofree char *query = g_strdup_printf ("identifier=" GUEST_SYSTEM "|%s", key);
  g_autoptr (GPtrArray) ids = store_search_ids (change->write.connection, type, query, error);

  *found = ids != NULL && ids->len > 0 ? g_strdup (ids->pdata[0]) : NULL;
  return ids != NULL;
}

static FhirBuilder *
begin (CareVisitChange *change, const char *type, const char *key, char **id)
{
  FhirBuilder *builder;

  *id = base_id_new (base_clock_now (care_context_get_clock (change->write.context)));
  builder = fhir_builder_new (type, *id);
  fhir_builder_set_many (builder, "identifier.0.system", GUEST_SYSTEM, "identifier.0.value", key,
                         NULL);
  return builder;
}

/* Of the day of the visit alone: who takes part once is on no list of those who speak for the
 * patient from then on.
 *
 * Returns: (transfer full) (nullable): the RelatedPerson's reference */
static char *
put_person (CareVisitChange *change, const CareVisitGuest *guest, GError **error)
{
  g_autofree char *key = key_of (change, guest, "person");
  g_autofree char *id = NULL;
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (change->write.context));
  g_autofree char *patient = g_strconcat ("Patient/", change->write.patient, NULL);
  g_autoptr (FhirBuilder) builder = NULL;

  if (guest->person != NULL)
    return g_strdup (guest->person);
  if (!find_made (change, "RelatedPerson", key, &id, error))
    return NULL;
  if (id != NULL)
    return g_strconcat ("RelatedPerson/", id, NULL);
  builder = begin (change, "RelatedPerson", key, &id);
  fhir_builder_set_boolean (builder, "active", FALSE);
  fhir_builder_set_many (builder, "patient.reference", patient, "name.0.text", guest->name,
                         "period.start", today, "period.end", today, NULL);
  if (care_contact_relationship_name (guest->relation) != NULL)
    fhir_builder_set_coding (builder, "relationship.0", ROLE_CODE, guest->relation, NULL);
  else if (guest->relation != NULL)
    fhir_builder_set (builder, "relationship.0.text", guest->relation);
  return care_write_put_builder (&change->write, builder, error)
             ? g_strconcat ("RelatedPerson/", id, NULL)
             : NULL;
}

/* Who is on record as speaking for the patient needs nobody's consent anew. */
static gboolean
put_consent (CareVisitChange *change,
             const CareVisitGuest *guest,
             const char *person,
             GError **error)
{
  g_autofree char *key = key_of (change, guest, "consent");
  g_autofree char *id = NULL;
  g_autofree char *patient = g_strconcat ("Patient/", change->write.patient, NULL);
  g_autoptr (FhirBuilder) builder = NULL;

  if (guest->agreed == NULL || guest->person != NULL)
    return TRUE;
  if (!find_made (change, "Consent", key, &id, error))
    return FALSE;
  if (id != NULL)
    return TRUE;
  builder = begin (change, "Consent", key, &id);
  fhir_builder_set_coding (builder, "scope", CONSENT_SCOPE, "treatment", "Treatment");
  fhir_builder_set_coding (builder, "category.0", CONSENT_SYSTEM, "guest",
                           "Another person takes part in the visit");
  fhir_builder_set_many (builder, "status", "active", "dateTime", change->now, "patient.reference",
                         patient, "performer.0.reference",
                         g_str_equal (guest->agreed, "patient") ? patient : guest->agreed,
                         "policy.0.uri", CONSENT_WORDING, "provision.type", "permit",
                         "provision.period.start", change->now,
                         "provision.actor.0.reference.reference", person,
                         "provision.actor.0.reference.display", guest->name,
                         "provision.data.0.meaning", "related",
                         "provision.data.0.reference.reference", change->reference, NULL);
  fhir_builder_set_coding (builder, "provision.actor.0.role", PARTICIPATION_TYPE, "IRCP",
                           "information recipient");
  return care_write_put_builder (&change->write, builder, error);
}

/* ---- the commands ---- */

static gboolean
is_whole (const CareVisitGuest *guest, GError **error)
{
  gboolean interpreter = guest->role == CARE_VISIT_ROLE_INTERPRETER;

  if (interpreter
          ? guest->number != NULL && *guest->number != '\0' && guest->language != NULL &&
                *guest->language != '\0'
          : guest->role == CARE_VISIT_ROLE_GUEST && guest->name != NULL && *guest->name != '\0')
    return TRUE;
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                       interpreter ? _ ("Write the interpreter's number and language.")
                                   : _ ("Write the guest's name."));
  return FALSE;
}

/**
 * care_visit_guest_join:
 *
 * Somebody is in the visit from now on. Twice is once; a second stay is a second participant.
 */
gboolean
care_visit_guest_join (StoreConnection *connection,
                       CareContext *context,
                       const char *encounter_id,
                       const CareVisitGuest *guest,
                       GError **error)
{
  g_auto (CareVisitChange) change = { 0 };
  g_autofree char *display = NULL;
  g_autofree char *person = NULL;

  if (!is_whole (guest, error) ||
      !care_visit_change_begin (&change, connection, context, encounter_id, error))
    return FALSE;
  if (change.state == CARE_VISIT_SCHEDULED || change.state == CARE_VISIT_ENDED)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("Nobody can join this visit: it has not begun, or is over."));
      return FALSE;
    }
  display = dup_display (guest);
  if (is_in_already (&change, guest, display))
    return TRUE;
  if (guest->role == CARE_VISIT_ROLE_GUEST && (!(person = put_person (&change, guest, error)) ||
                                               !put_consent (&change, guest, person, error)))
    return FALSE;
  end_stays (&change, guest->role, guest->speakerphone);
  add_participant (&change, guest, person, display);
  return care_visit_change_write (&change, "visit-joined", care_visit_role_name (guest->role),
                                  error);
}

/**
 * care_visit_guest_leave:
 *
 * Whoever of that role is in the visit is so no more. Nobody is as good; a visit that is over ended
 * all stays already.
 */
gboolean
care_visit_guest_leave (StoreConnection *connection,
                        CareContext *context,
                        const char *encounter_id,
                        CareVisitRole role,
                        gboolean speakerphone,
                        GError **error)
{
  g_auto (CareVisitChange) change = { 0 };

  if (!care_visit_change_begin (&change, connection, context, encounter_id, error))
    return FALSE;
  return end_stays (&change, role, speakerphone) == 0 ||
         care_visit_change_write (&change, "visit-left", care_visit_role_name (role), error);
}

/* ---- from the main thread ---- */

static gboolean
join_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  const CareVisitGuest guest = {
    .role = (CareVisitRole) (command->number >> 1),
    .speakerphone = (command->number & 1) != 0,
    .name = command->texts[1],
    .number = command->texts[2],
    .language = command->texts[3],
    .relation = command->texts[4],
    .person = command->texts[5],
    .agreed = command->texts[6],
  };

  return care_visit_guest_join (connection, command->context, command->texts[0], &guest, error);
}

void
care_visit_guest_join_async (CareContext *context,
                             const char *encounter_id,
                             const CareVisitGuest *guest,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  CareCommand *command = care_command_new (context, join_work, encounter_id, NULL);
  const char *texts[] = { guest->name,     guest->number, guest->language,
                          guest->relation, guest->person, guest->agreed };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    command->texts[i + 1] = g_strdup (texts[i]);
  command->number = (int) guest->role << 1 | (guest->speakerphone ? 1 : 0);
  care_command_write (command, care_visit_guest_join_async, cancellable, callback, user_data);
}

static gboolean
leave_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_guest_leave (connection, command->context, command->texts[0],
                                 (CareVisitRole) (command->number >> 1), (command->number & 1) != 0,
                                 error);
}

void
care_visit_guest_leave_async (CareContext *context,
                              const char *encounter_id,
                              CareVisitRole role,
                              gboolean speakerphone,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  CareCommand *command = care_command_new (context, leave_work, encounter_id, NULL);

  command->number = (int) role << 1 | (speakerphone ? 1 : 0);
  care_command_write (command, care_visit_guest_leave_async, cancellable, callback, user_data);
}
