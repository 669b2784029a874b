/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <string.h>

#include "care-command.h"
#include "fhir-concept.h"
#include "fhir-query.h"
#include "store-search.h"

/* Suggestions while somebody types the name of an entry: names, with their codings, that stand in
 * records of this clinic already. Bedside ships no terminology of problems: those that exist need a
 * licence. */

#define MOST    6
#define SAMPLES 60

/* The search parameter and the element of each kind's name. */
static const struct
{
  const char *parameter, *path;
} names[CARE_N_ENTRY_KINDS] = {
  [CARE_ENTRY_PROBLEM] = { "code", "code" },
  [CARE_ENTRY_ALLERGY] = { "code", "code" },
  [CARE_ENTRY_IMMUNIZATION] = { "vaccine-code", "vaccineCode" },
  [CARE_ENTRY_PROCEDURE] = { "code", "code" },
  [CARE_ENTRY_FAMILY] = { "code", "condition.0.code" },
  [CARE_ENTRY_SOCIAL] = { "code", "code" },
  [CARE_ENTRY_DEVICE] = { "type", "type" },
};

static void
add_name (GListStore *rows, GHashTable *seen, FhirResource *resource, const char *path)
{
  const FhirElement *coding =
      fhir_element_at (fhir_element_path (fhir_resource_path (resource, path), "coding"), 0);
  const char *system = fhir_element_path_text (coding, "system");
  const char *code = fhir_element_path_text (coding, "code");
  g_autofree char *text = fhir_concept_dup_text (fhir_resource_path (resource, path));
  g_autoptr (CareRow) row = NULL;

  if (!text || !g_hash_table_add (seen, g_utf8_casefold (text, -1)))
    return;
  row = care_row_new (0, CARE_ROW_TITLE, text, CARE_ROW_DETAIL, system, CARE_ROW_CODE, code, 0);
  g_list_store_append (rows, row);
}

/**
 * care_entry_suggest:
 * @letters: what was typed, two letters or more
 *
 * Returns: (transfer full) (nullable): CareRow: title the name, code and detail its code and system
 *   or NULL
 */
GListStore *
care_entry_suggest (StoreConnection *connection,
                    CareEntryKind kind,
                    const char *letters,
                    GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (letters, NULL, TRUE);
  g_autofree char *text = NULL;
  g_autoptr (FhirQuery) query = NULL;
  g_autoptr (StoreSearch) search = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);

  if (!names[kind].parameter || g_utf8_strlen (letters, -1) < 2)
    return g_steal_pointer (&rows);
  text = g_strdup_printf ("%s:text=%s&_count=%d%s", names[kind].parameter, escaped, SAMPLES,
                          kind == CARE_ENTRY_SOCIAL ? "&category=social-history" : "");
  query = fhir_query_parse (care_entry_kind_get_type_name (kind), text, FALSE, error);
  search = query ? store_search (connection, query, error) : NULL;
  if (!search)
    return NULL;
  for (guint i = 0; i < search->matches->len && g_hash_table_size (seen) < MOST; i++)
    if (care_entry_state_of (search->matches->pdata[i]) != CARE_ENTRY_ERROR)
      add_name (rows, seen, search->matches->pdata[i], names[kind].path);
  return g_steal_pointer (&rows);
}

static gboolean
suggest_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_object_unref;
  c->result = care_entry_suggest (connection, c->number, c->texts[0], error);
  return c->result != NULL;
}

void
care_entry_suggest_async (CareContext *context,
                          CareEntryKind kind,
                          const char *letters,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  CareCommand *command = care_command_new (context, suggest_work, letters, NULL);

  command->number = (int) kind;
  care_command_read (command, care_context_get_store (context), care_entry_suggest_async,
                     cancellable, callback, user_data);
}

GListModel *
care_entry_suggest_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
