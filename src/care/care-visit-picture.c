/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-picture.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-document-private.h"
#include "care-extension.h"
#include "care-release.h"
#include "care-visit-private.h"
#include "store-search.h"

/* A picture from the call becomes a document of the visit: its bytes as a Binary, a
 * DocumentReference that says what it shows, and a Provenance that names the visit and the Consent.
 * It is kept only for the patient whose visit it is, and only with a Consent (hazard H22). */

#define IDENTIFIER "https://bedside.health/fhir/identifier/visit-picture"
#define BODY_SITE  "document-body-site"
#define MAX_WORDS  500

typedef struct
{
  char *id, *binary_id, *reference, *binary, *key;
} Names;

static void
names_clear (Names *names)
{
  g_free (names->id);
  g_free (names->binary_id);
  g_free (names->reference);
  g_free (names->binary);
  g_free (names->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Names, names_clear)

static gboolean
refuse (GError **error, CareError code, const char *sentence)
{
  g_set_error_literal (error, CARE_ERROR, code, sentence);
  return FALSE;
}

static gboolean
check (const CareVisitPicture *picture, GError **error)
{
  gsize size = picture->bytes != NULL ? g_bytes_get_size (picture->bytes) : 0;

  if (picture->consent == NULL || !g_str_has_prefix (picture->consent, "Consent/") ||
      picture->request == NULL || *picture->request == '\0')
    return refuse (error, CARE_ERROR_MISSING,
                   _ ("No consent to this picture is on record. Ask the patient again."));
  if (size == 0)
    return refuse (error, CARE_ERROR_MISSING, _ ("There is no picture. Take it again."));
  if (size > CARE_ATTACHMENT_MAX)
    return refuse (error, CARE_ERROR_STATE,
                   _ ("The picture is larger than a server takes. Take it again."));
  if (g_utf8_strlen (picture->site, -1) > MAX_WORDS ||
      g_utf8_strlen (picture->note, -1) > MAX_WORDS)
    return refuse (error, CARE_ERROR_STATE,
                   _ ("The words are too long. Put the rest into the note."));
  return TRUE;
}

/* Whose visit it is, is not what somebody says but what the Encounter says. */
static gboolean
check_patient (CareVisitChange *change, const CareVisitPicture *picture, GError **error)
{
  if (change->write.patient != NULL && g_strcmp0 (change->write.patient, picture->patient_id) == 0)
    return TRUE;
  return refuse (error, CARE_ERROR_STATE,
                 _ ("This visit is another patient’s. The picture was not kept."));
}

static void
name_all (Names *names, CareVisitChange *change, const CareVisitPicture *picture)
{
  BaseClock *clock = care_context_get_clock (change->write.context);
  g_autofree char *cause = g_strdup_printf ("%s %s", change->reference, picture->request);

  names->key = base_sha256_hex (cause, -1);
  names->id = base_id_new (base_clock_now (clock));
  names->binary_id = base_id_new (base_clock_now (clock));
  names->reference = g_strconcat ("DocumentReference/", names->id, NULL);
  names->binary = g_strconcat ("Binary/", names->binary_id, NULL);
}

static gboolean
put_document (CareVisitChange *change,
              const CareVisitPicture *picture,
              const Names *names,
              GError **error)
{
  g_autofree char *patient = g_strconcat ("Patient/", change->write.patient, NULL);
  g_autofree char *hash = care_document_dup_hash (picture->bytes);
  const char *own = care_context_get_user_reference (change->write.context);
  g_autofree char *title = *picture->site != '\0'
                               /* Translators: %s is a part of the body */
                               ? g_strdup_printf (_ ("Picture from the call: %s"), picture->site)
                               : g_strdup (_ ("Picture from the call"));
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("DocumentReference", names->id);

  fhir_builder_set_many (builder, "identifier.0.system", IDENTIFIER, "identifier.0.value",
                         names->key, "status", "current", "type.text", "Picture from a video visit",
                         "subject.reference", patient, "date", change->now, "author.0.reference",
                         own, "author.0.display",
                         care_context_get_user_name (change->write.context),
                         "content.0.attachment.contentType", picture->content_type,
                         "content.0.attachment.url", names->binary, "content.0.attachment.hash",
                         hash, "content.0.attachment.title", title, "content.0.attachment.creation",
                         change->now, "context.encounter.0.reference", change->reference, NULL);
  fhir_builder_set_integer (builder, "content.0.attachment.size",
                            (gint64) g_bytes_get_size (picture->bytes));
  if (*picture->note != '\0')
    fhir_builder_set (builder, "description", picture->note);
  if (*picture->site != '\0')
    fhir_builder_set_many (builder, "extension.0.url", CARE_EXTENSION_BASE BODY_SITE,
                           "extension.0.valueCodeableConcept.text", picture->site, NULL);
  care_release_label (builder, picture->sensitivity);
  return care_write_put_builder (&change->write, builder, error);
}

static gboolean
put_provenance (CareVisitChange *change,
                const CareVisitPicture *picture,
                const Names *names,
                GError **error)
{
  g_autoptr (FhirBuilder) builder =
      care_write_provenance (change->write.context, names->reference, change->now);

  fhir_builder_set_many (builder, "target.1.reference", names->binary, "entity.0.role", "source",
                         "entity.0.what.reference", change->reference, "entity.0.what.display",
                         "The video visit in whose call it was taken", "entity.1.role", "source",
                         "entity.1.what.reference", picture->consent, "entity.1.what.display",
                         "The patient's consent to this picture", NULL);
  return care_write_put_builder (&change->write, builder, error);
}

/* @found: (out) (nullable): what was kept to the same request before */
static gboolean
find_kept (CareVisitChange *change, const Names *names, char **found, GError **error)
{
  g_autofree char *query = g_strdup_printf ("identifier=" IDENTIFIER "|%s", names->key);
  g_autoptr (GPtrArray) ids =
      store_search_ids (change->write.connection, "DocumentReference", query, error);

  *found =
      ids != NULL && ids->len > 0 ? g_strconcat ("DocumentReference/", ids->pdata[0], NULL) : NULL;
  return ids != NULL;
}

/**
 * care_visit_picture_keep:
 * @reference: (out): of the DocumentReference; the same one where it was kept already
 */
gboolean
care_visit_picture_keep (StoreConnection *connection,
                         CareContext *context,
                         const CareVisitPicture *picture,
                         char **reference,
                         GError **error)
{
  g_auto (CareVisitChange) change = { 0 };
  g_auto (Names) names = { 0 };

  *reference = NULL;
  if (!check (picture, error) ||
      !care_visit_change_begin (&change, connection, context, picture->encounter_id, error) ||
      !check_patient (&change, picture, error))
    return FALSE;
  name_all (&names, &change, picture);
  if (!find_kept (&change, &names, reference, error))
    return FALSE;
  if (*reference != NULL)
    return TRUE;
  care_extension_add (change.builder, CARE_VISIT_PICTURE_KEPT, "valueInstant", change.now);
  if (!care_document_put_binary (&change.write, names.binary_id, picture->content_type,
                                 picture->bytes, error) ||
      !put_document (&change, picture, &names, error) ||
      !put_provenance (&change, picture, &names, error) ||
      !care_visit_change_write (&change, "write", "kept a picture from the call", error))
    return FALSE;
  *reference = g_steal_pointer (&names.reference);
  return TRUE;
}

/* ---- off the main thread ---- */

static gboolean
keep_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  CareVisitPicture picture = {
    .encounter_id = command->texts[0],
    .patient_id = command->texts[1],
    .request = command->texts[2],
    .consent = command->texts[3],
    .site = command->texts[4],
    .note = command->texts[5],
    .content_type = command->texts[6],
    .sensitivity = (CareSensitivity) command->number,
    .bytes = g_hash_table_lookup (command->table, "bytes"),
  };
  char *reference = NULL;

  if (!care_visit_picture_keep (connection, command->context, &picture, &reference, error))
    return FALSE;
  command->result = reference;
  command->free_result = g_free;
  return TRUE;
}

void
care_visit_picture_keep_async (CareContext *context,
                               const CareVisitPicture *picture,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  CareCommand *command = care_command_new (context, keep_work, picture->encounter_id, NULL);

  command->texts[1] = g_strdup (picture->patient_id);
  command->texts[2] = g_strdup (picture->request);
  command->texts[3] = g_strdup (picture->consent);
  command->texts[4] = g_strdup (picture->site);
  command->texts[5] = g_strdup (picture->note);
  command->texts[6] = g_strdup (picture->content_type);
  command->number = (int) picture->sensitivity;
  command->table =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_bytes_unref);
  g_hash_table_insert (command->table, (gpointer) "bytes", g_bytes_ref (picture->bytes));
  care_command_write (command, care_visit_picture_keep_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): the reference */
char *
care_visit_picture_keep_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
