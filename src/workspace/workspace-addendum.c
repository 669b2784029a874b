/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-addendum.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-addendum.h"
#include "workspace-alert.h"
#include "workspace-birth-year.h"
#include "workspace-text.h"

/**
 * WorkspaceAddendum:
 *
 * Each change of what is written is on disk within a quarter of a second, as of a note, and is
 * there again when the note is opened next.
 */

#define GATHER_MS    250
#define UNDO_SECONDS 10

struct _WorkspaceAddendum
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  char *note, *group;
  guint save_source, undo_source;
  gboolean loading, refocus;
  GCancellable *cancellable; /* of the draft that is being read */

  GtkWidget *add_button;
  GtkWidget *editor;
  GtkTextView *text_view;
  GtkWidget *undo_box;
  GtkWidget *undo_button;
  GtkLabel *problem_label;
};

G_DEFINE_FINAL_TYPE (WorkspaceAddendum, workspace_addendum, ADW_TYPE_BIN)

static CareContext *
get_context (WorkspaceAddendum *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

static void
show_problem (WorkspaceAddendum *self, const char *text)
{
  if (!self->problem_label) /* the window was closed meanwhile */
    return;
  gtk_label_set_label (self->problem_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), text != NULL);
}

static char *
dup_text (WorkspaceAddendum *self)
{
  char *text;

  g_object_get (gtk_text_view_get_buffer (self->text_view), "text", &text, NULL);
  return text;
}

static gboolean
is_blank (const char *text)
{
  return strspn (text, " \t\r\n") == strlen (text);
}

static void
set_text (WorkspaceAddendum *self, const char *text)
{
  self->loading = TRUE;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
  self->loading = FALSE;
}

static void
update_actions (WorkspaceAddendum *self)
{
  g_autofree char *text = dup_text (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "addendum.sign",
                                 self->note != NULL && !is_blank (text));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "addendum.undo", self->group != NULL);
}

/* What is being written, and of which note: another one may be shown when the answer comes. */
typedef struct
{
  WorkspaceAddendum *self;
  CareContext *context;
  char *note, *text;
} Write;

static Write *
write_new (WorkspaceAddendum *self, const char *text)
{
  Write *write = g_new0 (Write, 1);

  write->self = g_object_ref (self);
  write->context = g_object_ref (get_context (self));
  write->note = g_strdup (self->note);
  write->text = g_strdup (text);
  return write;
}

static void
write_free (Write *write)
{
  g_object_unref (write->self);
  g_object_unref (write->context);
  g_free (write->note);
  g_free (write->text);
  g_free (write);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Write, write_free)

static gboolean
write_is_shown (const Write *write)
{
  return write->self->text_view && g_strcmp0 (write->note, write->self->note) == 0;
}

/* ---- the draft ---- */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceAddendum) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!care_addendum_save_draft_finish (result, &error))
    text = g_strdup_printf (_ ("Not on disk yet: %s"), error->message);
  show_problem (self, text);
}

static void
save_now (WorkspaceAddendum *self)
{
  g_autofree char *text = NULL;

  if (self->save_source == 0)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  text = dup_text (self);
  care_addendum_save_draft_async (get_context (self), self->note, is_blank (text) ? "" : text,
                                  saved_cb, g_object_ref (self));
}

static gboolean
save_source_cb (gpointer data)
{
  save_now (data);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (WorkspaceAddendum *self)
{
  update_actions (self);
  if (!self->loading && self->note && self->save_source == 0)
    self->save_source = g_timeout_add (GATHER_MS, save_source_cb, self);
}

static void
open_editor (WorkspaceAddendum *self)
{
  gtk_widget_set_visible (self->add_button, FALSE);
  gtk_widget_set_visible (self->editor, TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "addendum.close", TRUE);
}

static void
draft_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceAddendum) self = user_data;
  g_autofree char *text = care_addendum_load_draft_finish (result, NULL);

  if (!self->text_view || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (!text || !*text || self->save_source != 0) /* what was typed meanwhile is newer */
    return;
  set_text (self, text);
  update_actions (self);
  open_editor (self);
  if (self->refocus)
    gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
  self->refocus = FALSE;
}

static void
load_draft (WorkspaceAddendum *self)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  care_addendum_load_draft_async (get_context (self), self->note, self->cancellable,
                                  draft_loaded_cb, g_object_ref (self));
}

/* ---- writing ---- */

static void
add_cb (WorkspaceAddendum *self)
{
  open_editor (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
close_editor (WorkspaceAddendum *self)
{
  gtk_widget_set_visible (self->editor, FALSE);
  gtk_widget_set_visible (self->add_button, TRUE);
  /* Escape is the window's while nothing is open here */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "addendum.close", FALSE);
}

static void
close_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceAddendum *self = WORKSPACE_ADDENDUM (widget);

  save_now (self);
  close_editor (self);
  gtk_widget_grab_focus (self->add_button);
}

/* ---- signing, and taking it back ---- */

static gboolean
undo_over_cb (gpointer data)
{
  WorkspaceAddendum *self = data;

  self->undo_source = 0;
  g_clear_pointer (&self->group, g_free);
  gtk_widget_set_visible (self->undo_box, FALSE);
  update_actions (self);
  return G_SOURCE_REMOVE;
}

