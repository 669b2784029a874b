/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-conflict-window.h"

#include <glib/gi18n.h>

#include "outbox-conflict-load.h"
#include "outbox-conflict-row.h"
#include "workspace-text.h"
#include "workspace-toast.h"

/**
 * OutboxConflictWindow:
 *
 * One record at a time, of those that wait in one group or of one patient. Nothing changes before
 * the last button; what was chosen is dropped when the record moved meanwhile, because a choice is
 * good for the two versions that were read and for no others.
 */

struct _OutboxConflictWindow
{
  AdwWindow parent_instance;

  WorkspaceSession *session;
  char *group;
  char *patient;
  OutboxConflict *conflict; /* (nullable): the one that is shown */
  GCancellable *cancellable;
  gboolean deciding;
  gboolean narrow;

  AdwWindowTitle *title;
  GtkStack *stack;
  GtkLabel *record_label;
  GtkLabel *mine_heading;
  GtkLabel *theirs_heading;
  GtkBox *elements_box;
  AdwPreferencesGroup *same_group;
  AdwExpanderRow *same_row;
  GtkGrid *result_grid;
  GtkLabel *consequence_label;
  GtkButton *use_button;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (OutboxConflictWindow, outbox_conflict_window, ADW_TYPE_WINDOW)

/* ---- the result ---- */

static void
clear (GtkWidget *box)
{
  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_first_child (box))
    gtk_widget_unparent (child);
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
show_result (OutboxConflictWindow *self)
{
  GListModel *elements = outbox_conflict_get_elements (self->conflict);

  clear (GTK_WIDGET (self->result_grid));
  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (OutboxConflictElement) element = g_list_model_get_item (elements, i);
      g_autofree char *result = outbox_conflict_element_dup_result (element);
      GtkWidget *name = make_label (outbox_conflict_element_get_label (element), "dimmed");
      GtkWidget *value =
          make_label (result ? result : _ ("not chosen yet"), result ? NULL : "dimmed");

      gtk_widget_set_hexpand (value, TRUE);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                      name, NULL, -1);
      gtk_grid_attach (self->result_grid, name, 0, (int) i, 1, 1);
      gtk_grid_attach (self->result_grid, value, 1, (int) i, 1, 1);
    }
}

static const char *
use_label (OutboxConflictWindow *self)
{
  switch (outbox_conflict_get_all (self->conflict))
    {
    case OUTBOX_CHOICE_MINE:
      return _ ("_Use Mine");
    case OUTBOX_CHOICE_THEIRS:
      return _ ("_Use Theirs");
    case OUTBOX_CHOICE_NONE:
      return _ ("_Use This Combination");
    }
  g_return_val_if_reached (NULL);
}

/* A decision is written by the engine, which there is only after a sign-in. */
static void
update (OutboxConflictWindow *self)
{
  if (!self->conflict)
    return;

  gboolean signed_in = workspace_session_get_engine (self->session) != NULL;
  gboolean complete = outbox_conflict_is_complete (self->conflict);
  g_autofree char *consequence = outbox_conflict_dup_consequence (self->conflict);

  show_result (self);
  gtk_label_set_label (self->consequence_label,
                       complete && !signed_in
                           ? _ ("Bedside has not signed in to the server since it was opened. This "
                                "can be decided as soon as it has.")
                           : consequence);
  gtk_button_set_label (self->use_button, use_label (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->use_button),
                            complete && signed_in && !self->deciding);
}

/* ---- showing a record ---- */

static void
set_narrow (OutboxConflictWindow *self, gboolean narrow)
{
  self->narrow = narrow;
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->elements_box)); row;
       row = gtk_widget_get_next_sibling (row))
    outbox_conflict_row_set_narrow (OUTBOX_CONFLICT_ROW (row), narrow);
}

static void
narrow_cb (OutboxConflictWindow *self)
{
  set_narrow (self, TRUE);
}

static void
wide_cb (OutboxConflictWindow *self)
{
  set_narrow (self, FALSE);
}

static void
show_elements (OutboxConflictWindow *self)
{
  GListModel *elements = outbox_conflict_get_elements (self->conflict);

  clear (GTK_WIDGET (self->elements_box));
  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (OutboxConflictElement) element = g_list_model_get_item (elements, i);
      gtk_box_append (self->elements_box, outbox_conflict_row_new (element));
    }
  set_narrow (self, self->narrow);
}

