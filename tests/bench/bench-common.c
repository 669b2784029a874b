/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-common.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "base-id.h"
#include "store-connection-private.h"

/* Seconds on a clock that only goes forward. */
double
bench_now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* Processor seconds of all threads of this process, user and system. */
double
bench_cpu (void)
{
  struct rusage use;

  getrusage (RUSAGE_SELF, &use);
  return (double) (use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         (double) (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

/* The same of the thread that asks. */
double
bench_thread_cpu (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

/* Opens hub.db in the folder of a hub that does not run, with the hub.key beside it. */
StoreDatabase *
bench_open_records (const char *folder, BaseClock *clock, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "hub.db", NULL);
  g_autofree char *key_path = g_build_filename (folder, "hub.key", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) key = NULL;

  if (!g_file_get_contents (key_path, &text, NULL, error))
    return NULL;
  key = base_unhex (g_strstrip (text));
  return store_database_open (path, key, clock, error);
}

static gboolean
pragmas_work (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const names[] = { "cipher_version", "cipher_page_size", "journal_mode",
                                       "synchronous",    "cache_size",       "temp_store",
                                       "foreign_keys",   "cell_size_check",  "wal_autocheckpoint" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *sql = g_strdup_printf ("PRAGMA %s", names[i]);
      g_autoptr (StoreStatement) statement = store_connection_compose (connection, sql, error);
      gboolean row = FALSE;

      if (statement == NULL || !store_statement_step (connection, statement, &row, error))
        return FALSE;
      bench_add_string (data, names[i], row ? store_statement_text (statement, 0) : "");
    }
  return TRUE;
}

/* The pragmas as the store's own connection has them. */
void
bench_add_pragmas (JsonBuilder *builder, const char *name, StoreDatabase *store, gboolean writer)
{
  g_autoptr (GError) error = NULL;

  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  if (writer)
    store_database_write (store, BASE_LANE_BATCH, pragmas_work, builder, &error);
  else
    store_database_read (store, pragmas_work, builder, &error);
  if (error != NULL)
    bench_add_string (builder, "error", error->message);
  json_builder_end_object (builder);
}

static int
compare_seconds (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
percentile (GArray *sorted, double part)
{
  guint at = (guint) (part * sorted->len);

  return g_array_index (sorted, double, MIN (at, sorted->len - 1)) * 1000;
}

/* As milliseconds: n, p50, p99, min, max. Sorts @seconds, of double. */
void
bench_add_samples (JsonBuilder *builder, const char *name, GArray *seconds)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  bench_add_integer (builder, "n", seconds->len);
  if (seconds->len > 0)
    {
      g_array_sort (seconds, compare_seconds);
      bench_add_double (builder, "p50_ms", percentile (seconds, 0.50));
      bench_add_double (builder, "p99_ms", percentile (seconds, 0.99));
      bench_add_double (builder, "min_ms", percentile (seconds, 0));
      bench_add_double (builder, "max_ms", percentile (seconds, 1));
    }
  json_builder_end_object (builder);
}

void
bench_add_integer (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
bench_add_double (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

void
bench_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* Ends the object and prints it; with @error (nullable) says that instead. Returns the exit status.
 */
int
bench_finish (JsonBuilder *builder, GError *error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  if (error != NULL)
    {
      g_printerr ("%s: %s\n", g_get_prgname (), error->message);
      return 1;
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  printf ("%s\n", text);
  return 0;
}
