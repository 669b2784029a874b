/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-invite-dialog.h"

#include <glib/gi18n.h>

#include "fhir-date.h"
#include "workspace-code.h"
#include "workspace-text.h"

/* Asks an interpreter or a guest into the visit by a link, which is shown once, or writes down who
 * interprets on a telephone beside the clinician. */

struct _VisitInviteDialog
{
  AdwDialog parent_instance;

  VisitController *controller;
  char *url;

  GtkWidget *interpreter_button;
  GtkWidget *guest_button;
  GtkWidget *link_group;
  AdwActionRow *link_row;
  AdwBin *code_bin;
  GtkWidget *speakerphone_group;
  GtkEditable *name_row;
  GtkEditable *number_row;
  GtkEditable *language_row;
  GtkWidget *record_button;
  GtkWidget *recorded_group;
  AdwPreferencesRow *recorded_row;
};

G_DEFINE_FINAL_TYPE (VisitInviteDialog, visit_invite_dialog, ADW_TYPE_DIALOG)

static char *
dup_stripped (GtkEditable *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

static void
update (VisitInviteDialog *self)
{
  const char *recorded = visit_controller_get_speakerphone (self->controller);
  g_autofree char *number = dup_stripped (self->number_row);
  g_autofree char *language = dup_stripped (self->language_row);

  gtk_widget_set_visible (self->speakerphone_group, recorded == NULL);
  gtk_widget_set_visible (self->record_button, recorded == NULL);
  gtk_widget_set_visible (self->recorded_group, recorded != NULL);
  adw_preferences_row_set_title (self->recorded_row, recorded != NULL ? recorded : "");
  gtk_widget_set_sensitive (self->record_button, *number != '\0' && *language != '\0');
}

/* ---- links ---- */

static void
show_link (VisitInviteDialog *self, const char *title, const char *subtitle)
{
  GtkWidget *code = self->url != NULL ? workspace_code_new (self->url) : NULL;

  adw_bin_set_child (self->code_bin, code);
  gtk_widget_set_visible (GTK_WIDGET (self->code_bin), code != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->link_row), title);
  adw_action_row_set_subtitle (self->link_row, subtitle);
  gtk_widget_set_visible (self->link_group, TRUE);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitInviteDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *until = NULL;
  g_autofree char *title = NULL;
  g_autofree char *url = visit_controller_invite_finish (result, &until, &error);

  if (self->controller == NULL) /* closed meanwhile */
    return;
  gtk_widget_set_sensitive (self->interpreter_button, TRUE);
  gtk_widget_set_sensitive (self->guest_button, TRUE);
  g_set_str (&self->url, url);
  if (url == NULL)
    {
      show_link (self, _ ("No link was made"), error->message);
      gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message,
                               GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
      return;
    }
  title = g_strdup_printf (_ ("Good until %s, and shown only now. Send it to them yourself, or "
                              "let their telephone read the code: a link that was made before "
                              "does not work any more."),
                           until != NULL ? until : "–");
  show_link (self, title, url);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), _ ("The link is made."),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
make (VisitInviteDialog *self, CareVisitRole role)
{
  gtk_widget_set_sensitive (self->interpreter_button, FALSE);
  gtk_widget_set_sensitive (self->guest_button, FALSE);
  gtk_widget_set_visible (self->link_group, FALSE);
  visit_controller_invite_async (self->controller, role, made_cb, g_object_ref (self));
}

static void
interpreter_cb (VisitInviteDialog *self)
{
  make (self, CARE_VISIT_ROLE_INTERPRETER);
}

static void
guest_cb (VisitInviteDialog *self)
{
  make (self, CARE_VISIT_ROLE_GUEST);
}

static void
copy_cb (VisitInviteDialog *self)
{
  if (self->url != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->url);
}

/* ---- on a telephone beside the clinician ---- */

static void
changed_cb (VisitInviteDialog *self)
{
  update (self);
}

static void
record_cb (VisitInviteDialog *self)
{
  g_autofree char *name = dup_stripped (self->name_row);
  g_autofree char *number = dup_stripped (self->number_row);
  g_autofree char *language = dup_stripped (self->language_row);

  visit_controller_begin_speakerphone (self->controller, name, number, language);
}

static void
left_cb (VisitInviteDialog *self)
{
  visit_controller_end_speakerphone (self->controller);
}

static void
visit_invite_dialog_dispose (GObject *object)
{
  VisitInviteDialog *self = VISIT_INVITE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_INVITE_DIALOG);
  g_clear_object (&self->controller);
  g_clear_pointer (&self->url, g_free);

  G_OBJECT_CLASS (visit_invite_dialog_parent_class)->dispose (object);
}

static void
visit_invite_dialog_class_init (VisitInviteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_invite_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/visit/visit-invite-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitInviteDialog, name)
  CHILD (interpreter_button);
  CHILD (guest_button);
  CHILD (link_group);
  CHILD (link_row);
  CHILD (code_bin);
  CHILD (speakerphone_group);
  CHILD (name_row);
  CHILD (number_row);
  CHILD (language_row);
  CHILD (record_button);
  CHILD (recorded_group);
  CHILD (recorded_row);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, interpreter_cb);
  gtk_widget_class_bind_template_callback (widget_class, guest_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, record_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_cb);
}

static void
visit_invite_dialog_init (VisitInviteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

/**
 * visit_invite_dialog_new:
 *
 * Returns: (transfer floating): a dialog that asks others into @controller's visit
 */
VisitInviteDialog *
visit_invite_dialog_new (VisitController *controller)
{
  VisitInviteDialog *self = g_object_new (VISIT_TYPE_INVITE_DIALOG, NULL);

  self->controller = g_object_ref (controller);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}
