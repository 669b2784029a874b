/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-clinic-dialog.h"

#include "app-founding.h"

struct _AppClinicDialog
{
  AdwDialog parent_instance;

  char *folder;
  gboolean adding;

  AdwActionRow *folder_row;
  AdwActionRow *backup_row;
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

static void
app_clinic_dialog_dispose (GObject *object)
{
  AppClinicDialog *self = APP_CLINIC_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_CLINIC_DIALOG);
  g_clear_pointer (&self->folder, g_free);
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
  gtk_widget_class_bind_template_child (widget_class, AppClinicDialog, backup_row);
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
  g_autofree char *quoted = g_shell_quote (data);
  g_autofree char *command = g_strdup_printf ("bedside-hub backup --data %s --output FILE", quoted);

  self->folder = g_strdup (folder);
  adw_action_row_set_subtitle (self->folder_row, data);
  adw_action_row_set_subtitle (self->backup_row, command);
  return ADW_DIALOG (self);
}
