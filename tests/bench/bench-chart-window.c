/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-common.h"

#include <adwaita.h>
#include <stdlib.h>

#include "feature-table.h"
#include "workspace-feature.h"
#include "workspace-patient-window.h"

/* bench-chart-window FOLDER PATIENT ROUNDS CONTENT: how much later than an empty window's first
 * paint a patient window's first useful paint comes, in one process, one after the other. The clock
 * starts at the click, before the window is made, and stops after the first frame that was painted
 * with the chart's data in it. */

#define WARM_ROUNDS 3
#define REST_MS     150
#define GIVE_UP_S   30

/* Where the processor time of one opening goes, each to the end of its part. */
typedef enum
{
  PART_MAKE,
  PART_PRESENT,
  PART_LAYOUT,
  PART_PAINT,
} Part;
#define N_PARTS (PART_PAINT + 1)

static const char *const part_names[N_PARTS] = { "make", "present", "layout", "paint" };

typedef struct
{
  GtkApplication *application;
  WorkspaceSession *session;
  GtkWindow *clinic; /* stays open, as in the program */
  const char *patient;
  int rounds, round;
  gboolean filled; /* the summary reached the window */
  double start, start_cpu;
  GtkWindow *window;
  GArray *empty_cpu, *useful_cpu;
  GArray *empty, *blank, *useful; /* blank: the patient window's first frame, of whatever */
  guint frames;
  double parts[N_PARTS];     /* of this round, processor seconds since the click */
  GArray *of_parts[N_PARTS]; /* of patient windows, each part by itself */
  GSourceFunc next;          /* begins the round that comes */
  GError *error;
} Bench;

/* The window goes, and the next one comes once the desktop is at rest. */
static void
end_round (Bench *self)
{
  gtk_window_destroy (self->window);
  self->window = NULL;
  self->round++;
  g_timeout_add (REST_MS, self->next, self);
}

static void
append (Bench *self, GArray *to, GArray *to_cpu)
{
  double seconds = bench_now () - self->start, cpu = bench_cpu () - self->start_cpu;

  if (self->round < 2 * WARM_ROUNDS)
    return;
  g_array_append_val (to, seconds);
  if (to_cpu)
    g_array_append_val (to_cpu, cpu);
}

static void
reach (Bench *self, Part part)
{
  self->parts[part] = bench_cpu () - self->start_cpu;
}

static void
layout_cb (GdkFrameClock *clock, Bench *self)
{
  reach (self, PART_LAYOUT);
}

static void
append_parts (Bench *self)
{
  double before = 0;

  for (Part part = 0; self->round >= 2 * WARM_ROUNDS && part < N_PARTS; part++)
    {
      double seconds = self->parts[part] - before;

      before = self->parts[part];
      g_array_append_val (self->of_parts[part], seconds);
    }
}

static void
empty_painted_cb (GdkFrameClock *clock, Bench *self)
{
  g_signal_handlers_disconnect_by_func (clock, empty_painted_cb, self);
  append (self, self->empty, self->empty_cpu);
  end_round (self);
}

static void
chart_painted_cb (GdkFrameClock *clock, Bench *self)
{
  if (self->frames++ == 0)
    append (self, self->blank, NULL);
  if (!self->filled)
    return;
  g_signal_handlers_disconnect_by_data (clock, self);
  reach (self, PART_PAINT);
  append_parts (self);
  append (self, self->useful, self->useful_cpu);
  end_round (self);
}

static void
filled_cb (Bench *self)
{
  self->filled = TRUE;
}

static void
present (Bench *self, GCallback painted)
{
  gtk_window_present (self->window);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (self->window)), "after-paint", painted,
                    self);
}

static void
open_empty (Bench *self)
{
  self->start = bench_now ();
  self->start_cpu = bench_cpu ();
  self->window = GTK_WINDOW (adw_application_window_new (self->application));
  gtk_window_set_default_size (self->window, 1280, 860);
  present (self, G_CALLBACK (empty_painted_cb));
}

static void
open_chart (Bench *self)
{
  WorkspacePatientWindow *window;

  self->filled = FALSE;
  self->frames = 0;
  self->start = bench_now ();
  self->start_cpu = bench_cpu ();
  window = workspace_patient_window_new (self->application, self->session, self->patient);
  self->window = GTK_WINDOW (window);
  gtk_window_set_default_size (self->window, 1280, 860);
  g_signal_connect_data (workspace_patient_window_get_patient (window), "summary-changed",
                         G_CALLBACK (filled_cb), self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  reach (self, PART_MAKE);
  present (self, G_CALLBACK (chart_painted_cb));
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "layout",
                    G_CALLBACK (layout_cb), self);
  reach (self, PART_PRESENT);
}

