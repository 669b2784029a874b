/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-workspace.h"

#include "workspace-feature.h"

/* bench-chart-pages FOLDER CONTENT PATIENT: whether the pages of a large chart keep up with the
 * screen, by the frame clock's own times. First each page is shown once; then, one after the other:
 * the pages in turn, a switch every few frames; the longest list standing still, at the speed of a
 * hand, and a screenful each frame from its first row to its last. */

#define SETTLE_MS    1500 /* after the first visit of a page */
#define REST_FRAMES  20   /* between two switches */
#define ROUNDS       10   /* of switches through all pages */
#define STILL_FRAMES 600
#define HAND_FRAMES  600
#define HAND_PIXELS  90 /* a frame: a quick wheel */
#define GIVE_UP_S    240
#define LATE         1.5 /* refresh intervals between two frames: one was dropped */

typedef enum
{
  STEP_SWITCH,
  STEP_STILL,
  STEP_HAND,
  STEP_WHOLE,
} Step;
#define N_STEPS (STEP_WHOLE + 1)

static const char *const step_names[N_STEPS] = { "switch", "still", "hand", "whole" };

typedef struct
{
  BenchWorkspace *workspace;
  const char *patient;
  WorkspacePatientWindow *window;
  GPtrArray *pages;  /* their ids */
  GtkListView *list; /* the longest */
  const char *list_page;
  guint rows;

  Step step;
  guint frame, rest, visited, switches;
  gboolean counted;        /* the frame in hand is one that counts */
  gint64 before;           /* frame time of the one before, or 0 */
  double began, began_cpu; /* the work of this frame */
  GArray *work[N_STEPS];   /* seconds from before-paint to after-paint */
  GArray *cpu[N_STEPS];    /* the same on the processor, of all threads */
  GPtrArray *of_pages;     /* GArray: the same of a switch to each page */
  guint dropped[N_STEPS];  /* frames that the screen waited for */
  GString *late;           /* pages whose switch was */
  const char *switched;    /* the page that this frame shows first */
  JsonBuilder *builder;
  GError *error;
} Bench;

/* ---- what there is ---- */

static void
list_pages (Bench *self)
{
  GListModel *features = workspace_session_get_features (self->workspace->session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n);

      for (gsize o = 0; o < n; o++)
        if (offers[o].place == WORKSPACE_PLACE_PATIENT_PAGE)
          {
            g_ptr_array_add (self->pages, (gpointer) offers[o].id);
            g_ptr_array_add (self->of_pages, g_array_new (FALSE, FALSE, sizeof (double)));
          }
    }
}

/* The longest list under @widget that is seen. */
static void
find_list (GtkWidget *widget, GtkListView **list, guint *rows)
{
  GtkSelectionModel *model =
      GTK_IS_LIST_VIEW (widget) ? gtk_list_view_get_model (GTK_LIST_VIEW (widget)) : NULL;

  if (!gtk_widget_get_mapped (widget))
    return;
  if (model != NULL && g_list_model_get_n_items (G_LIST_MODEL (model)) > *rows)
    {
      *rows = g_list_model_get_n_items (G_LIST_MODEL (model));
      *list = GTK_LIST_VIEW (widget);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    find_list (child, list, rows);
}

static GtkAdjustment *
place_of (Bench *self)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list));
}

/* ---- a frame ---- */

static void
before_paint_cb (GdkFrameClock *clock, Bench *self)
{
  self->began = bench_now ();
  self->began_cpu = bench_cpu ();
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *self)
{
  double seconds = bench_now () - self->began, cpu = bench_cpu () - self->began_cpu;

  if (!self->counted)
    return;
  g_array_append_val (self->work[self->step], seconds);
  g_array_append_val (self->cpu[self->step], cpu);
  if (self->step == STEP_SWITCH)
    {
      GArray *of_page = self->of_pages->pdata[(self->switches - 1) % self->pages->len];

      g_array_append_val (of_page, cpu);
    }
}

/* Judges the frame before: it was late if this one does not follow it at once. */
static void
judge (Bench *self, GdkFrameClock *clock)
{
  GdkFrameTimings *timings = gdk_frame_clock_get_current_timings (clock);
  gint64 now = gdk_frame_timings_get_frame_time (timings), interval = 0;

  gdk_frame_clock_get_refresh_info (clock, now, &interval, NULL);
  if (self->counted && self->before > 0 && (double) (now - self->before) > LATE * (double) interval)
    {
      self->dropped[self->step] += (guint) ((now - self->before + interval / 2) / interval) - 1;
      if (self->switched)
        g_string_append_printf (self->late, "%s%s", self->late->len ? " " : "", self->switched);
    }
  self->before = now;
  self->switched = NULL;
}

static gboolean
switch_page (Bench *self)
{
  self->counted = self->frame % REST_FRAMES == 0;
  if (!self->counted)
    return TRUE;
  if (self->switches == ROUNDS * self->pages->len)
    return FALSE;
  self->switched = self->pages->pdata[self->switches++ % self->pages->len];
  workspace_patient_window_show (self->window, self->switched);
  return TRUE;
}

/* FALSE: it was the last of this step. */
static gboolean
scroll (Bench *self, double pixels)
{
  GtkAdjustment *place = place_of (self);
  double last = gtk_adjustment_get_upper (place) - gtk_adjustment_get_page_size (place);

  self->counted = TRUE;
  if (gtk_adjustment_get_value (place) >= last)
    return FALSE;
  gtk_adjustment_set_value (place, gtk_adjustment_get_value (place) + pixels);
  return TRUE;
}

