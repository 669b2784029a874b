/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-cosign.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-journal.h"
#include "care-note-private.h"
#include "care-row.h"
#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-name.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* Asking a colleague to sign a note too. The note is signed and stays as it is, so the second
 * signature is not written into it: it is a Provenance of the co-signer about the note, and the
 * Task that asked for it ends with it. */

static const char *const open_states[] = { "requested", "received",    "accepted", "ready",
                                           "draft",     "in-progress", "on-hold",  NULL };

static gboolean
is_open (FhirResource *task)
{
  const char *status = fhir_resource_path_text (task, "status");

  return status && g_strv_contains (open_states, status);
}

/* ---- asking ---- */

static void
set_task (FhirBuilder *builder,
          CareContext *context,
          FhirResource *note,
          const char *code,
          const char *description,
          const char *owner,
          const char *owner_name)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *focus = fhir_resource_dup_reference (note);

  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "routine",
                         NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, code, NULL);
  fhir_builder_set_many (builder, "description", description, "focus.reference", focus,
                         "for.reference", fhir_resource_path_text (note, "subject.reference"),
                         NULL);
  fhir_builder_set (builder, "encounter.reference",
                    fhir_resource_path_text (note, "context.encounter.0.reference"));
  fhir_builder_set_many (builder, "authoredOn", now, "lastModified", now, "requester.reference",
                         care_context_get_user_reference (context), "requester.display",
                         care_context_get_user_name (context), "owner.reference", owner, NULL);
  fhir_builder_set (builder, "owner.display", owner_name);
}

/* Puts a new task, with a Provenance of who asked. */
static gboolean
put_task (CareWrite *write,
          FhirResource *note,
          const char *code,
          const char *description,
          const char *owner,
          const char *owner_name,
          const char *words,
          GError **error)
{
  BaseClock *clock = care_context_get_clock (write->context);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *reference = g_strconcat ("Task/", id, NULL);
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);
  g_autoptr (FhirBuilder) provenance = care_write_provenance (write->context, reference, now);

  set_task (builder, write->context, note, code, description, owner, owner_name);
  if (words)
    fhir_builder_set (builder, "note.0.text", words);
  return care_write_put_builder (write, builder, error) &&
         care_write_put_builder (write, provenance, error);
}

static gboolean
check_colleague (StoreConnection *connection,
                 CareContext *context,
                 FhirResource *note,
                 const char *colleague,
                 GError **error)
{
  const char *user = care_context_get_user_reference (context);
  g_autoptr (GPtrArray) asked = NULL;

  if (g_strcmp0 (fhir_resource_path_text (note, "author.0.reference"), user) != 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                           _ ("Only who wrote a note asks for its co-signature."));
      return FALSE;
    }
  if (!g_str_has_prefix (colleague, "Practitioner/") || g_str_equal (colleague, user))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("Choose a colleague who is to co-sign the note."));
      return FALSE;
    }
  asked = care_cosign_list (connection, note, care_context_get_clock (context), error);
  for (guint i = 0; asked && i < asked->len; i++)
    {
      const CareCosign *cosign = asked->pdata[i];

      if (g_strcmp0 (cosign->who_reference, colleague) != 0 ||
          (cosign->state != CARE_COSIGN_AWAITED && cosign->state != CARE_COSIGN_SIGNED))
        continue;
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("This colleague has been asked already."));
      return FALSE;
    }
  return asked != NULL;
}

static void
begin (CareWrite *write, StoreConnection *connection, CareContext *context, FhirResource *note)
{
  g_autofree char *patient = care_patient_of (note);

  care_write_init (write, connection, context, patient, CARE_PRIORITY_NORMAL);
  write->hold = CARE_HOLD_UNDO;
}

/**
 * care_cosign_ask:
 * @note: reference of one's own signed note
 * @colleague: reference of the Practitioner who is to co-sign it
 */
gboolean
care_cosign_ask (StoreConnection *connection,
                 CareContext *context,
                 const char *note,
                 const char *colleague,
                 const char *colleague_name,
                 char **group,
                 GError **error)
{
  g_autoptr (FhirResource) document = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_note_check_writer (context, "ask for a co-signature", error))
    return FALSE;
  document = care_note_read_signed (connection, note, error);
  if (!document || !check_colleague (connection, context, document, colleague, error))
    return FALSE;
  begin (&write, connection, context, document);
  if (!put_task (&write, document, CARE_TASK_COSIGN, "Note to co-sign", colleague, colleague_name,
                 NULL, error) ||
      !care_write_audit (&write, "write", note, "asked for a co-signature", error))
    return FALSE;
  if (group)
    *group = g_strdup (write.group);
  return TRUE;
}

