/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-workspace.h"

#include "care-cohort.h"
#include "workspace-feature.h"

/* bench-chart-pages FOLDER CONTENT switch PATIENT
 * bench-chart-pages FOLDER CONTENT PAGE ROWS [PATIENT]
 *
 * Whether pages keep up with the screen, by the frame clock's own times.
 *
 * switch: each page of a chart is shown once; then all in turn, a switch every few frames.
 * PAGE: of the patient's window, or of the clinic's where there is none (with a saved list of
 * everybody): its list, once it has so many ROWS, standing still, at the speed of a hand, and a
 * screenful each frame from its first row to its last; then in a window of its own a list of as
 * many labels of that height, by hand and as a whole. A step that takes too long ends with what it
 * has. */

#define SETTLE_MS    700 /* after the first visit of a page */
#define POLL_MS      200 /* until the timeline has its rows */
#define REST_FRAMES  10  /* between two switches */
#define ROUNDS       6   /* of switches through all pages */
#define STILL_FRAMES 300
#define HAND_FRAMES  300
#define HAND_PIXELS  90 /* a frame: a quick wheel */
#define GIVE_UP_S    150
#define LATE         1.5 /* refresh intervals between two frames: one was dropped */
#define EVERYBODY    "Everybody"

typedef enum
{
  STEP_SWITCH,
  STEP_STILL,
  STEP_HAND,
  STEP_WHOLE,
  STEP_PLAIN_HAND,
  STEP_PLAIN_WHOLE,
} Step;
#define N_STEPS (STEP_PLAIN_WHOLE + 1)

static const struct
{
  const char *name;
  guint seconds; /* at the most */
} steps[N_STEPS] = {
  { "switch", 20 }, { "still", 8 },       { "hand", 10 },
  { "whole", 25 },  { "plain_hand", 10 }, { "plain_whole", 25 },
};

typedef struct
{
  BenchWorkspace *workspace;
  const char *patient; /* NULL: a page of the clinic's */
  const char *page;    /* NULL: pages are switched */
  guint wanted;        /* rows */
  GtkWindow *window, *plain;
  GPtrArray *pages;  /* their ids */
  GtkListView *list; /* the one that is scrolled */
  guint rows;
  double row_height;

  GtkTickCallback tick;
  Step step;
  guint frame, rest, visited, switches;
  gint64 until;                        /* when this step ends, whatever is left of it */
  gboolean counted;                    /* the frame in hand is one that counts */
  gint64 before;                       /* frame time of the one before, or 0 */
  double began, began_cpu, began_main; /* the work of this frame */
  GArray *work[N_STEPS];               /* seconds from before-paint to after-paint */
  GArray *cpu[N_STEPS];                /* the same on the processor, of all threads */
  GArray *main[N_STEPS];  /* and of this thread alone: without a graphics card others rasterize */
  GPtrArray *of_pages;    /* GArray: the same of a switch to each page */
  guint dropped[N_STEPS]; /* frames that the screen waited for */
  GString *late;          /* pages whose switch was */
  const char *switched;   /* the page that this frame shows first */
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
  self->began_main = bench_thread_cpu ();
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *self)
{
  double seconds = bench_now () - self->began, cpu = bench_cpu () - self->began_cpu,
         main = bench_thread_cpu () - self->began_main;

  if (!self->counted)
    return;
  g_array_append_val (self->work[self->step], seconds);
  g_array_append_val (self->cpu[self->step], cpu);
  g_array_append_val (self->main[self->step], main);
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
  workspace_patient_window_show (WORKSPACE_PATIENT_WINDOW (self->window), self->switched);
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
  if (g_get_monotonic_time () > self->until)
    return FALSE;
  switch (self->step)
    {
    case STEP_SWITCH:
      return switch_page (self);
    case STEP_STILL:
      return draw_still (self);
    case STEP_HAND:
    case STEP_PLAIN_HAND:
      return self->frame < HAND_FRAMES && scroll (self, HAND_PIXELS);
    case STEP_WHOLE:
    case STEP_PLAIN_WHOLE:
      return scroll (self, gtk_adjustment_get_page_size (place_of (self)));
    }
  return FALSE;
}

/* A step begins when the screen is at rest, at the top of the list. */
static void
begin_step (Bench *self, Step step)
{
  self->step = step;
  self->counted = FALSE;
  self->before = 0;
  self->frame = 0;
  self->rest = REST_FRAMES;
  self->until = g_get_monotonic_time () + steps[step].seconds * G_USEC_PER_SEC;
  if (self->list)
    gtk_adjustment_set_value (place_of (self), 0);
}

