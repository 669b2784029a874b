/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-order-set.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-order-set-private.h"
#include "care-prescription-group.h"
#include "care-prescription-private.h"
#include "clinical-drug-name.h"
#include "fhir-text.h"
#include "store-search.h"

/* Keeping and finding order sets; care-order-set-item.c has what one is made of. Of the patient in
 * whose sheet a set was put together nothing goes into it: no name, no note, no dose that was
 * worked out from a weight. */

static const char *const prescribers[] = { "prescriber", "admin", NULL };

void
care_order_set_free (CareOrderSet *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->author);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self);
}

/**
 * care_order_set_matches:
 *
 * Returns: whether each word of @typed is in the title or in the name of a drug, whatever case and
 *   accents
 */
gboolean
care_order_set_matches (const CareOrderSet *self, const char *typed)
{
  g_autofree char *folded = fhir_fold (typed);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", -1);
  g_autoptr (GString) text = g_string_new (self->title);
  g_autofree char *all = NULL;

  for (guint i = 0; i < self->items->len; i++)
    g_string_append_printf (text, " %s", ((CareOrderSetItem *) self->items->pdata[i])->name);
  all = fhir_fold (text->str);
  for (char **word = words; *word; word++)
    if (!strstr (all, *word))
      return FALSE;
  return TRUE;
}

/* ---- reading ---- */

/* (transfer full) (nullable): NULL for what is no order set */
static CareOrderSet *
read_set (FhirResource *plan)
{
  /* from elsewhere it may be anything */
  g_autofree char *title = fhir_text_tidy (fhir_resource_path_text (plan, "title"));
  g_autoptr (CareOrderSet) self = NULL;

  if (!title || !fhir_concept_has_code (fhir_resource_path (plan, "type"), CARE_ORDER_SET_TYPES,
                                        CARE_ORDER_SET_TYPE))
    return NULL;
  self = g_new0 (CareOrderSet, 1);
  self->id = g_strdup (fhir_resource_get_id (plan));
  self->title = g_steal_pointer (&title);
  self->author = fhir_text_tidy (fhir_resource_path_text (plan, "author.0.name"));
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) care_order_set_item_free);
  fhir_element_foreach (action, fhir_resource_path (plan, "action"))
    g_ptr_array_add (self->items, care_order_set_read_item (plan, action));
  return self->items->len > 0 ? g_steal_pointer (&self) : NULL;
}

static int
compare_sets (gconstpointer a, gconstpointer b)
{
  const CareOrderSet *one = *(CareOrderSet *const *) a, *other = *(CareOrderSet *const *) b;

  return g_utf8_collate (one->title, other->title);
}

/**
 * care_order_set_list:
 *
 * Returns: (transfer full) (element-type CareOrderSet) (nullable): those of the clinic that are in
 *   use, by title
 */
GPtrArray *
care_order_set_list (StoreConnection *connection, GError **error)
{
  g_autoptr (FhirQuery) query =
      fhir_query_parse ("PlanDefinition", "status=active&_count=1000", FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;
  GPtrArray *sets =
      search ? g_ptr_array_new_with_free_func ((GDestroyNotify) care_order_set_free) : NULL;

  for (guint i = 0; search && i < search->matches->len; i++)
    {
      CareOrderSet *set = read_set (search->matches->pdata[i]);

      if (set)
        g_ptr_array_add (sets, set);
    }
  if (sets)
    g_ptr_array_sort (sets, compare_sets);
  return sets;
}

/* ---- writing ---- */

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE, sentence);
  return FALSE;
}

/* A dose that was worked out for one child is no dose for the next (H11). */
static gboolean
may_keep (CarePrescriptionDraft *draft, GError **error)
{
  g_autofree char *weight = NULL, *text = NULL, *drug = NULL;
  const char *name = care_prescription_draft_get_drug_name (draft);
  gboolean by_weight = FALSE;

  if (!name || !care_prescription_draft_get_drug_code (draft))
    return refuse (error, _ ("Choose a drug of the formulary for each prescription first."));
  drug = clinical_drug_name (name);
  g_object_get (draft, "weight-note", &weight, "by-weight", &by_weight, NULL);
  if (weight || by_weight)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("The dose of %s was worked out from this patient’s weight. An order set "
                      "cannot hold it."),
                   drug);
      return FALSE;
    }
  text = care_prescription_draft_dup_text (draft, error);
  if (!text)
    g_prefix_error (error, "%s: ", drug);
  return text != NULL;
}

/**
 * care_order_set_may_save:
 * @drafts: (element-type CarePrescriptionDraft)
 *
 * Returns: whether an order set can be made of @drafts; else @error says why not
 */
