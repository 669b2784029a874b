/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-view.h"

#include <glib/gi18n.h>

#include "care-note.h"
#include "note-orders.h"
#include "note-saver.h"
#include "note-shortcuts.h"
#include "note-signed.h"
#include "note-spelling.h"
#include "workspace-alert.h"
#include "workspace-birth-year.h"
#include "workspace-toast.h"

/* A note of the visit in progress. Every change is on disk within a quarter of a second and comes
 * back after a crash; what could not be written is said at once and tried again. */

#define GATHER_MS 250

struct _NoteView
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  CareContext *context;
  char *encounter;
  char *visit; /* that the chart is in now; NULL: none */
  NoteSaver *saver;
  guint save_source;
  guint typed, visits; /* how often something was, and another visit shown */
  gboolean dirty;      /* the saver does not have the text yet */
  gboolean loading;

  GtkStack *stack;
  AdwBanner *earlier_banner;
  AdwBanner *other_author_banner;
  NoteSigned *signed_notes;
  GtkTextView *text_view;
  NoteOrders *orders;
  GtkLabel *state_label;
  GtkWidget *sign_button;
  GtkMenuButton *insert_button;
  NoteShortcuts *shortcuts;
  GSimpleAction *sign_action;
  GSimpleAction *undo_action; /* of a signature: the document and its visit */
};

G_DEFINE_FINAL_TYPE (NoteView, note_view, ADW_TYPE_BIN)

static char *
dup_text (NoteView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
set_state (NoteView *self, const char *text, gboolean wrong)
{
  gtk_label_set_label (self->state_label, text);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_label), "error");
}

static void
update_actions (NoteView *self)
{
  gboolean written =
      gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->text_view)) > 0;

  g_simple_action_set_enabled (self->sign_action, written && self->encounter != NULL);
}

/* ---- saving ---- */

static void
saved_cb (gpointer user_data, const char *encounter, const GError *error)
{
  NoteView *self = user_data;

  if (error)
    {
      g_autofree char *text = g_strdup_printf (_ ("Not on disk yet: %s"), error->message);

      set_state (self, text, TRUE);
      return;
    }
  if (g_strcmp0 (encounter, self->encounter) == 0 && !self->dirty &&
      !note_saver_get_text (self->saver, encounter))
    {
      g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (self->context));
      g_autofree char *time = g_date_time_format (now, "%H:%M:%S");
      g_autofree char *text = g_strdup_printf (_ ("Draft, on disk since %s"), time);

      set_state (self, text, FALSE);
    }
}

static void
save_now (NoteView *self)
{
  g_autofree char *text = NULL;

  g_clear_handle_id (&self->save_source, g_source_remove);
  if (!self->dirty || self->encounter == NULL)
    return;
  text = dup_text (self);
  self->dirty = FALSE;
  note_saver_put (self->saver, self->encounter, text);
}

static void
gathered_cb (gpointer data)
{
  NoteView *self = data;

  self->save_source = 0;
  save_now (self);
}

static void
text_changed_cb (NoteView *self)
{
  update_actions (self);
  if (self->loading)
    return;
  self->dirty = TRUE;
  self->typed++;
  if (self->save_source == 0)
    self->save_source = g_timeout_add_once (GATHER_MS, gathered_cb, self);
}

/* ---- loading ---- */

static void
set_text (NoteView *self, const char *text)
{
  self->loading = TRUE;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
  self->loading = FALSE;
}

typedef struct
{
  NoteView *view;
  guint typed, visits;
} Loading;

static Loading *
loading_new (NoteView *self)
{
  Loading *loading = g_new0 (Loading, 1);

  loading->view = g_object_ref (self);
  loading->typed = self->typed;
  loading->visits = self->visits;
  return loading;
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (NoteView) self = loading->view;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = care_note_load_finish (result, &error);

  /* what was typed while the disk was read is newer than what it held, and of another visit this
   * text must not be */
  if (loading->typed != self->typed || loading->visits != self->visits)
    return;
  if (error != NULL)
    set_state (self, error->message, TRUE);
  if (text != NULL && *text != '\0')
    {
      set_text (self, text);
      set_state (self, _ ("Draft, found again on disk"), FALSE);
    }
}

static void
load_text (NoteView *self)
{
  care_note_load_async (self->context, self->encounter, NULL, load_cb, loading_new (self));
}

static void
other_author_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (NoteView) self = loading->view;
  g_autofree char *author = care_note_find_other_author_finish (result, NULL);

  if (!author || loading->visits != self->visits)
    return;
  adw_banner_set_title (self->other_author_banner, _ ("Somebody else began a note of this visit"));
  adw_banner_set_revealed (self->other_author_banner, TRUE);
}

