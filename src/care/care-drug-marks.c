/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-drug-marks.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "fhir-concept.h"
#include "store-search.h"
#include "store-setting.h"

#define MAX_FAVOURITES 500
#define MAX_CODE       32

/* (transfer full): the settings of one's own favourites begin with it */
static char *
prefix_of (CareContext *context)
{
  return g_strdup_printf ("drug-favourite/%s/", care_context_get_user_reference (context));
}

void
care_drug_marks_free (CareDrugMarks *self)
{
  g_hash_table_unref (self->favourites);
  g_hash_table_unref (self->counts);
  g_free (self);
}

typedef struct
{
  gsize prefix;
  GHashTable *codes;
} Listing;

static void
take_favourite (const char *name, const char *value, gpointer data)
{
  Listing *listing = data;

  g_hash_table_add (listing->codes, g_strdup (name + listing->prefix));
}

static gboolean
read_favourites (StoreConnection *connection,
                 CareContext *context,
                 GHashTable *codes,
                 GError **error)
{
  g_autofree char *prefix = prefix_of (context);
  Listing listing = { strlen (prefix), codes };

  return store_setting_foreach (connection, prefix, take_favourite, &listing, error);
}

static void
count_order (FhirResource *order, GHashTable *counts)
{
  const char *code = fhir_concept_get_code (fhir_resource_path (order, "medicationCodeableConcept"),
                                            CARE_SYSTEM_RXNORM);
  const char *status = fhir_resource_path_text (order, "status");

  if (code == NULL || g_strcmp0 (status, "entered-in-error") == 0)
    return;
  g_hash_table_insert (counts, g_strdup (code),
                       GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, code)) +
                                         1));
}

/* The latest thousand say what is usual; older ones would only hold on to what is not any more. */
static gboolean
read_counts (StoreConnection *connection, CareContext *context, GHashTable *counts, GError **error)
{
  g_autofree char *who =
      g_uri_escape_string (care_context_get_user_reference (context), "/", FALSE);
  g_autofree char *text =
      g_strdup_printf ("requester=%s&intent=order&_sort=-authoredon&_count=1000", who);
  g_autoptr (FhirQuery) query = fhir_query_parse ("MedicationRequest", text, FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;

  for (guint i = 0; search && i < search->matches->len; i++)
    count_order (search->matches->pdata[i], counts);
  return search != NULL;
}

/**
 * care_drug_marks_read:
 *
 * Returns: (transfer full) (nullable)
 */
CareDrugMarks *
care_drug_marks_read (StoreConnection *connection, CareContext *context, GError **error)
{
  g_autoptr (CareDrugMarks) self = g_new0 (CareDrugMarks, 1);

  self->favourites = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!read_favourites (connection, context, self->favourites, error) ||
      !read_counts (connection, context, self->counts, error))
    return NULL;
  return g_steal_pointer (&self);
}

typedef struct
{
  const char *code;
  gboolean favourite;
  guint count;
} Mark;

static int
compare_marks (gconstpointer a, gconstpointer b)
{
  const Mark *x = a, *y = b;

  if (x->favourite != y->favourite)
    return x->favourite ? -1 : 1;
  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return strcmp (x->code, y->code);
}

static void
add_mark (CareDrugMarks *self, GArray *marks, const char *code, gboolean favourite)
{
  Mark mark = { code, favourite, GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, code)) };

  g_array_append_val (marks, mark);
}

/**
 * care_drug_marks_dup_first:
 *
 * Returns: (transfer full) (element-type utf8): codes of one's own drugs, favourites first and then
 *   what was prescribed most
 */
GPtrArray *
care_drug_marks_dup_first (CareDrugMarks *self, guint limit)
{
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  GPtrArray *codes = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer code;

  g_hash_table_iter_init (&iter, self->favourites);
  while (g_hash_table_iter_next (&iter, &code, NULL))
    add_mark (self, marks, code, TRUE);
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, &code, NULL))
    if (!g_hash_table_contains (self->favourites, code))
      add_mark (self, marks, code, FALSE);
  g_array_sort (marks, compare_marks);
  for (guint i = 0; i < MIN (limit, marks->len); i++)
    g_ptr_array_add (codes, g_strdup (g_array_index (marks, Mark, i).code));
  return codes;
}

/**
 * care_drug_marks_set_favourite:
 * @rxcui: of a clinical drug
 */
gboolean
care_drug_marks_set_favourite (StoreConnection *connection,
                               CareContext *context,
                               const char *rxcui,
                               gboolean favourite,
                               GError **error)
{
  g_autofree char *prefix = prefix_of (context);
  g_autofree char *setting = g_strconcat (prefix, rxcui, NULL);
  g_autoptr (GHashTable) codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (*rxcui == '\0' || strlen (rxcui) > MAX_CODE)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("Only a drug of the formulary can be a favourite."));
      return FALSE;
    }
  if (!favourite)
    return store_setting_delete (connection, setting, error);
  if (!read_favourites (connection, context, codes, error))
    return FALSE;
  if (g_hash_table_size (codes) >= MAX_FAVOURITES)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("There are five hundred favourites already. Take the star from one "
                              "that you need no more."));
      return FALSE;
    }
  return store_setting_set (connection, setting, "1", error);
}

/* ---- off the main thread ---- */

static gboolean
read_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) care_drug_marks_free;
  command->result = care_drug_marks_read (connection, command->context, error);
  return command->result != NULL;
}

void
care_drug_marks_read_async (CareContext *context, GAsyncReadyCallback callback, gpointer user_data)
{
  care_command_read (care_command_new (context, read_work, NULL), care_context_get_store (context),
                     care_drug_marks_read_async, NULL, callback, user_data);
}

CareDrugMarks *
care_drug_marks_read_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
favourite_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_drug_marks_set_favourite (connection, command->context, command->texts[0],
                                        command->number != 0, error);
}

void
care_drug_marks_set_favourite_async (CareContext *context,
                                     const char *rxcui,
                                     gboolean favourite,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  CareCommand *command = care_command_new (context, favourite_work, rxcui, NULL);

  command->number = favourite;
  care_command_write (command, care_drug_marks_set_favourite_async, NULL, callback, user_data);
}

gboolean
care_drug_marks_set_favourite_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
