/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fits.h"

#include "workspace-alert.h"

/* What the answers of a question do is read whole in the smallest window with text twice as large.
 */

#define WIDTH  360
#define HEIGHT 740
#define LARGE  (96 * 2 * PANGO_SCALE)
#define ANSWER "Antworten und diese Verordnung ohne Zweitunterschrift senden"

typedef struct
{
  GtkWidget *window;
  AdwDialog *alert;
  gboolean large;
} Question;

static gboolean
has_width (gpointer window)
{
  return gtk_widget_get_width (window) > 0;
}

static void
open_question (Question *self)
{
  if (self->large)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", LARGE, NULL);
  self->window = g_object_new (ADW_TYPE_WINDOW, "width-request", WIDTH, NULL);
  adw_window_set_content (ADW_WINDOW (self->window), gtk_label_new ("page"));
  gtk_window_set_default_size (GTK_WINDOW (self->window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (self->window));
  g_assert_true (display_spin (has_width, self->window));
  self->alert = adw_alert_dialog_new ("Senden?", "Es geht in zehn Sekunden ab.");
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (self->alert), "keep", "_Behalten", "send",
                                  ANSWER, NULL);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (self->alert),
                                    gtk_button_new_with_label ("Kürzbar"));
}

static void
close_question (Question *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
}

static void
test_whole (gconstpointer large)
{
  Question question = { .large = large != NULL };

  open_question (&question);
  workspace_alert_present (question.alert, question.window);
  g_assert_true (display_spin (display_fits_is_whole, &(DisplayWhole) { question.window, ANSWER }));
  close_question (&question);
}

/* A dialog that is asked and answered in one call is presented by libadwaita. */
static void
test_choose (void)
{
  Question question = { .large = TRUE };

  open_question (&question);
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (question.alert), question.window, NULL, NULL, NULL);
  workspace_alert_wrap (question.alert, question.window);
  g_assert_true (display_spin (display_fits_is_whole, &(DisplayWhole) { question.window, ANSWER }));
  close_question (&question);
}

/* Two answers that would stand beside each other, cut, stand one above the other. */
static void
test_beside (void)
{
  Question question = { .large = FALSE };

  open_question (&question);
  adw_alert_dialog_set_prefer_wide_layout (ADW_ALERT_DIALOG (question.alert), TRUE);
  adw_alert_dialog_set_response_label (ADW_ALERT_DIALOG (question.alert), "send",
                                       "Verordnung senden");
  workspace_alert_present (question.alert, question.window);
  g_assert_true (display_spin (display_fits_is_whole,
                               &(DisplayWhole) { question.window, "Verordnung senden" }));
  g_assert_true (
      display_spin (display_fits_is_whole, &(DisplayWhole) { question.window, "Behalten" }));
  close_question (&question);
}

/* What stands in the dialog has its own rules. */
static void
test_own_child (void)
{
  Question question = { .large = FALSE };
  GtkWidget *own;

  open_question (&question);
  own = gtk_button_get_child (
      GTK_BUTTON (adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (question.alert))));
  workspace_alert_present (question.alert, question.window);
  g_assert_true (display_spin (display_fits_is_whole, &(DisplayWhole) { question.window, ANSWER }));
  g_assert_false (gtk_label_get_wrap (GTK_LABEL (own)));
  close_question (&question);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_data_func ("/workspace/alert/whole", NULL, test_whole);
  g_test_add_data_func ("/workspace/alert/whole-large", GINT_TO_POINTER (1), test_whole);
  g_test_add_func ("/workspace/alert/choose", test_choose);
  g_test_add_func ("/workspace/alert/beside", test_beside);
  g_test_add_func ("/workspace/alert/own-child", test_own_child);
  return g_test_run ();
}
