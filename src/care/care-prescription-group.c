/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-group.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-prescription-private.h"
#include "care-second-factor.h"
#include "clinical-drug-name.h"
#include "store-draft.h"

static int
compare_drafts (gconstpointer a, gconstpointer b)
{
  CarePrescriptionDraft *one = *(CarePrescriptionDraft *const *) a,
                        *other = *(CarePrescriptionDraft *const *) b;

  return g_strcmp0 (care_prescription_draft_get_id (one), care_prescription_draft_get_id (other));
}

/**
 * care_prescription_list_drafts:
 *
 * Returns: (transfer full) (element-type CarePrescriptionDraft) (nullable): what the user is
 * writing for a patient, in the order in which it was begun
 */
GPtrArray *
care_prescription_list_drafts (StoreConnection *connection,
                               CareContext *context,
                               const char *patient_id,
                               GError **error)
{
  g_autoptr (GPtrArray) kept =
      store_draft_list (connection, care_context_get_user_reference (context), patient_id, error);
  GPtrArray *out = kept ? g_ptr_array_new_with_free_func (g_object_unref) : NULL;

  for (guint i = 0; kept && i < kept->len; i++)
    {
      const StoreDraft *one = kept->pdata[i];
      CarePrescriptionDraft *draft =
          g_str_equal (one->kind, CARE_DRAFT_PRESCRIPTION)
              ? care_prescription_draft_new_from_body (one->id, one->patient, one->author,
                                                       one->encounter, one->body, NULL)
              : NULL;

      if (draft)
        g_ptr_array_add (out, draft);
    }
  /* ids begin with the moment at which they were made */
  if (out)
    g_ptr_array_sort (out, compare_drafts);
  return out;
}

static gboolean
is_one_group (GPtrArray *drafts, GError **error)
{
  const char *patient = NULL;

  if (drafts->len == 0 || drafts->len > CARE_GROUP_MAX)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   ngettext ("%d prescription can be signed at once at most.",
                             "%d prescriptions can be signed at once at most.", CARE_GROUP_MAX),
                   CARE_GROUP_MAX);
      return FALSE;
    }
  patient = care_prescription_draft_get_patient_id (drafts->pdata[0]);
  for (guint i = 1; i < drafts->len; i++)
    if (g_strcmp0 (care_prescription_draft_get_patient_id (drafts->pdata[i]), patient) != 0)
      {
        g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                             _ ("These prescriptions are of more than one patient."));
        return FALSE;
      }
  return TRUE;
}

/* What is signed at once is the list that the second factor is shown for. */
static gboolean
set_list (CareContext *context, GPtrArray *drafts, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) numbers = NULL;

  for (guint i = 0; i < drafts->len; i++)
    g_strv_builder_add (builder, care_prescription_draft_get_id (drafts->pdata[i]));
  numbers = g_strv_builder_end (builder);
  return care_second_factor_set_list (context,
                                      care_prescription_draft_get_patient_id (drafts->pdata[0]),
                                      (const char *const *) numbers, error);
}

/**
 * care_prescription_sign_group:
 * @drafts: (element-type CarePrescriptionDraft): of one patient
 * @reasons: (nullable): the id of a draft to the table of its reasons
 *
 * Signs all of @drafts, each a prescription of its own with its own Undo, or none of them: to be
 * run in one transaction. The error says which drug it is about.
 */
gboolean
care_prescription_sign_group (StoreConnection *connection,
                              CareContext *context,
                              GPtrArray *drafts,
                              ClinicalContent *content,
                              GHashTable *reasons,
                              GError **error)
{
  if (!is_one_group (drafts, error) || !set_list (context, drafts, error))
    return FALSE;
  for (guint i = 0; i < drafts->len; i++)
    {
      CarePrescriptionDraft *draft = drafts->pdata[i];
      GHashTable *own =
          reasons ? g_hash_table_lookup (reasons, care_prescription_draft_get_id (draft)) : NULL;
      const char *name = care_prescription_draft_get_drug_name (draft);
      g_autofree char *drug = name ? clinical_drug_name (name) : NULL;

      if (care_prescription_sign_beside (connection, context, draft, drafts, content, own, NULL,
                                         error))
        continue;
      if (drug && drafts->len > 1)
        g_prefix_error (error, "%s: ", drug);
      return FALSE;
    }
  return TRUE;
}

