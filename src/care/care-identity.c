/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-identity.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "care-write.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-text.h"
#include "store-resource.h"
#include "store-search.h"

/* A document that came from elsewhere names somebody. Who that is here, a person says; the program
 * proposes only where nothing speaks against it and three things speak for it, and it names what
 * does not agree. */

#define CANDIDATES 200

/* ---- parts ---- */

/* (transfer full) (nullable): folded; of a list its first item, and of that its first word */
static char *
dup_part (const FhirElement *name, const char *path, gboolean first_word)
{
  const char *text = fhir_element_path_text (name, path);
  g_autofree char *folded = text ? fhir_fold (text) : NULL;
  char *space = folded && first_word ? strchr (folded, ' ') : NULL;

  if (space)
    *space = '\0';
  return folded && *folded ? g_steal_pointer (&folded) : NULL;
}

/* Of a name without parts the whole text has to be the same. */
static gboolean
is_same_name (const FhirElement *one, const FhirElement *other)
{
  g_autofree char *family = dup_part (one, "family", FALSE);
  g_autofree char *given = dup_part (one, "given.0", TRUE);
  g_autofree char *other_family = dup_part (other, "family", FALSE);
  g_autofree char *other_given = dup_part (other, "given.0", TRUE);

  if (family && other_family && given && other_given)
    return g_str_equal (family, other_family) && g_str_equal (given, other_given);

  g_autofree char *text = fhir_human_name_format_plain (one);
  g_autofree char *other_text = fhir_human_name_format_plain (other);
  g_autofree char *folded = fhir_fold (text), *other_folded = fhir_fold (other_text);

  return g_str_equal (folded, other_folded);
}

static gboolean
has_name (FhirResource *person)
{
  return fhir_resource_path (person, "name.0.family") ||
         fhir_resource_path (person, "name.0.given.0") ||
         fhir_resource_path (person, "name.0.text");
}

static gboolean
shares_name (FhirResource *said, FhirResource *patient)
{
  fhir_element_foreach (one, fhir_resource_path (said, "name"))
    fhir_element_foreach (other, fhir_resource_path (patient, "name"))
      if (is_same_name (one, other))
        return TRUE;
  return FALSE;
}

/* (transfer full): without the gaps that people write for the eye */
static char *
without_gaps (const char *identifier)
{
  g_auto (GStrv) parts = g_strsplit_set (identifier, " -", -1);

  return g_strjoinv ("", parts);
}

/* Systems that are known by a number and by an address. Source:
 * https://terminology.hl7.org/identifiers.html: US social security number, NHS number */
static const char *
system_of (const FhirElement *identifier)
{
  static const char *const known[][2] = {
    { "urn:oid:2.16.840.1.113883.4.1", "http://hl7.org/fhir/sid/us-ssn" },
    { "urn:oid:2.16.840.1.113883.2.1.4.1", "https://fhir.nhs.uk/Id/nhs-number" },
  };
  const char *system = fhir_element_path_text (identifier, "system");

  for (gsize i = 0; system && i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (system, known[i][0]))
      return known[i][1];
  return system;
}

/* A number that reception typed has no system; then the number alone has to do. */
static gboolean
is_same_identifier (const FhirElement *one, const FhirElement *other)
{
  const char *value = fhir_element_path_text (one, "value");
  const char *other_value = fhir_element_path_text (other, "value");
  const char *system = system_of (one), *other_system = system_of (other);
  g_autofree char *plain = without_gaps (value ? value : "");
  g_autofree char *other_plain = without_gaps (other_value ? other_value : "");

  return *plain && g_ascii_strcasecmp (plain, other_plain) == 0 &&
         (!system || !other_system || g_str_equal (system, other_system));
}

static gboolean
shares_identifier (FhirResource *said, FhirResource *patient)
{
  fhir_element_foreach (one, fhir_resource_path (said, "identifier"))
    fhir_element_foreach (other, fhir_resource_path (patient, "identifier"))
      if (is_same_identifier (one, other))
        return TRUE;
  return FALSE;
}

