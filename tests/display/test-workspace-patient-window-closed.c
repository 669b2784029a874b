/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

/* What a closed patient window leaves behind, in an application that is on a session bus. */

#define WINDOWS 5

typedef struct
{
  DisplayFixture display;
  GtkApplication *application;
  guint made, finalized; /* widgets */
} Fixture;

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12','gender':'female'}");
  care_fixture_put (connection,
                    "{'resourceType':'Condition','id':'c1','subject':{'reference':'Patient/jane'},"
                    "'code':{'text':'Essential hypertension'}}");
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, NULL);
  care_fixture_write (&self->display.care, put_patient);
  self->application = GTK_APPLICATION (data);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  display_fixture_tear_down (&self->display, NULL);
}

static WorkspacePatientWindow *
open_window (Fixture *self)
{
  WorkspacePatientWindow *window =
      workspace_patient_window_new (self->application, self->display.session, "jane");

  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH, Jane");
  return window;
}

static void
show_all_pages (Fixture *self, WorkspacePatientWindow *window)
{
  GListModel *features = workspace_session_get_features (self->display.session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n);

      for (gsize o = 0; o < n; o++)
        if (offers[o].place == WORKSPACE_PLACE_PATIENT_PAGE)
          workspace_patient_window_show (window, offers[o].id);
      display_settle ();
    }
}

static void
gone_cb (gpointer data, GObject *where_the_object_was)
{
  ((Fixture *) data)->finalized++;
}

static void
watch (Fixture *self, GtkWidget *widget)
{
  self->made++;
  g_object_weak_ref (G_OBJECT (widget), gone_cb, self);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    watch (self, child);
}

static gboolean
all_are_gone (gpointer data)
{
  Fixture *self = data;

  return self->finalized == self->made;
}

/* As many windows, pages and whatever is in them are finalized as were made. */
static void
test_widgets (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < WINDOWS; i++)
    {
      WorkspacePatientWindow *window = open_window (self);

      show_all_pages (self, window);
      watch (self, GTK_WIDGET (window));
      gtk_window_destroy (GTK_WINDOW (window));
    }
  display_spin (all_are_gone, self);
  g_test_message ("%u widgets in %u windows", self->made, WINDOWS);
  g_assert_cmpuint (self->made, >, 100 * WINDOWS);
  g_assert_cmpuint (self->finalized, ==, self->made);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) names =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint *state = data;

  if (!names)
    g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
  *state = names ? 1 : 2;
}

static gboolean
is_answered (gpointer state)
{
  return *(guint *) state != 0;
}

/* Whether the actions at @path are on the bus, asked there. */
static gboolean
is_exported (Fixture *self, const char *path)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (self->application));
  guint state = 0;

  g_dbus_connection_call (bus, g_dbus_connection_get_unique_name (bus), path, "org.gtk.Actions",
                          "List", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, listed_cb, &state);
  g_assert_true (display_spin (is_answered, &state));
  return state == 1;
}

/* A closed window's actions are on the session bus no more. */
static void
test_actions (Fixture *self, gconstpointer data)
{
  WorkspacePatientWindow *window = open_window (self);
  g_autofree char *path =
      g_strdup_printf ("/health/bedside/Test/window/%u",
                       gtk_application_window_get_id (GTK_APPLICATION_WINDOW (window)));

  g_assert_true (is_exported (self, path));
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_false (is_exported (self, path));
}

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  application = adw_application_new ("health.bedside.Test", G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_test_add ("/workspace/patient-window/closed/widgets", Fixture, application, set_up,
              test_widgets, tear_down);
  g_test_add ("/workspace/patient-window/closed/actions", Fixture, application, set_up,
              test_actions, tear_down);
  return g_test_run ();
}
