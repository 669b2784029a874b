/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-search-dialog.h"

#include <glib/gi18n.h>

#include "care-search.h"
#include "store-search-text.h"
#include "workspace-list-choice.h"

/**
 * WorkspaceSearchDialog:
 *
 * Ctrl+F in a patient's window, Ctrl+Shift+F in the clinic's: records that have the words, each
 * with its date, its kind and what stands around. The cursor stays in the entry; up and down walk
 * the hits, Enter opens one where it belongs. An answer shows only under the words that it is for.
 *
 * Hits of all records show something of many patients: each of them is noted in the audit (law 11),
 * and nothing is shown once the sign-in has run out.
 */

#define SETTLE_MS 120
#define SHORTEST  2 /* letters of a script with spaces; one letter of a name means nothing */

struct _WorkspaceSearchDialog
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  char *patient_id; /* NULL: all */
  char *text;
  CareSearch *found;
  GCancellable *cancellable;
  GtkSingleSelection *selection;
  WorkspaceListChoice *choice;
  guint source;
  gboolean waits; /* what is listed is not yet for what was typed */

  GtkSearchEntry *entry;
  GtkStack *stack;
  GtkListView *list;
  GtkLabel *counts_label;
  AdwStatusPage *message_page;
};

G_DEFINE_FINAL_TYPE (WorkspaceSearchDialog, workspace_search_dialog, ADW_TYPE_DIALOG)

/* ---- what is shown ---- */

static void
show_message (WorkspaceSearchDialog *self, const char *title, const char *words)
{
  g_autofree char *escaped = words ? g_markup_escape_text (words, -1) : NULL;

  adw_status_page_set_title (self->message_page, title);
  adw_status_page_set_description (self->message_page, escaped);
  gtk_label_set_label (self->counts_label, "");
  gtk_stack_set_visible_child_name (self->stack, "message");
}

static void
show_start (WorkspaceSearchDialog *self)
{
  if (self->patient_id)
    show_message (self, _ ("Search This Patient’s Record"),
                  _ ("Words of problems, medicines, results, notes, messages and letters, in any "
                     "order."));
  else
    show_message (self, _ ("Search All Records"),
                  _ ("Words in the records on this computer. Whose hits you see is noted."));
}

static void
set_found (WorkspaceSearchDialog *self, CareSearch *found)
{
  g_set_object (&self->found, found);
  gtk_single_selection_set_model (self->selection, found ? care_search_get_hits (found) : NULL);
  workspace_list_choice_set (self->choice, 0);
}

static char *
dup_counts (WorkspaceSearchDialog *self, guint n)
{
  if (care_search_get_more (self->found))
    return g_strdup_printf (_ ("The %u that changed last; more have these words."), n);
  return g_strdup_printf (ngettext ("%u record", "%u records", n), n);
}

static void
show_found (WorkspaceSearchDialog *self)
{
  guint n = g_list_model_get_n_items (care_search_get_hits (self->found));
  g_autofree char *counts = NULL;

  if (n == 0)
    {
      show_message (self, _ ("Nothing Found"),
                    self->patient_id
                        ? _ ("What is on this computer of this patient does not have all of these "
                             "words.")
                        : _ ("No record on this computer has all of these words."));
      return;
    }
  counts = dup_counts (self, n);
  gtk_label_set_label (self->counts_label, counts);
  gtk_stack_set_visible_child_name (self->stack, "hits");
  workspace_list_choice_set (self->choice, 0);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), counts, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
}

/* ---- searching ---- */

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceSearchDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareSearch) found = care_search_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->waits = FALSE;
  set_found (self, found);
  if (!found)
    {
      show_message (self, _ ("The Search Failed"), error->message);
      return;
    }
  if (!self->patient_id)
    care_search_audit (found, workspace_session_get_context (self->session));
  show_found (self);
}

