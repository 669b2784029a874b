/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-guard.h"
#include "app-lock-window.h"
#include "app-proof.h"
#include "app-removal-dialog.h"
#include "display-find.h"
#include "removal-fixture.h"

typedef struct
{
  RemovalFixture records;
  GtkWidget *window;
  AppRemovalDialog *dialog;
  gboolean removed;
} Fixture;

static void
removed_cb (Fixture *fixture)
{
  fixture->removed = TRUE;
}

static gboolean
is_removed (gpointer fixture)
{
  return ((Fixture *) fixture)->removed;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AppRemoval) removal = NULL;

  removal_set_up (&fixture->records, data);
  removal = app_removal_new (fixture->records.hill, fixture->records.keys, fixture->records.people,
                             fixture->records.clock);
  fixture->dialog = app_removal_dialog_new (removal, fixture->records.clock, "bedside", NULL);
  g_signal_connect_swapped (fixture->dialog, "removed", G_CALLBACK (removed_cb), fixture);
  fixture->window = g_object_new (ADW_TYPE_WINDOW, "default-width", 700, "default-height", 800,
                                  "content", gtk_label_new ("below"), NULL);
  gtk_window_present (GTK_WINDOW (fixture->window));
  adw_dialog_present (ADW_DIALOG (fixture->dialog), fixture->window);
  display_assert_label (fixture->window, "Only Dr Ben Hill or an administrator");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  display_settle ();
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  display_settle ();
  removal_tear_down (&fixture->records, data);
}

static GtkWidget *
get_button (Fixture *fixture, const char *label)
{
  return display_wait_for (fixture->window, display_is_button, label);
}

static void
type_code (Fixture *fixture, const char *code)
{
  display_type (fixture->window, "Code of Dr Ben Hill", code);
}

/* What would be lost is named, by number and not by whose it is, and nothing goes on before whoever
 * asks has typed the name: no button, no Enter, no sign-in. */
static void
test_named (Fixture *fixture, gconstpointer data)
{
  display_assert_label (fixture->window, "1 prescription that was signed");
  display_assert_label (fixture->window, "1 other change");
  display_assert_label (fixture->window, "1 draft that was not signed");
  g_assert_null (display_find_label (fixture->window, "amoxicillin"));
  type_code (fixture, REMOVAL_CODE);
  g_assert_false (gtk_widget_get_sensitive (get_button (fixture, "_Remove with This Code")));
  g_assert_false (gtk_widget_get_sensitive (get_button (fixture, "_Sign In and Remove")));
  g_signal_emit_by_name (display_wait_for (fixture->window, display_is_entry, "Code of"),
                         "entry-activated");
  app_removal_dialog_take_proof (fixture->dialog, "Practitioner/hill", "prescriber", NULL);
  display_settle ();
  removal_assert_here (&fixture->records, TRUE);

  display_type (fixture->window, "To lose this, type", "Dr Ben");
  g_assert_false (gtk_widget_get_sensitive (get_button (fixture, "_Remove with This Code")));
  display_type (fixture->window, "To lose this, type", " Dr Ben Hill ");
  g_assert_true (gtk_widget_get_sensitive (get_button (fixture, "_Remove with This Code")));
  display_press (fixture->window, "_Remove with This Code");
  g_assert_true (display_spin (is_removed, fixture));
  display_assert_label (fixture->window, "was deleted and its key removed");
  removal_assert_here (&fixture->records, FALSE);
}

/* Only its owner's code. */
static void
test_code (Fixture *fixture, gconstpointer data)
{
  display_assert_label (fixture->window, "Nothing waits to be sent");
  g_assert_null (display_find (fixture->window, display_is_entry, "To lose this"));
  g_assert_false (gtk_widget_get_sensitive (get_button (fixture, "_Remove with This Code")));
  type_code (fixture, "two-owls");
  display_press (fixture->window, "_Remove with This Code");
  display_assert_label (fixture->window, "This is not the code.");
  removal_assert_here (&fixture->records, TRUE);
  type_code (fixture, REMOVAL_CODE);
  display_press (fixture->window, "_Remove with This Code");
  g_assert_true (display_spin (is_removed, fixture));
  removal_assert_here (&fixture->records, FALSE);
}