static void
begin_in (Bench *self, GtkWidget *window, Step step)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), self);
  begin_step (self, step);
  gtk_widget_add_tick_callback (window, self->tick, self, NULL);
}

/* ---- the list to compare with ---- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Bench *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_size_request (label, -1, (int) self->row_height);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Bench *self)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static GtkWidget *
make_plain_list (Bench *self)
{
  GtkStringList *lines = gtk_string_list_new (NULL);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  for (guint i = 0; i < self->rows; i++)
    gtk_string_list_take (lines, g_strdup_printf ("%u", i));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  return gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (lines))),
                            factory);
}

static gboolean
begin_plain_cb (gpointer data)
{
  Bench *self = data;

  begin_in (self, GTK_WIDGET (self->plain), STEP_PLAIN_HAND);
  return G_SOURCE_REMOVE;
}

static gboolean
open_plain_cb (gpointer data)
{
  Bench *self = data;
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  double height = gtk_adjustment_get_upper (place_of (self)) / self->rows;

  self->row_height = height;
  gtk_window_destroy (g_steal_pointer (&self->window));
  self->list = GTK_LIST_VIEW (make_plain_list (self));
  self->plain = GTK_WINDOW (adw_application_window_new (self->workspace->application));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->plain), scrolled);
  gtk_window_set_default_size (self->plain, 1280, 860);
  gtk_window_present (self->plain);
  g_timeout_add (SETTLE_MS, begin_plain_cb, self);
  return G_SOURCE_REMOVE;
}

/* ---- from step to step ---- */

static gboolean
begin_next (Bench *self)
{
  self->counted = FALSE;
  if (self->step == STEP_SWITCH || self->step == STEP_PLAIN_WHOLE)
    bench_workspace_quit (self->workspace);
  else if (self->step == STEP_WHOLE)
    g_idle_add (open_plain_cb, self);
  else
    {
      begin_step (self, self->step + 1);
      return G_SOURCE_CONTINUE;
    }
  return G_SOURCE_REMOVE;
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

static gboolean
visit_cb (gpointer data)
{
  Bench *self = data;

  if (self->visited < self->pages->len)
    {
      workspace_patient_window_show (WORKSPACE_PATIENT_WINDOW (self->window),
                                     self->pages->pdata[self->visited++]);
      return G_SOURCE_CONTINUE;
    }
  begin_in (self, GTK_WIDGET (self->window), STEP_SWITCH);
  return G_SOURCE_REMOVE;
}

static gboolean
poll_cb (gpointer data)
{
  Bench *self = data;

  find_list (GTK_WIDGET (self->window), &self->list, &self->rows);
  if (self->rows < self->wanted)
    return G_SOURCE_CONTINUE;
  begin_in (self, GTK_WIDGET (self->window), STEP_STILL);
  return G_SOURCE_REMOVE;
}

static gboolean
give_up_cb (gpointer data)
{
  Bench *self = data;

  g_set_error (&self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "not past step %s in %d s",
               steps[self->step].name, GIVE_UP_S);
  bench_workspace_quit (self->workspace);
  return G_SOURCE_REMOVE;
}

static void
filled_cb (WorkspacePatient *patient, Bench *self)
{
  g_signal_handlers_disconnect_by_func (patient, filled_cb, self);
  if (!self->page)
    {
      g_timeout_add (SETTLE_MS, visit_cb, self);
      return;
    }
  workspace_patient_window_show (WORKSPACE_PATIENT_WINDOW (self->window), self->page);
  g_timeout_add (POLL_MS, poll_cb, self);
}

/* ---- a page of the clinic's ---- */

static gboolean
save_work (StoreConnection *connection, gpointer data, GError **error)
{
  Bench *self = data;
  g_autoptr (CareCohort) everybody = care_cohort_new (NULL, EVERYBODY);

  care_cohort_add_rule (everybody, CARE_COHORT_AGE, NULL, NULL, 0, 0, 0);
  return care_cohort_save (connection, workspace_session_get_context (self->workspace->session),
                           everybody, error);
}

/* The button under @widget that shows the list. */
static GtkWidget *
find_button (GtkWidget *widget)
{
  GtkWidget *label =
      GTK_IS_TOGGLE_BUTTON (widget) ? gtk_button_get_child (GTK_BUTTON (widget)) : NULL;
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (label) && g_str_has_prefix (gtk_label_get_label (GTK_LABEL (label)), EVERYBODY))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child);
  return found;
}

