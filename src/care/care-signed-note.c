/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-signed-note.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "care-document.h"
#include "care-note-private.h"
#include "care-prescription.h"
#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* Reading a signed note with all that was said under it. A note is a DocumentReference that nobody
 * changes; an addendum is another one that appends to it. */

#define PROGRESS_NOTE "11506-3"

static void
addendum_free (gpointer data)
{
  CareAddendum *self = data;

  g_free (self->reference);
  g_free (self->author);
  g_free (self->when);
  g_free (self->text);
  g_free (self);
}

void
care_signed_note_free (CareSignedNote *self)
{
  g_free (self->reference);
  g_free (self->patient);
  g_free (self->author_reference);
  g_free (self->author);
  g_free (self->when);
  g_free (self->text);
  g_ptr_array_unref (self->addenda);
  g_clear_pointer (&self->cosigns, g_ptr_array_unref);
  g_free (self);
}

/* Whether @document is a note that somebody signed and nobody withdrew. */
gboolean
care_note_is_signed (FhirResource *document)
{
  const char *status = fhir_resource_path_text (document, "docStatus");

  return g_str_equal (fhir_resource_get_type (document), "DocumentReference") &&
         !care_chart_is_opaque (document) && !care_chart_is_error (document) &&
         g_strcmp0 (fhir_resource_path_text (document, "status"), "current") == 0 &&
         (g_strcmp0 (status, "final") == 0 || g_strcmp0 (status, "amended") == 0) &&
         fhir_concept_has_code (fhir_resource_path (document, "type"), CARE_SYSTEM_LOINC,
                                PROGRESS_NOTE) &&
         g_str_has_prefix (fhir_resource_path_text (document, "content.0.attachment.contentType")
                               ?: "",
                           "text/plain");
}

/* (transfer full) (nullable): reference of the document that @document is an addendum to */
char *
care_note_dup_appended (FhirResource *document)
{
  fhir_element_foreach (relation, fhir_resource_path (document, "relatesTo"))
    {
      const char *target = fhir_element_path_text (relation, "target.reference");
      g_autofree char *type = NULL, *id = NULL;

      if (g_strcmp0 (fhir_element_path_text (relation, "code"), "appends") == 0 && target &&
          fhir_reference_split (target, &type, &id) && g_str_equal (type, "DocumentReference"))
        return g_strconcat (type, "/", id, NULL);
    }
  return NULL;
}

/* (transfer full) (nullable): a signed note, and no addendum of one */
FhirResource *
care_note_read_signed (StoreConnection *connection, const char *reference, GError **error)
{
  g_autofree char *type = NULL, *id = NULL, *appended = NULL;
  g_autoptr (FhirResource) document = NULL;

  if (fhir_reference_split (reference, &type, &id) && g_str_equal (type, "DocumentReference"))
    {
      document = care_read (connection, type, id, error);
      if (!document)
        return NULL;
      appended = care_note_dup_appended (document);
      if (care_note_is_signed (document) && !appended)
        return g_steal_pointer (&document);
    }
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE, _ ("This is no signed note."));
  return NULL;
}

static gboolean
is_same_patient (FhirResource *a, FhirResource *b)
{
  g_autofree char *first = care_patient_of (a), *second = care_patient_of (b);

  return first && g_strcmp0 (first, second) == 0;
}

/**
 * care_note_dup_owner:
 *
 * Returns: (transfer full) (nullable): reference of the signed note that @document is a signed
 *   addendum to. Not one of another patient, nor one that is itself an addendum: one of the two was
 *   misfiled or is not of Bedside's making, and each is read by itself
 */
char *
care_note_dup_owner (StoreConnection *connection, FhirResource *document)
{
  g_autofree char *appended =
      care_note_is_signed (document) ? care_note_dup_appended (document) : NULL;
  g_autoptr (FhirResource) note =
      appended ? care_note_read_signed (connection, appended, NULL) : NULL;

  return note && is_same_patient (note, document) ? g_steal_pointer (&appended) : NULL;
}

static char *
dup_text (StoreConnection *connection, const char *reference, BaseClock *clock, GError **error)
{
  g_autoptr (CareDocument) document = care_document_load (connection, reference, clock, error);

  if (!document)
    return NULL;
  if (!document->bytes || document->damaged)
    return g_strdup (_ ("The words of it are not on this computer."));
  return g_utf8_make_valid (g_bytes_get_data (document->bytes, NULL),
                            (gssize) g_bytes_get_size (document->bytes));
}