gboolean
care_order_set_may_save (CareContext *context, GPtrArray *drafts, GError **error)
{
  if (!care_require_role (context, "save an order set", prescribers, error))
    return FALSE;
  if (drafts->len == 0 || drafts->len > CARE_GROUP_MAX)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   ngettext ("An order set has %d prescription at most, and one at least.",
                             "An order set has %d prescriptions at most, and one at least.",
                             CARE_GROUP_MAX),
                   CARE_GROUP_MAX);
      return FALSE;
    }
  for (guint i = 0; i < drafts->len; i++)
    if (!may_keep (drafts->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* (transfer full) (nullable): as it is kept */
static char *
dup_title (const char *typed, GError **error)
{
  g_autofree char *title = NULL;

  if (g_utf8_validate (typed, -1, NULL))
    title = fhir_text_tidy (typed);
  if (title && *title && g_utf8_strlen (title, -1) <= CARE_ORDER_SET_MAX_TITLE)
    return g_steal_pointer (&title);
  g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
               ngettext ("Give the order set a name of %d letter at most.",
                         "Give the order set a name of %d letters at most.",
                         CARE_ORDER_SET_MAX_TITLE),
               CARE_ORDER_SET_MAX_TITLE);
  return NULL;
}

/* (transfer full): of the set that is called so already, or a new id */
static char *
dup_id (StoreConnection *connection, CareContext *context, const char *title, GError **error)
{
  g_autoptr (GPtrArray) sets = care_order_set_list (connection, error);
  g_autofree char *folded = fhir_fold (title);

  if (!sets)
    return NULL;
  for (guint i = 0; i < sets->len; i++)
    {
      const CareOrderSet *set = sets->pdata[i];
      g_autofree char *own = fhir_fold (set->title);

      if (g_str_equal (own, folded))
        return g_strdup (set->id);
    }
  return base_id_new (base_clock_now (care_context_get_clock (context)));
}

static gboolean
write_plan (StoreConnection *connection,
            CareContext *context,
            FhirResource *plan,
            const char *act,
            GError **error)
{
  g_auto (CareWrite) write = { 0 };
  g_autofree char *reference = fhir_resource_dup_reference (plan);

  care_write_init (&write, connection, context, NULL, CARE_PRIORITY_NORMAL);
  return care_write_put (&write, plan, error) &&
         care_write_audit (&write, act, reference, "order set", error);
}

/**
 * care_order_set_save:
 * @title: a set that is called so already is replaced
 * @drafts: (element-type CarePrescriptionDraft)
 */
gboolean
care_order_set_save (StoreConnection *connection,
                     CareContext *context,
                     const char *title,
                     GPtrArray *drafts,
                     GError **error)
{
  g_autofree char *tidy = NULL, *id = NULL, *now = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) plan = NULL;

  if (!care_order_set_may_save (context, drafts, error))
    return FALSE;
  tidy = dup_title (title, error);
  id = tidy ? dup_id (connection, context, tidy, error) : NULL;
  if (!id)
    return FALSE;
  now = base_clock_dup_instant (care_context_get_clock (context));
  builder = fhir_builder_new ("PlanDefinition", id);
  fhir_builder_set (builder, "title", tidy);
  fhir_builder_set_coding (builder, "type", CARE_ORDER_SET_TYPES, CARE_ORDER_SET_TYPE, "Order Set");
  fhir_builder_set_many (builder, "status", "active", "date", now, "author.0.name",
                         care_context_get_user_name (context), NULL);
  for (guint i = 0; i < drafts->len; i++)
    if (!care_order_set_write_item (builder, i, drafts->pdata[i], error))
      return FALSE;
  plan = fhir_builder_end (builder);
  return write_plan (connection, context, plan, "save", error);
}

/**
 * care_order_set_retire:
 *
 * Takes a set out of use; what was prescribed with it stays.
 */
gboolean
care_order_set_retire (StoreConnection *connection,
                       CareContext *context,
                       const char *id,
                       GError **error)
{
  g_autoptr (FhirResource) plan = NULL, retired = NULL;
  g_autoptr (FhirBuilder) builder = NULL;

  if (!care_require_role (context, "save an order set", prescribers, error))
    return FALSE;
  plan = care_read (connection, "PlanDefinition", id, error);
  if (!plan)
    return FALSE;
  builder = fhir_builder_new_from (plan);
  fhir_builder_set (builder, "status", "retired");
  retired = fhir_builder_end (builder);
  return write_plan (connection, context, retired, "retire", error);
}

/* ---- off the main thread ---- */

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->result = care_order_set_list (connection, error);
  command->free_result = (GDestroyNotify) g_ptr_array_unref;
  return command->result != NULL;
}

void
care_order_set_list_async (CareContext *context, GAsyncReadyCallback callback, gpointer user_data)
{
  care_command_read (care_command_new (context, list_work, NULL), care_context_get_store (context),
                     care_order_set_list_async, NULL, callback, user_data);
}

GPtrArray *
care_order_set_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
save_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  GListModel *copies = G_LIST_MODEL (command->objects[0]);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (copies); i++)
    g_ptr_array_add (drafts, g_list_model_get_item (copies, i));
  return care_order_set_save (connection, command->context, command->texts[0], drafts, error);
}

void
care_order_set_save_async (CareContext *context,
                           const char *title,
                           GPtrArray *drafts,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  CareCommand *command = care_command_new (context, save_work, title, NULL);
  GListStore *copies = g_list_store_new (CARE_TYPE_PRESCRIPTION_DRAFT);

  for (guint i = 0; i < drafts->len; i++)
    {
      g_autoptr (CarePrescriptionDraft) copy = care_prescription_copy_draft (drafts->pdata[i]);

      g_list_store_append (copies, copy);
    }
  command->objects[0] = G_OBJECT (copies);
  care_command_write (command, care_order_set_save_async, NULL, callback, user_data);
}

static gboolean
retire_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_order_set_retire (connection, command->context, command->texts[0], error);
}

void
care_order_set_retire_async (CareContext *context,
                             const char *id,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_command_write (care_command_new (context, retire_work, id, NULL),
                      care_order_set_retire_async, NULL, callback, user_data);
}

gboolean
care_order_set_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
