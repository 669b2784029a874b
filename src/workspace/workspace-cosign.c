/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-cosign.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-row.h"
#include "workspace-alert.h"
#include "workspace-birth-year.h"
#include "workspace-text.h"

/* The author asks; who is asked co-signs or sends back with words; everybody reads what became of
 * it. Each of it can be taken back for ten seconds. */

#define UNDO_SECONDS 10

struct _WorkspaceCosign
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  char *note, *task, *group; /* the request that is this user's to answer; what can be undone */
  GPtrArray *colleagues;     /* CareRow, as in the drop-down */
  guint undo_source;

  GtkBox *states_box;
  GtkWidget *answer_box;
  GtkWidget *words_box;
  GtkEntry *words_entry;
  GtkWidget *ask_button;
  GtkWidget *choose_box;
  GtkDropDown *colleague_drop_down;
  GtkWidget *undo_box;
  GtkLabel *undo_label;
  GtkWidget *undo_button;
  GtkLabel *problem_label;
};

G_DEFINE_FINAL_TYPE (WorkspaceCosign, workspace_cosign, ADW_TYPE_BIN)

static CareContext *
get_context (WorkspaceCosign *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

/* What is being written or asked, and of which note: another one may be shown when the answer
 * comes. */
typedef struct
{
  WorkspaceCosign *self;
  char *note;
  const char *done; /* what is said then */
} Write;

static Write *
write_new (WorkspaceCosign *self, const char *done)
{
  Write *write = g_new0 (Write, 1);

  write->self = g_object_ref (self);
  write->note = g_strdup (self->note);
  write->done = done;
  return write;
}

static void
write_free (Write *write)
{
  g_object_unref (write->self);
  g_free (write->note);
  g_free (write);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Write, write_free)

static gboolean
write_is_shown (const Write *write)
{
  return write->self->states_box && g_strcmp0 (write->note, write->self->note) == 0;
}

static void
show_problem (WorkspaceCosign *self, const char *text)
{
  gtk_label_set_label (self->problem_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), text != NULL);
}

/* ---- what became of it ---- */

static char *
dup_state (const CareCosign *cosign)
{
  const char *who = cosign->who ? cosign->who : _ ("somebody whose name is not recorded");
  const char *when = cosign->when ? cosign->when : _ ("date not recorded");

  switch (cosign->state)
    {
    case CARE_COSIGN_AWAITED:
      return g_strdup_printf (_ ("Awaiting co-signature by %s, asked %s"), who, when);
    case CARE_COSIGN_SIGNED:
      return g_strdup_printf (_ ("Co-signed by %s, %s"), who, when);
    case CARE_COSIGN_SENT_BACK:
      return g_strdup_printf (_ ("Sent back by %s, %s: %s"), who, when,
                              cosign->words ? cosign->words : _ ("without words"));
    case CARE_COSIGN_CLOSED:
      return g_strdup_printf (_ ("The request to %s was closed without a co-signature"), who);
    }
  return NULL;
}

static void
append_line (WorkspaceCosign *self, const char *text, const char *style)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0f, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  gtk_widget_add_css_class (label, "caption-heading");
  if (style)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (self->states_box, label);
}

static void
show_states (WorkspaceCosign *self, const CareSignedNote *note)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->states_box))))
    gtk_box_remove (self->states_box, child);
  for (guint i = 0; i < note->cosigns->len; i++)
    {
      const CareCosign *cosign = note->cosigns->pdata[i];
      g_autofree char *text = dup_state (cosign);

      append_line (self, text,
                   cosign->state == CARE_COSIGN_SIGNED      ? "success"
                   : cosign->state == CARE_COSIGN_SENT_BACK ? "warning"
                                                            : NULL);
      if (cosign->is_changed)
        append_line (self, _ ("The note is not as it was when it was co-signed."), "warning");
    }
  gtk_widget_set_visible (GTK_WIDGET (self->states_box), note->cosigns->len > 0);
}

/* (nullable): the open request to this user */
static const char *
find_request (WorkspaceCosign *self, const CareSignedNote *note)
{
  const char *user = care_context_get_user_reference (get_context (self));

  for (guint i = 0; i < note->cosigns->len; i++)
    {
      const CareCosign *cosign = note->cosigns->pdata[i];

      if (cosign->state == CARE_COSIGN_AWAITED && g_strcmp0 (cosign->who_reference, user) == 0)
        return cosign->task;
    }
  return NULL;
}