static void
show_same (OutboxConflictWindow *self)
{
  g_auto (GStrv) lines = outbox_conflict_dup_same (self->conflict);
  guint n_lines = g_strv_length (lines);
  g_autofree char *title = g_strdup_printf (ngettext ("%u part is the same in both",
                                                      "%u parts are the same in both", n_lines),
                                            n_lines);
  g_autofree char *text = g_strjoinv ("\n", lines);
  GtkWidget *label = gtk_label_new (text);

  if (self->same_row)
    adw_preferences_group_remove (self->same_group, GTK_WIDGET (self->same_row));
  self->same_row = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->same_row), title);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  g_object_set (label, "margin-start", 12, "margin-end", 12, "margin-top", 10, "margin-bottom", 10,
                NULL);
  adw_expander_row_add_row (self->same_row, label);
  adw_preferences_group_add (self->same_group, GTK_WIDGET (self->same_row));
  gtk_widget_set_visible (GTK_WIDGET (self->same_group), n_lines > 0);
}

static void
show_conflict (OutboxConflictWindow *self, OutboxConflict *conflict, guint n_conflicts)
{
  GTimeZone *zone = workspace_session_get_zone (self->session);
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  const char *name = outbox_conflict_get_patient_name (conflict);
  g_autofree char *mine = outbox_conflict_dup_mine_heading (conflict, now, zone);
  g_autofree char *theirs = outbox_conflict_dup_theirs_heading (conflict, now, zone);
  g_autofree char *more =
      n_conflicts > 1
          ? g_strdup_printf (ngettext ("%u more after this", "%u more after this", n_conflicts - 1),
                             n_conflicts - 1)
          : NULL;

  g_set_object (&self->conflict, conflict);
  g_signal_connect_object (conflict, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  gtk_window_set_title (GTK_WINDOW (self), name ? name : _ ("Two Versions"));
  adw_window_title_set_title (self->title, name ? name : _ ("Two Versions"));
  adw_window_title_set_subtitle (self->title, more ? more : "");
  gtk_label_set_label (self->record_label, outbox_conflict_get_title (conflict));
  gtk_label_set_label (self->mine_heading, mine);
  gtk_label_set_label (self->theirs_heading, theirs);
  show_elements (self);
  show_same (self);
  update (self);
  gtk_stack_set_visible_child_name (self->stack, "versions");
}

static gboolean
is_the_same (OutboxConflict *a, OutboxConflict *b)
{
  g_autoptr (GHashTable) left = NULL;
  g_autoptr (GHashTable) right = NULL;
  GHashTableIter iter;
  gpointer key;

  if (!g_str_equal (outbox_conflict_get_record_id (a), outbox_conflict_get_record_id (b)) ||
      !g_str_equal (outbox_conflict_get_record_type (a), outbox_conflict_get_record_type (b)) ||
      outbox_conflict_is_whole (a) != outbox_conflict_is_whole (b))
    return FALSE;
  left = outbox_conflict_dup_keys (a);
  right = outbox_conflict_dup_keys (b);
  if (g_hash_table_size (left) != g_hash_table_size (right))
    return FALSE;
  g_hash_table_iter_init (&iter, left);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (right, key))
      return FALSE;
  return TRUE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OutboxConflictWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = outbox_conflict_load_finish (result, &error);

  if (!found)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("cannot read what two people changed: %s", error->message);
      return;
    }
  if (found->len == 0)
    {
      g_clear_object (&self->conflict);
      gtk_stack_set_visible_child_name (self->stack, "settled");
    }
  else if (!self->conflict || !is_the_same (self->conflict, found->pdata[0]))
    show_conflict (self, found->pdata[0], found->len);
}

static void
reload (OutboxConflictWindow *self)
{
  if (!self->deciding)
    outbox_conflict_load_async (workspace_session_get_database (self->session), self->group,
                                self->patient, workspace_session_get_zone (self->session),
                                self->cancellable, loaded_cb, g_object_ref (self));
}

/* ---- actions ---- */

static void
decided (OutboxConflictWindow *self, const GError *error)
{
  self->deciding = FALSE;
  if (error)
    adw_toast_overlay_add_toast (self->toasts, workspace_toast_new (error->message));
  if (!self->cancellable)
    return;
  update (self);
  reload (self);
}

static void
elements_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OutboxConflictWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  sync_engine_decide_elements_finish (SYNC_ENGINE (source), result, &error);
  decided (self, error);
}

static void
whole_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OutboxConflictWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  sync_engine_decide_finish (SYNC_ENGINE (source), result, &error);
  decided (self, error);
}

