/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-to-sign.h"

#include "care-command.h"

/* The list of what is to be signed, from the main thread. */

static gboolean
hand_over_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  GListModel *drafts = G_LIST_MODEL (c->objects[0]);

  for (guint i = 0; i < g_list_model_get_n_items (drafts); i++)
    {
      g_autoptr (CarePrescriptionDraft) draft = g_list_model_get_item (drafts, i);

      if (!care_to_sign_hand_over (connection, c->context, draft, c->texts[0], c->texts[1], error))
        return FALSE;
    }
  return TRUE;
}

/* What goes to the store's thread is a copy of each draft as it stands. */
static GListStore *
copy_drafts (GPtrArray *drafts)
{
  GListStore *copies = g_list_store_new (CARE_TYPE_PRESCRIPTION_DRAFT);

  for (guint i = 0; i < drafts->len; i++)
    {
      CarePrescriptionDraft *draft = drafts->pdata[i];
      g_autofree char *body = care_prescription_draft_dup_body (draft);
      g_autoptr (CarePrescriptionDraft) copy =
          care_prescription_draft_new_from_body (care_prescription_draft_get_id (draft),
                                                 care_prescription_draft_get_patient_id (draft),
                                                 care_prescription_draft_get_author (draft),
                                                 care_prescription_draft_get_encounter_id (draft),
                                                 body, NULL);

      if (copy)
        g_list_store_append (copies, copy);
    }
  return copies;
}

/**
 * care_to_sign_hand_over_async:
 * @drafts: (element-type CarePrescriptionDraft): all of them go, or none
 */
void
care_to_sign_hand_over_async (CareContext *context,
                              GPtrArray *drafts,
                              const char *prescriber,
                              const char *prescriber_name,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  CareCommand *command =
      care_command_new (context, hand_over_work, prescriber, prescriber_name, NULL);

  command->objects[0] = G_OBJECT (copy_drafts (drafts));
  care_command_write (command, care_to_sign_hand_over_async, NULL, callback, user_data);
}

static gboolean
list_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->result = care_to_sign_list (connection, c->context, CLINICAL_CONTENT (c->objects[0]), error);
  c->free_result = (GDestroyNotify) g_ptr_array_unref;
  return c->result != NULL;
}

void
care_to_sign_list_async (CareContext *context,
                         ClinicalContent *content,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  CareCommand *command = care_command_new (context, list_work, NULL);

  command->objects[0] = g_object_ref (G_OBJECT (content));
  care_command_read (command, care_context_get_store (context), care_to_sign_list_async,
                     cancellable, callback, user_data);
}

/* (transfer full) (element-type CareToSign) (nullable) */
GPtrArray *
care_to_sign_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
sign_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_auto (GStrv) tasks = g_strsplit (c->texts[0], " ", -1);
  g_auto (GStrv) seen = g_strsplit (c->texts[1], " ", -1);

  return care_to_sign_sign (connection, c->context, (const char *const *) tasks,
                            (const char *const *) seen, CLINICAL_CONTENT (c->objects[0]), c->table,
                            error);
}

/* @code: (nullable): of the second factor: then they are of one patient */
void
care_to_sign_sign_async (CareContext *context,
                         const char *const *tasks,
                         const char *const *seen,
                         ClinicalContent *content,
                         GHashTable *reasons,
                         const char *code,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autofree char *list = g_strjoinv (" ", (char **) tasks);
  g_autofree char *read = g_strjoinv (" ", (char **) seen);
  CareCommand *command = care_command_new (context, sign_work, list, read, NULL);

  command->objects[0] = g_object_ref (G_OBJECT (content));
  command->table = reasons ? g_hash_table_ref (reasons) : NULL;
  command->code = g_strdup (code);
  care_command_sign (command, care_to_sign_sign_async, NULL, callback, user_data);
}

static gboolean
send_back_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_to_sign_send_back (connection, c->context, c->texts[0], c->texts[1], error);
}

void
care_to_sign_send_back_async (CareContext *context,
                              const char *task_id,
                              const char *words,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_write (care_command_new (context, send_back_work, task_id, words, NULL),
                      care_to_sign_send_back_async, NULL, callback, user_data);
}

gboolean
care_to_sign_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
