/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-signed-note.h"

#include <glib/gi18n.h>

#include "care-signed-note.h"
#include "workspace-addendum.h"
#include "workspace-cosign.h"

/* Reads the note again when the patient's record changes, so that what a colleague adds is there
 * while one reads. */

struct _WorkspaceSignedNote
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  gulong changed_handler;
  char *note;
  GCancellable *cancellable;

  GtkLabel *text_label;
  GtkLabel *problem_label;
  GtkBox *addenda_box;
  WorkspaceCosign *cosign;
  WorkspaceAddendum *addendum;
};

G_DEFINE_FINAL_TYPE (WorkspaceSignedNote, workspace_signed_note, ADW_TYPE_BIN)

static GtkWidget *
label_new (const char *text, gboolean is_head)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0f, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", !is_head, NULL);

  gtk_widget_add_css_class (label, is_head ? "caption-heading" : "note-text");
  return label;
}

static GtkWidget *
addendum_row_new (const CareAddendum *addendum)
{
  g_autofree char *head =
      g_strdup_printf (_ ("Addendum by %s, %s"),
                       addendum->author ? addendum->author : _ ("author not recorded"),
                       addendum->when ? addendum->when : _ ("date not recorded"));
  GtkWidget *row = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing",
                                 2, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, head, -1);
  gtk_widget_add_css_class (row, "addendum");
  gtk_box_append (GTK_BOX (row), label_new (head, TRUE));
  gtk_box_append (GTK_BOX (row), label_new (addendum->text, FALSE));
  return row;
}

static void
show_addenda (WorkspaceSignedNote *self, GPtrArray *addenda)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->addenda_box))))
    gtk_box_remove (self->addenda_box, child);
  for (guint i = 0; i < addenda->len; i++)
    gtk_box_append (self->addenda_box, addendum_row_new (addenda->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->addenda_box), addenda->len > 0);
}

/* Nothing of the note before stands here, under another head. */
static void
clear (WorkspaceSignedNote *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  gtk_label_set_label (self->text_label, "");
  show_addenda (self, none);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->cosign), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->addendum), FALSE);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceSignedNote) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareSignedNote) note = care_signed_note_load_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable || !self->text_label)
    return;
  g_clear_object (&self->cancellable);
  if (!note)
    {
      clear (self);
      gtk_label_set_label (self->problem_label, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->cosign), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->addendum), TRUE);
  gtk_label_set_label (self->text_label, note->text);
  show_addenda (self, note->addenda);
  workspace_cosign_set_note (self->cosign, self->patient, note);
  workspace_addendum_set_note (self->addendum, self->patient, note->reference);
}

static void
let_go (WorkspaceSignedNote *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
load (WorkspaceSignedNote *self)
{
  let_go (self);
  if (!self->note)
    return;
  self->cancellable = g_cancellable_new ();
  care_signed_note_load_async (workspace_session_get_context (
                                   workspace_patient_get_session (self->patient)),
                               self->note, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
workspace_signed_note_dispose (GObject *object)
{
  WorkspaceSignedNote *self = WORKSPACE_SIGNED_NOTE (object);

  let_go (self);
  if (self->patient)
    g_clear_signal_handler (&self->changed_handler, self->patient);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_SIGNED_NOTE);
  g_clear_object (&self->patient);
  g_clear_pointer (&self->note, g_free);
  G_OBJECT_CLASS (workspace_signed_note_parent_class)->dispose (object);
}

static void
workspace_signed_note_class_init (WorkspaceSignedNoteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_ADDENDUM);
  g_type_ensure (WORKSPACE_TYPE_COSIGN);
  G_OBJECT_CLASS (klass)->dispose = workspace_signed_note_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/workspace/workspace-signed-note.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSignedNote, text_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSignedNote, problem_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSignedNote, addenda_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSignedNote, cosign);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSignedNote, addendum);
}

static void
workspace_signed_note_init (WorkspaceSignedNote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * workspace_signed_note_show:
 * @note: (nullable): reference of a signed note or of an addendum; NULL: nothing
 */
void
workspace_signed_note_show (WorkspaceSignedNote *self, WorkspacePatient *patient, const char *note)
{
  g_return_if_fail (WORKSPACE_IS_SIGNED_NOTE (self));

  if (patient != self->patient)
    {
      if (self->patient)
        g_clear_signal_handler (&self->changed_handler, self->patient);
      g_set_object (&self->patient, patient);
      self->changed_handler = g_signal_connect_object (patient, "summary-changed",
                                                       G_CALLBACK (load), self, G_CONNECT_SWAPPED);
    }
  if (g_set_str (&self->note, note))
    clear (self);
  load (self);
}

GtkWidget *
workspace_signed_note_new (WorkspacePatient *patient, const char *note)
{
  GtkWidget *self = g_object_new (WORKSPACE_TYPE_SIGNED_NOTE, NULL);

  workspace_signed_note_show (WORKSPACE_SIGNED_NOTE (self), patient, note);
  return self;
}