static void
load (NoteView *self)
{
  const char *newer = note_saver_get_text (self->saver, self->encounter);

  if (newer)
    set_text (self, newer); /* than what the disk has */
  else
    load_text (self);
  care_note_find_other_author_async (self->context, workspace_patient_get_id (self->patient),
                                     self->encounter, NULL, other_author_cb, loading_new (self));
}

static void
take_over_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (NoteView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_note_take_over_finish (result, &error))
    {
      set_state (self, error->message, TRUE);
      return;
    }
  adw_banner_set_revealed (self->other_author_banner, FALSE);
  load_text (self);
}

typedef struct
{
  NoteView *view;
  char *draft;
} TakeOver;

static gboolean
find_draft_work (StoreConnection *connection, gpointer data, GError **error)
{
  TakeOver *take = data;
  g_autofree char *author =
      care_note_find_other_author (connection, take->view->context,
                                   workspace_patient_get_id (take->view->patient),
                                   take->view->encounter, error);

  if (author == NULL)
    return FALSE;
  take->draft = care_note_dup_draft_id (take->view->encounter, author);
  return TRUE;
}

static void
find_draft_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TakeOver *take = user_data;

  if (store_database_read_finish (STORE_DATABASE (source), result, NULL) && take->draft != NULL)
    care_note_take_over_async (take->view->context, take->draft, NULL, take_over_done_cb,
                               g_object_ref (take->view));
  g_object_unref (take->view);
  g_free (take->draft);
  g_free (take);
}

static void
take_over_cb (NoteView *self)
{
  TakeOver *take = g_new0 (TakeOver, 1);

  save_now (self);
  take->view = g_object_ref (self);
  store_database_read_async (care_context_get_store (self->context), find_draft_work, take, NULL,
                             NULL, find_draft_cb, take);
}

/* ---- signing ---- */

typedef struct
{
  NoteView *view;
  char *encounter;
  char *text;
  gboolean is_off_disk;
} Signing;

static void
signing_free (gpointer data)
{
  Signing *signing = data;

  g_object_unref (signing->view);
  g_free (signing->encounter);
  g_free (signing->text);
  g_free (signing);
}

/* @signature: the document, and the visit whose draft it is again */
static void
offer_undo (NoteView *self, const char *signature)
{
  GtkWidget *toasts = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  workspace_toast_add ((AdwToastOverlay *) toasts, _ ("The note is signed."), "win.note-undo",
                       signature);
}

static void
take_signed (NoteView *self, const Signing *signing, const char *document, const GError *error)
{
  g_autofree char *signature = NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->text_view), TRUE);
  if (error)
    {
      if (signing->is_off_disk)
        note_saver_put (self->saver, signing->encounter, signing->text);
      set_state (self, error->message, TRUE);
      return;
    }
  signature = g_strdup_printf ("%s %s", document, signing->encounter);
  offer_undo (self, signature);
  if (g_strcmp0 (signing->encounter, self->encounter) != 0)
    return;
  set_text (self, "");
  self->dirty = FALSE;
  set_state (self, _ ("Signed. What you write now becomes a further note of this visit."), FALSE);
  update_actions (self);
  note_signed_expand (self->signed_notes);
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Signing *signing = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *document = care_note_sign_finish (result, &error);

  if (signing->view->saver) /* else the window is gone */
    take_signed (signing->view, signing, document, error);
  signing_free (signing);
}

static void
sign (NoteView *self)
{
  Signing *signing = g_new0 (Signing, 1);
  g_autofree char *draft =
      care_note_dup_draft_id (self->encounter, care_context_get_user_reference (self->context));

  signing->view = g_object_ref (self);
  signing->encounter = g_strdup (self->encounter);
  signing->text = dup_text (self);
  save_now (self);
  /* a draft that is written after this would come back as one that was never signed */
  signing->is_off_disk = note_saver_drop (self->saver, self->encounter);
  gtk_widget_set_sensitive (GTK_WIDGET (self->text_view), FALSE);
  care_note_sign_async (self->context, draft, signing->text, NULL, signed_cb, signing);
}

static void
sign_response_cb (NoteView *self, const char *response)
{
  if (g_str_equal (response, "sign"))
    sign (self);
}

/* A note is signed without a question, but for one while a patient with a like name is open or
 * another one is on the line. */