static int
compare_oldest (gconstpointer a, gconstpointer b)
{
  FhirResource *first = *(FhirResource **) a, *second = *(FhirResource **) b;
  gint64 x = care_chart_time (fhir_resource_path_text (first, "date")),
         y = care_chart_time (fhir_resource_path_text (second, "date"));

  return x == y ? strcmp (fhir_resource_get_id (first), fhir_resource_get_id (second))
                : (x > y) - (x < y);
}

/* (transfer full) (element-type FhirResource) (nullable): oldest first */
static GPtrArray *
find_documents (StoreConnection *connection,
                const char *parameter,
                const char *reference,
                GError **error)
{
  g_autofree char *query = g_strdup_printf ("%s=%s", parameter, reference);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "DocumentReference", query, error);
  GPtrArray *found;

  if (!ids)
    return NULL;
  found = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; i < ids->len; i++)
    {
      FhirResource *document =
          store_resource_get (connection, "DocumentReference", ids->pdata[i], NULL);

      if (document)
        g_ptr_array_add (found, document);
    }
  g_ptr_array_sort (found, compare_oldest);
  return found;
}

static char *
dup_author (FhirResource *document)
{
  return g_strdup (fhir_resource_path_text (document, "author.0.display"));
}

static char *
dup_when (FhirResource *document, BaseClock *clock)
{
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  const char *date = fhir_resource_path_text (document, "date");

  return date ? fhir_date_format (date, g_date_time_get_timezone (now)) : NULL;
}

static gboolean
read_addenda (StoreConnection *connection,
              CareSignedNote *self,
              FhirResource *note,
              BaseClock *clock,
              GError **error)
{
  g_autoptr (GPtrArray) found = find_documents (connection, "relatesto", self->reference, error);

  for (guint i = 0; found && i < found->len; i++)
    {
      g_autofree char *appended = care_note_dup_appended (found->pdata[i]);
      CareAddendum *addendum;

      if (!care_note_is_signed (found->pdata[i]) || g_strcmp0 (appended, self->reference) != 0 ||
          !is_same_patient (found->pdata[i], note))
        continue;
      addendum = g_new0 (CareAddendum, 1);
      g_ptr_array_add (self->addenda, addendum);
      addendum->reference = fhir_resource_dup_reference (found->pdata[i]);
      addendum->author = dup_author (found->pdata[i]);
      addendum->when = dup_when (found->pdata[i], clock);
      addendum->text = dup_text (connection, addendum->reference, clock, error);
      if (!addendum->text)
        return FALSE;
    }
  return found != NULL;
}

/* (transfer full) (nullable) */
static CareSignedNote *
read_note (StoreConnection *connection, FhirResource *note, BaseClock *clock, GError **error)
{
  g_autoptr (CareSignedNote) self = g_new0 (CareSignedNote, 1);

  self->reference = fhir_resource_dup_reference (note);
  self->patient = care_patient_of (note);
  self->author_reference = g_strdup (fhir_resource_path_text (note, "author.0.reference"));
  self->author = dup_author (note);
  self->when = dup_when (note, clock);
  self->addenda = g_ptr_array_new_with_free_func (addendum_free);
  self->text = dup_text (connection, self->reference, clock, error);
  self->cosigns = care_cosign_list (connection, note, clock, error);
  return self->cosigns && self->text && read_addenda (connection, self, note, clock, error)
             ? g_steal_pointer (&self)
             : NULL;
}

/**
 * care_signed_note_load:
 * @reference: of a note, or of an addendum: then the note that it belongs to
 *
 * Returns: (transfer full) (nullable): CARE_ERROR_STATE where it is no signed note
 */
CareSignedNote *
care_signed_note_load (StoreConnection *connection,
                       const char *reference,
                       BaseClock *clock,
                       GError **error)
{
  g_autofree char *type = NULL, *id = NULL, *owner = NULL;
  g_autoptr (FhirResource) named = NULL, note = NULL;

  if (fhir_reference_split (reference, &type, &id) && g_str_equal (type, "DocumentReference"))
    named = store_resource_get (connection, type, id, NULL);
  owner = named ? care_note_dup_owner (connection, named) : NULL;
  note = care_note_read_signed (connection, owner ? owner : reference, error);
  return note ? read_note (connection, note, clock, error) : NULL;
}

