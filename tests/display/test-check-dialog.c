/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "check-dialog.h"
#include "today-check.h"

/* The test's dialog and its line on Today, with steps that say what the test tells them. */

#define TEST_TYPE_SAYING (test_saying_get_type ())
G_DECLARE_FINAL_TYPE (TestSaying, test_saying, TEST, SAYING, CheckStep)

struct _TestSaying
{
  CheckStep parent_instance;
  WorkspaceCheckLevel level;
  const char *sentence, *advice;
  gboolean hangs;
};

G_DEFINE_FINAL_TYPE (TestSaying, test_saying, CHECK_TYPE_STEP)

static void
cancelled_cb (GCancellable *cancellable, GTask *task)
{
  if (!g_task_get_completed (task))
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

static void
test_saying_run_async (CheckStep *step,
                       gboolean by_hand,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  TestSaying *self = TEST_SAYING (step);
  g_autoptr (GTask) task = g_task_new (step, NULL, callback, user_data);

  if (self->hangs)
    g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (cancelled_cb), g_object_ref (task),
                           (GClosureNotify) g_object_unref, 0);
  else
    g_task_return_pointer (task, check_result_new (self->level, self->sentence, self->advice),
                           (GDestroyNotify) check_result_free);
}

static void
test_saying_class_init (TestSayingClass *klass)
{
  CHECK_STEP_CLASS (klass)->run_async = test_saying_run_async;
}

static void
test_saying_init (TestSaying *self)
{
}

static TestSaying *
add (CheckRun *run,
     const char *title,
     WorkspaceCheckLevel level,
     const char *sentence,
     const char *advice)
{
  TestSaying *step = g_object_new (TEST_TYPE_SAYING, NULL);

  step->level = level;
  step->sentence = sentence;
  step->advice = advice;
  check_step_set_up (CHECK_STEP (step), title, 10, NULL);
  check_run_add (run, CHECK_STEP (step));
  return step;
}

static GtkWidget *
open_window (GtkWidget *content)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, NULL);

  gtk_window_set_default_size (GTK_WINDOW (window), 900, 800);
  adw_window_set_content (ADW_WINDOW (window), content);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
press (GtkWidget *window, const char *label)
{
  GtkWidget *found = display_find_label (window, label);

  g_assert_nonnull (found);
  g_signal_emit_by_name (gtk_widget_get_ancestor (found, GTK_TYPE_BUTTON), "clicked");
}

static void
test_steps (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (CheckRun) run = check_run_new (fixture->care.clock);
  TestSaying *camera = add (run, "Camera", WORKSPACE_CHECK_RED, "There is none.", "Plug one in.");
  GtkWidget *window, *row;
  AdwDialog *dialog;

  add (run, "Clock", WORKSPACE_CHECK_GREEN, "It is right.", NULL);
  window = open_window (gtk_label_new ("Behind"));
  dialog = check_dialog_new (run);
  adw_dialog_present (dialog, window);
  display_assert_label (window, "This workplace was not tested.");
  display_assert_label (window, "Not tested");
  press (window, "Test Everything");
  display_assert_label (window, "Not ready for visits: Camera");
  display_assert_label (window, "There is none.");
  display_assert_label (window, "Plug one in.");
  display_assert_label (window, "Not good");
  display_assert_label (window, "Good");
  row = gtk_widget_get_ancestor (display_find_label (window, "There is none."),
                                 GTK_TYPE_LIST_BOX_ROW);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Camera: Not good. There is none. Plug one in.");
  /* only this one again */
  camera->level = WORKSPACE_CHECK_GREEN;
  camera->sentence = "A picture.";
  camera->advice = NULL;
  g_signal_emit_by_name (gtk_widget_get_last_child (gtk_widget_get_first_child (row)), "clicked");
  display_assert_label (window, "Ready for visits");
  adw_dialog_force_close (dialog);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_stop (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (CheckRun) run = check_run_new (fixture->care.clock);
  TestSaying *camera = add (run, "Camera", WORKSPACE_CHECK_GREEN, "A picture.", NULL);
  GtkWidget *window = open_window (gtk_label_new ("Behind"));
  AdwDialog *dialog = check_dialog_new (run);

  camera->hangs = TRUE;
  adw_dialog_present (dialog, window);
  display_assert_label (window, "Test Everything");
  press (window, "Test Everything");
  display_assert_label (window, "Testing…");
  press (window, "Stop");
  display_assert_label (window, "Stopped before there was a result.");
  g_assert_false (check_run_is_running (run));
  adw_dialog_force_close (dialog);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Red is seen on Today before anything else was asked, and goes when it is mended. */
static void
test_line_on_today (DisplayFixture *fixture, gconstpointer data)
{
  WorkspaceCheck *check = workspace_session_get_check (fixture->session);
  TodayCheck *line = g_object_new (TODAY_TYPE_CHECK, NULL);
  GtkWidget *window = open_window (GTK_WIDGET (line));
  GtkWidget *button;

  today_check_show (line, check);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (line)));
  workspace_check_set (check, WORKSPACE_CHECK_RED, "Not ready for visits: Camera");
  display_assert_label (window, "Not ready for visits: Camera");
  button = gtk_widget_get_ancestor (display_find_label (window, "Not ready"), GTK_TYPE_BUTTON);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Not ready for visits: Camera");
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==, "win.self-test");
  workspace_check_set (check, WORKSPACE_CHECK_GREEN, "Ready for visits");
  display_assert_label (window, "Ready for visits");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/check-dialog/steps", test_steps);
  display_add ("/check-dialog/stop", test_stop);
  display_add ("/check-dialog/line-on-today", test_line_on_today);
  return g_test_run ();
}
