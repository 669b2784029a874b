/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-lock-window.h"

#include <glib/gi18n.h>

#include "app-code.h"
#include "app-people.h"

struct _AppLockWindow
{
  AdwApplicationWindow parent_instance;

  AdwBanner *visit_banner;
  AdwStatusPage *status_page;
  GtkWidget *code_group;
  AdwPasswordEntryRow *code_row;
  GtkWidget *choose_group;
  AdwPasswordEntryRow *first_row;
  AdwPasswordEntryRow *again_row;
  GtkLabel *message_label;
  GtkWidget *unlock_button;
  GtkWidget *choose_button;
  GtkWidget *sign_in_button;
  GtkWidget *people_group;
  GtkListBox *people_list;
  AppLockWay way;
  gboolean busy;
};

enum
{
  SIGNAL_CODE,
  SIGNAL_CHOSEN,
  SIGNAL_SIGN_IN,
  SIGNAL_SWITCH,
  SIGNAL_REMOVE,
  SIGNAL_QUIT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppLockWindow, app_lock_window, ADW_TYPE_APPLICATION_WINDOW)

/* What was typed does not stay for whoever comes next. */
static void
clear_codes (AppLockWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->code_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->first_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->again_row), "");
}

/* The message describes the fields, so that it is read with the one that takes the focus. */
static void
focus_field (AppLockWindow *self)
{
  if (self->way == APP_LOCK_CODE)
    gtk_widget_grab_focus (GTK_WIDGET (self->code_row));
  else if (self->way == APP_LOCK_CHOOSE)
    gtk_widget_grab_focus (GTK_WIDGET (self->first_row));
}

static void
unlock_cb (AppLockWindow *self)
{
  g_autofree char *code = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->code_row)));

  if (self->busy || !*code)
    return;
  clear_codes (self);
  g_signal_emit (self, signals[SIGNAL_CODE], 0, code);
}

static void
choose_cb (AppLockWindow *self)
{
  g_autofree char *code = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->first_row)));
  g_autofree char *problem =
      app_code_dup_problem (code, gtk_editable_get_text (GTK_EDITABLE (self->again_row)));

  if (self->busy)
    return;
  app_lock_window_say (self, problem);
  if (problem)
    return;
  clear_codes (self);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, code);
}

static void
sign_in_cb (AppLockWindow *self)
{
  g_signal_emit (self, signals[SIGNAL_SIGN_IN], 0);
}

static void
person_cb (AppLockWindow *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[SIGNAL_SWITCH], 0, g_object_get_data (G_OBJECT (row), "account"));
}

static gboolean
close_request (GtkWindow *window)
{
  g_signal_emit (window, signals[SIGNAL_QUIT], 0);
  return TRUE;
}

/* ---- object ---- */

static void
app_lock_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), APP_TYPE_LOCK_WINDOW);
  G_OBJECT_CLASS (app_lock_window_parent_class)->dispose (object);
}

static guint
add_signal (const char *name, GType type)
{
  return g_signal_new (name, APP_TYPE_LOCK_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, type == G_TYPE_NONE ? 0 : 1, type);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-lock-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, visit_banner);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, status_page);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, code_group);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, code_row);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, choose_group);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, first_row);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, again_row);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, message_label);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, unlock_button);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, choose_button);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, sign_in_button);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, people_group);
  gtk_widget_class_bind_template_child (widget_class, AppLockWindow, people_list);
  gtk_widget_class_bind_template_callback (widget_class, unlock_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, person_cb);
}

static void
app_lock_window_class_init (AppLockWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_lock_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = close_request;
  bind_template (GTK_WIDGET_CLASS (klass));

  signals[SIGNAL_CODE] = add_signal ("code", G_TYPE_STRING);
  signals[SIGNAL_CHOSEN] = add_signal ("chosen", G_TYPE_STRING);
  signals[SIGNAL_SIGN_IN] = add_signal ("sign-in", G_TYPE_NONE);
  signals[SIGNAL_SWITCH] = add_signal ("switch", G_TYPE_STRING);
  signals[SIGNAL_REMOVE] = add_signal ("remove", G_TYPE_STRING);
  signals[SIGNAL_QUIT] = add_signal ("quit", G_TYPE_NONE);
}

static void
app_lock_window_init (AppLockWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (focus_field), NULL);
}

AppLockWindow *
app_lock_window_new (GtkApplication *application)
{
  return g_object_new (APP_TYPE_LOCK_WINDOW, "application", application, NULL);
}

/* ---- what stands there ---- */

