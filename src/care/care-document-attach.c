/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-document-private.h"
#include "care-journal.h"
#include "care-write.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* Putting a file into the record: its bytes as a Binary, a DocumentReference that says what it is,
 * and a Provenance of who put it there, in one transaction. It rests for Undo before it may leave.
 * Whoever attaches a letter did not write it, so it has no author, but for one that a document from
 * elsewhere prints. */

/* Beside the sensitivity, in the number of a command. */
#define FROM_PATIENT 0x100

static const char *const attachers[] = { "prescriber", "nurse", NULL };

static gboolean
check (const CareAttachment *attachment, GError **error)
{
  gsize size = g_bytes_get_size (attachment->bytes);

  if (size == 0)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("The file is empty."));
  else if (size > CARE_ATTACHMENT_MAX)
    g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                 _ ("The file is larger than %u MB, which is more than a server takes."),
                 (guint) (CARE_ATTACHMENT_MAX >> 20));
  else
    return TRUE;
  return FALSE;
}

/* For the same folder: the bytes of a document of @write's patient. */
gboolean
care_document_put_binary (
    CareWrite *write, const char *id, const char *content_type, GBytes *content, GError **error)
{
  g_autofree char *patient = g_strconcat ("Patient/", write->patient, NULL);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (content, &size);
  g_autofree char *data = g_base64_encode (bytes, size);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Binary", id);

  fhir_builder_set_many (builder, "contentType",
                         content_type ? content_type : "application/octet-stream",
                         "securityContext.reference", patient, "data", data, NULL);
  return care_write_put_builder (write, builder, error);
}

/* http://hl7.org/fhir/R4/datatypes.html#attachment: SHA-1, in base64 */
char *
care_document_dup_hash (GBytes *bytes)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

static gboolean
put_reference (CareWrite *write,
               const CareAttachment *attachment,
               const char *id,
               const char *binary,
               const char *now,
               GError **error)
{
  g_autofree char *patient = g_strconcat ("Patient/", attachment->patient_id, NULL);
  g_autofree char *encounter =
      attachment->encounter_id ? g_strconcat ("Encounter/", attachment->encounter_id, NULL) : NULL;
  g_autofree char *hash = care_document_dup_hash (attachment->bytes);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("DocumentReference", id);

  fhir_builder_set_many (builder, "status", "current", "subject.reference", patient, "date", now,
                         "description", attachment->title, NULL);
  if (attachment->content_type)
    fhir_builder_set (builder, "content.0.attachment.contentType", attachment->content_type);
  fhir_builder_set_many (builder, "content.0.attachment.url", binary, "content.0.attachment.hash",
                         hash, "content.0.attachment.title", attachment->title, NULL);
  fhir_builder_set_integer (builder, "content.0.attachment.size",
                            (gint64) g_bytes_get_size (attachment->bytes));
  fhir_builder_set (builder, "content.0.attachment.creation", attachment->written);
  care_release_label (builder, attachment->sensitivity);
  if (encounter)
    fhir_builder_set (builder, "context.encounter.0.reference", encounter);
  if (attachment->from_patient)
    fhir_builder_set (builder, "type.text", _ ("Sent by the patient in a visit"));
  else
    fhir_builder_set (builder, "type.text", attachment->kind);
  fhir_builder_set (builder, "author.0.display", attachment->author);
  return care_write_put_builder (write, builder, error);
}

/* Who put it there is the user, and where it came from is the visit: the patient is no agent, for
 * nobody says in another's name that they did something. */
static FhirBuilder *
make_provenance (CareContext *context,
                 const CareAttachment *attachment,
                 const char *document,
                 const char *binary,
                 const char *now)
{
  FhirBuilder *provenance = care_write_provenance (context, document, now);
  g_autofree char *visit =
      attachment->encounter_id ? g_strconcat ("Encounter/", attachment->encounter_id, NULL) : NULL;

  fhir_builder_set (provenance, "target.1.reference", binary);
  fhir_builder_set_coding (provenance, "agent.0.type", CARE_SYSTEM_PARTICIPANT, "enterer",
                           "Enterer");
  if (attachment->from_patient)
    fhir_builder_set_many (provenance, "entity.0.role", "source", "entity.0.what.reference", visit,
                           "entity.0.what.display", _ ("Sent by the patient in a visit"), NULL);
  else if (attachment->origin)
    fhir_builder_set_many (provenance, "entity.0.role", "source", "entity.0.what.display",
                           attachment->origin, NULL);
  return provenance;
}

