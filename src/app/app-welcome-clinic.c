/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-welcome-clinic.h"

#include "app-autostart-row.h"
#include "app-founding.h"

struct _AppWelcomeClinic
{
  AdwNavigationPage parent_instance;

  char *folder;
  char *login; /* of whom the clinic was founded for */
  GCancellable *cancellable;

  GtkStack *stack;
  GtkEditable *clinic_row;
  GtkEditable *name_row;
  AdwComboRow *role_row;
  GtkEditable *login_row;
  GtkEditable *password_row;
  GtkEditable *again_row;
  GtkLabel *missing_label;
  GtkWidget *found_button;
  AdwActionRow *password_shown_row;
  AdwSwitchRow *login_start_row;
  GtkWidget *open_button;
};

enum
{
  SIGNAL_FOUNDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppWelcomeClinic, app_welcome_clinic, ADW_TYPE_NAVIGATION_PAGE)

static AppFounder *
read_form (AppWelcomeClinic *self)
{
  static const char *const roles[] = { "prescriber", "nurse", "reception" };
  guint role = MIN (adw_combo_row_get_selected (self->role_row), 2u);

  return app_founder_new (gtk_editable_get_text (self->clinic_row),
                          gtk_editable_get_text (self->name_row),
                          gtk_editable_get_text (self->login_row), roles[role],
                          gtk_editable_get_text (self->password_row));
}

static void
changed_cb (AppWelcomeClinic *self)
{
  g_autoptr (AppFounder) founder = read_form (self);
  const char *missing = app_founder_check (founder, gtk_editable_get_text (self->again_row));

  gtk_label_set_label (self->missing_label, missing ? missing : "");
  gtk_widget_set_sensitive (self->found_button, missing == NULL);
}

static void
show_password (AppWelcomeClinic *self, const char *password)
{
  adw_action_row_set_subtitle (self->password_shown_row, password);
  gtk_editable_set_text (self->password_row, "");
  gtk_editable_set_text (self->again_row, "");
  gtk_stack_set_visible_child_name (self->stack, "founded");
  gtk_widget_grab_focus (self->open_button);
}

static void
founded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppWelcomeClinic) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *password = app_founding_finish (result, &error);

  g_clear_object (&self->cancellable);
  adw_navigation_page_set_can_pop (ADW_NAVIGATION_PAGE (self), password == NULL);
  if (password)
    {
      show_password (self, password);
      return;
    }
  gtk_stack_set_visible_child_name (self->stack, "form");
  gtk_label_set_label (self->missing_label, error->message);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* It takes seconds, and half a clinic is none: meanwhile nobody goes back. */
static void
found_cb (AppWelcomeClinic *self)
{
  AppFounder *founder;

  if (self->cancellable || !gtk_widget_get_sensitive (self->found_button))
    return;
  founder = read_form (self);
  g_set_str (&self->login, founder->login);
  self->cancellable = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->stack, "busy");
  adw_navigation_page_set_can_pop (ADW_NAVIGATION_PAGE (self), FALSE);
  app_founding_async (self->folder, founder, self->cancellable, founded_cb, g_object_ref (self));
}

static void
open_cb (AppWelcomeClinic *self)
{
  g_autoptr (GError) error = NULL;

  if (!app_founding_keep (self->folder, self->login, &error))
    g_warning ("cannot keep that the clinic was founded: %s", error->message);
  g_signal_emit (self, signals[SIGNAL_FOUNDED], 0, self->login);
}

/* ---- object ---- */

static void
app_welcome_clinic_dispose (GObject *object)
{
  AppWelcomeClinic *self = APP_WELCOME_CLINIC (object);

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_WELCOME_CLINIC);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->login, g_free);
  G_OBJECT_CLASS (app_welcome_clinic_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-welcome-clinic.ui");
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, stack);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, clinic_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, name_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, role_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, login_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, password_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, again_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, missing_label);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, found_button);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, password_shown_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, login_start_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeClinic, open_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, found_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
}

static void
app_welcome_clinic_class_init (AppWelcomeClinicClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_welcome_clinic_dispose;
  bind_template (GTK_WIDGET_CLASS (klass));

  signals[SIGNAL_FOUNDED] = g_signal_new ("founded", APP_TYPE_WELCOME_CLINIC, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
app_welcome_clinic_init (AppWelcomeClinic *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer floating): @folder: where the clinic will lie */
AdwNavigationPage *
app_welcome_clinic_new (const char *folder)
{
  AppWelcomeClinic *self = g_object_new (APP_TYPE_WELCOME_CLINIC, NULL);
  g_autoptr (AppAutostart) autostart = app_autostart_new (folder);

  self->folder = g_strdup (folder);
  app_autostart_row_bind (self->login_start_row, autostart);
  return ADW_NAVIGATION_PAGE (self);
}