/* ---- writing ---- */

/* Escape is the window's while nothing is open here. */
static void
show_box (WorkspaceCosign *self, GtkWidget *box)
{
  gtk_widget_set_visible (self->words_box, box == self->words_box);
  gtk_widget_set_visible (self->choose_box, box == self->choose_box);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "cosign.close", box != NULL);
}

static void
close_boxes (WorkspaceCosign *self)
{
  show_box (self, NULL);
}

static void
close_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceCosign *self = WORKSPACE_COSIGN (widget);

  close_boxes (self);
  gtk_widget_child_focus (self->task ? self->answer_box : self->ask_button, GTK_DIR_TAB_FORWARD);
}

static void
end_undo (WorkspaceCosign *self)
{
  g_clear_handle_id (&self->undo_source, g_source_remove);
  g_clear_pointer (&self->group, g_free);
  gtk_widget_set_visible (self->undo_box, FALSE);
}

static gboolean
undo_over_cb (gpointer data)
{
  WorkspaceCosign *self = data;

  self->undo_source = 0;
  end_undo (self);
  return G_SOURCE_REMOVE;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Write) write = user_data;
  WorkspaceCosign *self = write->self;
  g_autoptr (GError) error = NULL;
  g_autofree char *group = care_cosign_write_finish (result, &error);

  if (!write_is_shown (write))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
  show_problem (self, error ? error->message : NULL);
  if (!group)
    return;
  end_undo (self);
  self->group = g_steal_pointer (&group);
  close_boxes (self);
  gtk_editable_set_text (GTK_EDITABLE (self->words_entry), "");
  gtk_label_set_label (self->undo_label, write->done);
  gtk_widget_set_visible (self->undo_box, TRUE);
  self->undo_source = g_timeout_add_seconds (UNDO_SECONDS, undo_over_cb, self);
  gtk_widget_grab_focus (self->undo_button);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), write->done,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static Write *
start_write (WorkspaceCosign *self, const char *done)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  return write_new (self, done);
}

static void
sign (WorkspaceCosign *self)
{
  care_cosign_sign_async (get_context (self), self->task, written_cb,
                          start_write (self, _ ("The note is co-signed.")));
}

static void
sign_response_cb (WorkspaceCosign *self, const char *response, AdwDialog *dialog)
{
  const char *task = g_object_get_data (G_OBJECT (dialog), "task");

  if (g_str_equal (response, "sign") && g_strcmp0 (task, self->task) == 0)
    sign (self);
}

static void
sign_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceCosign *self = WORKSPACE_COSIGN (widget);
  AdwDialog *dialog;

  if (!self->task)
    return;
  dialog = workspace_birth_year_dialog_new (self->patient);
  if (!dialog)
    {
      sign (self);
      return;
    }
  g_object_set_data_full (G_OBJECT (dialog), "task", g_strdup (self->task), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (sign_response_cb), self,
                           G_CONNECT_SWAPPED);
  workspace_alert_present (dialog, widget);
}

static void
write_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceCosign *self = WORKSPACE_COSIGN (widget);

  show_box (self, self->words_box);
  gtk_widget_grab_focus (GTK_WIDGET (self->words_entry));
}

static void
send_back (WorkspaceCosign *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->words_entry));

  if (!self->task)
    return;
  care_cosign_send_back_async (get_context (self), self->task, words, written_cb,
                               start_write (self, _ ("The note is sent back.")));
}

static void
send_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  send_back (WORKSPACE_COSIGN (widget));
}

static void
words_activate_cb (WorkspaceCosign *self)
{
  send_back (self);
}

/* ---- asking ---- */

static void
colleagues_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Write) write = user_data;
  WorkspaceCosign *self = write->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) rows = care_cosign_list_colleagues_finish (result, &error);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  if (!write_is_shown (write))
    return;
  if (!rows || g_list_model_get_n_items (rows) == 0)
    {
      show_problem (self, rows ? _ ("No colleague is known on this computer.") : error->message);
      return;
    }
  g_ptr_array_set_size (self->colleagues, 0);
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      CareRow *row = g_list_model_get_item (rows, i);

      g_ptr_array_add (self->colleagues, row);
      gtk_string_list_append (names, care_row_get_title (row));
    }
  gtk_drop_down_set_model (self->colleague_drop_down, G_LIST_MODEL (names));
  show_box (self, self->choose_box);
  gtk_widget_grab_focus (GTK_WIDGET (self->colleague_drop_down));
}