static void
sign_activate_cb (NoteView *self)
{
  AdwDialog *dialog = workspace_birth_year_dialog_new (self->patient);

  if (dialog == NULL)
    {
      sign (self);
      return;
    }
  g_signal_connect_object (dialog, "response", G_CALLBACK (sign_response_cb), self,
                           G_CONNECT_SWAPPED);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

/* ---- taking a signature back ---- */

typedef struct
{
  NoteView *view;
  char *encounter;
  char *text;     /* (nullable): what was written of that visit since, and may not be on disk */
  gboolean shown; /* that visit was */
} Undoing;

static void
undoing_free (Undoing *undoing)
{
  g_object_unref (undoing->view);
  g_free (undoing->encounter);
  g_free (undoing->text);
  g_free (undoing);
}

static void
take_undone (NoteView *self, const Undoing *undoing, const char *text, const GError *error)
{
  gboolean shown = undoing->shown && g_strcmp0 (undoing->encounter, self->encounter) == 0;

  gtk_widget_set_sensitive (GTK_WIDGET (self->text_view), TRUE);
  if (error && undoing->text && *undoing->text)
    note_saver_put (self->saver, undoing->encounter, undoing->text);
  workspace_toast_say (GTK_WIDGET (self),
                       error ? error->message : _ ("Undone: the note is a draft again."));
  if (error || !shown)
    return;
  set_text (self, text);
  self->dirty = FALSE;
  set_state (self, _ ("Draft again: the signature was taken back"), FALSE);
  update_actions (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Undoing *undoing = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = care_note_undo_finish (result, &error);

  if (undoing->view->saver) /* else the window is gone */
    take_undone (undoing->view, undoing, text, error);
  undoing_free (undoing);
}

/* What was written since follows what was signed, in the same transaction; no older text of it
 * comes after that. */
static void
undo_activate_cb (NoteView *self, GVariant *target)
{
  g_auto (GStrv) parts = g_strsplit (g_variant_get_string (target, NULL), " ", 2);
  Undoing *undoing;

  if (g_strv_length (parts) != 2)
    return;
  undoing = g_new0 (Undoing, 1);
  undoing->view = g_object_ref (self);
  undoing->encounter = g_strdup (parts[1]);
  undoing->shown = g_strcmp0 (parts[1], self->encounter) == 0;
  undoing->text =
      undoing->shown ? dup_text (self) : g_strdup (note_saver_get_text (self->saver, parts[1]));
  note_saver_drop (self->saver, parts[1]);
  if (undoing->shown)
    {
      g_clear_handle_id (&self->save_source, g_source_remove);
      self->dirty = FALSE;
      gtk_widget_set_sensitive (GTK_WIDGET (self->text_view), FALSE);
    }
  care_note_undo_async (self->context, parts[0], undoing->text, undone_cb, undoing);
}

/* ---- orders ---- */

static void
focus_text (NoteView *self)
{
  gtk_text_view_scroll_mark_onscreen (self->text_view,
                                      gtk_text_buffer_get_insert (
                                          gtk_text_view_get_buffer (self->text_view)));
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
order_cb (NoteView *self, const char *keyword)
{
  if (self->encounter && note_orders_open (self->orders, keyword))
    return;
  set_state (self, _ ("Your role may not write this order."), TRUE);
  focus_text (self);
}

/* On a line of its own, where the command was typed. */
static void
ordered_cb (NoteView *self, const char *words)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  g_autofree char *line = NULL;
  GtkTextIter at;

  gtk_text_buffer_get_iter_at_mark (buffer, &at, gtk_text_buffer_get_insert (buffer));
  line =
      g_strconcat (gtk_text_iter_starts_line (&at) ? "" : "\n", words,
                   gtk_text_iter_is_end (&at) || !gtk_text_iter_ends_line (&at) ? "\n" : "", NULL);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_insert (buffer, &at, line, -1);
  gtk_text_buffer_end_user_action (buffer);
  focus_text (self);
}

static void
left_cb (NoteView *self)
{
  focus_text (self);
}

/* ---- the visit ---- */

static void
show_encounter (NoteView *self, const char *encounter)
{
  adw_banner_set_revealed (self->earlier_banner,
                           encounter && g_strcmp0 (encounter, self->visit) != 0);
  if (g_strcmp0 (encounter, self->encounter) == 0)
    return;
  save_now (self);
  self->visits++;
  g_set_str (&self->encounter, encounter);
  adw_banner_set_revealed (self->other_author_banner, FALSE);
  note_orders_clear (self->orders);
  set_text (self, "");
  set_state (self, encounter != NULL ? _ ("Nothing written yet") : "", FALSE);
  gtk_stack_set_visible_child_name (self->stack, encounter != NULL ? "note" : "empty");
  update_actions (self);
  if (encounter != NULL)
    load (self);
}

static void
back_cb (NoteView *self)
{
  show_encounter (self, self->visit);
}

/* Another visit began or ended. Until then a note of an earlier one may be gone on with. */
static void
visit_changed_cb (NoteView *self)
{
  const char *encounter = workspace_patient_get_encounter (self->patient);

  if (g_strcmp0 (encounter, self->visit) == 0)
    return;
  g_set_str (&self->visit, encounter);
  show_encounter (self, encounter);
}

/* "note:ENCOUNTER:AUTHOR": the note of that visit, be it an earlier one. */
static void
resume_cb (NoteView *self, const char *draft)
{
  g_auto (GStrv) parts = g_strsplit (draft, ":", 3);

  if (g_strv_length (parts) != 3 || !g_str_equal (parts[0], "note"))
    return;
  show_encounter (self, parts[1]);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
note_view_unmap (GtkWidget *widget)
{
  save_now (NOTE_VIEW (widget));

  GTK_WIDGET_CLASS (note_view_parent_class)->unmap (widget);
}

/* The window's commands reach the note through an action of the window. */
static void
note_view_root (GtkWidget *widget)
{
  NoteView *self = NOTE_VIEW (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (note_view_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  if (G_IS_ACTION_MAP (root))
    {
      g_action_map_add_action (G_ACTION_MAP (root), G_ACTION (self->sign_action));
      g_action_map_add_action (G_ACTION_MAP (root), G_ACTION (self->undo_action));
    }
}

static void
note_view_dispose (GObject *object)
{
  NoteView *self = NOTE_VIEW (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_pointer (&self->saver, note_saver_close);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "note", NULL);
  if (self->shortcuts)
    g_object_run_dispose (G_OBJECT (self->shortcuts));
  g_clear_object (&self->shortcuts);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), NOTE_TYPE_VIEW);
  g_clear_object (&self->patient);
  g_clear_object (&self->context);
  g_clear_object (&self->sign_action);
  g_clear_object (&self->undo_action);
  g_clear_pointer (&self->encounter, g_free);
  g_clear_pointer (&self->visit, g_free);

  G_OBJECT_CLASS (note_view_parent_class)->dispose (object);
}

static void
note_view_class_init (NoteViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (NOTE_TYPE_ORDERS);
  g_type_ensure (NOTE_TYPE_SIGNED);
  G_OBJECT_CLASS (klass)->dispose = note_view_dispose;
  widget_class->unmap = note_view_unmap;
  widget_class->root = note_view_root;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/note/note-view.ui");
  gtk_widget_class_bind_template_child (widget_class, NoteView, stack);
  gtk_widget_class_bind_template_child (widget_class, NoteView, other_author_banner);
  gtk_widget_class_bind_template_child (widget_class, NoteView, earlier_banner);
  gtk_widget_class_bind_template_child (widget_class, NoteView, signed_notes);
  gtk_widget_class_bind_template_child (widget_class, NoteView, text_view);
  gtk_widget_class_bind_template_child (widget_class, NoteView, orders);
  gtk_widget_class_bind_template_child (widget_class, NoteView, state_label);
  gtk_widget_class_bind_template_child (widget_class, NoteView, sign_button);
  gtk_widget_class_bind_template_child (widget_class, NoteView, insert_button);
  gtk_widget_class_bind_template_callback (widget_class, take_over_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, ordered_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_cb);
}

static void
note_view_init (NoteView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  note_spelling_attach (self->text_view);
  self->undo_action = g_simple_action_new ("note-undo", G_VARIANT_TYPE_STRING);
  g_signal_connect_object (self->undo_action, "activate", G_CALLBACK (undo_activate_cb), self,
                           G_CONNECT_SWAPPED);
  self->sign_action = g_simple_action_new ("note-sign", NULL);
  g_signal_connect_object (self->sign_action, "activate", G_CALLBACK (sign_activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
said_cb (NoteView *self, const char *text)
{
  set_state (self, text, FALSE);
}

/**
 * note_view_new:
 *
 * Returns: (transfer floating): the note pane of @patient's window
 */
GtkWidget *
note_view_new (WorkspacePatient *patient)
{
  NoteView *self = g_object_new (NOTE_TYPE_VIEW, NULL);

  self->patient = g_object_ref (patient);
  self->context =
      g_object_ref (workspace_session_get_context (workspace_patient_get_session (patient)));
  self->saver = note_saver_new (self->context, workspace_patient_get_id (patient), saved_cb, self);
  self->shortcuts =
      note_shortcuts_new (GTK_WIDGET (self), self->text_view, self->insert_button, patient);
  note_orders_set_patient (self->orders, patient);
  g_signal_connect_object (self->shortcuts, "order", G_CALLBACK (order_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shortcuts, "said", G_CALLBACK (said_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (visit_changed_cb), self,
                           G_CONNECT_SWAPPED);
  note_signed_set_patient (self->signed_notes, patient);
  g_signal_connect_object (patient, "request::note-signed", G_CALLBACK (offer_undo), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (patient, "request::resume", G_CALLBACK (resume_cb), self,
                           G_CONNECT_SWAPPED);
  visit_changed_cb (self);
  return GTK_WIDGET (self);
}