/**
 * care_document_attach:
 * @reference: (out): of the DocumentReference
 */
gboolean
care_document_attach (StoreConnection *connection,
                      CareContext *context,
                      const CareAttachment *attachment,
                      char **reference,
                      GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *binary_id = base_id_new (base_clock_now (clock));
  g_autofree char *binary = g_strconcat ("Binary/", binary_id, NULL);
  g_autofree char *document = g_strconcat ("DocumentReference/", id, NULL);
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autoptr (FhirBuilder) provenance = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_require_role (context, "attach a document", attachers, error) ||
      !check (attachment, error))
    return FALSE;
  care_write_init (&write, connection, context, attachment->patient_id, CARE_PRIORITY_NORMAL);
  write.hold = CARE_HOLD_UNDO;
  provenance = make_provenance (context, attachment, document, binary, now);
  if (!care_document_put_binary (&write, binary_id, attachment->content_type, attachment->bytes,
                                 error) ||
      !put_reference (&write, attachment, id, binary, now, error) ||
      !care_write_put_builder (&write, provenance, error) ||
      !care_write_audit (&write, "write", document,
                         attachment->from_patient ? "attached a document from the patient"
                                                  : "attached a document",
                         error))
    return FALSE;
  *reference = g_steal_pointer (&document);
  return TRUE;
}

/* ---- taking it back ---- */

static const char *
group_of (GPtrArray *entries, const char *id)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->type, "DocumentReference") && g_str_equal (entry->id, id) &&
          entry->verb == STORE_JOURNAL_CREATE && care_journal_is_resting (entry))
        return entry->group;
    }
  return NULL;
}

/**
 * care_document_undo:
 * @reference: from care_document_attach()
 *
 * CARE_ERROR_TOO_LATE once it is on its way.
 */
gboolean
care_document_undo (StoreConnection *connection,
                    CareContext *context,
                    const char *reference,
                    GError **error)
{
  g_autofree char *type = NULL, *id = NULL, *patient = NULL;
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  const char *group = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!entries || !care_require_role (context, "take back a document", attachers, error))
    return FALSE;
  if (fhir_reference_split (reference, &type, &id))
    group = group_of (entries, id);
  if (!group)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_TOO_LATE,
                           _ ("It is on its way and cannot be undone."));
      return FALSE;
    }
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->group, group))
        g_set_str (&patient, entry->patient);
    }
  if (!care_journal_withdraw (connection, entries, group, error))
    return FALSE;
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return care_write_audit (&write, "undo", reference, "attached a document", error);
}

/* ---- off the main thread ---- */

static gboolean
attach_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  CareAttachment attachment = { command->texts[0],
                                command->texts[3],
                                command->texts[1],
                                command->texts[2],
                                g_hash_table_lookup (command->table, "bytes"),
                                (CareSensitivity) (command->number & ~FROM_PATIENT),
                                (command->number & FROM_PATIENT) != 0,
                                command->texts[4],
                                command->texts[5],
                                command->texts[6],
                                command->texts[7] };
  char *reference = NULL;

  if (!care_document_attach (connection, command->context, &attachment, &reference, error))
    return FALSE;
  command->result = reference;
  command->free_result = g_free;
  return TRUE;
}

void
care_document_attach_async (CareContext *context,
                            const CareAttachment *attachment,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  CareCommand *command =
      care_command_new (context, attach_work, attachment->patient_id, attachment->title, NULL);

  command->texts[2] = g_strdup (attachment->content_type);
  command->texts[3] = g_strdup (attachment->encounter_id);
  command->texts[4] = g_strdup (attachment->origin);
  command->texts[5] = g_strdup (attachment->kind);
  command->texts[6] = g_strdup (attachment->author);
  command->texts[7] = g_strdup (attachment->written);
  command->number = (int) attachment->sensitivity | (attachment->from_patient ? FROM_PATIENT : 0);
  command->table =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_bytes_unref);
  g_hash_table_insert (command->table, (gpointer) "bytes", g_bytes_ref (attachment->bytes));
  care_command_write (command, care_document_attach_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): the reference, for care_document_undo_async() */
char *
care_document_attach_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_document_undo (connection, command->context, command->texts[0], error);
}

void
care_document_undo_async (CareContext *context,
                          const char *reference,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, reference, NULL),
                      care_document_undo_async, NULL, callback, user_data);
}

gboolean
care_document_undo_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
