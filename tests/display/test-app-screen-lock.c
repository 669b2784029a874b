/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-screen-lock.h"
#include "display-find.h"

typedef struct
{
  BaseClock *clock;
  AppScreenLock *lock;
  GtkWidget *chart, *cover;
  guint idle;
} Fixture;

static void
idle_cb (Fixture *fixture)
{
  fixture->idle++;
}

static GtkWidget *
open_window (const char *text)
{
  GtkWidget *window = adw_window_new ();

  adw_window_set_content (ADW_WINDOW (window), gtk_label_new (text));
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 300);
  return window;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2026, 11, 22, 9, 0, 0);

  fixture->clock = base_clock_new_at (start);
  fixture->lock = app_screen_lock_new (fixture->clock);
  g_signal_connect_swapped (fixture->lock, "idle", G_CALLBACK (idle_cb), fixture);
  fixture->chart = open_window ("SMITH, Jane");
  fixture->cover = open_window ("cover");
  gtk_window_present (GTK_WINDOW (fixture->chart));
  display_assert_label (fixture->chart, "SMITH, Jane");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->chart));
  gtk_window_destroy (GTK_WINDOW (fixture->cover));
  g_clear_object (&fixture->lock);
  g_clear_object (&fixture->clock);
}

static gboolean
is_visible (GtkWidget *window)
{
  return gtk_widget_get_visible (window);
}

/* Nothing but the cover is on the screen; a dialog of the chart is not either. Afterwards all is as
 * it was. */
static void
test_cover (Fixture *fixture, gconstpointer data)
{
  AdwDialog *dialog = adw_dialog_new ();

  adw_dialog_set_child (dialog, gtk_label_new ("penicillin"));
  adw_dialog_present (dialog, fixture->chart);
  display_assert_label (fixture->chart, "penicillin");
  app_screen_lock_lock (fixture->lock, GTK_WINDOW (fixture->cover));
  g_assert_true (app_screen_lock_is_locked (fixture->lock));
  g_assert_false (is_visible (fixture->chart));
  g_assert_true (is_visible (fixture->cover));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (dialog)));
  app_screen_lock_unlock (fixture->lock);
  display_assert_label (fixture->chart, "penicillin");
  g_assert_false (is_visible (fixture->cover));
}

/* H9: an action from the bus, or a second start of the program, opens no chart while it is locked;
 * what was asked for is there afterwards. */
static void
test_opened_meanwhile (Fixture *fixture, gconstpointer data)
{
  GtkWidget *late = NULL;

  app_screen_lock_lock (fixture->lock, GTK_WINDOW (fixture->cover));
  gtk_window_present (GTK_WINDOW (fixture->chart));
  g_assert_false (is_visible (fixture->chart));
  late = open_window ("JONES, Bob");
  gtk_window_present (GTK_WINDOW (late));
  g_assert_false (is_visible (late));
  app_screen_lock_unlock (fixture->lock);
  display_assert_label (late, "JONES, Bob");
  gtk_window_destroy (GTK_WINDOW (late));
}

/* A window that is gone when the screen opens does not come back. */
static void
test_closed_meanwhile (Fixture *fixture, gconstpointer data)
{
  GtkWidget *other = open_window ("JONES, Bob");
  guint before = 0;

  gtk_window_present (GTK_WINDOW (other));
  app_screen_lock_lock (fixture->lock, GTK_WINDOW (fixture->cover));
  gtk_window_destroy (GTK_WINDOW (other));
  before = g_list_model_get_n_items (gtk_window_get_toplevels ());
  app_screen_lock_unlock (fixture->lock);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, before);
}

static void
test_idle (Fixture *fixture, gconstpointer data)
{
  app_screen_lock_check (fixture->lock);
  base_clock_advance (fixture->clock, G_TIME_SPAN_DAY);
  app_screen_lock_check (fixture->lock);
  g_assert_cmpuint (fixture->idle, ==, 0); /* nobody set any minutes */

  app_screen_lock_touch (fixture->lock);
  app_screen_lock_set_minutes (fixture->lock, 5);
  base_clock_advance (fixture->clock, 4 * G_TIME_SPAN_MINUTE);
  app_screen_lock_check (fixture->lock);
  g_assert_cmpuint (fixture->idle, ==, 0);
  app_screen_lock_touch (fixture->lock);
  base_clock_advance (fixture->clock, 4 * G_TIME_SPAN_MINUTE);
  app_screen_lock_check (fixture->lock);
  g_assert_cmpuint (fixture->idle, ==, 0); /* somebody was there in between */
  base_clock_advance (fixture->clock, G_TIME_SPAN_MINUTE);
  app_screen_lock_check (fixture->lock);
  g_assert_cmpuint (fixture->idle, ==, 1);
}

/* Whoever listens to a patient touches nothing: the visit is not covered, and when it has ended
 * there are the minutes again. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  app_screen_lock_set_minutes (fixture->lock, 5);
  app_screen_lock_set_held (fixture->lock, TRUE);
  base_clock_advance (fixture->clock, G_TIME_SPAN_HOUR);
  app_screen_lock_check (fixture->lock);
  app_screen_lock_set_held (fixture->lock, FALSE);
  app_screen_lock_check (fixture->lock);
  g_assert_cmpuint (fixture->idle, ==, 0);
  base_clock_advance (fixture->clock, 5 * G_TIME_SPAN_MINUTE);
  app_screen_lock_check (fixture->lock);
  g_assert_cmpuint (fixture->idle, ==, 1);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  add ("/app/screen-lock/cover", test_cover);
  add ("/app/screen-lock/opened-meanwhile", test_opened_meanwhile);
  add ("/app/screen-lock/closed-meanwhile", test_closed_meanwhile);
  add ("/app/screen-lock/idle", test_idle);
  add ("/app/screen-lock/held", test_held);
  return g_test_run ();
}