static void
choose_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceCosign *self = WORKSPACE_COSIGN (widget);

  show_problem (self, NULL);
  care_cosign_list_colleagues_async (get_context (self), NULL, colleagues_cb,
                                     write_new (self, NULL));
}

static void
ask_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceCosign *self = WORKSPACE_COSIGN (widget);
  guint selected = gtk_drop_down_get_selected (self->colleague_drop_down);
  CareRow *row;

  if (selected >= self->colleagues->len)
    return;
  row = self->colleagues->pdata[selected];
  care_cosign_ask_async (get_context (self), self->note, care_row_get_reference (row),
                         care_row_get_title (row), written_cb,
                         start_write (self, _ ("The note is sent for a co-signature.")));
}

/* ---- taking it back ---- */

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Write) write = user_data;
  WorkspaceCosign *self = write->self;
  g_autoptr (GError) error = NULL;
  gboolean undone = care_cosign_undo_finish (result, &error);

  if (write_is_shown (write))
    show_problem (self, undone ? NULL : error->message);
}

static void
undo_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspaceCosign *self = WORKSPACE_COSIGN (widget);
  g_autofree char *group = g_steal_pointer (&self->group);

  end_undo (self);
  if (group)
    care_cosign_undo_async (get_context (self), group, undone_cb, write_new (self, NULL));
}

/* ---- */

static void
workspace_cosign_dispose (GObject *object)
{
  WorkspaceCosign *self = WORKSPACE_COSIGN (object);

  g_clear_handle_id (&self->undo_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_COSIGN);
  g_clear_object (&self->patient);
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->task, g_free);
  g_clear_pointer (&self->group, g_free);
  g_clear_pointer (&self->colleagues, g_ptr_array_unref);
  G_OBJECT_CLASS (workspace_cosign_parent_class)->dispose (object);
}

static void
workspace_cosign_class_init (WorkspaceCosignClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_cosign_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-cosign.ui");
  gtk_widget_class_install_action (widget_class, "cosign.sign", NULL, sign_cb);
  gtk_widget_class_install_action (widget_class, "cosign.write-back", NULL, write_back_cb);
  gtk_widget_class_install_action (widget_class, "cosign.send-back", NULL, send_back_cb);
  gtk_widget_class_install_action (widget_class, "cosign.choose", NULL, choose_cb);
  gtk_widget_class_install_action (widget_class, "cosign.ask", NULL, ask_cb);
  gtk_widget_class_install_action (widget_class, "cosign.close", NULL, close_cb);
  gtk_widget_class_install_action (widget_class, "cosign.undo", NULL, undo_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "cosign.close", NULL);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, states_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, answer_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, words_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, words_entry);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, ask_button);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, choose_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, colleague_drop_down);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, undo_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, undo_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, undo_button);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCosign, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, words_activate_cb);
}

static void
workspace_cosign_init (WorkspaceCosign *self)
{
  self->colleagues = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
  close_boxes (self);
}

/* Shows what became of @note. What is being chosen or typed stays, where it is the same note. */
void
workspace_cosign_set_note (WorkspaceCosign *self,
                           WorkspacePatient *patient,
                           const CareSignedNote *note)
{
  gboolean own;

  g_return_if_fail (WORKSPACE_IS_COSIGN (self));

  g_set_object (&self->patient, patient);
  if (g_set_str (&self->note, note->reference))
    {
      end_undo (self);
      close_boxes (self);
      gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
      show_problem (self, NULL);
      gtk_editable_set_text (GTK_EDITABLE (self->words_entry), "");
    }
  g_set_str (&self->task, find_request (self, note));
  show_states (self, note);
  own =
      g_strcmp0 (note->author_reference, care_context_get_user_reference (get_context (self))) == 0;
  gtk_widget_set_visible (self->answer_box, self->task != NULL);
  gtk_widget_set_visible (self->ask_button, own);
  if (!self->task && gtk_widget_get_visible (self->words_box))
    close_boxes (self);
}