/* The words that were not signed are a draft of their note. */
static void
keep (const Write *write)
{
  care_addendum_save_draft_async (write->context, write->note, write->text, saved_cb,
                                  g_object_ref (write->self));
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Write) write = user_data;
  WorkspaceAddendum *self = write->self;
  g_autoptr (GError) error = NULL;
  g_autofree char *group = care_addendum_sign_finish (result, &error);

  if (!group)
    keep (write);
  if (!write_is_shown (write))
    return;
  gtk_widget_set_sensitive (self->editor, TRUE);
  show_problem (self, error ? error->message : NULL);
  if (!group)
    return;
  g_set_str (&self->group, group);
  set_text (self, "");
  close_editor (self);
  gtk_widget_set_visible (self->undo_box, TRUE);
  g_clear_handle_id (&self->undo_source, g_source_remove);
  self->undo_source = g_timeout_add_seconds (UNDO_SECONDS, undo_over_cb, self);
  update_actions (self);
  gtk_widget_grab_focus (self->undo_button);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), _ ("The addendum is signed."),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
sign (WorkspaceAddendum *self)
{
  g_autofree char *text = dup_text (self);

  /* what is signed takes the draft with it: nothing may be saved behind it */
  g_clear_handle_id (&self->save_source, g_source_remove);
  gtk_widget_set_sensitive (self->editor, FALSE);
  care_addendum_sign_async (get_context (self), self->note, text, signed_cb,
                            write_new (self, text));
}

static void
sign_response_cb (WorkspaceAddendum *self, const char *response, AdwDialog *dialog)
{
  const char *note = g_object_get_data (G_OBJECT (dialog), "note");

  if (g_str_equal (response, "sign") && g_strcmp0 (note, self->note) == 0)
    sign (self);
}

static void
sign_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceAddendum *self = WORKSPACE_ADDENDUM (widget);
  AdwDialog *dialog = workspace_birth_year_dialog_new (self->patient);

  if (!dialog)
    {
      sign (self);
      return;
    }
  g_object_set_data_full (G_OBJECT (dialog), "note", g_strdup (self->note), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (sign_response_cb), self,
                           G_CONNECT_SWAPPED);
  workspace_alert_present (dialog, widget);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Write) write = user_data;
  WorkspaceAddendum *self = write->self;
  g_autoptr (GError) error = NULL;
  gboolean undone = care_addendum_undo_finish (result, &error);

  if (!write_is_shown (write))
    return;
  show_problem (self, undone ? NULL : error->message);
  self->refocus = undone;
  if (undone)
    load_draft (self);
}

static void
undo_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceAddendum *self = WORKSPACE_ADDENDUM (widget);
  g_autofree char *group = g_steal_pointer (&self->group);

  g_clear_handle_id (&self->undo_source, g_source_remove);
  gtk_widget_set_visible (self->undo_box, FALSE);
  update_actions (self);
  care_addendum_undo_async (get_context (self), group, undone_cb, write_new (self, NULL));
}

/* ---- */

static void
workspace_addendum_unmap (GtkWidget *widget)
{
  save_now (WORKSPACE_ADDENDUM (widget));
  GTK_WIDGET_CLASS (workspace_addendum_parent_class)->unmap (widget);
}

static void
workspace_addendum_dispose (GObject *object)
{
  WorkspaceAddendum *self = WORKSPACE_ADDENDUM (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_handle_id (&self->undo_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_ADDENDUM);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->patient);
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->group, g_free);
  G_OBJECT_CLASS (workspace_addendum_parent_class)->dispose (object);
}

static void
workspace_addendum_class_init (WorkspaceAddendumClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_addendum_dispose;
  widget_class->unmap = workspace_addendum_unmap;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-addendum.ui");
  gtk_widget_class_install_action (widget_class, "addendum.sign", NULL, sign_cb);
  gtk_widget_class_install_action (widget_class, "addendum.close", NULL, close_cb);
  gtk_widget_class_install_action (widget_class, "addendum.undo", NULL, undo_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "addendum.sign", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "addendum.close", NULL);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceAddendum, add_button);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceAddendum, editor);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceAddendum, text_view);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceAddendum, undo_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceAddendum, undo_button);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceAddendum, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
}

static void
workspace_addendum_init (WorkspaceAddendum *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  update_actions (self);
}

/**
 * workspace_addendum_set_note:
 * @note: reference of a signed note; the same one again changes nothing
 */
void
workspace_addendum_set_note (WorkspaceAddendum *self, WorkspacePatient *patient, const char *note)
{
  static const char *const writers[] = { "prescriber", "nurse", "admin", NULL };

  g_return_if_fail (WORKSPACE_IS_ADDENDUM (self));

  if (g_strcmp0 (note, self->note) == 0)
    return;
  if (self->note)
    save_now (self);
  g_set_object (&self->patient, patient);
  g_set_str (&self->note, note);
  g_clear_handle_id (&self->undo_source, g_source_remove);
  g_clear_pointer (&self->group, g_free);
  gtk_widget_set_visible (self->undo_box, FALSE);
  show_problem (self, NULL);
  set_text (self, "");
  gtk_widget_set_sensitive (self->editor, TRUE); /* of the note before it may still be written */
  close_editor (self);
  update_actions (self);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          g_strv_contains (writers, care_context_get_role (get_context (self))));
  load_draft (self);
}
