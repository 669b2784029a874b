/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription.h"

#include "care-command.h"
#include "care-prescription-private.h"
#include "store-draft.h"

/* The prescription's commands from the main thread. A draft is a main-thread object: what goes to
 * the store's thread is a copy of it as it stands. */

CarePrescriptionDraft *
care_prescription_copy_draft (CarePrescriptionDraft *draft)
{
  g_autofree char *body = care_prescription_draft_dup_body (draft);

  return care_prescription_draft_new_from_body (care_prescription_draft_get_id (draft),
                                                care_prescription_draft_get_patient_id (draft),
                                                care_prescription_draft_get_author (draft),
                                                care_prescription_draft_get_encounter_id (draft),
                                                body, NULL);
}

static CareCommand *
command_with_draft (CareContext *context,
                    CareWork work,
                    CarePrescriptionDraft *draft,
                    ClinicalContent *content)
{
  CareCommand *command = care_command_new (context, work, NULL);

  command->objects[0] = G_OBJECT (care_prescription_copy_draft (draft));
  command->objects[1] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  return command;
}

#define DRAFT_OF(command)   CARE_PRESCRIPTION_DRAFT ((command)->objects[0])
#define CONTENT_OF(command) CLINICAL_CONTENT ((command)->objects[1])

static gboolean
save_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_prescription_save (connection, c->context, DRAFT_OF (c), error);
}

void
care_prescription_save_async (CareContext *context,
                              CarePrescriptionDraft *draft,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_write (command_with_draft (context, save_work, draft, NULL),
                      care_prescription_save_async, cancellable, callback, user_data);
}

static gboolean
discard_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_prescription_discard (connection, c->context, c->texts[0], error);
}

void
care_prescription_discard_async (CareContext *context,
                                 const char *draft_id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  care_command_write (care_command_new (context, discard_work, draft_id, NULL),
                      care_prescription_discard_async, cancellable, callback, user_data);
}

static gboolean
load_draft_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->result = care_prescription_load (connection, c->texts[0], error);
  c->free_result = g_object_unref;
  return c->result != NULL;
}

/**
 * care_prescription_load_draft_async:
 *
 * Reads this draft; care_prescription_load_draft_finish() answers.
 */
void
care_prescription_load_draft_async (CareContext *context,
                                    const char *draft_id,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  care_command_read (care_command_new (context, load_draft_work, draft_id, NULL),
                     care_context_get_store (context), care_prescription_load_draft_async, NULL,
                     callback, user_data);
}

CarePrescriptionDraft *
care_prescription_load_draft_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

GPtrArray *
care_prescription_check_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
sign_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  char *id = NULL;

  if (!care_prescription_sign (connection, c->context, DRAFT_OF (c), CONTENT_OF (c), c->table, &id,
                               error))
    return FALSE;
  c->result = id;
  c->free_result = g_free;
  return TRUE;
}

static GHashTable *
copy_reasons (GHashTable *reasons)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  if (!reasons)
    return copy;
  g_hash_table_iter_init (&iter, reasons);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), g_strdup (value));
  return copy;
}

void
care_prescription_sign_async (CareContext *context,
                              CarePrescriptionDraft *draft,
                              ClinicalContent *content,
                              GHashTable *reasons,
                              const char *code,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  CareCommand *command = command_with_draft (context, sign_work, draft, content);

  command->table = copy_reasons (reasons);
  command->code = g_strdup (code);
  care_command_sign (command, care_prescription_sign_async, cancellable, callback, user_data);
}

/**
 * care_prescription_sign_finish:
 *
 * Returns: (transfer full) (nullable): id of the MedicationRequest
 */
char *
care_prescription_sign_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_prescription_undo (connection, c->context, c->texts[0], error);
}

void
care_prescription_undo_async (CareContext *context,
                              const char *request_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, request_id, NULL),
                      care_prescription_undo_async, cancellable, callback, user_data);
}

static gboolean
cancel_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_prescription_cancel (connection, c->context, c->texts[0], c->texts[1], error);
}

void
care_prescription_cancel_async (CareContext *context,
                                const char *request_id,
                                const char *reason,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  care_command_write (care_command_new (context, cancel_work, request_id, reason, NULL),
                      care_prescription_cancel_async, cancellable, callback, user_data);
}

static gboolean
release_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_prescription_release_due (connection, c->context, NULL, error) &&
         care_prescription_raise_unsent (connection, c->context, NULL, error);
}

/**
 * care_prescription_release_due_async:
 *
 * What has to be done every few seconds: lets go what has rested, and makes a task of what stays
 * unsent.
 */
void
care_prescription_release_due_async (CareContext *context,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  care_command_write (care_command_new (context, release_work, NULL),
                      care_prescription_release_due_async, cancellable, callback, user_data);
}

static gboolean
list_unsent_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->result = care_prescription_list_unsent (connection, c->clock, error);
  c->free_result = g_object_unref;
  return c->result != NULL;
}

void
care_prescription_list_unsent_async (CareContext *context,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  care_command_read (care_command_new_read (care_context_get_clock (context), list_unsent_work,
                                            NULL),
                     care_context_get_store (context), care_prescription_list_unsent_async,
                     cancellable, callback, user_data);
}

GListStore *
care_prescription_list_unsent_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

/**
 * care_prescription_command_finish:
 *
 * Ends save, discard, undo, cancel and release_due.
 */
gboolean
care_prescription_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
