/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-note.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-command.h"
#include "care-journal.h"
#include "care-note-private.h"
#include "fhir-reference.h"
#include "store-draft.h"
#include "store-resource.h"
#include "store-search.h"
#include "store-setting.h"

#include <string.h>

#define KIND "note"

static const char *const writers[] = { "prescriber", "nurse", "admin", NULL };

/**
 * care_note_dup_draft_id:
 *
 * Returns: (transfer full): the one draft that an author has for a visit
 */
char *
care_note_dup_draft_id (const char *encounter_id, const char *author_reference)
{
  return g_strdup_printf ("note:%s:%s", encounter_id, author_reference);
}

/* Who has a draft of a visit: the store lists drafts by author only. */
static char *
authors_setting (const char *encounter_id)
{
  return g_strconcat ("note-authors/", encounter_id, NULL);
}

static gboolean
remember_author (StoreConnection *connection,
                 const char *encounter_id,
                 const char *author,
                 GError **error)
{
  g_autofree char *name = authors_setting (encounter_id);
  g_autofree char *kept = store_setting_get (connection, name);
  g_auto (GStrv) authors = g_strsplit (kept ? kept : "", "|", -1);
  g_autofree char *more = kept ? g_strconcat (kept, "|", author, NULL) : g_strdup (author);

  return g_strv_contains ((const char *const *) authors, author) ||
         store_setting_set (connection, name, more, error);
}

/**
 * care_note_save:
 * @text: the whole note as it stands
 *
 * Puts the note on disk. An empty text removes the draft.
 */
gboolean
care_note_save (StoreConnection *connection,
                CareContext *context,
                const char *patient_id,
                const char *encounter_id,
                const char *text,
                GError **error)
{
  const char *author = care_context_get_user_reference (context);
  g_autofree char *id = care_note_dup_draft_id (encounter_id, author);
  g_autoptr (StoreDraft) before = store_draft_load (connection, id, NULL);

  if (!*text)
    return !before || store_draft_remove (connection, id, error);
  return (before || remember_author (connection, encounter_id, author, error)) &&
         store_draft_save (connection, id, KIND, patient_id, author, encounter_id, text, error);
}

/**
 * care_note_load:
 *
 * Returns: (transfer full) (nullable): the note that this author was writing; NULL without an error
 *   when there is none
 */
char *
care_note_load (StoreConnection *connection,
                CareContext *context,
                const char *encounter_id,
                GError **error)
{
  g_autofree char *id =
      care_note_dup_draft_id (encounter_id, care_context_get_user_reference (context));
  g_autoptr (StoreDraft) draft = store_draft_load (connection, id, NULL);

  return draft ? g_strdup (draft->body) : NULL;
}

/**
 * care_note_find_other_author:
 *
 * Returns: (transfer full) (nullable): reference of somebody else who has a draft for this visit;
 * NULL without an error when there is none
 */
char *
care_note_find_other_author (StoreConnection *connection,
                             CareContext *context,
                             const char *patient_id,
                             const char *encounter_id,
                             GError **error)
{
  g_autofree char *name = authors_setting (encounter_id);
  g_autofree char *kept = store_setting_get (connection, name);
  g_auto (GStrv) authors = g_strsplit (kept ? kept : "", "|", -1);

  for (guint i = 0; authors[i]; i++)
    {
      g_autofree char *id = care_note_dup_draft_id (encounter_id, authors[i]);
      g_autoptr (StoreDraft) draft = store_draft_load (connection, id, NULL);

      if (draft && !g_str_equal (authors[i], care_context_get_user_reference (context)))
        return g_strdup (authors[i]);
    }
  return NULL;
}

/**
 * care_note_take_over:
 * @draft_id: somebody else's draft
 *
 * Makes a draft of another author one's own, with a row in the audit (hazard H9). Where one has a
 * draft already, the other's text follows it.
 */
gboolean
care_note_take_over (StoreConnection *connection,
                     CareContext *context,
                     const char *draft_id,
                     GError **error)
{
  g_autoptr (StoreDraft) theirs = store_draft_load (connection, draft_id, error);
  g_autofree char *mine = NULL, *text = NULL, *detail = NULL, *reference = NULL;

  if (!theirs || !care_require_role (context, "write a note", writers, error))
    return FALSE;
  mine = care_note_load (connection, context, theirs->encounter, NULL);
  text = mine ? g_strconcat (mine, "\n\n", theirs->body, NULL) : g_strdup (theirs->body);
  detail = g_strdup_printf ("draft of %s", theirs->author);
  reference = g_strconcat ("Encounter/", theirs->encounter, NULL);
  if (!care_note_save (connection, context, theirs->patient, theirs->encounter, text, error) ||
      !store_draft_remove (connection, draft_id, error))
    return FALSE;
  {
    g_auto (CareWrite) write = { 0 };

    care_write_init (&write, connection, context, theirs->patient, CARE_PRIORITY_NORMAL);
    return care_write_audit (&write, "take-over", reference, detail, error);
  }
}