static const char *
sex_of (FhirResource *person)
{
  const char *sex = fhir_resource_path_text (person, "gender");

  return g_strcmp0 (sex, "unknown") == 0 ? NULL : sex;
}

/* A birth date of which only the year is known agrees with none, and speaks against another year.
 */
static void
compare_birth_dates (CareIdentity *self, const char *said, const char *born)
{
  gsize both = said && born ? MIN (strlen (said), strlen (born)) : 0;

  if (both == 0)
    return;
  if (strncmp (said, born, both) != 0)
    self->other |= CARE_IDENTITY_BIRTH_DATE;
  else if (both == strlen ("YYYY-MM-DD") && g_str_equal (said, born))
    self->same |= CARE_IDENTITY_BIRTH_DATE;
}

/**
 * care_identity_compare:
 * @said: a Patient as a document describes them
 *
 * Names are compared without case and accents, family and first given name; any name of the one
 * against any of the other.
 */
CareIdentity
care_identity_compare (FhirResource *said, FhirResource *patient)
{
  const char *sex = sex_of (said), *other_sex = sex_of (patient);
  CareIdentity self = { 0 };

  if (shares_name (said, patient))
    self.same |= CARE_IDENTITY_NAME;
  else if (has_name (said) && has_name (patient))
    self.other |= CARE_IDENTITY_NAME;
  compare_birth_dates (&self, fhir_resource_path_text (said, "birthDate"),
                       fhir_resource_path_text (patient, "birthDate"));
  if (sex && other_sex && g_str_equal (sex, other_sex))
    self.same |= CARE_IDENTITY_SEX;
  else if (sex && other_sex)
    self.other |= CARE_IDENTITY_SEX;
  if (shares_identifier (said, patient))
    self.same |= CARE_IDENTITY_IDENTIFIER;
  return self;
}

/* Whether name, birth date and an identifier are the same and nothing is other. */
gboolean
care_identity_is_sure (CareIdentity identity)
{
  const guint wanted = CARE_IDENTITY_NAME | CARE_IDENTITY_BIRTH_DATE | CARE_IDENTITY_IDENTIFIER;

  return identity.other == 0 && (identity.same & wanted) == wanted;
}

/* ---- in words ---- */

static const char *
sex_in_words (const char *sex)
{
  if (g_strcmp0 (sex, "female") == 0)
    return _ ("female");
  if (g_strcmp0 (sex, "male") == 0)
    return _ ("male");
  return _ ("neither female nor male");
}

static void
add_name_doubt (GStrvBuilder *doubts, FhirResource *said, FhirResource *patient, gboolean other)
{
  g_autofree char *name = fhir_human_name_format (fhir_resource_path (said, "name"));
  g_autofree char *here = fhir_human_name_format (fhir_resource_path (patient, "name"));

  if (other)
    g_strv_builder_take (doubts,
                         g_strdup_printf (_ ("It names %s, and the chart is of %s."), name, here));
  else if (!has_name (said))
    g_strv_builder_add (doubts, _ ("It does not say whose it is."));
}

static void
add_birth_doubt (GStrvBuilder *doubts, FhirResource *said, FhirResource *patient, gboolean other)
{
  const char *born = fhir_resource_path_text (said, "birthDate");
  const char *here = fhir_resource_path_text (patient, "birthDate");
  g_autofree char *day = born ? fhir_date_format (born, NULL) : NULL;
  g_autofree char *day_here = here ? fhir_date_format (here, NULL) : NULL;

  if (other)
    g_strv_builder_take (doubts, g_strdup_printf (_ ("It says born %s, and the chart says %s."),
                                                  day, day_here));
  else if (!born)
    g_strv_builder_add (doubts, _ ("It does not say when that person was born."));
  else
    g_strv_builder_add (doubts, _ ("The birth dates cannot be compared: one is not complete."));
}