static void
stop (WorkspaceSearchDialog *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
start (gpointer user_data)
{
  WorkspaceSearchDialog *self = user_data;
  const char *shut = workspace_lock_check (workspace_session_get_lock (self->session));

  self->source = 0;
  if (!self->patient_id && shut)
    {
      set_found (self, NULL);
      show_message (self, _ ("Search All Records"), shut);
      return;
    }
  self->cancellable = g_cancellable_new ();
  care_search_load_async (workspace_session_get_context (self->session), self->patient_id,
                          self->text, self->cancellable, found_cb, g_object_ref (self));
}

static gboolean
is_enough (const char *text)
{
  g_auto (GStrv) words = store_search_split_words (text);

  for (char **word = words; *word; word++)
    if (g_utf8_strlen (*word, -1) >= SHORTEST || g_utf8_get_char (*word) >= 0x0E00)
      return TRUE;
  return FALSE;
}

/* Nothing of what is still listed opens until it is for these words. */
static void
search_changed_cb (WorkspaceSearchDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (!g_set_str (&self->text, text))
    return;
  stop (self);
  self->waits = TRUE;
  if (is_enough (text))
    {
      self->source = g_timeout_add_once (SETTLE_MS, start, self);
      return;
    }
  set_found (self, NULL);
  show_start (self);
}

/* ---- opening ---- */

static void
open_hit (WorkspaceSearchDialog *self, guint position)
{
  g_autoptr (CareHit) hit = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  g_autoptr (WorkspaceSession) session = g_object_ref (self->session);

  if (!hit || self->waits)
    return;
  adw_dialog_close (ADW_DIALOG (self));
  workspace_session_open_patient (session, care_hit_get_patient_id (hit), "show",
                                  care_hit_get_reference (hit));
}

static void
entry_activated_cb (WorkspaceSearchDialog *self)
{
  open_hit (self, gtk_single_selection_get_selected (self->selection));
}

static void
row_activated_cb (WorkspaceSearchDialog *self, guint position)
{
  open_hit (self, position);
}

static void
stop_cb (WorkspaceSearchDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* The cursor stays in the entry; up and down walk the list. */
static gboolean
key_cb (WorkspaceSearchDialog *self, guint key)
{
  if (key != GDK_KEY_Down && key != GDK_KEY_Up)
    return GDK_EVENT_PROPAGATE;
  workspace_list_choice_move (self->choice, key == GDK_KEY_Down ? 1 : -1);
  return GDK_EVENT_STOP;
}

/* ---- lines ---- */

/* (transfer full): @text with what was typed in bold. */
char *
workspace_search_dup_markup (const char *text, const char *typed)
{
  g_auto (GStrv) words = store_search_split_words (typed);
  g_autoptr (GArray) marks = care_search_find_marks (text, (const char *const *) words);
  GString *markup = g_string_new (NULL);
  gsize done = 0;

  for (guint i = 0; i < marks->len; i++)
    {
      const CareSearchMark *mark = &g_array_index (marks, CareSearchMark, i);
      g_autofree char *plain = g_markup_escape_text (text + done, (gssize) (mark->start - done));
      g_autofree char *found =
          g_markup_escape_text (text + mark->start, (gssize) (mark->end - mark->start));

      g_string_append_printf (markup, "%s<b><u>%s</u></b>", plain, found);
      done = mark->end;
    }
  g_autofree char *rest = g_markup_escape_text (text + done, -1);
  g_string_append (markup, rest);
  return g_string_free_and_steal (markup);
}

static GtkWidget *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                                   PANGO_WRAP_WORD_CHAR, NULL);

  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
setup_cb (WorkspaceSearchDialog *self, GtkListItem *item)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing",
                                 2, "margin-top", 6, "margin-bottom", 6, NULL);

  g_object_set_data (G_OBJECT (item), "title", add_label (box, "heading"));
  g_object_set_data (G_OBJECT (item), "context", add_label (box, "body"));
  g_object_set_data (G_OBJECT (item), "about", add_label (box, "caption"));
  gtk_widget_add_css_class (g_object_get_data (G_OBJECT (item), "about"), "dimmed");
  gtk_list_item_set_child (item, box);
}

static void
set_markup (GtkListItem *item, const char *name, const char *text, const char *typed)
{
  GtkLabel *label = g_object_get_data (G_OBJECT (item), name);
  g_autofree char *markup = text ? workspace_search_dup_markup (text, typed) : NULL;

  gtk_label_set_markup (label, markup ? markup : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

static char *
dup_about (WorkspaceSearchDialog *self, CareHit *hit)
{
  const char *date = care_hit_get_date (hit);
  const char *parts[] = { care_hit_get_kind (hit), date ? date : _ ("date not recorded"),
                          self->patient_id ? NULL : care_hit_get_patient (hit), NULL };

  return g_strjoinv (" · ", (char **) parts);
}

static void
bind_cb (WorkspaceSearchDialog *self, GtkListItem *item)
{
  CareHit *hit = gtk_list_item_get_item (item);
  const char *context = care_hit_get_context (hit);
  g_autofree char *about = dup_about (self, hit);
  g_autofree char *words = g_strdup_printf ("%s, %s%s%s", care_hit_get_title (hit), about,
                                            context ? ", " : "", context ? context : "");

  set_markup (item, "title", care_hit_get_title (hit), self->text);
  set_markup (item, "context", context, self->text);
  gtk_label_set_label (g_object_get_data (G_OBJECT (item), "about"), about);
  gtk_list_item_set_accessible_label (item, words);
}

/* ---- object ---- */

static void
workspace_search_dialog_dispose (GObject *object)
{
  WorkspaceSearchDialog *self = WORKSPACE_SEARCH_DIALOG (object);

  stop (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_SEARCH_DIALOG);
  g_clear_object (&self->choice);
  g_clear_object (&self->selection);
  g_clear_object (&self->found);
  g_clear_object (&self->session);
  g_clear_pointer (&self->patient_id, g_free);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (workspace_search_dialog_parent_class)->dispose (object);
}

static void
workspace_search_dialog_class_init (WorkspaceSearchDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_search_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/workspace/workspace-search-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSearchDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSearchDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSearchDialog, list);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSearchDialog, counts_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSearchDialog, message_page);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
}

static void
workspace_search_dialog_init (WorkspaceSearchDialog *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->selection = gtk_single_selection_new (NULL);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  self->choice = workspace_list_choice_new (self->list, self->selection);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
}

/* (transfer floating): @patient_id: (nullable): whose record; NULL: of all who are here. */
AdwDialog *
workspace_search_dialog_new (WorkspaceSession *session, const char *patient_id)
{
  WorkspaceSearchDialog *self = g_object_new (WORKSPACE_TYPE_SEARCH_DIALOG, NULL);

  self->session = g_object_ref (session);
  self->patient_id = g_strdup (patient_id);
  adw_dialog_set_title (ADW_DIALOG (self),
                        patient_id ? _ ("Search This Patient’s Record") : _ ("Search All Records"));
  show_start (self);
  return ADW_DIALOG (self);
}
