/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-signed.h"

#include <glib/gi18n.h>

#include "care-signed-note.h"
#include "workspace-signed-note.h"

/* Hidden while there are none. A note that is shown stays the same widget when the record changes,
 * so that nobody loses the addendum that they are writing. */

struct _NoteSigned
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  char *encounter;
  GCancellable *cancellable;
  GPtrArray *references; /* of what is shown */

  GtkExpander *expander;
  GtkBox *notes_box;
};

G_DEFINE_FINAL_TYPE (NoteSigned, note_signed, ADW_TYPE_BIN)

static GtkWidget *
note_new (NoteSigned *self, const CareSignedNote *note)
{
  GtkWidget *box =
      g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4, NULL);
  g_autofree char *head = g_strdup_printf (_ ("Signed by %s, %s"),
                                           note->author ? note->author : _ ("author not recorded"),
                                           note->when ? note->when : _ ("date not recorded"));
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "label", head, "xalign", 0.0f, "wrap", TRUE, NULL);

  gtk_widget_add_css_class (label, "caption-heading");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), workspace_signed_note_new (self->patient, note->reference));
  return box;
}

static gboolean
is_shown (NoteSigned *self, GPtrArray *notes)
{
  if (notes->len != self->references->len)
    return FALSE;
  for (guint i = 0; i < notes->len; i++)
    if (!g_str_equal (((CareSignedNote *) notes->pdata[i])->reference, self->references->pdata[i]))
      return FALSE;
  return TRUE;
}

static void
show_notes (NoteSigned *self, GPtrArray *notes)
{
  g_autofree char *title = g_strdup_printf (ngettext ("%u signed note of this visit",
                                                      "%u signed notes of this visit", notes->len),
                                            notes->len);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->notes_box))))
    gtk_box_remove (self->notes_box, child);
  g_ptr_array_set_size (self->references, 0);
  for (guint i = 0; i < notes->len; i++)
    {
      const CareSignedNote *note = notes->pdata[i];

      g_ptr_array_add (self->references, g_strdup (note->reference));
      gtk_box_append (self->notes_box, note_new (self, note));
    }
  gtk_expander_set_label (self->expander, title);
  gtk_widget_set_visible (GTK_WIDGET (self), notes->len > 0);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (NoteSigned) self = user_data;
  g_autoptr (GPtrArray) notes = care_signed_note_list_finish (result, NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable || !self->notes_box)
    return;
  g_clear_object (&self->cancellable);
  if (notes && !is_shown (self, notes))
    show_notes (self, notes);
}

static void
read_list (NoteSigned *self)
{
  const char *encounter = workspace_patient_get_encounter (self->patient);

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (g_set_str (&self->encounter, encounter))
    {
      g_autoptr (GPtrArray) none = g_ptr_array_new ();

      show_notes (self, none);
      gtk_expander_set_expanded (self->expander, FALSE);
    }
  if (!encounter)
    return;
  self->cancellable = g_cancellable_new ();
  care_signed_note_list_async (workspace_session_get_context (
                                   workspace_patient_get_session (self->patient)),
                               encounter, self->cancellable, listed_cb, g_object_ref (self));
}

static void
note_signed_dispose (GObject *object)
{
  NoteSigned *self = NOTE_SIGNED (object);

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  adw_bin_set_child (ADW_BIN (self), NULL);
  self->notes_box = NULL;
  self->expander = NULL;
  g_clear_object (&self->patient);
  g_clear_pointer (&self->encounter, g_free);
  g_clear_pointer (&self->references, g_ptr_array_unref);
  G_OBJECT_CLASS (note_signed_parent_class)->dispose (object);
}

static void
note_signed_class_init (NoteSignedClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = note_signed_dispose;
}

static void
note_signed_init (NoteSigned *self)
{
  GtkWidget *scrolled =
      g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                    "max-content-height", 260, "propagate-natural-height", TRUE, NULL);

  self->references = g_ptr_array_new_with_free_func (g_free);
  self->notes_box =
      g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 18,
                    "margin-top", 8, "margin-bottom", 8, "margin-start", 4, "margin-end", 4, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->notes_box));
  self->expander = g_object_new (GTK_TYPE_EXPANDER, "child", scrolled, "margin-start", 12,
                                 "margin-end", 12, "margin-top", 6, NULL);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->expander));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
note_signed_set_patient (NoteSigned *self, WorkspacePatient *patient)
{
  g_set_object (&self->patient, patient);
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (read_list), self,
                           G_CONNECT_SWAPPED);
  read_list (self);
}

/* Shows what was signed just now. */
void
note_signed_expand (NoteSigned *self)
{
  gtk_expander_set_expanded (self->expander, TRUE);
}
