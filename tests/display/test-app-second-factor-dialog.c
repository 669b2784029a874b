/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-second-factor-dialog.h"

#include "base-totp.h"
#include "display-find.h"

/* Where a prescriber sets up what controlled drugs are signed with. */

static char *kept; /* what the computer keeps */

static gboolean
load_secret (gpointer data, char **secret, GError **error)
{
  *secret = g_strdup (kept);
  return TRUE;
}

static gboolean
save_secret (gpointer data, const char *secret, GError **error)
{
  g_set_str (&kept, secret);
  return TRUE;
}

static GtkWidget *
open_dialog (DisplayFixture *fixture, int width)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, NULL);

  g_clear_pointer (&kept, g_free);
  care_context_set_secret_place (fixture->care.doctor, load_secret, save_secret, NULL, NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), width, 800);
  gtk_window_present (GTK_WINDOW (window));
  adw_dialog_present (app_second_factor_dialog_new (fixture->session, "Harbour Clinic"), window);
  display_assert_label (window, "Not set up on this computer yet");
  return window;
}

static gboolean
is_secret (GtkWidget *widget, const char *text)
{
  return ADW_IS_ENTRY_ROW (widget) &&
         strstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), text) != NULL;
}

static GtkEditable *
row_of (GtkWidget *window, const char *title)
{
  return GTK_EDITABLE (display_wait_for (window, is_secret, title));
}

static char *
dup_digits (DisplayFixture *fixture, GtkEditable *secret)
{
  return base_totp_dup_code (gtk_editable_get_text (secret),
                             base_totp_step (base_clock_now (fixture->care.clock)));
}

static gboolean
is_closed (gpointer window)
{
  return adw_window_get_visible_dialog (window) == NULL;
}

/* A server that is no hub looks at nothing, and that is said. */
static void
test_another_server (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (NetSession) net = net_session_new ("http://127.0.0.1:9/fhir", "token");
  GtkWidget *window, *button;
  GtkEditable *secret, *code;
  g_autofree char *digits = NULL, *shown = NULL;

  workspace_session_set_server (fixture->session, NULL, net, NULL);
  window = open_dialog (fixture, 640);
  display_assert_label (window, "Only this computer looks at the digits");
  display_assert_label (window, "No certification");
  g_assert_nonnull (display_find_child (window, GTK_TYPE_PICTURE)); /* the QR code */
  button = display_wait_for (window, display_is_button, "_Set Up");
  secret = row_of (window, "Secret");
  code = row_of (window, "Six digits");
  g_assert_false (gtk_widget_get_sensitive (button));
  digits = dup_digits (fixture, secret);
  shown = g_strdup (gtk_editable_get_text (secret));
  gtk_editable_set_text (code, "000000");
  g_assert_true (gtk_widget_get_sensitive (button));
  gtk_editable_set_text (secret, "no secret");
  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_editable_set_text (secret, shown);
  display_press (window, "_Set Up");
  display_assert_label (window, "These six digits are not right");
  g_assert_null (kept);
  gtk_editable_set_text (code, digits);
  display_press (window, "_Set Up");
  g_assert_true (display_spin (is_closed, window));
  g_assert_cmpuint (strlen (kept), ==, 32);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Nobody knows what the server is: it may have to know the secret. */
static void
test_offline (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = open_dialog (fixture, 640);

  gtk_editable_set_text (row_of (window, "Six digits"), "123456");
  display_press (window, "_Set Up");
  display_assert_label (window, "Connect to the clinic’s server first");
  g_assert_null (kept);
  gtk_window_destroy (GTK_WINDOW (window));
}

typedef struct
{
  GtkWidget *window, *secret, *digits;
} Fields;

static gboolean
digits_come_first (gpointer data)
{
  const Fields *fields = data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fields->window));

  return focus && gtk_widget_is_ancestor (focus, fields->digits) &&
         gtk_widget_get_can_focus (fields->secret);
}

/* What is typed first does not go over the secret, in a narrow window neither, where the dialog
 * comes from below. */
static void
test_digits_first (DisplayFixture *fixture, gconstpointer width)
{
  GtkWidget *window = open_dialog (fixture, GPOINTER_TO_INT (width));
  Fields fields = { window, GTK_WIDGET (row_of (window, "Secret")),
                    GTK_WIDGET (row_of (window, "Six digits")) };
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC;

  g_assert_true (display_spin (display_has_passed, &end));
  g_assert_true (digits_come_first (&fields));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/app/second-factor-dialog/another-server", test_another_server);
  display_add ("/app/second-factor-dialog/offline", test_offline);
  g_test_add ("/app/second-factor-dialog/digits-first", DisplayFixture, GINT_TO_POINTER (640),
              display_fixture_set_up, test_digits_first, display_fixture_tear_down);
  g_test_add ("/app/second-factor-dialog/digits-first-narrow", DisplayFixture,
              GINT_TO_POINTER (360), display_fixture_set_up, test_digits_first,
              display_fixture_tear_down);
  return g_test_run ();
}
