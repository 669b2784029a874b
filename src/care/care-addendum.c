/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-addendum.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-journal.h"
#include "care-note-private.h"
#include "store-draft.h"
#include "store-resource.h"

/* Saying more under a signed note. The note stays as it was signed: an addendum is a document of
 * its own with its own author, moment and signature, which appends to it. It rests for Undo before
 * it may leave; taken back, it is a draft again. */

#define KIND "addendum"

static char *
dup_draft_id (CareContext *context, const char *note)
{
  return g_strdup_printf ("addendum:%s:%s", note, care_context_get_user_reference (context));
}

/**
 * care_addendum_load_draft:
 * @note: reference of the signed note
 *
 * Returns: (transfer full): what this author was writing; empty where nothing
 */
char *
care_addendum_load_draft (StoreConnection *connection,
                          CareContext *context,
                          const char *note,
                          GError **error)
{
  g_autofree char *id = dup_draft_id (context, note);
  g_autoptr (StoreDraft) draft = store_draft_load (connection, id, NULL);

  return g_strdup (draft ? draft->body : "");
}

/**
 * care_addendum_save_draft:
 * @text: as it stands; an empty one removes the draft
 */
gboolean
care_addendum_save_draft (StoreConnection *connection,
                          CareContext *context,
                          const char *note,
                          const char *text,
                          GError **error)
{
  g_autofree char *id = dup_draft_id (context, note), *patient = NULL;
  g_autoptr (FhirResource) document = NULL;

  if (!*text)
    return store_draft_remove (connection, id, error);
  document = care_note_read_signed (connection, note, error);
  patient = document ? care_patient_of (document) : NULL;
  return document &&
         store_draft_save (connection, id, KIND, patient, care_context_get_user_reference (context),
                           NULL, text, error);
}

static FhirResource *
document_of (CareContext *context, FhirResource *note, const char *text, const char *now)
{
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (context)));
  g_autofree char *target = fhir_resource_dup_reference (note);
  g_autofree char *data = g_base64_encode ((const guint8 *) text, strlen (text));
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("DocumentReference", id);

  fhir_builder_set_many (builder, "status", "current", "docStatus", "final", "subject.reference",
                         fhir_resource_path_text (note, "subject.reference"), "date", now,
                         "author.0.reference", care_context_get_user_reference (context),
                         "author.0.display", care_context_get_user_name (context),
                         "relatesTo.0.code", "appends", "relatesTo.0.target.reference", target,
                         "description", "Addendum", NULL);
  fhir_builder_set_coding (builder, "type", CARE_SYSTEM_LOINC, "11506-3", "Progress note");
  fhir_builder_set_many (builder, "content.0.attachment.contentType", "text/plain; charset=utf-8",
                         "content.0.attachment.data", data, "content.0.attachment.title",
                         "Addendum", "content.0.attachment.creation", now, NULL);
  fhir_builder_set (builder, "context.encounter.0.reference",
                    fhir_resource_path_text (note, "context.encounter.0.reference"));
  return fhir_builder_end (builder);
}

static gboolean
is_blank (const char *text)
{
  return !text || strspn (text, " \t\r\n") == strlen (text);
}

/**
 * care_addendum_sign:
 * @note: reference of the signed note
 * @text: what was shown when it was signed
 * @group: (out) (optional): what care_addendum_undo() takes
 *
 * Adds to a signed note, by whoever is signed in, in one transaction.
 */
gboolean
care_addendum_sign (StoreConnection *connection,
                    CareContext *context,
                    const char *note,
                    const char *text,
                    char **group,
                    GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirResource) before = NULL, addendum = NULL;
  g_autoptr (FhirBuilder) provenance = NULL;
  g_autofree char *patient = NULL, *reference = NULL, *draft = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_note_check_writer (context, "add to a note", error))
    return FALSE;
  if (is_blank (text))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("The addendum is empty."));
      return FALSE;
    }
  before = care_note_read_signed (connection, note, error);
  if (!before)
    return FALSE;
  patient = care_patient_of (before);
  addendum = document_of (context, before, text, now);
  reference = fhir_resource_dup_reference (addendum);
  provenance = care_note_signature (context, addendum, now, TRUE);
  fhir_builder_set_many (provenance, "entity.0.role", "source", "entity.0.what.reference", note,
                         NULL);
  draft = dup_draft_id (context, note);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  write.hold = CARE_HOLD_UNDO;
  if (!care_write_put (&write, addendum, error) ||
      !care_write_put_builder (&write, provenance, error) ||
      !store_draft_remove (connection, draft, error) ||
      !care_write_audit (&write, "sign", reference, "addendum", error))
    return FALSE;
  if (group)
    *group = g_strdup (write.group);
  return TRUE;
}

