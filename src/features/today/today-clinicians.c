/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-clinicians.h"

#include "fhir-name.h"
#include "fhir-query.h"
#include "store-search.h"
#include "workspace-list-load.h"

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  return g_utf8_collate (care_row_get_title ((CareRow *) a), care_row_get_title ((CareRow *) b));
}

static gboolean
load_work (StoreConnection *connection, gpointer rows, GError **error)
{
  g_autoptr (FhirQuery) query = fhir_query_parse ("Practitioner", "_count=500", FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;

  for (guint i = 0; search && i < search->matches->len; i++)
    {
      FhirResource *person = search->matches->pdata[i];
      g_autofree char *name = fhir_human_name_format (fhir_resource_path (person, "name"));
      g_autofree char *reference = fhir_resource_dup_reference (person);
      const char *active = fhir_resource_path_text (person, "active");

      if (g_strcmp0 (active, "false") == 0)
        continue;
      g_autoptr (CareRow) row =
          care_row_new (0, CARE_ROW_TITLE, name, CARE_ROW_REFERENCE, reference, 0);
      g_list_store_append (rows, row);
    }
  g_list_store_sort (rows, compare, NULL);
  return search != NULL;
}

void
today_clinicians_load_async (StoreDatabase *database,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  workspace_list_load_async (database, CARE_TYPE_ROW, load_work, cancellable, callback, user_data);
}

/* (transfer full) (nullable) */
GListStore *
today_clinicians_load_finish (GAsyncResult *result, GError **error)
{
  return workspace_list_load_finish (result, error);
}