static gboolean
draw_still (Bench *self)
{
  self->counted = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self->list));
  return self->frame < STILL_FRAMES;
}

static gboolean
advance (Bench *self)
{
  self->frame++;
  switch (self->step)
    {
    case STEP_SWITCH:
      return switch_page (self);
    case STEP_STILL:
      return draw_still (self);
    case STEP_HAND:
      return self->frame < HAND_FRAMES && scroll (self, HAND_PIXELS);
    case STEP_WHOLE:
      return scroll (self, gtk_adjustment_get_page_size (place_of (self)));
    }
  return FALSE;
}

/* The next step begins when the screen is at rest, at the top of the list. */
static gboolean
begin_next (Bench *self)
{
  self->counted = FALSE;
  self->before = 0;
  self->frame = 0;
  if (self->step == STEP_WHOLE)
    {
      bench_workspace_quit (self->workspace);
      return G_SOURCE_REMOVE;
    }
  self->step++;
  self->rest = REST_FRAMES;
  workspace_patient_window_show (self->window, self->list_page);
  gtk_adjustment_set_value (place_of (self), 0);
  return G_SOURCE_CONTINUE;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Bench *self = data;

  judge (self, clock);
  if (self->rest > 0)
    {
      self->rest--;
      return G_SOURCE_CONTINUE;
    }
  return advance (self) ? G_SOURCE_CONTINUE : begin_next (self);
}

/* ---- the first visits ---- */

static void
begin (Bench *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self->window));

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), self);
  gtk_widget_add_tick_callback (GTK_WIDGET (self->window), tick_cb, self, NULL);
}

static gboolean
visit_cb (gpointer data)
{
  Bench *self = data;
  GtkListView *list = NULL;

  find_list (GTK_WIDGET (self->window), &list, &self->rows);
  if (list)
    {
      self->list = list;
      self->list_page = self->pages->pdata[self->visited - 1];
    }
  if (self->visited < self->pages->len)
    {
      workspace_patient_window_show (self->window, self->pages->pdata[self->visited++]);
      return G_SOURCE_CONTINUE;
    }
  if (self->list)
    {
      begin (self);
      return G_SOURCE_REMOVE;
    }
  g_set_error_literal (&self->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no page has a list");
  bench_workspace_quit (self->workspace);
  return G_SOURCE_REMOVE;
}

static gboolean
give_up_cb (gpointer data)
{
  Bench *self = data;

  g_set_error (&self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "not past step %s in %d s",
               step_names[self->step], GIVE_UP_S);
  bench_workspace_quit (self->workspace);
  return G_SOURCE_REMOVE;
}

static void
filled_cb (WorkspacePatient *patient, Bench *self)
{
  g_signal_handlers_disconnect_by_func (patient, filled_cb, self);
  g_timeout_add (SETTLE_MS, visit_cb, self);
}

static void
activate (BenchWorkspace *workspace, gpointer data)
{
  Bench *self = data;

  self->workspace = workspace;
  list_pages (self);
  self->window =
      workspace_patient_window_new (workspace->application, workspace->session, self->patient);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1280, 860);
  g_signal_connect (workspace_patient_window_get_patient (self->window), "summary-changed",
                    G_CALLBACK (filled_cb), self);
  gtk_window_present (GTK_WINDOW (self->window));
  g_timeout_add_seconds (GIVE_UP_S, give_up_cb, self);
}

static void
ended (BenchWorkspace *workspace, gpointer data)
{
  Bench *self = data;

  bench_add_integer (self->builder, "rows", self->rows);
  bench_add_integer (self->builder, "pages", self->pages->len);
  bench_add_string (self->builder, "list_page", self->list_page ? self->list_page : "");
  bench_add_string (self->builder, "late_pages", self->late->str);
  for (Step step = 0; step < N_STEPS; step++)
    {
      g_autofree char *name = g_strdup_printf ("%s_dropped", step_names[step]);

      g_autofree char *cpu = g_strdup_printf ("%s_cpu", step_names[step]);

      bench_add_samples (self->builder, step_names[step], self->work[step]);
      bench_add_samples (self->builder, cpu, self->cpu[step]);
      bench_add_integer (self->builder, name, self->dropped[step]);
    }
  json_builder_set_member_name (self->builder, "page_cpu");
  json_builder_begin_object (self->builder);
  for (guint i = 0; i < self->pages->len; i++)
    bench_add_samples (self->builder, self->pages->pdata[i], self->of_pages->pdata[i]);
  json_builder_end_object (self->builder);
  bench_add_string (self->builder, "features", workspace->features->str);
}

int
main (int argc, char *argv[])
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) pages = g_ptr_array_new ();
  g_autoptr (GString) late = g_string_new (NULL);
  g_autoptr (GPtrArray) of_pages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  Bench self = { .pages = pages, .of_pages = of_pages, .late = late, .builder = builder };

  if (argc != 4)
    return g_printerr ("usage: bench-chart-pages FOLDER CONTENT PATIENT\n"), 2;
  self.patient = argv[3];
  for (Step step = 0; step < N_STEPS; step++)
    {
      self.work[step] = g_array_new (FALSE, FALSE, sizeof (double));
      self.cpu[step] = g_array_new (FALSE, FALSE, sizeof (double));
    }
  json_builder_begin_object (builder);
  bench_workspace_run (argv[1], argv[2], activate, ended, &self, &self.error);
  for (Step step = 0; step < N_STEPS; step++)
    {
      g_array_unref (self.work[step]);
      g_array_unref (self.cpu[step]);
    }
  return bench_finish (builder, self.error);
}