static gboolean
next_cb (gpointer data)
{
  Bench *self = data;

  if (self->round == 2 * (self->rounds + WARM_ROUNDS))
    {
      gtk_window_destroy (self->clinic);
      g_application_quit (G_APPLICATION (self->application));
    }
  else if (self->round % 2 == 0)
    open_empty (self);
  else
    open_chart (self);
  return G_SOURCE_REMOVE;
}

static gboolean
give_up_cb (gpointer data)
{
  Bench *self = data;

  g_set_error (&self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "round %d did not end", self->round);
  g_application_quit (G_APPLICATION (self->application));
  return G_SOURCE_REMOVE;
}

/* A chart is opened from the clinic window, which stays: what GTK keeps of a display while any
 * window of it is drawn, it keeps. */
static void
open_clinic (Bench *self)
{
  GtkWidget *label = gtk_label_new ("Clinic");

  self->clinic = GTK_WINDOW (adw_application_window_new (self->application));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->clinic), label);
  gtk_window_present (self->clinic);
}

static void
activate_cb (GtkApplication *application, Bench *self)
{
  g_application_hold (G_APPLICATION (application));
  open_clinic (self);
  g_timeout_add_seconds (GIVE_UP_S + (guint) self->rounds * 2, give_up_cb, self);
  g_idle_add_full (G_PRIORITY_LOW, next_cb, self, NULL);
}

static void
add_features (WorkspaceSession *session, GString *names)
{
  for (const FeatureType *type = feature_table; *type; type++)
    {
      g_autoptr (WorkspaceFeature) feature = g_object_new ((*type) (), NULL);

      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "",
                              workspace_feature_get_id (feature));
      workspace_session_add_feature (session, feature);
    }
}

static void
run (
    Bench *self, StoreDatabase *store, BaseClock *clock, const char *content_folder, GString *names)
{
  g_autoptr (CareContext) context =
      care_context_new (store, clock, "Practitioner/bench", "Bench", "prescriber");
  g_autoptr (WorkspaceSession) session = workspace_session_new (context);
  g_autoptr (StoreContent) content = store_content_open (content_folder, &self->error);
  g_autoptr (AdwApplication) application = NULL;

  if (content == NULL)
    return;
  workspace_session_set_content (session, content);
  add_features (session, names);
  /* The program's own resources and style. */
  application = g_object_new (ADW_TYPE_APPLICATION, "application-id", "health.bedside.Bench.Chart",
                              "resource-base-path", "/health/bedside/Workstation", "flags",
                              G_APPLICATION_NON_UNIQUE, NULL);
  self->application = GTK_APPLICATION (application);
  self->session = session;
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), self);
  g_application_run (G_APPLICATION (application), 0, NULL);
}

int
main (int argc, char *argv[])
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GArray) empty = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) empty_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) useful_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) blank = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) useful = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GString) features = g_string_new (NULL);
  Bench self = { .empty = empty,
                 .blank = blank,
                 .useful = useful,
                 .empty_cpu = empty_cpu,
                 .useful_cpu = useful_cpu,
                 .next = next_cb };

  if (argc != 5 || atoi (argv[3]) < 1)
    return g_printerr ("usage: bench-chart-window FOLDER PATIENT ROUNDS CONTENT\n"), 2;
  g_autoptr (StoreDatabase) store = bench_open_records (argv[1], clock, &self.error);
  for (Part part = 0; part < N_PARTS; part++)
    self.of_parts[part] = g_array_new (FALSE, FALSE, sizeof (double));
  self.patient = argv[2];
  self.rounds = atoi (argv[3]);
  if (store != NULL)
    run (&self, store, clock, argv[4], features);
  json_builder_begin_object (builder);
  bench_add_samples (builder, "empty", empty);
  bench_add_samples (builder, "empty_cpu", empty_cpu);
  bench_add_samples (builder, "useful_cpu", useful_cpu);
  for (Part part = 0; part < N_PARTS; part++)
    {
      bench_add_samples (builder, part_names[part], self.of_parts[part]);
      g_array_unref (self.of_parts[part]);
    }
  bench_add_samples (builder, "blank", blank);
  bench_add_samples (builder, "useful", useful);
  bench_add_string (builder, "features", features->str);
  if (store != NULL)
    {
      bench_add_pragmas (builder, "pragmas", store, FALSE);
      store_database_close (store);
    }
  return bench_finish (builder, self.error);
}
