/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-clinic-dialog.h"
#include "display-fixture.h"

/* The clinic on this computer, with the hub that was built. */

typedef struct
{
  char *folder;
  GtkWidget *window;
  AdwDialog *dialog;
} Clinic;

static void
run (Clinic *clinic, const char *command)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_cwd (launcher, clinic->folder);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-ec", command, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Clinic *clinic, gconstpointer data)
{
  clinic->folder = g_dir_make_tmp ("bedside-clinic-XXXXXX", NULL);
  clinic->window = adw_window_new ();
  clinic->dialog = app_clinic_dialog_new (clinic->folder);
  gtk_window_present (GTK_WINDOW (clinic->window));
  adw_dialog_present (clinic->dialog, clinic->window);
}

static void
tear_down (Clinic *clinic, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (clinic->window));
  run (clinic, "rm -rf \"$PWD\"");
  g_free (clinic->folder);
}

typedef struct
{
  GtkWidget *widget;
  const char *begin;
} Said;

static gboolean
is_said_below (GtkWidget *widget, const char *begin)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
      g_str_has_prefix (gtk_label_get_label (GTK_LABEL (widget)), begin))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (is_said_below (child, begin))
      return TRUE;
  return FALSE;
}

static gboolean
is_said (gpointer data)
{
  const Said *said = data;

  return is_said_below (said->widget, said->begin);
}

static void
wait_for_words (Clinic *clinic, const char *begin)
{
  Said said = { GTK_WIDGET (clinic->dialog), begin };

  g_test_message ("%s", begin);
  g_assert_true (display_spin (is_said, &said));
}

/* What was made is named, what failed says what to do, and either way it can be tried again. */
static void
test_back_up (Clinic *clinic, gconstpointer data)
{
  g_autofree char *path = g_build_filename (clinic->folder, "place", NULL);
  g_autoptr (GFile) place = g_file_new_for_path (path);

  wait_for_words (clinic, "Back _Up");
  wait_for_words (clinic, "The clinic’s server runs while Bedside is open, and also without it");
  app_clinic_dialog_back_up (APP_CLINIC_DIALOG (clinic->dialog), place);
  wait_for_words (clinic, "_Cancel");
  wait_for_words (clinic, "No backup was made.");
  wait_for_words (clinic, "Back _Up");
  run (clinic, "mkdir place && \"$BEDSIDE_HUB\" user add gray --data data --role nurse --name Gray "
               "--reference Practitioner/1 --json --password-generate");
  app_clinic_dialog_back_up (APP_CLINIC_DIALOG (clinic->dialog), place);
  wait_for_words (clinic, "The backup is made: bedside-clinic-");
  wait_for_words (clinic, "Back _Up");
}

/* Who closes the dialog wants no backup any more. */
static void
test_close (Clinic *clinic, gconstpointer data)
{
  g_autofree char *path = g_build_filename (clinic->folder, "place", NULL);
  g_autoptr (GFile) place = g_file_new_for_path (path);
  gpointer gone = clinic->dialog;

  run (clinic, "mkdir place && \"$BEDSIDE_HUB\" user add gray --data data --role nurse --name Gray "
               "--reference Practitioner/1 --json --password-generate");
  g_object_add_weak_pointer (G_OBJECT (clinic->dialog), &gone);
  app_clinic_dialog_back_up (APP_CLINIC_DIALOG (clinic->dialog), place);
  adw_dialog_force_close (clinic->dialog);
  while (gone)
    g_main_context_iteration (NULL, TRUE);
  run (clinic, "test -z \"$(ls place)\"");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/app/clinic-dialog/back-up", Clinic, NULL, set_up, test_back_up, tear_down);
  g_test_add ("/app/clinic-dialog/close", Clinic, NULL, set_up, test_close, tear_down);
  return g_test_run ();
}
