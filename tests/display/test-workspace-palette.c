/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "workspace-palette.h"

/* The palette over a window: what stands first. */

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith',"
                                "'given':['Jane']}]}");
  return TRUE;
}

typedef struct
{
  GtkWidget *palette;
  const char *first, *second;
} Order;

static float
top_of (GtkWidget *window, const char *text)
{
  GtkWidget *label = display_find_label (window, text);
  graphene_rect_t bounds;

  return label && gtk_widget_compute_bounds (label, window, &bounds) ? graphene_rect_get_y (&bounds)
                                                                     : 0;
}

static gboolean
is_in_order (gpointer data)
{
  Order *order = data;
  float first = top_of (order->palette, order->first),
        second = top_of (order->palette, order->second);

  return first > 0 && second > first;
}

static GtkWidget *
find_palette (GtkWidget *widget)
{
  if (WORKSPACE_IS_PALETTE (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_palette (child);
      if (found)
        return found;
    }
  return NULL;
}

static gboolean
is_gone (gpointer window)
{
  return find_palette (window) == NULL;
}

static void
assert_order (WorkspacePatientWindow *window, const char *first, const char *second)
{
  Order order = { NULL, first, second };

  gtk_widget_activate_action (GTK_WIDGET (window), "win.palette", NULL);
  order.palette = find_palette (GTK_WIDGET (window));
  g_assert_nonnull (order.palette);
  g_assert_true (display_spin (is_in_order, &order));
  adw_dialog_force_close (ADW_DIALOG (order.palette));
  g_assert_true (display_spin (is_gone, window));
}

static void
test_order (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patient);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");

  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 900);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH, Jane");
  assert_order (window, "Show Summary", "Show Visits");
  workspace_usage_note (workspace_session_get_usage (fixture->session), "win.show::visits");
  assert_order (window, "Show Visits", "Show Summary");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/workspace/palette/order", DisplayFixture, NULL, display_fixture_set_up, test_order,
              display_fixture_tear_down);
  return g_test_run ();
}
