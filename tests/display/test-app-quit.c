/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-quit.h"
#include "display-fixture.h"

typedef struct
{
  guint answers;
  gboolean quit;
} Answer;

static void
answer_cb (gpointer data, gboolean quit)
{
  Answer *answer = data;

  answer->answers++;
  answer->quit = quit;
}

static gboolean
is_answered (gpointer data)
{
  return ((Answer *) data)->answers > 0;
}

static gboolean
put_unsent (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['Jane']}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'m1','status':'active','intent':'order',"
      "'subject':{'reference':'Patient/jane'},'authoredOn':'2026-11-22T09:00:00Z',"
      "'identifier':[{'system':'https://bedside.health/fhir/prescription-id','value':'x'}],"
      "'medicationCodeableConcept':{'text':'amoxicillin 500 mg capsule'}}");
  return store_journal_append (connection, "g1", STORE_JOURNAL_CREATE, "MedicationRequest", "m1",
                               "jane", NULL, 9, NULL, error);
}

static GtkWidget *
open_parent (void)
{
  GtkWidget *window = adw_window_new ();

  adw_window_set_content (ADW_WINDOW (window), gtk_label_new ("clinic"));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 800);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "clinic");
  return window;
}

static void
test_nothing_unsent (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = open_parent ();
  Answer answer = { 0 };

  app_quit_ask (window, fixture->session, answer_cb, &answer);
  g_assert_true (display_spin (is_answered, &answer));
  g_assert_true (answer.quit);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* H1: what is signed and not sent stands between the user and quit; only a reason opens the way. */
static void
test_unsent (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;
  Answer answer = { 0 };

  care_fixture_write (&fixture->care, put_unsent);
  base_clock_advance (fixture->care.clock, 61 * G_USEC_PER_SEC);
  window = open_parent ();
  app_quit_ask (window, fixture->session, answer_cb, &answer);
  display_assert_label (window, "Not Sent – Tell the Patient");
  display_assert_label (window, "amoxicillin 500 mg capsule");
  g_assert_cmpuint (answer.answers, ==, 0);

  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (window)));
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "quit"));
  g_assert_cmpstr (adw_alert_dialog_get_default_response (dialog), ==, "back");
  adw_dialog_close (ADW_DIALOG (dialog));
  g_assert_true (display_spin (is_answered, &answer));
  g_assert_false (answer.quit);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/app/quit/nothing-unsent", test_nothing_unsent);
  display_add ("/app/quit/unsent", test_unsent);
  return g_test_run ();
}