/* ---- off the main thread ---- */

static GListStore *
copy_drafts (GPtrArray *drafts)
{
  GListStore *copies = g_list_store_new (CARE_TYPE_PRESCRIPTION_DRAFT);

  for (guint i = 0; drafts && i < drafts->len; i++)
    {
      g_autoptr (CarePrescriptionDraft) copy = care_prescription_copy_draft (drafts->pdata[i]);

      g_list_store_append (copies, copy);
    }
  return copies;
}

/* (transfer full) (element-type CarePrescriptionDraft): in the first object of @command. */
static GPtrArray *
drafts_of (CareCommand *command)
{
  GListModel *copies = G_LIST_MODEL (command->objects[0]);
  GPtrArray *drafts = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (copies); i++)
    g_ptr_array_add (drafts, g_list_model_get_item (copies, i));
  return drafts;
}

static CareCommand *
command_with_drafts (CareContext *context, CareWork work, GPtrArray *drafts, ClinicalContent *with)
{
  CareCommand *command = care_command_new (context, work, NULL);

  command->objects[0] = G_OBJECT (copy_drafts (drafts));
  command->objects[1] = with ? g_object_ref (G_OBJECT (with)) : NULL;
  return command;
}

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->result =
      care_prescription_list_drafts (connection, command->context, command->texts[0], error);
  command->free_result = (GDestroyNotify) g_ptr_array_unref;
  return command->result != NULL;
}

void
care_prescription_list_drafts_async (CareContext *context,
                                     const char *patient_id,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  care_command_read (care_command_new (context, list_work, patient_id, NULL),
                     care_context_get_store (context), care_prescription_list_drafts_async, NULL,
                     callback, user_data);
}

GPtrArray *
care_prescription_list_drafts_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

/* The first is the one that is asked about. */
static gboolean
check_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  g_autoptr (GPtrArray) drafts = drafts_of (command);

  command->result = care_prescription_check_beside (connection, drafts->pdata[0], drafts,
                                                    CLINICAL_CONTENT (command->objects[1]), error);
  command->free_result = (GDestroyNotify) g_ptr_array_unref;
  return command->result != NULL;
}

void
care_prescription_check_group_async (CareContext *context,
                                     CarePrescriptionDraft *draft,
                                     GPtrArray *beside,
                                     ClinicalContent *content,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GPtrArray) drafts = g_ptr_array_new ();

  g_ptr_array_add (drafts, draft);
  for (guint i = 0; beside && i < beside->len; i++)
    if (beside->pdata[i] != draft)
      g_ptr_array_add (drafts, beside->pdata[i]);
  care_command_read (command_with_drafts (context, check_work, drafts, content),
                     care_context_get_store (context), care_prescription_check_group_async, NULL,
                     callback, user_data);
}

static gboolean
sign_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  g_autoptr (GPtrArray) drafts = drafts_of (command);

  return care_prescription_sign_group (connection, command->context, drafts,
                                       CLINICAL_CONTENT (command->objects[1]), command->table,
                                       error);
}

void
care_prescription_sign_group_async (CareContext *context,
                                    GPtrArray *drafts,
                                    ClinicalContent *content,
                                    GHashTable *reasons,
                                    const char *code,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  CareCommand *command = command_with_drafts (context, sign_work, drafts, content);

  /* made for this signature: nobody writes into it any more */
  command->table = reasons ? g_hash_table_ref (reasons) : NULL;
  command->code = g_strdup (code);
  care_command_sign (command, care_prescription_sign_group_async, NULL, callback, user_data);
}
