/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-common.h"

#include "store-connection-private.h"

/* bench-store-facts FOLDER: the pragmas of a hub's store and the rows of each of its tables. */

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const tables[] = { "resource",
                                        "history",
                                        "identity",
                                        "name",
                                        "token",
                                        "reference",
                                        "uri",
                                        "quantity",
                                        "date",
                                        "string",
                                        "person",
                                        "name_text_docsize",
                                        "note_text_docsize" };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", tables[i]);
      g_autoptr (StoreStatement) statement = store_connection_compose (connection, sql, error);
      gboolean row = FALSE;

      if (statement == NULL || !store_statement_step (connection, statement, &row, error))
        return FALSE;
      bench_add_integer (data, tables[i], sqlite3_column_int64 (statement, 0));
    }
  return TRUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreDatabase) store = NULL;

  if (argc != 2)
    return g_printerr ("usage: bench-store-facts FOLDER\n"), 2;
  store = bench_open_records (argv[1], clock, &error);
  json_builder_begin_object (builder);
  if (store != NULL)
    {
      bench_add_pragmas (builder, "writer", store, TRUE);
      bench_add_pragmas (builder, "reader", store, FALSE);
      json_builder_set_member_name (builder, "rows");
      json_builder_begin_object (builder);
      store_database_read (store, count_work, builder, &error);
      json_builder_end_object (builder);
      store_database_close (store);
    }
  return bench_finish (builder, error);
}