/* ---- answering ---- */

/* The open request that is this user's to answer, and its note. */
static FhirResource *
read_request (StoreConnection *connection,
              CareContext *context,
              const char *task_id,
              FhirResource **note,
              GError **error)
{
  g_autoptr (FhirResource) task = NULL;
  const char *focus;

  if (!care_note_check_writer (context, "co-sign a note", error))
    return NULL;
  task = care_read (connection, "Task", task_id, error);
  if (!task)
    return NULL;
  if (!fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK,
                              CARE_TASK_COSIGN) ||
      !is_open (task))
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                         _ ("This request for a co-signature has been answered already."));
  else if (g_strcmp0 (fhir_resource_path_text (task, "owner.reference"),
                      care_context_get_user_reference (context)) != 0)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                         _ ("Somebody else is asked to co-sign this note."));
  else
    {
      focus = fhir_resource_path_text (task, "focus.reference");
      *note = care_note_read_signed (connection, focus ? focus : "", error);
      return *note ? g_steal_pointer (&task) : NULL;
    }
  return NULL;
}

/**
 * care_cosign_sign:
 * @task_id: the request, to this user
 *
 * Signs a colleague's note as it stands, as its verifier.
 */
gboolean
care_cosign_sign (StoreConnection *connection,
                  CareContext *context,
                  const char *task_id,
                  char **group,
                  GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirResource) note = NULL, provenance = NULL;
  g_autoptr (FhirResource) task = read_request (connection, context, task_id, &note, error);
  g_autoptr (FhirBuilder) signature = NULL, builder = NULL;
  g_autofree char *reference = NULL, *proof = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task)
    return FALSE;
  reference = fhir_resource_dup_reference (note);
  signature = care_note_signature (context, note, now, FALSE);
  provenance = fhir_builder_end (signature);
  proof = fhir_resource_dup_reference (provenance);
  builder = fhir_builder_new_from (task);
  fhir_builder_set_many (builder, "status", "completed", "lastModified", now, NULL);
  fhir_builder_set_coding (builder, "output.0.type", CARE_SYSTEM_TASK, "co-signature", NULL);
  fhir_builder_set (builder, "output.0.valueReference.reference", proof);
  begin (&write, connection, context, note);
  if (!care_write_put (&write, provenance, error) ||
      !care_write_put_builder (&write, builder, error) ||
      !care_write_audit (&write, "sign", reference, "co-signature", error))
    return FALSE;
  if (group)
    *group = g_strdup (write.group);
  return TRUE;
}

static gboolean
is_blank (const char *text)
{
  return !text || strspn (text, " \t\r\n") == strlen (text);
}

/**
 * care_cosign_send_back:
 * @task_id: the request, to this user
 * @words: why; the author gets them as a task
 */
gboolean
care_cosign_send_back (StoreConnection *connection,
                       CareContext *context,
                       const char *task_id,
                       const char *words,
                       char **group,
                       GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *target = g_strconcat ("Task/", task_id, NULL), *reference = NULL;
  g_autoptr (FhirResource) note = NULL;
  g_autoptr (FhirResource) task = read_request (connection, context, task_id, &note, error);
  g_autoptr (FhirBuilder) builder = NULL, provenance = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task)
    return FALSE;
  if (is_blank (words))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("Write what is to be changed before you send the note back."));
      return FALSE;
    }
  reference = fhir_resource_dup_reference (note);
  builder = fhir_builder_new_from (task);
  fhir_builder_set_many (builder, "status", "rejected", "statusReason.text", words, "lastModified",
                         now, NULL);
  provenance = care_write_provenance (context, target, now);
  begin (&write, connection, context, note);
  if (!care_write_put_builder (&write, builder, error) ||
      !care_write_put_builder (&write, provenance, error) ||
      !put_task (&write, note, CARE_TASK_COSIGN_RETURNED, "Note sent back",
                 fhir_resource_path_text (note, "author.0.reference"),
                 fhir_resource_path_text (note, "author.0.display"), words, error) ||
      !care_write_audit (&write, "write", reference, "sent back, not co-signed", error))
    return FALSE;
  if (group)
    *group = g_strdup (write.group);
  return TRUE;
}

/* ---- taking it back ---- */