/* ---- taking it back ---- */

/* (transfer full) (nullable): the addendum that a group made */
static FhirResource *
find_addendum (StoreConnection *connection, GPtrArray *entries, const char *group)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->group, group) && g_str_equal (entry->type, "DocumentReference"))
        return store_resource_get (connection, entry->type, entry->id, NULL);
    }
  return NULL;
}

static gboolean
restore_draft (StoreConnection *connection,
               CareContext *context,
               FhirResource *addendum,
               GError **error)
{
  g_autofree char *note = care_note_dup_appended (addendum);
  const char *data = fhir_resource_path_text (addendum, "content.0.attachment.data");
  gsize length = 0;
  g_autofree guchar *bytes = g_base64_decode (data ? data : "", &length);
  g_autofree char *text = g_strndup ((const char *) bytes, length);

  return !note || care_addendum_save_draft (connection, context, note, text, error);
}

/**
 * care_addendum_undo:
 * @group: from care_addendum_sign()
 *
 * Takes an addendum back: its words are a draft again. CARE_ERROR_TOO_LATE once it is on its way,
 * CARE_ERROR_AUTHOR where somebody else signed it.
 */
gboolean
care_addendum_undo (StoreConnection *connection,
                    CareContext *context,
                    const char *group,
                    GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  g_autoptr (FhirResource) addendum = entries ? find_addendum (connection, entries, group) : NULL;
  g_autofree char *reference = addendum ? fhir_resource_dup_reference (addendum) : NULL;
  g_autofree char *patient = addendum ? care_patient_of (addendum) : NULL;
  g_auto (CareWrite) write = { 0 };

  if (!entries)
    return FALSE;
  if (addendum && g_strcmp0 (fhir_resource_path_text (addendum, "author.0.reference"),
                             care_context_get_user_reference (context)) != 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                           _ ("Somebody else signed this addendum."));
      return FALSE;
    }
  if (!care_journal_withdraw (connection, entries, group, error) || !addendum)
    return FALSE;
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return restore_draft (connection, context, addendum, error) &&
         care_write_audit (&write, "undo", reference, "addendum", error);
}

/* ---- off the main thread ---- */

static gboolean
load_draft_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_free;
  command->result =
      care_addendum_load_draft (connection, command->context, command->texts[0], error);
  return command->result != NULL;
}

/* Reads behind what is being written: a draft that was just saved is there. */
void
care_addendum_load_draft_async (CareContext *context,
                                const char *note,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  care_command_write (care_command_new (context, load_draft_work, note, NULL),
                      care_addendum_load_draft_async, cancellable, callback, user_data);
}

char *
care_addendum_load_draft_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
save_draft_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_addendum_save_draft (connection, command->context, command->texts[0],
                                   command->texts[1], error);
}

void
care_addendum_save_draft_async (CareContext *context,
                                const char *note,
                                const char *text,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  care_command_write (care_command_new (context, save_draft_work, note, text, NULL),
                      care_addendum_save_draft_async, NULL, callback, user_data);
}

gboolean
care_addendum_save_draft_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

static gboolean
sign_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  char *group = NULL;

  if (!care_addendum_sign (connection, command->context, command->texts[0], command->texts[1],
                           &group, error))
    return FALSE;
  command->result = group;
  command->free_result = g_free;
  return TRUE;
}

void
care_addendum_sign_async (CareContext *context,
                          const char *note,
                          const char *text,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_write (care_command_new (context, sign_work, note, text, NULL),
                      care_addendum_sign_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): the group, for care_addendum_undo_async() */
char *
care_addendum_sign_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_addendum_undo (connection, command->context, command->texts[0], error);
}

void
care_addendum_undo_async (CareContext *context,
                          const char *group,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, group, NULL), care_addendum_undo_async,
                      NULL, callback, user_data);
}

gboolean
care_addendum_undo_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
