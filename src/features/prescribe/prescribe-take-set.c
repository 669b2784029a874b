/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-take-set.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "clinical-drug-name.h"
#include "workspace-toast.h"

/* An order set becomes drafts, one for each drug, as if they had been typed: nothing of it is
 * signed before it was looked at, and what cannot be taken over is said by name. */

/**
 * prescribe_draft_new:
 * @after: milliseconds from now: those that are begun in the same moment keep their order
 *
 * Returns: (transfer full): an empty draft of the user's for @patient, in the visit that runs
 */
CarePrescriptionDraft *
prescribe_draft_new (WorkspacePatient *patient, guint after)
{
  CareContext *context = workspace_session_get_context (workspace_patient_get_session (patient));
  gint64 now = base_clock_now (care_context_get_clock (context));
  g_autofree char *id = base_id_new (now + after * G_TIME_SPAN_MILLISECOND);

  return care_prescription_draft_new (id, workspace_patient_get_id (patient),
                                      care_context_get_user_reference (context),
                                      workspace_patient_get_encounter (patient));
}

static void
add_line (GString *notice, const char *name, const char *why)
{
  g_autofree char *drug = clinical_drug_name (name);

  if (notice->len > 0)
    g_string_append_c (notice, '\n');
  /* Translators: a drug of an order set, and why it is not as it was saved */
  g_string_append_printf (notice, _ ("%1$s: %2$s"), drug, why);
}

/* (transfer full) (nullable): NULL where the formulary does not have it any more */
static CarePrescriptionDraft *
draft_of (const CareOrderSetItem *item,
          WorkspacePatient *patient,
          StoreContent *content,
          guint after,
          GString *notice)
{
  const StoreDrug *drug =
      item->code != NULL && content != NULL ? store_content_get_drug (content, item->code) : NULL;
  CarePrescriptionDraft *draft;
  g_autoptr (GError) error = NULL;

  if (drug == NULL)
    {
      add_line (notice, item->name,
                item->code != NULL
                    ? _ ("Not taken over: the formulary does not have it any more.")
                    : _ ("Not taken over: it is nothing that can be prescribed here."));
      return NULL;
    }
  draft = prescribe_draft_new (patient, after);
  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  if (!care_order_set_fill (item, draft, &error))
    add_line (notice, item->name, error->message);
  return draft;
}

/**
 * prescribe_take_set:
 * @form: which shows what comes of it
 * @notice: (out) (nullable): what is not as it was saved, a line for each
 *
 * Returns: (transfer none) (nullable): the first of the new sheets, which the desk has
 */
PrescribeSheet *
prescribe_take_set (const CareOrderSet *set,
                    WorkspacePatient *patient,
                    StoreContent *content,
                    PrescribeDesk *desk,
                    gconstpointer form,
                    char **notice)
{
  CareContext *context = workspace_session_get_context (workspace_patient_get_session (patient));
  g_autoptr (GString) text = g_string_new (NULL);
  PrescribeSheet *first = NULL;

  for (guint i = 0; i < set->items->len; i++)
    {
      g_autoptr (CarePrescriptionDraft) draft =
          draft_of (set->items->pdata[i], patient, content, i, text);
      g_autoptr (PrescribeSheet) sheet = NULL;

      if (draft == NULL)
        continue;
      sheet = prescribe_sheet_new (context, content, draft);
      prescribe_sheet_save (sheet);
      prescribe_desk_put (desk, sheet, form);
      if (first == NULL)
        first = sheet;
    }
  *notice = text->len > 0 ? g_strdup (text->str) : NULL;
  return first;
}

/* ---- by its id ---- */

typedef struct
{
  char *id;
  GtkWidget *view;
  void (*found) (GtkWidget *view, const CareOrderSet *set);
} Finding;

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Finding *self = user_data;
  g_autoptr (GtkWidget) view = self->view;
  g_autofree char *id = self->id;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sets = care_order_set_list_finish (result, &error);
  const CareOrderSet *set = NULL;

  for (guint i = 0; sets != NULL && i < sets->len; i++)
    if (g_str_equal (((CareOrderSet *) sets->pdata[i])->id, id))
      set = sets->pdata[i];
  if (gtk_widget_get_root (view) == NULL)
    set = NULL; /* the window was closed meanwhile */
  else if (set == NULL)
    workspace_toast_say (view,
                         error != NULL ? error->message : _ ("This order set is no longer there."));
  if (set != NULL)
    self->found (view, set);
  g_free (self);
}

/* @found: with the set as it is now; where it is gone that is said */
void
prescribe_take_set_find (CareContext *context,
                         const char *id,
                         GtkWidget *view,
                         void (*found) (GtkWidget *view, const CareOrderSet *set))
{
  Finding *self = g_new0 (Finding, 1);

  self->id = g_strdup (id);
  self->view = g_object_ref (view);
  self->found = found;
  care_order_set_list_async (context, listed_cb, self);
}