static void
audit (OutboxConflictWindow *self)
{
  g_autofree char *reference =
      g_strdup_printf ("%s/%s", outbox_conflict_get_record_type (self->conflict),
                       outbox_conflict_get_record_id (self->conflict));
  static const char *const words[] = { "a combination of two versions", "mine of two versions",
                                       "theirs of two versions" };

  care_context_audit (workspace_session_get_context (self->session), "decide",
                      outbox_conflict_get_patient (self->conflict), reference,
                      words[outbox_conflict_get_all (self->conflict)]);
}

static void
use_cb (OutboxConflictWindow *self)
{
  SyncEngine *engine = workspace_session_get_engine (self->session);
  g_autoptr (GHashTable) choices = NULL;
  const char *group;

  if (!engine || !self->conflict || self->deciding)
    return;
  group = outbox_conflict_get_group (self->conflict);
  self->deciding = TRUE;
  update (self);
  audit (self);
  if (outbox_conflict_is_whole (self->conflict))
    {
      sync_engine_decide_async (engine, group,
                                outbox_conflict_get_all (self->conflict) == OUTBOX_CHOICE_MINE
                                    ? SYNC_DECISION_KEEP_MINE
                                    : SYNC_DECISION_KEEP_THEIRS,
                                whole_cb, g_object_ref (self));
      return;
    }
  choices = outbox_conflict_dup_choices (self->conflict);
  sync_engine_decide_elements_async (engine, group,
                                     outbox_conflict_get_record_type (self->conflict),
                                     outbox_conflict_get_record_id (self->conflict), choices,
                                     elements_cb, g_object_ref (self));
}

static void
all_mine_cb (OutboxConflictWindow *self)
{
  outbox_conflict_choose_all (self->conflict, OUTBOX_CHOICE_MINE);
}

static void
all_theirs_cb (OutboxConflictWindow *self)
{
  outbox_conflict_choose_all (self->conflict, OUTBOX_CHOICE_THEIRS);
}

static void
chart_cb (OutboxConflictWindow *self)
{
  const char *patient =
      self->conflict ? outbox_conflict_get_patient (self->conflict) : self->patient;

  if (patient)
    workspace_session_open_patient (self->session, patient, "show", NULL);
}

/* ---- object ---- */

static void
outbox_conflict_window_dispose (GObject *object)
{
  OutboxConflictWindow *self = OUTBOX_CONFLICT_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), OUTBOX_TYPE_CONFLICT_WINDOW);
  g_clear_object (&self->conflict);
  g_clear_object (&self->session);
  g_clear_pointer (&self->group, g_free);
  g_clear_pointer (&self->patient, g_free);
  G_OBJECT_CLASS (outbox_conflict_window_parent_class)->dispose (object);
}

static void
outbox_conflict_window_class_init (OutboxConflictWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = outbox_conflict_window_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/outbox/outbox-conflict-window.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, OutboxConflictWindow, name)
  CHILD (title);
  CHILD (stack);
  CHILD (record_label);
  CHILD (mine_heading);
  CHILD (theirs_heading);
  CHILD (elements_box);
  CHILD (same_group);
  CHILD (result_grid);
  CHILD (consequence_label);
  CHILD (use_button);
  CHILD (toasts);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_mine_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_theirs_cb);
  gtk_widget_class_bind_template_callback (widget_class, chart_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, wide_cb);
}

static void
outbox_conflict_window_init (OutboxConflictWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

static OutboxConflictWindow *
find (GtkApplication *application, const char *group, const char *patient)
{
  for (GList *l = application ? gtk_application_get_windows (application) : NULL; l; l = l->next)
    if (OUTBOX_IS_CONFLICT_WINDOW (l->data) &&
        g_strcmp0 (OUTBOX_CONFLICT_WINDOW (l->data)->group, group) == 0 &&
        g_strcmp0 (OUTBOX_CONFLICT_WINDOW (l->data)->patient, patient) == 0)
      return l->data;
  return NULL;
}

/* Opens the window, or presents it where it is open. @group and @patient: (nullable): whose. */
void
outbox_conflict_window_present (WorkspaceSession *session,
                                GtkWindow *from,
                                const char *group,
                                const char *patient)
{
  GtkApplication *application = from ? gtk_window_get_application (from) : NULL;
  OutboxConflictWindow *self = find (application, group, patient);

  if (!self)
    {
      self = g_object_new (OUTBOX_TYPE_CONFLICT_WINDOW, "application", application, NULL);
      self->session = g_object_ref (session);
      self->group = g_strdup (group);
      self->patient = g_strdup (patient);
      g_signal_connect_object (session, "notify::server", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::refused", G_CALLBACK (reload), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (workspace_session_get_database (session), "changed",
                               G_CALLBACK (reload), self, G_CONNECT_SWAPPED);
      reload (self);
    }
  gtk_window_present (GTK_WINDOW (self));
}