static FhirResource *
document_of (CareContext *context,
             const StoreDraft *draft,
             const char *id,
             const char *text,
             const char *now)
{
  g_autofree char *patient = g_strconcat ("Patient/", draft->patient, NULL);
  g_autofree char *encounter = g_strconcat ("Encounter/", draft->encounter, NULL);
  g_autofree char *data = g_base64_encode ((const guint8 *) text, strlen (text));
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("DocumentReference", id);

  fhir_builder_set_many (builder, "status", "current", "docStatus", "final", "subject.reference",
                         patient, "date", now, "author.0.reference",
                         care_context_get_user_reference (context), "author.0.display",
                         care_context_get_user_name (context), "description", "Visit note", NULL);
  fhir_builder_set_coding (builder, "type", CARE_SYSTEM_LOINC, "11506-3", "Progress note");
  fhir_builder_set_many (builder, "content.0.attachment.contentType", "text/plain; charset=utf-8",
                         "content.0.attachment.data", data, "content.0.attachment.title",
                         "Visit note", "content.0.attachment.creation", now,
                         "context.encounter.0.reference", encounter, NULL);
  return fhir_builder_end (builder);
}

static gboolean
put_signed (StoreConnection *connection,
            CareContext *context,
            const StoreDraft *draft,
            const char *id,
            const char *text,
            GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirResource) document = document_of (context, draft, id, text, now);
  g_autoptr (FhirBuilder) provenance = care_note_signature (context, document, now, TRUE);
  g_autofree char *reference = fhir_resource_dup_reference (document);
  g_auto (CareWrite) write = { 0 };

  care_write_init (&write, connection, context, draft->patient, CARE_PRIORITY_NORMAL);
  write.hold = CARE_HOLD_UNDO;
  return care_write_put (&write, document, error) &&
         care_write_put_builder (&write, provenance, error) &&
         store_draft_remove (connection, draft->id, error) &&
         care_write_audit (&write, "sign", reference, "visit note", error);
}

/**
 * care_note_sign:
 * @draft_id: one's own draft
 * @text: the note as it stands on the screen: what was shown is what is signed
 * @document_id: (out) (optional): id of the DocumentReference
 *
 * Makes a note final. The draft goes in the same transaction. Nobody can sign another's draft
 * (hazard H9). It rests for care_note_undo() before it may leave (hazard H21).
 */
gboolean
care_note_sign (StoreConnection *connection,
                CareContext *context,
                const char *draft_id,
                const char *text,
                char **document_id,
                GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, draft_id, error);
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (context)));

  if (!draft || !care_context_check_lease (context, error) ||
      !care_require_role (context, "sign a note", writers, error))
    return FALSE;
  if (g_strcmp0 (draft->author, care_context_get_user_reference (context)) != 0)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                   _ ("Somebody else wrote this note. Take it over before you sign it."));
      return FALSE;
    }
  if (!text || strspn (text, " \t\r\n") == strlen (text))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("The note is empty."));
      return FALSE;
    }
  if (!put_signed (connection, context, draft, id, text, error))
    return FALSE;
  if (document_id)
    *document_id = g_steal_pointer (&id);
  return TRUE;
}

/* ---- taking it back ---- */

static const char *
find_group (GPtrArray *entries, const char *document_id)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->type, "DocumentReference") && g_str_equal (entry->id, document_id))
        return entry->group;
    }
  return "";
}

static gboolean
check_undo (StoreConnection *connection,
            CareContext *context,
            FhirResource *document,
            GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (document);
  g_autofree char *addenda = g_strconcat ("relatesto=", reference, NULL);
  g_autofree char *tasks = g_strconcat ("focus=", reference, NULL);
  g_autoptr (GPtrArray) added = store_search_ids (connection, "DocumentReference", addenda, error);
  g_autoptr (GPtrArray) asked = added ? store_search_ids (connection, "Task", tasks, error) : NULL;

  if (!asked)
    return FALSE;
  if (g_strcmp0 (fhir_resource_path_text (document, "author.0.reference"),
                 care_context_get_user_reference (context)) != 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                           _ ("Somebody else signed this note."));
      return FALSE;
    }
  if (added->len + asked->len > 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("Something was added to this note, or asked about it. It stays "
                              "signed: add to it instead."));
      return FALSE;
    }
  return TRUE;
}

/* (transfer full) (nullable): what is a draft now: what was signed, before what was written since.
 */
