/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-make.h"

#include "fhir-text.h"
#include "store-content-file.h"
#include "store-content-table.h"

void
store_content_summary_free (StoreContentSummary *self)
{
  g_free (self->name);
  g_free (self->label);
  g_free (self->date);
  g_free (self->expires);
  g_free (self->version);
  g_free (self);
}

static gboolean
count_row (const char *table,
           const char *const *columns,
           const char *const *values,
           gpointer data,
           GError **error)
{
  GPtrArray *out = data;

  for (guint i = 0; i < out->len; i++)
    {
      StoreContentSummary *summary = out->pdata[i];

      if (!g_str_equal (summary->name, table))
        continue;
      summary->rows++;
      for (guint j = 0; columns[j] != NULL; j++)
        {
          summary->unverified +=
              g_str_equal (columns[j], "source") && g_str_equal (values[j], "unverified");
          summary->reviewed += g_str_equal (columns[j], "reviewer") && *values[j] != '\0';
        }
    }
  return TRUE;
}

/**
 * store_content_summarize:
 *
 * Reads and proves a content file.
 *
 * Returns: (transfer full) (nullable) (element-type StoreContentSummary): its tables by name
 */
GPtrArray *
store_content_summarize (const char *path, GError **error)
{
  g_autoptr (StoreContentFile) file = store_content_file_open (path, error);
  g_autoptr (GPtrArray) out =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_content_summary_free);
  GPtrArray *tables = file ? store_content_file_get_tables (file) : NULL;

  for (guint i = 0; tables && i < tables->len; i++)
    {
      StoreContentSummary *summary = g_new0 (StoreContentSummary, 1);

      summary->name = g_strdup (tables->pdata[i]);
      summary->label = fhir_text_tidy (store_content_file_get_head (file, summary->name, "label"));
      summary->date = fhir_text_tidy (store_content_file_get_head (file, summary->name, "date"));
      summary->expires =
          fhir_text_tidy (store_content_file_get_head (file, summary->name, "expires"));
      summary->version =
          fhir_text_tidy (store_content_file_get_head (file, summary->name, "version"));
      summary->known = store_content_table_is_known (summary->name);
      if (g_str_has_prefix (summary->name, "search_"))
        store_content_summary_free (summary);
      else
        g_ptr_array_add (out, summary);
    }
  if (file == NULL || !store_content_file_walk (file, count_row, out, error))
    return NULL;
  return g_steal_pointer (&out);
}
