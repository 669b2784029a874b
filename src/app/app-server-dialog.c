/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-server-dialog.h"

#include <glib/gi18n.h>

struct _AppServerDialog
{
  AdwDialog parent_instance;

  GtkStack *stack;
  AdwStatusPage *nothing_page;
  GtkLabel *server_label;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (AppServerDialog, app_server_dialog, ADW_TYPE_DIALOG)

static void
app_server_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), APP_TYPE_SERVER_DIALOG);
  G_OBJECT_CLASS (app_server_dialog_parent_class)->dispose (object);
}

static void
app_server_dialog_class_init (AppServerDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_server_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-server-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AppServerDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AppServerDialog, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, AppServerDialog, server_label);
  gtk_widget_class_bind_template_child (widget_class, AppServerDialog, list);
}

static void
app_server_dialog_init (AppServerDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
make_row (const char *note)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), note);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

/* (transfer floating): @server: (nullable): its address. @notes: (nullable): NULL where nothing is
 * known yet, because nobody has signed in. */
AdwDialog *
app_server_dialog_new (const char *server, const char *const *notes)
{
  AppServerDialog *self = g_object_new (APP_TYPE_SERVER_DIALOG, NULL);
  g_autofree char *escaped = g_markup_escape_text (server ? server : "", -1);

  gtk_label_set_label (self->server_label, server ? server : "");
  for (gsize i = 0; notes && notes[i]; i++)
    gtk_list_box_append (self->list, make_row (notes[i]));
  if (notes && notes[0])
    gtk_stack_set_visible_child_name (self->stack, "notes");
  else
    {
      adw_status_page_set_title (self->nothing_page,
                                 notes ? _ ("This Server Does All That Is Asked of It")
                                       : _ ("Not Known Yet"));
      adw_status_page_set_description (
          self->nothing_page, notes ? escaped
                                    : _ ("What the clinic’s server can do is asked when Bedside "
                                         "signs in to it."));
      gtk_stack_set_visible_child_name (self->stack, "nothing");
    }
  return ADW_DIALOG (self);
}