/* Signing in at the server: its owner, or an administrator, and nobody else. */
static void
test_proof (Fixture *fixture, gconstpointer data)
{
  app_removal_dialog_take_proof (fixture->dialog, NULL, NULL, "The server does not answer.");
  display_assert_label (fixture->window, "The server does not answer.");
  app_removal_dialog_take_proof (fixture->dialog, "Practitioner/stone", "prescriber", NULL);
  display_assert_label (fixture->window, "Somebody else signed in.");
  removal_assert_here (&fixture->records, TRUE);
  app_removal_dialog_take_proof (fixture->dialog, "", APP_PROOF_ADMINISTRATOR, NULL);
  g_assert_true (display_spin (is_removed, fixture));
  removal_assert_here (&fixture->records, FALSE);
}

/* A dialog that was closed while it looked, or while the code was tried, takes nothing away. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  type_code (fixture, REMOVAL_CODE);
  display_press (fixture->window, "_Remove with This Code");
  adw_dialog_force_close (ADW_DIALOG (fixture->dialog));
  g_assert_true (display_spin (display_has_no_dialog, fixture->window));
  display_settle ();
  removal_assert_here (&fixture->records, TRUE);
}

/* ---- from the lock screen ---- */

static GtkWidget *
get_cover (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      if (APP_IS_LOCK_WINDOW (window))
        return window;
    }
  g_assert_not_reached ();
}

static gboolean
is_remove_button (GtkWidget *widget, const char *text)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_tooltip_text (widget) &&
         g_str_has_prefix (gtk_widget_get_tooltip_text (widget), text);
}

/* Whoever locked or starts the computer finds the others on its list, and a way to take each off;
 * who is removed is on it no more. With one key for all nobody can be taken off. */
static void
test_list (RemovalFixture *fixture, gconstpointer data)
{
  const AppPerson stone = { (char *) "0000000000000001", (char *) "http://127.0.0.1:1",
                            (char *) "Practitioner/stone", (char *) "Dr Ada Stone", NULL };
  g_autofree char *nowhere = g_build_filename (fixture->folder, "fleet.conf", NULL);
  g_autoptr (AppFleet) fleet = app_fleet_new (nowhere, nowhere);
  AppGuard *guard;

  g_assert_true (app_people_keep (fixture->people, &stone, NULL));
  guard = app_guard_new (NULL, fleet, fixture->clock, fixture->people);
  app_guard_set_keys (guard, fixture->people); /* a file: everybody's key */
  g_assert_true (app_guard_ask_who (guard, NULL));
  display_assert_label (get_cover (), "Dr Ben Hill");
  g_assert_null (display_find (get_cover (), is_remove_button, "Remove "));

  app_guard_set_keys (guard, fixture->keys);
  g_assert_true (app_guard_ask_who (guard, NULL));
  g_signal_emit_by_name (display_wait_for (get_cover (), is_remove_button,
                                           "Remove Dr Ben Hill from This Computer"),
                         "clicked");
  display_type (get_cover (), "Code of Dr Ben Hill", REMOVAL_CODE);
  display_press (get_cover (), "_Remove with This Code");
  display_assert_label (get_cover (), "was deleted and its key removed");
  g_assert_null (display_find (get_cover (), display_is_row, "Dr Ben Hill"));
  display_assert_label (get_cover (), "Dr Ada Stone");
  display_settle ();
  last_reference_drop (guard);
}

static void
add (const char *path, const char *data, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("bedside-home-XXXXXX", NULL);
  g_autofree char *stores = g_build_filename (home, "bedside", NULL);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  add ("/app/removal-dialog/named", NULL, test_named);
  add ("/app/removal-dialog/code", "empty", test_code);
  add ("/app/removal-dialog/proof", "empty", test_proof);
  add ("/app/removal-dialog/closed", "empty", test_closed);
  g_test_add ("/app/removal-dialog/list", RemovalFixture, "empty", removal_set_up, test_list,
              removal_tear_down);
  int status = g_test_run ();
  g_rmdir (stores);
  g_rmdir (home);
  return status;
}
