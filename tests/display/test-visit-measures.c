/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-call-fixture.h"

#include "visit-measures-dialog.h"

/* What the patient is asked to measure, and the draft that comes of it. */

#define SET                                                                                        \
  "{\"type\":\"measured\",\"id\":\"m1\",\"at\":\"2026-11-22T08:58:00Z\",\"values\":\"blood-"       \
  "pressure=128/82 mm[Hg];temperature=37.5 Cel;glucose=5.4 mmol/L\"}"

static GtkWidget *
find_dialog (Fixture *self)
{
  return display_find_child (GTK_WIDGET (self->window), VISIT_TYPE_MEASURES_DIALOG);
}

static gboolean
is_open (gpointer data)
{
  GtkWidget *dialog = find_dialog (data);

  return dialog != NULL && gtk_widget_get_mapped (dialog);
}

static void
open_dialog (Fixture *self)
{
  act (self, "visit-measures");
  g_assert_true (display_spin (is_open, self));
}

static void
flip_row (Fixture *self, const char *label)
{
  GtkWidget *row;

  display_assert_label (find_dialog (self), label);
  row =
      gtk_widget_get_ancestor (display_find_label (find_dialog (self), label), ADW_TYPE_ACTION_ROW);
  g_assert_nonnull (row);
  adw_action_row_activate (ADW_ACTION_ROW (row));
}

static GtkWidget *
find_button (Fixture *self, const char *label)
{
  display_assert_label (find_dialog (self), label);
  return gtk_widget_get_ancestor (display_find_label (find_dialog (self), label), GTK_TYPE_BUTTON);
}

static void
press (Fixture *self, const char *label)
{
  GtkWidget *button = find_button (self, label);

  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  guint *count = ((gpointer *) data)[1];
  g_autoptr (GPtrArray) found = store_resource_list (connection, "jane", "Observation", error);

  *count = found != NULL ? found->len : G_MAXUINT;
  return found != NULL;
}

static guint
count_observations (Fixture *self)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;

  store_database_read (self->display.care.database, count_work, (gpointer[]) { self, &count },
                       &error);
  g_assert_no_error (error);
  return count;
}

static gboolean
has_no_set (gpointer data)
{
  return visit_asked_get_n_sets (visit_controller_get_asked (((Fixture *) data)->controller)) == 0;
}

/* Also of somebody who waits. */
static void
test_asks (Fixture *self, gconstpointer data)
{
  open_dialog (self);
  g_assert_false (gtk_widget_is_sensitive (find_button (self, "Ask the Patient")));
  flip_row (self, "Pulse");
  flip_row (self, "Blood glucose");
  shoot (self, "measures-ask");
  press (self, "Ask the Patient");
  assert_received (self, "\"kinds\":\"pulse glucose\"");
  display_assert_label (find_dialog (self), "Pulse, Blood glucose");
  shoot (self, "measures-asked");
  press (self, "Take Back");
  assert_received (self, "\"kinds\":\"\"");
}

static void
test_accepted (Fixture *self, gconstpointer data)
{
  soup_websocket_connection_send_text (self->far, SET);
  display_assert_label (self->window, "Measurements Have Come");
  shoot (self, "measures-come");
  open_dialog (self);
  display_assert_label (find_dialog (self), "128/82 mmHg");
  display_assert_label (find_dialog (self), "37.5 °C");
  shoot (self, "measures-sent");
  g_assert_cmpuint (count_observations (self), ==, 0);
  flip_row (self, "Temperature");
  /* what comes again changes no check that was made */
  soup_websocket_connection_send_text (self->far, SET);
  display_settle ();
  press (self, "Add to the Record");
  assert_received (self, "\"taken\"");
  g_assert_true (display_spin (has_no_set, self));
  g_assert_cmpuint (count_observations (self), ==, 2);
}

static void
test_left_out (Fixture *self, gconstpointer data)
{
  soup_websocket_connection_send_text (self->far, SET);
  display_assert_label (self->window, "Measurements Have Come");
  open_dialog (self);
  for (const char **row =
           (const char *[]) { "Blood pressure", "Temperature", "Blood glucose", NULL };
       *row != NULL; row++)
    flip_row (self, *row);
  g_assert_false (gtk_widget_is_sensitive (find_button (self, "Add to the Record")));
  press (self, "Leave All Out");
  assert_received (self, "\"taken\"");
  g_assert_true (display_spin (has_no_set, self));
  g_assert_cmpuint (count_observations (self), ==, 0);
}

static gboolean
said_twice (gpointer data)
{
  Fixture *self = data;
  guint count = 0;

  for (guint i = 0; i < self->received->len; i++)
    count += strstr (self->received->pdata[i], "\"taken\"") != NULL;
  return count >= 2;
}

/* The hub repeats what it does not know to be dealt with: it lands once. */
static void
test_repeated (Fixture *self, gconstpointer data)
{
  soup_websocket_connection_send_text (self->far, SET);
  display_assert_label (self->window, "Measurements Have Come");
  open_dialog (self);
  press (self, "Add to the Record");
  assert_received (self, "\"taken\"");
  soup_websocket_connection_send_text (self->far, SET);
  g_assert_true (display_spin (said_twice, self));
  g_assert_true (has_no_set (self));
  g_assert_cmpuint (count_observations (self), ==, 3);
}

static gboolean
has_chat (gpointer data)
{
  return g_list_model_get_n_items (visit_controller_get_chat (((Fixture *) data)->controller)) > 0;
}

/* What no page of ours would send is not even a draft. */
static void
test_hostile (Fixture *self, gconstpointer data)
{
  soup_websocket_connection_send_text (
      self->far, "{\"type\":\"measured\",\"id\":\"m1\",\"at\":\"2026-11-22T08:58:00Z\",\"values\":"
                 "\"pulse=<b>7</b> /min\"}");
  soup_websocket_connection_send_text (
      self->far, "{\"type\":\"measured\",\"id\":\"m2\",\"values\":\"pulse=72 /min\"}");
  soup_websocket_connection_send_text (
      self->far, "{\"type\":\"chat\",\"text\":\"after it\",\"from\":\"patient\"}");
  g_assert_true (display_spin (has_chat, self));
  g_assert_cmpuint (g_list_model_get_n_items (visit_controller_get_chat (self->controller)), ==, 1);
  g_assert_true (has_no_set (self));
}

static void
test_narrow (Fixture *self, gconstpointer data)
{
  soup_websocket_connection_send_text (self->far, SET);
  display_assert_label (self->window, "Measurements Have Come");
  shoot (self, "measures-come");
  open_dialog (self);
  shoot (self, "measures-sent");
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  adw_init ();
  load_style ();
  ADD ("/visit/measures/asks", test_asks);
  ADD ("/visit/measures/accepted", test_accepted);
  ADD ("/visit/measures/left-out", test_left_out);
  ADD ("/visit/measures/repeated", test_repeated);
  ADD ("/visit/measures/hostile", test_hostile);
  g_test_add ("/visit/measures/narrow", Fixture, GINT_TO_POINTER (360), set_up, test_narrow,
              tear_down);
  return g_test_run ();
}
