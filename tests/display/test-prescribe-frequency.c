/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-frequency.h"

#include "display-fixture.h"

typedef struct
{
  GtkWidget *window, *before, *frequency, *after;
  guint chosen;
} Fixture;

/* Tab goes by where things are. */
static gboolean
is_laid_out (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

static void
chosen_cb (Fixture *fixture)
{
  fixture->chosen++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  fixture->window = gtk_window_new ();
  fixture->before = gtk_button_new_with_label ("Before");
  fixture->frequency = g_object_new (PRESCRIBE_TYPE_FREQUENCY, NULL);
  fixture->after = gtk_button_new_with_label ("After");
  gtk_box_append (GTK_BOX (box), fixture->before);
  gtk_box_append (GTK_BOX (box), fixture->frequency);
  gtk_box_append (GTK_BOX (box), fixture->after);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 400);
  g_signal_connect_swapped (fixture->frequency, "chosen", G_CALLBACK (chosen_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_assert_true (display_spin (is_laid_out, fixture->frequency));
  gtk_widget_grab_focus (fixture->before);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  display_settle ();
}

static GtkWidget *
tab (Fixture *fixture)
{
  gtk_widget_child_focus (fixture->window, GTK_DIR_TAB_FORWARD);
  return gtk_window_get_focus (GTK_WINDOW (fixture->window));
}

static const char *
label_of (GtkWidget *button)
{
  return GTK_IS_BUTTON (button) ? gtk_button_get_label (GTK_BUTTON (button)) : NULL;
}

static gboolean
press (Fixture *fixture, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (fixture->frequency);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &handled);
    }
  return handled;
}

static void
assert_chosen (Fixture *fixture, int frequency, int period, const char *unit)
{
  int f = 0, p = 0;
  const char *u = NULL;

  g_assert_true (prescribe_frequency_get (PRESCRIBE_FREQUENCY (fixture->frequency), &f, &p, &u));
  g_assert_cmpint (f, ==, frequency);
  g_assert_cmpint (p, ==, period);
  g_assert_cmpstr (u, ==, unit);
}

/* Ten choices are one stop: the first while nothing is chosen, then what is. */
static void
test_one_tab_stop (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (label_of (tab (fixture)), ==, "Once a day");
  g_assert_true (tab (fixture) == fixture->after);

  prescribe_frequency_show (PRESCRIBE_FREQUENCY (fixture->frequency), 1, 8, "h");
  gtk_widget_grab_focus (fixture->before);
  g_assert_cmpstr (label_of (tab (fixture)), ==, "Every 8 hours");
  g_assert_true (tab (fixture) == fixture->after);
  g_assert_cmpuint (fixture->chosen, ==, 0); /* what is shown was not chosen by a person */
}

/* The arrow keys choose, and go round. */
static void
test_arrows (Fixture *fixture, gconstpointer data)
{
  tab (fixture);
  g_assert_true (press (fixture, GDK_KEY_Right));
  assert_chosen (fixture, 2, 1, "d");
  g_assert_cmpstr (label_of (gtk_window_get_focus (GTK_WINDOW (fixture->window))), ==,
                   "Twice a day");
  g_assert_true (press (fixture, GDK_KEY_Down));
  assert_chosen (fixture, 3, 1, "d");
  g_assert_true (press (fixture, GDK_KEY_End));
  assert_chosen (fixture, 1, 1, "wk");
  g_assert_true (press (fixture, GDK_KEY_Right));
  assert_chosen (fixture, 1, 1, "d");
  g_assert_true (press (fixture, GDK_KEY_Left));
  assert_chosen (fixture, 1, 1, "wk");
  g_assert_cmpuint (fixture->chosen, ==, 5);
  g_assert_false (press (fixture, GDK_KEY_Tab));
  g_assert_true (tab (fixture) == fixture->after);
}

/* A screen reader hears a group of radio buttons, which of how many, and what is checked. */
static void
test_roles (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_widget_get_first_child (fixture->frequency);
  guint n = 0;

  prescribe_frequency_show (PRESCRIBE_FREQUENCY (fixture->frequency), 2, 1, "d");
  gtk_test_accessible_assert_role (fixture->frequency, GTK_ACCESSIBLE_ROLE_RADIO_GROUP);
  gtk_test_accessible_assert_property (fixture->frequency, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "How often");
  for (GtkWidget *button = gtk_widget_get_first_child (box); button;
       button = gtk_widget_get_next_sibling (button))
    {
      gboolean twice = g_str_equal (label_of (button), "Twice a day");

      n++;
      gtk_test_accessible_assert_role (button, GTK_ACCESSIBLE_ROLE_RADIO);
      gtk_test_accessible_assert_relation (button, GTK_ACCESSIBLE_RELATION_POS_IN_SET, (int) n);
      gtk_test_accessible_assert_state (button, GTK_ACCESSIBLE_STATE_CHECKED,
                                        twice ? GTK_ACCESSIBLE_TRISTATE_TRUE
                                              : GTK_ACCESSIBLE_TRISTATE_FALSE);
    }
  g_assert_cmpuint (n, ==, 10);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/prescribe/frequency/one-tab-stop", Fixture, NULL, set_up, test_one_tab_stop,
              tear_down);
  g_test_add ("/prescribe/frequency/arrows", Fixture, NULL, set_up, test_arrows, tear_down);
  g_test_add ("/prescribe/frequency/roles", Fixture, NULL, set_up, test_roles, tear_down);
  return g_test_run ();
}