/**
 * care_identity_dup_doubt:
 * @said: (nullable): NULL: it names nobody
 *
 * Returns: (transfer full) (nullable): what speaks against @said being @patient, or is missing to
 *   say so, in sentences, a line each; NULL where name and birth date are the same and nothing else
 *   is other
 */
char *
care_identity_dup_doubt (FhirResource *said, FhirResource *patient)
{
  CareIdentity identity = said ? care_identity_compare (said, patient) : (CareIdentity) { 0 };
  g_autoptr (GStrvBuilder) doubts = g_strv_builder_new ();
  g_auto (GStrv) lines = NULL;

  if (!said)
    return g_strdup (_ ("It does not say whose it is."));
  if (!(identity.same & CARE_IDENTITY_NAME))
    add_name_doubt (doubts, said, patient, (identity.other & CARE_IDENTITY_NAME) != 0);
  if (!(identity.same & CARE_IDENTITY_BIRTH_DATE))
    add_birth_doubt (doubts, said, patient, (identity.other & CARE_IDENTITY_BIRTH_DATE) != 0);
  if (identity.other & CARE_IDENTITY_SEX)
    g_strv_builder_take (doubts, g_strdup_printf (_ ("It says %s, and the chart says %s."),
                                                  sex_in_words (sex_of (said)),
                                                  sex_in_words (sex_of (patient))));
  lines = g_strv_builder_end (doubts);
  return lines[0] ? g_strjoinv ("\n", lines) : NULL;
}

/* ---- who it is here ---- */

static gboolean
may_be_proposed (FhirResource *said, FhirResource *patient)
{
  const FhirElement *active = fhir_resource_path (patient, "active");

  return (!active || fhir_element_is_true (active)) &&
         care_identity_is_sure (care_identity_compare (said, patient));
}

/**
 * care_identity_propose:
 *
 * Returns: (transfer full) (nullable): the only patient here of whom name, birth date and an
 *   identifier are the same; NULL without an error where there is none, or more than one
 */
FhirResource *
care_identity_propose (StoreConnection *connection, FhirResource *said, GError **error)
{
  const char *born = fhir_resource_path_text (said, "birthDate");
  FhirDate parsed;
  g_autofree char *query = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (FhirResource) found = NULL;

  if (!born || !fhir_date_parse (born, &parsed) || parsed.precision != FHIR_PRECISION_DAY)
    return NULL;
  query = g_strdup_printf ("birthdate=%s", born);
  ids = store_search_ids (connection, "Patient", query, error);
  for (guint i = 0; ids && i < MIN (ids->len, CANDIDATES); i++)
    {
      g_autoptr (FhirResource) patient =
          store_resource_get (connection, "Patient", ids->pdata[i], NULL);

      if (!patient || !may_be_proposed (said, patient))
        continue;
      if (found)
        return NULL;
      found = g_steal_pointer (&patient);
    }
  return g_steal_pointer (&found);
}

/* ---- from the main thread ---- */

static gboolean
propose_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  GError *problem = NULL;

  command->free_result = (GDestroyNotify) fhir_resource_unref;
  command->result =
      care_identity_propose (connection, g_hash_table_lookup (command->table, "said"), &problem);
  if (!problem)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

void
care_identity_propose_async (CareContext *context,
                             FhirResource *said,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  CareCommand *command = care_command_new (context, propose_work, NULL);

  command->table =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) fhir_resource_unref);
  g_hash_table_insert (command->table, (gpointer) "said", fhir_resource_ref (said));
  care_command_read (command, care_context_get_store (context), care_identity_propose_async,
                     cancellable, callback, user_data);
}

FhirResource *
care_identity_propose_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
read_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) fhir_resource_unref;
  command->result = care_read (connection, "Patient", command->texts[0], error);
  return command->result != NULL;
}

void
care_identity_read_async (CareContext *context,
                          const char *patient_id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_read (care_command_new (context, read_work, patient_id, NULL),
                     care_context_get_store (context), care_identity_read_async, cancellable,
                     callback, user_data);
}

/* (transfer full) (nullable): the Patient */
FhirResource *
care_identity_read_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
