/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-workspace.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store-connection-private.h"

/* bench-chart-memory FOLDER CONTENT KIND WINDOWS [PATIENT…]: what stays in memory of each window
 * that was opened, painted and closed, one after the other. KIND is "chart" or, to know what the
 * toolkit and its driver keep by themselves, "empty". Patients are taken in turn. The store's page
 * caches, whose size is bounded, are filled before. */

#define SETTLED   100 /* windows, before the first figure */
#define EACH      10  /* windows to one figure */
#define GIVE_UP_S 600
#define LAST_MS   2000 /* what is freed later than that counts as kept */
#define READS     4    /* readers take turns: each reads all pages */

typedef struct _Bench
{
  BenchWorkspace *workspace;
  gboolean chart;
  int windows, opened, finalized, patients_opened, patients_finalized;
  char **patients;
  int n_patients;
  gboolean filled;
  GtkWindow *window;
  void (*open_next) (struct _Bench *self);
  GArray *at, *resident, *heap; /* double: windows; bytes */
  double pages;                 /* bytes of the store's caches, when the first window opens */
  JsonBuilder *builder;
  GError *error;
} Bench;

/* Anonymous pages: code that a library maps is no leak. */
static double
resident_bytes (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "RssAnon:");
  return line ? g_ascii_strtod (line + strlen ("RssAnon:"), NULL) * 1024 : 0;
}

static void
take_figure (Bench *self)
{
  double at = self->opened, resident, heap;

  malloc_trim (0);
  resident = resident_bytes ();
  heap = (double) mallinfo2 ().uordblks + (double) mallinfo2 ().hblkhd;
  g_array_append_val (self->at, at);
  g_array_append_val (self->resident, resident);
  g_array_append_val (self->heap, heap);
}

static void
window_gone (gpointer data, GObject *where_the_object_was)
{
  ((Bench *) data)->finalized++;
}

static void
patient_gone (gpointer data, GObject *where_the_object_was)
{
  ((Bench *) data)->patients_finalized++;
}

static gboolean
last_cb (gpointer data)
{
  bench_workspace_quit (((Bench *) data)->workspace);
  return G_SOURCE_REMOVE;
}

static gboolean
next_cb (gpointer data)
{
  Bench *self = data;

  if (self->opened >= SETTLED && self->opened % EACH == 0)
    take_figure (self);
  if (self->opened < self->windows)
    self->open_next (self);
  else
    g_timeout_add (LAST_MS, last_cb, self);
  return G_SOURCE_REMOVE;
}

/* After what the window still does when it has nothing else to do. */
static gboolean
close_cb (gpointer data)
{
  Bench *self = data;

  gtk_window_destroy (g_steal_pointer (&self->window));
  g_idle_add_full (G_PRIORITY_LOW, next_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

static void
painted_cb (GdkFrameClock *clock, Bench *self)
{
  if (self->chart && !self->filled)
    return;
  g_signal_handlers_disconnect_by_func (clock, painted_cb, self);
  g_idle_add_full (G_PRIORITY_LOW, close_cb, self, NULL);
}

static void
filled_cb (Bench *self)
{
  self->filled = TRUE;
}

static void
open_chart (Bench *self)
{
  WorkspacePatientWindow *window =
      workspace_patient_window_new (self->workspace->application, self->workspace->session,
                                    self->patients[self->opened % self->n_patients]);
  WorkspacePatient *patient = workspace_patient_window_get_patient (window);

  self->window = GTK_WINDOW (window);
  g_object_weak_ref (G_OBJECT (patient), patient_gone, self);
  self->patients_opened++;
  g_signal_connect_data (patient, "summary-changed", G_CALLBACK (filled_cb), self, NULL,
                         G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static void
open_next (Bench *self)
{
  self->filled = FALSE;
  if (self->chart)
    open_chart (self);
  else
    self->window = GTK_WINDOW (adw_application_window_new (self->workspace->application));
  self->opened++;
  g_object_weak_ref (G_OBJECT (self->window), window_gone, self);
  gtk_window_set_default_size (self->window, 1280, 860);
  gtk_window_present (self->window);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (self->window)), "after-paint",
                    G_CALLBACK (painted_cb), self);
}

static gboolean
give_up_cb (gpointer data)
{
  Bench *self = data;

  g_set_error (&self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%d of %d windows in %d s",
               self->opened, self->windows, GIVE_UP_S);
  bench_workspace_quit (self->workspace);
  return G_SOURCE_REMOVE;
}

static gboolean
read_all_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_connection_execute (connection, "PRAGMA quick_check", error);
}

static void
activate (BenchWorkspace *workspace, gpointer data)
{
  Bench *self = data;

  self->workspace = workspace;
  for (guint i = 0; i < READS; i++)
    store_database_read (workspace->store, read_all_work, NULL, NULL);
  self->pages = (double) sqlite3_memory_used ();
  g_timeout_add_seconds (GIVE_UP_S, give_up_cb, self);
  open_next (self);
}

/* Bytes a window, by least squares: no single figure decides. */
static double
slope_of (GArray *x, GArray *y)
{
  double n = x->len, sum_x = 0, sum_y = 0, sum_xy = 0, sum_xx = 0;

  for (guint i = 0; i < x->len; i++)
    {
      double a = g_array_index (x, double, i), b = g_array_index (y, double, i);

      sum_x += a;
      sum_y += b;
      sum_xy += a * b;
      sum_xx += a * a;
    }
  return (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
}

static void
ended (BenchWorkspace *workspace, gpointer data)
{
  Bench *self = data;

  if (self->error || self->at->len < 2)
    return;
  bench_add_integer (self->builder, "windows", self->opened);
  bench_add_integer (self->builder, "finalized", self->finalized);
  bench_add_integer (self->builder, "patients", self->patients_opened);
  bench_add_integer (self->builder, "patients_finalized", self->patients_finalized);
  bench_add_double (self->builder, "resident_slope", slope_of (self->at, self->resident));
  bench_add_double (self->builder, "heap_slope", slope_of (self->at, self->heap));
  bench_add_double (self->builder, "page_cache_first", self->pages);
  bench_add_double (self->builder, "page_cache_last", (double) sqlite3_memory_used ());
  bench_add_double (self->builder, "resident_first", g_array_index (self->resident, double, 0));
  bench_add_double (self->builder, "resident_last",
                    g_array_index (self->resident, double, self->resident->len - 1));
  bench_add_string (self->builder, "features", workspace->features->str);
}

int
main (int argc, char *argv[])
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GArray) at = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) resident = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) heap = g_array_new (FALSE, FALSE, sizeof (double));
  Bench self = {
    .open_next = open_next, .at = at, .resident = resident, .heap = heap, .builder = builder
  };

  if (argc < 6 || atoi (argv[4]) < SETTLED + 2 * EACH)
    return g_printerr ("usage: bench-chart-memory FOLDER CONTENT chart|empty WINDOWS PATIENT…\n"),
           2;
  self.chart = g_str_equal (argv[3], "chart");
  self.windows = atoi (argv[4]);
  self.patients = argv + 5;
  self.n_patients = argc - 5;
  json_builder_begin_object (builder);
  bench_workspace_run (argv[1], argv[2], activate, ended, &self, &self.error);
  return bench_finish (builder, self.error);
}
