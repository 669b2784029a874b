/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "last-reference.h"
#include "visit-quality-chart.h"
#include "visit-quality-dialog.h"

/* The figures of a call, on a display, without a call. */

typedef struct
{
  MediaHistory *history;
  VisitQualityDialog *dialog;
  GtkWidget *window;
  gboolean copied;
  char *text;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->history = media_history_new ();
  self->window = g_object_new (ADW_TYPE_WINDOW, "default-width", 560, "default-height", 820, NULL);
  adw_window_set_content (ADW_WINDOW (self->window), gtk_label_new ("below"));
  gtk_window_present (GTK_WINDOW (self->window));
  self->dialog = visit_quality_dialog_new (self->history, VISIT_RUNG_AUTOMATIC);
  adw_dialog_present (ADW_DIALOG (self->dialog), self->window);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  display_settle ();
  last_reference_drop (self->history);
  g_free (self->text);
}

static void
add (Fixture *self, int second, double loss, MediaVerdict verdict)
{
  const MediaQuality quality = {
    .verdict = verdict,
    .round_trip_ms = 40 + second,
    .out = { loss, 5, 800, 1000, 30 },
    .in = { 0, -1, 900, -1, 29 },
    .rung = MEDIA_RUNG_SD,
    .their_rung = MEDIA_RUNG_THUMBNAIL,
  };

  media_history_add (self->history, &quality, (gint64) second * G_USEC_PER_SEC);
}

static void
test_figures (Fixture *self, gconstpointer data)
{
  GtkWidget *root = GTK_WIDGET (self->dialog);

  display_assert_label (root, "Nothing is measured before a call.");
  for (int i = 1; i <= 100; i++)
    add (self, i, i == 50 ? 12.5 : 2, MEDIA_VERDICT_GOOD);
  display_assert_label (root, "Picture and sound arrive well.");
  display_assert_label (root, "2.0 % to the patient, 0.0 % from the patient; at most 12.5 %");
  display_assert_label (root, "There and back now: 140 ms");
  display_assert_label (root, "800 kbit/s of pictures to the patient, 900 kbit/s from");
  display_assert_label (root, "Sent now: normal picture. Asked of the patient: small picture. "
                              "Bedside chooses.");
  display_assert_label (root, "5 to the patient, not known from the patient");
  visit_quality_dialog_set_chosen_rung (self->dialog, MEDIA_RUNG_AUDIO);
  display_assert_label (root, "You allow at most: sound alone.");
  add (self, 101, 2, MEDIA_VERDICT_LOST); /* it follows the call */
  display_assert_label (root, "Nothing gets through just now");
}

static GtkWidget *
find_type (GtkWidget *widget, GType type, const char *icon_name)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) &&
      (icon_name == NULL ||
       g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), icon_name) == 0))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type, icon_name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The graph is there for who does not see it. */
static void
test_graph_in_words (Fixture *self, gconstpointer data)
{
  g_autofree char *wrong = NULL;
  GtkWidget *chart = find_type (GTK_WIDGET (self->dialog), VISIT_TYPE_QUALITY_CHART, NULL);

  g_assert_nonnull (chart);
  add (self, 1, 2, MEDIA_VERDICT_GOOD);
  gtk_test_accessible_assert_role (chart, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (chart, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Lost on the way, in percent");
  wrong = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "Lost on the way now: 2.0 % to the patient, 0.0 % from the patient; at most 2.0 % and 0.0 % "
      "in five minutes.");
  g_assert_cmpstr (wrong, ==, NULL);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;

  self->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  self->copied = TRUE;
}

static gboolean
is_copied (gpointer data)
{
  return ((Fixture *) data)->copied;
}

static void
test_copy (Fixture *self, gconstpointer data)
{
  GtkWidget *button;

  for (int i = 1; i <= 3; i++)
    add (self, i, 2, MEDIA_VERDICT_GOOD);
  button = find_type (GTK_WIDGET (self->dialog), GTK_TYPE_BUTTON, "edit-copy-symbolic");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (self->window), NULL, read_cb, self);
  g_assert_true (display_spin (is_copied, self));
  g_assert_nonnull (strstr (self->text, "\n  2: good sd/thumbnail rtt 41 "));
  g_assert_nonnull (strstr (self->text, "\n  0: good sd/thumbnail rtt 43 "));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_type_ensure (VISIT_TYPE_QUALITY_DIALOG);
  g_test_add ("/visit/quality/figures", Fixture, NULL, set_up, test_figures, tear_down);
  g_test_add ("/visit/quality/graph-in-words", Fixture, NULL, set_up, test_graph_in_words,
              tear_down);
  g_test_add ("/visit/quality/copy", Fixture, NULL, set_up, test_copy, tear_down);
  return g_test_run ();
}