/* Who wrote a group: each of ours has a Provenance. */
static gboolean
is_own_group (StoreConnection *connection,
              CareContext *context,
              GPtrArray *entries,
              const char *group,
              char **patient,
              char **about)
{
  gboolean own = FALSE;

  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];
      g_autoptr (FhirResource) provenance = NULL;

      if (!g_str_equal (entry->group, group) || !g_str_equal (entry->type, "Provenance"))
        continue;
      provenance = store_resource_get (connection, entry->type, entry->id, NULL);
      own = provenance && g_strcmp0 (fhir_resource_path_text (provenance, "agent.0.who.reference"),
                                     care_context_get_user_reference (context)) == 0;
      g_set_str (patient, entry->patient);
      g_set_str (about,
                 provenance ? fhir_resource_path_text (provenance, "target.0.reference") : NULL);
    }
  return own;
}

/**
 * care_cosign_undo:
 *
 * Takes back a request or an answer that has not left: CARE_ERROR_TOO_LATE after that.
 */
gboolean
care_cosign_undo (StoreConnection *connection,
                  CareContext *context,
                  const char *group,
                  GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  g_autofree char *patient = NULL, *about = NULL;
  g_auto (CareWrite) write = { 0 };
  gboolean own = entries && is_own_group (connection, context, entries, group, &patient, &about);

  if (!entries)
    return FALSE;
  if (patient && !own)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_AUTHOR, _ ("Somebody else did this."));
      return FALSE;
    }
  if (!care_journal_withdraw (connection, entries, group, error))
    return FALSE;
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return care_write_audit (&write, "undo", about, "co-signature", error);
}

/* ---- who can be asked ---- */

static int
compare_titles (gconstpointer a, gconstpointer b, gpointer data)
{
  return g_utf8_collate (care_row_get_title ((CareRow *) a), care_row_get_title ((CareRow *) b));
}

/**
 * care_cosign_list_colleagues:
 *
 * Returns: (transfer full) (nullable) (element-type CareRow): the clinic's other people, by name
 */
GListStore *
care_cosign_list_colleagues (StoreConnection *connection, CareContext *context, GError **error)
{
  g_autoptr (FhirQuery) query = fhir_query_parse ("Practitioner", "_count=500", FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);

  if (!search)
    return NULL;
  for (guint i = 0; i < search->matches->len; i++)
    {
      FhirResource *person = search->matches->pdata[i];
      g_autofree char *name = fhir_human_name_format (fhir_resource_path (person, "name"));
      g_autofree char *reference = fhir_resource_dup_reference (person);
      g_autoptr (CareRow) row = NULL;

      if (g_strcmp0 (fhir_resource_path_text (person, "active"), "false") == 0 ||
          g_str_equal (reference, care_context_get_user_reference (context)))
        continue;
      row = care_row_new (0, CARE_ROW_TITLE, name, CARE_ROW_REFERENCE, reference, 0);
      g_list_store_append (rows, row);
    }
  g_list_store_sort (rows, compare_titles, NULL);
  return g_steal_pointer (&rows);
}

/* ---- off the main thread ---- */

static gboolean
ask_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_free;
  return care_cosign_ask (connection, command->context, command->texts[0], command->texts[1],
                          command->texts[2], (char **) &command->result, error);
}

void
care_cosign_ask_async (CareContext *context,
                       const char *note,
                       const char *colleague,
                       const char *colleague_name,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  care_command_write (care_command_new (context, ask_work, note, colleague, colleague_name, NULL),
                      care_cosign_ask_async, NULL, callback, user_data);
}

static gboolean
sign_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_free;
  return care_cosign_sign (connection, command->context, command->texts[0],
                           (char **) &command->result, error);
}

void
care_cosign_sign_async (CareContext *context,
                        const char *task_id,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_write (care_command_new (context, sign_work, task_id, NULL), care_cosign_sign_async,
                      NULL, callback, user_data);
}

static gboolean
send_back_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_free;
  return care_cosign_send_back (connection, command->context, command->texts[0], command->texts[1],
                                (char **) &command->result, error);
}

void
care_cosign_send_back_async (CareContext *context,
                             const char *task_id,
                             const char *words,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_command_write (care_command_new (context, send_back_work, task_id, words, NULL),
                      care_cosign_send_back_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): the group, for care_cosign_undo_async(); ends all three */
char *
care_cosign_write_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_cosign_undo (connection, command->context, command->texts[0], error);
}

void
care_cosign_undo_async (CareContext *context,
                        const char *group,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, group, NULL), care_cosign_undo_async,
                      NULL, callback, user_data);
}

gboolean
care_cosign_undo_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

static gboolean
colleagues_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result = care_cosign_list_colleagues (connection, command->context, error);
  return command->result != NULL;
}

void
care_cosign_list_colleagues_async (CareContext *context,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  care_command_read (care_command_new (context, colleagues_work, NULL),
                     care_context_get_store (context), care_cosign_list_colleagues_async,
                     cancellable, callback, user_data);
}

GListModel *
care_cosign_list_colleagues_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
