/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-common.h"

#include <stdlib.h>

#include "care-summary.h"
#include "store-types.h"

/* bench-chart-data FOLDER PATIENT OPERATIONS: how long after the click the data of a chart is
 * ready: care_summary_load through store_database_read, from the thread that asks to the summary in
 * its hands, warm; then, fewer times, as the first read of a store that was just opened. */

#define FIRST_READS 60

typedef struct
{
  const char *patient;
  BaseClock *clock;
  CareSummary *summary;
} Load;

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Load *load = data;

  load->summary = care_summary_load (connection, load->patient, load->clock, error);
  return load->summary != NULL;
}

static gboolean
load_once (StoreDatabase *store, Load *load, GArray *seconds, guint *rows, GError **error)
{
  double start = bench_now (), end;

  if (!store_database_read (store, load_work, load, error))
    return FALSE;
  end = bench_now () - start;
  g_array_append_val (seconds, end);
  *rows = 0;
  for (int i = 0; i < CARE_N_LISTS; i++)
    *rows += g_list_model_get_n_items (care_summary_get_list (load->summary, i));
  g_clear_object (&load->summary);
  return TRUE;
}

static gboolean
measure_first_reads (const char *folder, Load *load, GArray *seconds, GError **error)
{
  for (int i = 0; i < FIRST_READS; i++)
    {
      g_autoptr (StoreDatabase) store = bench_open_records (folder, load->clock, error);
      guint rows;
      gboolean done = store != NULL && load_once (store, load, seconds, &rows, error);

      if (store != NULL)
        store_database_close (store);
      if (!done)
        return FALSE;
    }
  return TRUE;
}

static gboolean
measure (StoreDatabase *store, Load *load, int operations, JsonBuilder *builder, GError **error)
{
  g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (double));
  guint rows = 0;
  double cpu;

  for (int i = 0; i < 20; i++)
    if (!load_once (store, load, seconds, &rows, error))
      return FALSE;
  g_array_set_size (seconds, 0);
  cpu = bench_cpu ();
  for (int i = 0; i < operations; i++)
    if (!load_once (store, load, seconds, &rows, error))
      return FALSE;
  bench_add_double (builder, "cpu_ms_each", (bench_cpu () - cpu) * 1000 / operations);
  bench_add_samples (builder, "warm", seconds);
  bench_add_integer (builder, "operations", operations);
  bench_add_integer (builder, "rows_in_chart", rows);
  bench_add_pragmas (builder, "pragmas", store, FALSE);
  return TRUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreDatabase) store = NULL;

  if (argc != 4 || atoi (argv[3]) < 1)
    return g_printerr ("usage: bench-chart-data FOLDER PATIENT OPERATIONS\n"), 2;
  Load load = { argv[2], clock, NULL };
  json_builder_begin_object (builder);
  store = bench_open_records (argv[1], clock, &error);
  if (store != NULL)
    {
      measure (store, &load, atoi (argv[3]), builder, &error);
      store_database_close (store);
    }
  if (error == NULL && measure_first_reads (argv[1], &load, first, &error))
    bench_add_samples (builder, "first_read", first);
  return bench_finish (builder, error);
}
