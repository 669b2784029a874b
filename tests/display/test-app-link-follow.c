/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-link.h"

#include "display-fixture.h"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith',"
                                "'given':['Jane']}]}");
  return TRUE;
}

typedef struct
{
  AppClinicWindow *window;
  AppPatients *patients;
  WorkspaceSession *session;
} Place;

static Place
make_place (DisplayFixture *fixture)
{
  Place place = { app_clinic_window_new (NULL), app_patients_new (NULL, NULL, fixture->session),
                  fixture->session };

  care_fixture_write (&fixture->care, put_patient);
  app_clinic_window_set_session (place.window, fixture->session);
  gtk_window_present (GTK_WINDOW (place.window));
  g_signal_connect_object (place.patients, "refused", G_CALLBACK (app_clinic_window_add_toast),
                           place.window, G_CONNECT_SWAPPED);
  return place;
}

static void
follow (Place *place, const char *uri)
{
  app_link_follow (uri, place->window, place->patients, place->session);
}

/* The window of a patient, if there is one. */
static GtkWindow *
find_patient_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      if (WORKSPACE_IS_PATIENT_WINDOW (window))
        return window;
    }
  return NULL;
}

static gboolean
has_patient_window (gpointer data)
{
  return find_patient_window () != NULL;
}

static void
test_patient (DisplayFixture *fixture, gconstpointer data)
{
  Place place = make_place (fixture);

  follow (&place, "bedside:patient/nobody");
  display_assert_label (place.window, "a patient who is not in your records");
  g_assert_null (find_patient_window ());

  follow (&place, "bedside:patient/jane");
  g_assert_true (display_spin (has_patient_window, NULL));
  display_assert_label (find_patient_window (), "SMITH, Jane");
  gtk_window_destroy (find_patient_window ());
  gtk_window_destroy (GTK_WINDOW (place.window));
  g_object_unref (place.patients);
}

/* A link is no way around the sign-in. */
static void
test_lease (DisplayFixture *fixture, gconstpointer data)
{
  Place place = make_place (fixture);
  BaseClock *clock = fixture->care.clock;

  workspace_session_set_sync (fixture->session, TRUE, base_clock_now (clock));
  workspace_lock_renew (workspace_session_get_lock (fixture->session), base_clock_now (clock));
  base_clock_advance (clock, CARE_LEASE_US + G_TIME_SPAN_MINUTE);
  follow (&place, "bedside:patient/jane");
  display_assert_label (place.window, "to open other charts");
  g_assert_null (find_patient_window ());
  gtk_window_destroy (GTK_WINDOW (place.window));
  g_object_unref (place.patients);
}

static void
test_other (DisplayFixture *fixture, gconstpointer data)
{
  Place place = make_place (fixture);

  follow (&place, "bedside:sign/jane");
  display_assert_label (place.window, "does not know what this link asks for");
  g_assert_null (find_patient_window ());
  follow (&place, "bedside:page/patients");
  display_assert_label (place.window, "Patients");
  follow (&place, "bedside:new-visit");
  display_assert_label (place.window, "Book a Visit");
  g_assert_nonnull (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (place.window)));
  gtk_window_destroy (GTK_WINDOW (place.window));
  g_object_unref (place.patients);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/app/link-follow/patient", DisplayFixture, NULL, display_fixture_set_up,
              test_patient, display_fixture_tear_down);
  g_test_add ("/app/link-follow/lease", DisplayFixture, NULL, display_fixture_set_up, test_lease,
              display_fixture_tear_down);
  g_test_add ("/app/link-follow/other", DisplayFixture, NULL, display_fixture_set_up, test_other,
              display_fixture_tear_down);
  return g_test_run ();
}
