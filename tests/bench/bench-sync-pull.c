/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-common.h"

#include <string.h>

#include "store-connection-private.h"
#include "store-search.h"
#include "sync-engine.h"

/* bench-sync-pull BASE FOLDER TYPE QUERY: a workstation without windows reads from the server at
 * BASE, with the token in BEDSIDE_TEST_FHIR_TOKEN, into the store in FOLDER, until all is read that
 * was there when it began: from the opening of the store to the engine's word. Says how many
 * records are here and how many of TYPE answer to QUERY. */

#define GIVE_UP_S 600

typedef struct
{
  GMainLoop *loop;
  gint64 began; /* by the clock of the records */
  double start;
  gboolean done;
} Pull;

static void
last_pull_cb (Pull *self, GParamSpec *spec, SyncStatus *status)
{
  if (sync_status_get_last_pull (status) < self->began)
    return;
  self->done = TRUE;
  g_main_loop_quit (self->loop);
}

static gboolean
give_up_cb (gpointer data)
{
  Pull *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
pull (Pull *self, StoreDatabase *store, NetFhirClient *client, BaseClock *clock, GError **error)
{
  g_autoptr (SyncEngine) engine = sync_engine_new (store, client, clock);
  SyncStatus *status = sync_engine_get_status (engine);
  guint limit = g_timeout_add_seconds (GIVE_UP_S, give_up_cb, self);

  self->loop = g_main_loop_new (NULL, FALSE);
  g_signal_connect_swapped (status, "notify::last-pull", G_CALLBACK (last_pull_cb), self);
  sync_engine_start (engine);
  g_main_loop_run (self->loop);
  if (!self->done)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "not read to the end: %s",
                 sync_status_get_sentence (status));
  g_signal_handlers_disconnect_by_data (status, self);
  g_source_remove (limit);
  sync_engine_stop (engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_pointer (&self->loop, g_main_loop_unref);
  return self->done;
}

typedef struct
{
  const char *type, *query;
  gint64 resources;
  guint found;
} Count;

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  Count *count = data;
  g_autoptr (GPtrArray) found = store_search_ids (connection, count->type, count->query, error);
  g_autoptr (StoreStatement) statement =
      found != NULL
          ? store_connection_compose (connection, "SELECT count(*) FROM resource WHERE deleted = 0",
                                      error)
          : NULL;
  gboolean row = FALSE;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  count->resources = sqlite3_column_int64 (statement, 0);
  count->found = found->len;
  return TRUE;
}

/* The most memory that was resident, MB; getrusage () would count what forked us as well. */
static double
peak_mb (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  line = strstr (text, "VmHWM:");
  return line != NULL ? g_ascii_strtod (line + strlen ("VmHWM:"), NULL) / 1024 : 0;
}

static void
report (JsonBuilder *builder, double seconds, double cpu)
{
  bench_add_double (builder, "seconds", seconds);
  bench_add_double (builder, "cpu_seconds", cpu);
  bench_add_double (builder, "peak_mb", peak_mb ());
}

int
main (int argc, char *argv[])
{
  g_autoptr (GBytes) key = g_bytes_new_static ("0123456789abcdef0123456789abcdef", STORE_KEY_BYTES);
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetFhirClient) client = NULL;
  g_autoptr (StoreDatabase) store = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  Pull self = { .began = base_clock_now (clock), .start = bench_now () };

  if (argc != 5)
    return g_printerr ("usage: bench-sync-pull BASE FOLDER TYPE QUERY\n"), 2;
  path = g_build_filename (argv[2], "records.db", NULL);
  session = net_session_new (argv[1], g_getenv ("BEDSIDE_TEST_FHIR_TOKEN"));
  client = net_fhir_client_new (argv[1], session, &error);
  store = client != NULL ? store_database_open (path, key, clock, &error) : NULL;
  json_builder_begin_object (builder);
  if (store != NULL)
    {
      Count count = { .type = argv[3], .query = argv[4] };

      if (pull (&self, store, client, clock, &error))
        {
          report (builder, bench_now () - self.start, bench_cpu ());
          store_database_read (store, count_work, &count, &error);
          bench_add_integer (builder, "resources", count.resources);
          bench_add_integer (builder, "found", count.found);
          bench_add_pragmas (builder, "pragmas", store, TRUE);
        }
      store_database_close (store);
    }
  return bench_finish (builder, error);
}