static char *
restore_draft (StoreConnection *connection,
               CareContext *context,
               FhirResource *document,
               const char *written,
               GError **error)
{
  const char *visit = fhir_resource_path_text (document, "context.encounter.0.reference");
  const char *data = fhir_resource_path_text (document, "content.0.attachment.data");
  gsize length = 0;
  g_autofree guchar *bytes = g_base64_decode (data ? data : "", &length);
  g_autofree char *words = g_strndup ((const char *) bytes, length);
  g_autofree char *patient = care_patient_of (document);
  g_autoptr (GError) problem = NULL;
  g_autofree char *type = NULL, *encounter = NULL, *since = g_strdup (written), *text = NULL;

  if (!visit || !fhir_reference_split (visit, &type, &encounter))
    return g_steal_pointer (&words);
  if (!since)
    since = care_note_load (connection, context, encounter, &problem);
  if (problem)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  text = since && *since ? g_strconcat (words, "\n\n", since, NULL) : g_strdup (words);
  return care_note_save (connection, context, patient, encounter, text, error)
             ? g_steal_pointer (&text)
             : NULL;
}

/**
 * care_note_undo:
 * @document_id: from care_note_sign()
 * @since: (nullable): what was written of the visit since, as it stands on the screen; NULL: as it
 *   stands on the disk
 *
 * Takes a signature back: the note is a draft of its author again. CARE_ERROR_TOO_LATE once it is
 * on its way, CARE_ERROR_AUTHOR where somebody else signed it, CARE_ERROR_STATE where something
 * hangs on it.
 *
 * Returns: (transfer full) (nullable): the draft as it stands now
 */
char *
care_note_undo (StoreConnection *connection,
                CareContext *context,
                const char *document_id,
                const char *since,
                GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  g_autoptr (FhirResource) document =
      entries ? care_read (connection, "DocumentReference", document_id, error) : NULL;
  g_autofree char *reference = document ? fhir_resource_dup_reference (document) : NULL;
  g_autofree char *patient = document ? care_patient_of (document) : NULL;
  g_autofree char *text = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!document || !check_undo (connection, context, document, error) ||
      !care_journal_withdraw (connection, entries, find_group (entries, document_id), error))
    return NULL;
  text = restore_draft (connection, context, document, since, error);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return text && care_write_audit (&write, "undo", reference, "visit note", error)
             ? g_steal_pointer (&text)
             : NULL;
}

/* ---- off the main thread ---- */

static gboolean
save_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_note_save (connection, c->context, c->texts[0], c->texts[1], c->texts[2], error);
}

void
care_note_save_async (CareContext *context,
                      const char *patient_id,
                      const char *encounter_id,
                      const char *text,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_command_write (care_command_new (context, save_work, patient_id, encounter_id, text, NULL),
                      care_note_save_async, cancellable, callback, user_data);
}

gboolean
care_note_save_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_free;
  c->result = care_note_load (connection, c->context, c->texts[0], error);
  return TRUE;
}

void
care_note_load_async (CareContext *context,
                      const char *encounter_id,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_command_read (care_command_new (context, load_work, encounter_id, NULL),
                     care_context_get_store (context), care_note_load_async, cancellable, callback,
                     user_data);
}

char *
care_note_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
find_other_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_free;
  c->result = care_note_find_other_author (connection, c->context, c->texts[0], c->texts[1], error);
  return TRUE;
}

void
care_note_find_other_author_async (CareContext *context,
                                   const char *patient_id,
                                   const char *encounter_id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  care_command_read (care_command_new (context, find_other_work, patient_id, encounter_id, NULL),
                     care_context_get_store (context), care_note_find_other_author_async,
                     cancellable, callback, user_data);
}

char *
care_note_find_other_author_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
take_over_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_note_take_over (connection, c->context, c->texts[0], error);
}

void
care_note_take_over_async (CareContext *context,
                           const char *draft_id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  care_command_write (care_command_new (context, take_over_work, draft_id, NULL),
                      care_note_take_over_async, cancellable, callback, user_data);
}

gboolean
care_note_take_over_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

static gboolean
sign_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  char *id = NULL;

  if (!care_note_sign (connection, c->context, c->texts[0], c->texts[1], &id, error))
    return FALSE;
  c->result = id;
  c->free_result = g_free;
  return TRUE;
}

void
care_note_sign_async (CareContext *context,
                      const char *draft_id,
                      const char *text,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_command_write (care_command_new (context, sign_work, draft_id, text ? text : "", NULL),
                      care_note_sign_async, cancellable, callback, user_data);
}

char *
care_note_sign_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_free;
  c->result = care_note_undo (connection, c->context, c->texts[0], c->texts[1], error);
  return c->result != NULL;
}

void
care_note_undo_async (CareContext *context,
                      const char *document_id,
                      const char *since,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, document_id, since, NULL),
                      care_note_undo_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): the draft as it stands now */
char *
care_note_undo_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