static const char *
get_description (AppLockWay way)
{
  switch (way)
    {
    case APP_LOCK_WHO:
      return _ ("Each clinician’s records and drafts are kept apart.");
    case APP_LOCK_CODE:
      return _ ("What you wrote is kept. Type your code to go on.");
    case APP_LOCK_SIGN_IN:
      return _ ("What you wrote is kept. Sign in at the clinic’s server to go on.");
    case APP_LOCK_CHOOSE:
      return _ ("Choose a code that opens this computer for you when it has locked, with and "
                "without a network. It is yours alone and opens no other computer.");
    }
  g_return_val_if_reached ("");
}

/* @name: (nullable): whose records are open. */
void
app_lock_window_set_way (AppLockWindow *self, AppLockWay way, const char *name)
{
  g_return_if_fail (APP_IS_LOCK_WINDOW (self));

  g_autofree char *title = name ? g_strdup_printf (_ ("Locked by %s"), name) : NULL;

  self->way = way;
  clear_codes (self);
  app_lock_window_say (self, NULL);
  adw_status_page_set_title (self->status_page, way == APP_LOCK_WHO      ? _ ("Who Works Here?")
                                                : way == APP_LOCK_CHOOSE ? _ ("Choose a Code")
                                                : title                  ? title
                                                                         : _ ("Locked"));
  adw_status_page_set_description (self->status_page, get_description (way));
  gtk_widget_set_visible (self->code_group, way == APP_LOCK_CODE);
  gtk_widget_set_visible (self->unlock_button, way == APP_LOCK_CODE);
  gtk_widget_set_visible (self->choose_group, way == APP_LOCK_CHOOSE);
  gtk_widget_set_visible (self->choose_button, way == APP_LOCK_CHOOSE);
  gtk_widget_set_visible (self->sign_in_button, way == APP_LOCK_CODE || way == APP_LOCK_SIGN_IN);
  focus_field (self);
}

static void
go_cb (GtkWidget *row)
{
  AppLockWindow *self = APP_LOCK_WINDOW (gtk_widget_get_root (row));

  person_cb (self, GTK_LIST_BOX_ROW (row));
}

static void
remove_cb (GtkWidget *row)
{
  g_signal_emit (gtk_widget_get_root (row), signals[SIGNAL_REMOVE], 0,
                 g_object_get_data (G_OBJECT (row), "account"));
}

static void
add_remove_button (GtkWidget *row, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *label = g_strdup_printf (_ ("Remove %s from This Computer…"), name);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), row, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/* A row has no action that a screen reader or a switch could press; its button has. */
static void
add_row (AppLockWindow *self,
         const char *name,
         const char *account,
         const char *icon,
         gboolean may_remove)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("go-next-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_focusable (button, FALSE); /* the row is */
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (go_cb), row, G_CONNECT_SWAPPED);
  if (may_remove)
    add_remove_button (row, name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_set_data_full (G_OBJECT (row), "account", g_strdup (account), g_free);
  gtk_list_box_append (self->people_list, row);
}

/* @people: (nullable): AppPerson; NULL where nobody can be switched to. @but_not: (nullable): the
 * account that is open. @may_remove: whether the others can be taken off this computer. */
void
app_lock_window_set_people (AppLockWindow *self,
                            GPtrArray *people,
                            const char *but_not,
                            gboolean may_remove)
{
  g_return_if_fail (APP_IS_LOCK_WINDOW (self));

  gtk_list_box_remove_all (self->people_list);
  gtk_widget_set_visible (self->people_group, people != NULL);
  for (guint i = 0; people && i < people->len; i++)
    {
      const AppPerson *person = people->pdata[i];

      if (g_strcmp0 (person->account, but_not) != 0)
        add_row (self, person->name, person->account, "avatar-default-symbolic", may_remove);
    }
  if (people)
    add_row (self, _ ("Someone Else…"), "", "list-add-symbolic", FALSE);
}

/* It goes on while the screen is locked, and whoever locked it must know. */
void
app_lock_window_set_visit (AppLockWindow *self, gboolean running)
{
  g_return_if_fail (APP_IS_LOCK_WINDOW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->visit_banner), running); /* else it is read aloud */
  adw_banner_set_revealed (self->visit_banner, running);
  gtk_widget_set_sensitive (self->people_group, !running);
}

/* The code is being looked at, or the server asked. */
void
app_lock_window_set_busy (AppLockWindow *self, gboolean busy)
{
  g_return_if_fail (APP_IS_LOCK_WINDOW (self));

  self->busy = busy;
  gtk_widget_set_sensitive (self->unlock_button, !busy);
  gtk_widget_set_sensitive (self->choose_button, !busy);
}

/* @sentence: (nullable): what failed and what to do. */
void
app_lock_window_say (AppLockWindow *self, const char *sentence)
{
  g_return_if_fail (APP_IS_LOCK_WINDOW (self));

  gtk_label_set_label (self->message_label, sentence ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), sentence != NULL);
  if (sentence)
    focus_field (self);
}