static gboolean
choose_cb (gpointer data)
{
  Bench *self = data;
  GtkWidget *button = find_button (GTK_WIDGET (self->window));

  if (!button)
    return G_SOURCE_CONTINUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  g_timeout_add (POLL_MS, poll_cb, self);
  return G_SOURCE_REMOVE;
}

static GtkWidget *
make_clinic_page (Bench *self)
{
  GListModel *features = workspace_session_get_features (self->workspace->session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n);

      for (gsize o = 0; o < n; o++)
        if (offers[o].place == WORKSPACE_PLACE_CLINIC && g_str_equal (offers[o].id, self->page))
          return workspace_feature_create_clinic_page (feature, &offers[o],
                                                       self->workspace->session);
    }
  return NULL;
}

static void
open_clinic_page (Bench *self)
{
  GtkWidget *page = make_clinic_page (self);

  if (!page || !store_database_write (self->workspace->store, BASE_LANE_PERSON, save_work, self,
                                      &self->error))
    {
      bench_workspace_quit (self->workspace);
      return;
    }
  self->window = GTK_WINDOW (adw_application_window_new (self->workspace->application));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), page);
  g_timeout_add (POLL_MS, choose_cb, self);
}

static void
open_chart (Bench *self)
{
  WorkspacePatientWindow *window =
      workspace_patient_window_new (self->workspace->application, self->workspace->session,
                                    self->patient);

  self->window = GTK_WINDOW (window);
  g_signal_connect (workspace_patient_window_get_patient (window), "summary-changed",
                    G_CALLBACK (filled_cb), self);
}

static void
activate (BenchWorkspace *workspace, gpointer data)
{
  Bench *self = data;

  self->workspace = workspace;
  list_pages (self);
  if (self->patient)
    open_chart (self);
  else
    open_clinic_page (self);
  if (!self->window)
    return;
  gtk_window_set_default_size (self->window, 1280, 860);
  gtk_window_present (self->window);
  g_timeout_add_seconds (GIVE_UP_S, give_up_cb, self);
}

static void
add_step (Bench *self, Step step)
{
  g_autofree char *dropped = g_strdup_printf ("%s_dropped", steps[step].name);
  g_autofree char *cpu = g_strdup_printf ("%s_cpu", steps[step].name);
  g_autofree char *main = g_strdup_printf ("%s_main", steps[step].name);

  if (self->work[step]->len == 0)
    return;
  bench_add_samples (self->builder, steps[step].name, self->work[step]);
  bench_add_samples (self->builder, cpu, self->cpu[step]);
  bench_add_samples (self->builder, main, self->main[step]);
  bench_add_integer (self->builder, dropped, self->dropped[step]);
}

static void
ended (BenchWorkspace *workspace, gpointer data)
{
  Bench *self = data;

  bench_add_integer (self->builder, "rows", self->rows);
  bench_add_integer (self->builder, "pages", self->pages->len);
  bench_add_double (self->builder, "row_height", self->row_height);
  bench_add_string (self->builder, "late_pages", self->late->str);
  for (Step step = 0; step < N_STEPS; step++)
    add_step (self, step);
  json_builder_set_member_name (self->builder, "page_cpu");
  json_builder_begin_object (self->builder);
  for (guint i = 0; i < self->pages->len; i++)
    if (((GArray *) self->of_pages->pdata[i])->len > 0)
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
  Bench self = {
    .tick = tick_cb, .pages = pages, .of_pages = of_pages, .late = late, .builder = builder
  };

  if (argc < 5)
    return g_printerr ("usage: bench-chart-pages FOLDER CONTENT switch PATIENT\n"
                       "       bench-chart-pages FOLDER CONTENT PAGE ROWS [PATIENT]\n"),
           2;
  if (g_str_equal (argv[3], "switch"))
    self.patient = argv[4];
  else
    {
      self.page = argv[3];
      self.wanted = (guint) g_ascii_strtoull (argv[4], NULL, 10);
      self.patient = argc > 5 ? argv[5] : NULL;
    }
  for (Step step = 0; step < N_STEPS; step++)
    {
      self.work[step] = g_array_new (FALSE, FALSE, sizeof (double));
      self.cpu[step] = g_array_new (FALSE, FALSE, sizeof (double));
      self.main[step] = g_array_new (FALSE, FALSE, sizeof (double));
    }
  json_builder_begin_object (builder);
  bench_workspace_run (argv[1], argv[2], activate, ended, &self, &self.error);
  for (Step step = 0; step < N_STEPS; step++)
    {
      g_array_unref (self.work[step]);
      g_array_unref (self.cpu[step]);
      g_array_unref (self.main[step]);
    }
  return bench_finish (builder, self.error);
}
