/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-clinic-dialog.h"

#include <glib/gi18n.h>

#include "base-portal.h"

#include "app-backup.h"
#include "app-founding.h"

struct _AppClinicDialog
{
  AdwDialog parent_instance;

  char *folder;
  gboolean adding;
  GCancellable *backing_up; /* (nullable): while something is written */

  AdwActionRow *folder_row;
  GtkStack *backup_stack;
  GtkWidget *key_button;
  AdwActionRow *restore_row;
  GtkLabel *backup_label;
  GtkStack *stack;
  GtkEditable *name_row;
  GtkEditable *login_row;
  AdwComboRow *role_row;
  GtkLabel *missing_label;
  GtkWidget *add_button;
  AdwActionRow *password_row;
};

G_DEFINE_FINAL_TYPE (AppClinicDialog, app_clinic_dialog, ADW_TYPE_DIALOG)

static AppFounder *
read_form (AppClinicDialog *self)
{
  static const char *const roles[] = { "prescriber", "nurse", "reception" };
  guint role = MIN (adw_combo_row_get_selected (self->role_row), 2u);

  return app_founder_new ("", gtk_editable_get_text (self->name_row),
                          gtk_editable_get_text (self->login_row), roles[role], "");
}

static void
changed_cb (AppClinicDialog *self)
{
  g_autoptr (AppFounder) colleague = read_form (self);
  const char *missing = app_founder_check_colleague (colleague);

  gtk_label_set_label (self->missing_label, missing ? missing : "");
  gtk_widget_set_sensitive (self->add_button, missing == NULL);
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppClinicDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *password = app_founding_finish (result, &error);

  self->adding = FALSE;
  adw_dialog_set_can_close (ADW_DIALOG (self), TRUE);
  if (password)
    adw_action_row_set_subtitle (self->password_row, password);
  else
    {
      gtk_label_set_label (self->missing_label, error->message);
      gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message,
                               GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
    }
  gtk_stack_set_visible_child_name (self->stack, password ? "added" : "form");
}

/* The password is shown once, so the dialog stays until it is there. */
static void
add_cb (AppClinicDialog *self)
{
  if (self->adding)
    return;
  self->adding = TRUE;
  adw_dialog_set_can_close (ADW_DIALOG (self), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "busy");
  app_founding_add_colleague_async (self->folder, read_form (self), NULL, added_cb,
                                    g_object_ref (self));
}

static void
another_cb (AppClinicDialog *self)
{
  adw_action_row_set_subtitle (self->password_row, "");
  gtk_editable_set_text (self->name_row, "");
  gtk_editable_set_text (self->login_row, "");
  gtk_label_set_label (self->missing_label, "");
  gtk_stack_set_visible_child_name (self->stack, "form");
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
}

/* ---- the backup ---- */

static void
show_backup (AppClinicDialog *self, const char *sentence)
{
  gtk_label_set_label (self->backup_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->backup_label), *sentence != '\0');
  if (*sentence)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
set_busy (AppClinicDialog *self, gboolean busy)
{
  g_clear_object (&self->backing_up);
  if (busy)
    self->backing_up = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->backup_stack, busy ? "busy" : "ready");
  gtk_widget_set_sensitive (self->key_button, !busy);
}

/* (transfer full) (nullable): the name of what was written; NULL: what was wrong has been said */
static char *
end_backup (AppClinicDialog *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  char *name = app_backup_finish (result, &error);

  set_busy (self, FALSE);
  if (!name)
    show_backup (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                           ? _ ("Cancelled. Nothing was written.")
                           : error->message);
  return name;
}

static void
backed_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppClinicDialog) self = user_data;
  g_autofree char *name = end_backup (self, result);
  g_autofree char *sentence =
      name ? g_strdup_printf (_ ("The backup is made: %s, and beside it a file that says what it "
                                 "must hold. Keep both together, and the key elsewhere."),
                              name)
           : NULL;

  if (sentence)
    show_backup (self, sentence);
}

static void
key_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppClinicDialog) self = user_data;
  g_autofree char *name = end_backup (self, result);
  g_autofree char *sentence =
      name ? g_strdup_printf (_ ("The key is saved: %s. Do not keep it beside the backup."), name)
           : NULL;

  if (sentence)
    show_backup (self, sentence);
}

/* Whoever closes the file chooser wants nothing. */
static void
explain_choice (AppClinicDialog *self, const GError *error)
{
  if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_CANCELLED))
    show_backup (self, error->message);
}

/* Puts the backup into the folder @place, and says how that ended. */
void
app_clinic_dialog_back_up (AppClinicDialog *self, GFile *place)
{
  g_return_if_fail (APP_IS_CLINIC_DIALOG (self));

  set_busy (self, TRUE);
  show_backup (self, "");
  app_backup_async (self->folder, place, self->backing_up, backed_up_cb, g_object_ref (self));
}

static void
place_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppClinicDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) place =
      gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, &error);

  if (place)
    app_clinic_dialog_back_up (self, place);
  else
    explain_choice (self, error);
}

static GtkWindow *
get_window (AppClinicDialog *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

/* A folder, because a backup is two files: in a sandbox a single file brings no second one. */
static void
back_up_cb (AppClinicDialog *self)
{
  g_autoptr (GtkFileDialog) chooser = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (chooser, _ ("Where to Put the Backup"));
  gtk_file_dialog_select_folder (chooser, get_window (self), NULL, place_chosen_cb,
                                 g_object_ref (self));
}

static void
key_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppClinicDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);

  if (!file)
    {
      explain_choice (self, error);
      return;
    }
  set_busy (self, TRUE);
  show_backup (self, "");
  app_backup_key_async (self->folder, file, self->backing_up, key_saved_cb, g_object_ref (self));
}

static void
save_key_cb (AppClinicDialog *self)
{
  g_autoptr (GtkFileDialog) chooser = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (chooser, _ ("Where to Save the Key"));
  gtk_file_dialog_set_initial_name (chooser, "hub.key");
  gtk_file_dialog_save (chooser, get_window (self), NULL, key_chosen_cb, g_object_ref (self));
}

static void
cancel_cb (AppClinicDialog *self)
{
  if (self->backing_up)
    g_cancellable_cancel (self->backing_up);
}

static void
app_clinic_dialog_dispose (GObject *object)
{
  AppClinicDialog *self = APP_CLINIC_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_CLINIC_DIALOG);
  g_clear_pointer (&self->folder, g_free);
  g_clear_object (&self->backing_up);
  G_OBJECT_CLASS (app_clinic_dialog_parent_class)->dispose (object);
}

static void
app_clinic_dialog_class_init (AppClinicDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_clinic_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-clinic-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, backup_stack);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, key_button);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, restore_row);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, backup_label);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, login_row);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, role_row);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, missing_label);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, password_row);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, another_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_up_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
app_clinic_dialog_init (AppClinicDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer floating): @folder: of the clinic that is served */
AdwDialog *
app_clinic_dialog_new (const char *folder)
{
  AppClinicDialog *self = g_object_new (APP_TYPE_CLINIC_DIALOG, NULL);
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autofree char *command = app_backup_dup_restore_command (folder, base_portal_is_sandboxed ());

  self->folder = g_strdup (folder);
  adw_action_row_set_subtitle (self->folder_row, data);
  adw_action_row_set_subtitle (self->restore_row, command);
  g_signal_connect (self, "closed", G_CALLBACK (cancel_cb), NULL);
  return ADW_DIALOG (self);
}