/**
 * care_signed_note_list:
 *
 * Returns: (transfer full) (element-type CareSignedNote) (nullable): the signed notes of a visit,
 *   oldest first
 */
GPtrArray *
care_signed_note_list (StoreConnection *connection,
                       const char *encounter_id,
                       BaseClock *clock,
                       GError **error)
{
  g_autofree char *encounter = g_strconcat ("Encounter/", encounter_id, NULL);
  g_autoptr (GPtrArray) found = find_documents (connection, "encounter", encounter, error);
  g_autoptr (GPtrArray) notes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_signed_note_free);

  for (guint i = 0; found && i < found->len; i++)
    {
      g_autofree char *appended = care_note_dup_appended (found->pdata[i]);
      CareSignedNote *note;

      if (appended || !care_note_is_signed (found->pdata[i]))
        continue;
      note = read_note (connection, found->pdata[i], clock, error);
      if (!note)
        return NULL;
      g_ptr_array_add (notes, note);
    }
  return found ? g_steal_pointer (&notes) : NULL;
}

/* ---- what signing shares ---- */

gboolean
care_note_check_writer (CareContext *context, const char *act, GError **error)
{
  static const char *const writers[] = { "prescriber", "nurse", "admin", NULL };

  return care_context_check_lease (context, error) &&
         care_require_role (context, act, writers, error);
}

/* What a signature of Bedside is: a digest of what was shown, confirmed by someone who had signed
 * in. No key is involved, and the format says so. "A signature verifying the information contained
 * in a document", as where a physician countersigns, is the verification signature:
 * http://hl7.org/fhir/R4/valueset-signature-type.html */
FhirBuilder *
care_note_signature (CareContext *context,
                     FhirResource *signed_resource,
                     const char *when,
                     gboolean is_author)
{
  g_autofree char *target = fhir_resource_dup_reference (signed_resource);
  g_autofree char *digest = care_prescription_dup_digest (signed_resource);
  g_autofree char *text =
      g_strdup_printf ("sha-256 %s, no key: electronic confirmation by signed-in user", digest);
  g_autofree char *data = g_base64_encode ((const guint8 *) text, strlen (text));
  FhirBuilder *builder = care_write_provenance (context, target, when);

  if (!is_author)
    fhir_builder_set_coding (builder, "agent.0.type", CARE_SYSTEM_PARTICIPANT, "verifier",
                             "Verifier");
  fhir_builder_set_many (builder, "signature.0.type.0.system", "urn:iso-astm:E1762-95:2013",
                         "signature.0.type.0.code",
                         is_author ? "1.2.840.10065.1.12.1.1" : "1.2.840.10065.1.12.1.5",
                         "signature.0.type.0.display",
                         is_author ? "Author's Signature" : "Verification Signature", NULL);
  fhir_builder_set_many (
      builder, "signature.0.when", when, "signature.0.who.reference",
      care_context_get_user_reference (context), "signature.0.targetFormat",
      "application/fhir+json;canonicalization=http://hl7.org/fhir/canonicalization/json",
      "signature.0.sigFormat", "text/plain", "signature.0.data", data, NULL);
  return builder;
}

/* ---- off the main thread ---- */

static gboolean
load_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) care_signed_note_free;
  command->result = care_signed_note_load (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_signed_note_load_async (CareContext *context,
                             const char *reference,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_command_read (care_command_new (context, load_work, reference, NULL),
                     care_context_get_store (context), care_signed_note_load_async, cancellable,
                     callback, user_data);
}

CareSignedNote *
care_signed_note_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) g_ptr_array_unref;
  command->result = care_signed_note_list (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_signed_note_list_async (CareContext *context,
                             const char *encounter_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_command_read (care_command_new (context, list_work, encounter_id, NULL),
                     care_context_get_store (context), care_signed_note_list_async, cancellable,
                     callback, user_data);
}

/* (transfer full) (element-type CareSignedNote) (nullable) */
GPtrArray *
care_signed_note_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
