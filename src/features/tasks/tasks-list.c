/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-list.h"

#include <glib/gi18n.h>

#include "tasks-ask-dialog.h"
#include "tasks-close.h"
#include "tasks-item.h"
#include "tasks-load.h"
#include "tasks-row.h"
#include "tasks-words.h"
#include "workspace-toast.h"

/**
 * TasksList:
 *
 * What is open, most pressing first. It is read again when the store announces a change of
 * something that tasks speak of, and now and then, since a prescription becomes NOT SENT by time
 * alone. Only what differs is touched, so that the line under a finger stays where it is. Times
 * grow by the monotonic clock from the moment of reading (H14).
 */

#define SETTLE_MS    80
#define TICK_SECONDS 5
#define READ_EVERY   6 /* ticks */

struct _TasksList
{
  AdwBin parent_instance;

  WorkspaceSession *session;
  char *patient; /* NULL: of the clinic */
  char *wanted;  /* (nullable): to be selected when the list has come */
  GListStore *items;
  GtkSingleSelection *selection;
  GPtrArray *rows; /* TasksRow that are bound */
  GCancellable *cancellable;
  char *today;
  gint64 read_at;   /* µs since 1970 */
  gint64 read_tick; /* the monotonic clock then */
  guint reload_source, tick_source, ticks;
  gboolean is_reading, is_stale, was_read;
  char *resumed; /* reference of the task whose outcome is gone on with */

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *empty_page;
  AdwStatusPage *failed_page;
  GtkListView *list;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_RED_ARRIVED,
  SIGNAL_RESUMED, /* what is to be gone on with was read */
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TasksList, tasks_list, ADW_TYPE_BIN)

static CareContext *
context_of (TasksList *self)
{
  return workspace_session_get_context (self->session);
}

static gint64
now (TasksList *self)
{
  return self->read_at + base_clock_monotonic (workspace_session_get_clock (self->session)) -
         self->read_tick;
}

static gboolean
find (GListModel *items, const char *reference, guint *position)
{
  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (TasksItem) item = g_list_model_get_item (items, i);

      if (g_strcmp0 (tasks_item_get_facts (item)->reference, reference) != 0)
        continue;
      if (position)
        *position = i;
      return TRUE;
    }
  return FALSE;
}

static const TasksFacts *
find_facts (TasksList *self, const char *reference)
{
  guint position;

  if (!find (G_LIST_MODEL (self->items), reference, &position))
    return NULL;
  g_autoptr (TasksItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
  return tasks_item_get_facts (item);
}

static const TasksFacts *
get_selected (TasksList *self)
{
  TasksItem *item = gtk_single_selection_get_selected_item (self->selection);

  return item ? tasks_item_get_facts (item) : NULL;
}

/* ---- reading ---- */

/* A red task is new, or needs this person from now on: its orderer left, or did not answer. */
static gboolean
red_arrived (TasksList *self, GListModel *fresh)
{
  for (guint i = 0; self->was_read && i < g_list_model_get_n_items (fresh); i++)
    {
      g_autoptr (TasksItem) item = g_list_model_get_item (fresh, i);
      const TasksFacts *facts = tasks_item_get_facts (item);
      const TasksFacts *before = find_facts (self, facts->reference);

      if (tasks_facts_is_red (facts) && (!before || (facts->needs_you && !before->needs_you)))
        return TRUE;
    }
  return FALSE;
}

static void
tick_rows (TasksList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    tasks_row_tick (self->rows->pdata[i], now (self));
}

static gboolean
select_wanted (TasksList *self)
{
  guint position;

  if (!self->wanted || !find (G_LIST_MODEL (self->items), self->wanted, &position))
    return FALSE;
  gtk_list_view_scroll_to (self->list, position, GTK_LIST_SCROLL_SELECT | GTK_LIST_SCROLL_FOCUS,
                           NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
  g_clear_pointer (&self->wanted, g_free);
  return TRUE;
}

static void
take_items (TasksList *self, GListModel *fresh)
{
  const TasksFacts *selected = get_selected (self);
  g_autofree char *reference = selected ? g_strdup (selected->reference) : NULL;
  gboolean came = red_arrived (self, fresh);
  guint position;

  self->read_at = base_clock_now (workspace_session_get_clock (self->session));
  self->read_tick = base_clock_monotonic (workspace_session_get_clock (self->session));
  tasks_item_merge (self->items, fresh);
  if (reference && find (G_LIST_MODEL (self->items), reference, &position))
    gtk_single_selection_set_selected (self->selection, position);
  else if (reference)
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  tick_rows (self);
  gtk_stack_set_visible_child_name (self->stack,
                                    g_list_model_get_n_items (fresh) > 0 ? "list" : "empty");
  self->was_read = TRUE;
  select_wanted (self);
  g_clear_pointer (&self->wanted, g_free); /* it is done, or another's */
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  if (self->resumed)
    g_signal_emit (self, signals[SIGNAL_RESUMED], 0);
  if (came)
    g_signal_emit (self, signals[SIGNAL_RED_ARRIVED], 0);
}

static void
show_failure (TasksList *self, const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) fresh = tasks_load_finish (result, &error);

  self->is_reading = FALSE;
  if (fresh)
    take_items (self, G_LIST_MODEL (fresh));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else
    show_failure (self, error);
  if (self->is_stale)
    {
      self->is_stale = FALSE;
      self->is_reading = TRUE;
      tasks_load_async (context_of (self), self->patient, self->cancellable, loaded_cb,
                        g_object_ref (self));
    }
}

static void
reload (gpointer user_data)
{
  TasksList *self = user_data;

  self->reload_source = 0;
  g_free (self->today);
  self->today = workspace_session_dup_today (self->session);
  self->is_stale = self->is_reading;
  if (self->is_reading)
    return;
  self->is_reading = TRUE;
  tasks_load_async (context_of (self), self->patient, self->cancellable, loaded_cb,
                    g_object_ref (self));
}

static void
queue_reload (TasksList *self)
{
  if (self->reload_source == 0)
    self->reload_source = g_timeout_add_once (SETTLE_MS, reload, self);
}

static gboolean
concerns (TasksList *self, const StoreChange *change)
{
  static const char *const types[] = { "Task",    "Communication",     "Observation",
                                       "Patient", "MedicationRequest", "Practitioner",
                                       NULL };

  return g_strv_contains (types, change->type) &&
         (!self->patient || !change->patient || g_str_equal (self->patient, change->patient));
}

static void
changed_cb (TasksList *self, GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    if (concerns (self, changes->pdata[i]))
      {
        queue_reload (self);
        return;
      }
}

static gboolean
tick_cb (gpointer user_data)
{
  TasksList *self = user_data;

  tick_rows (self);
  if (++self->ticks % READ_EVERY == 0)
    queue_reload (self);
  return G_SOURCE_CONTINUE;
}

/* ---- the list ---- */

/* What opens when a line is activated: the page that shows what it is about, else this patient's
 * tasks. In the patient's own window only the former leads anywhere. */
static const char *
get_target (TasksList *self, const TasksFacts *facts)
{
  if (!facts->patient)
    return NULL;
  if (facts->focus && workspace_session_find_offer_of (self->session, facts->focus))
    return facts->focus;
  return self->patient ? NULL : "tasks";
}

static void
setup_cb (TasksList *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, tasks_row_new (self->patient == NULL));
}

static void
bind_cb (TasksList *self, GtkListItem *item)
{
  TasksItem *shown = gtk_list_item_get_item (item);
  TasksRow *row = TASKS_ROW (gtk_list_item_get_child (item));
  const TasksFacts *facts = tasks_item_get_facts (shown);
  GTimeZone *zone = workspace_session_get_zone (self->session);
  g_autofree char *words = tasks_words_line (facts, now (self), self->today, zone);

  tasks_row_set_item (row, shown, get_target (self, facts) != NULL, self->today, zone);
  tasks_row_tick (row, now (self));
  gtk_list_item_set_accessible_label (item, words);
  g_ptr_array_add (self->rows, row);
}

static void
unbind_cb (TasksList *self, GtkListItem *item)
{
  g_ptr_array_remove (self->rows, gtk_list_item_get_child (item));
}

static void
open_task (TasksList *self, const TasksFacts *facts)
{
  const char *target = facts ? get_target (self, facts) : NULL;

  if (target)
    workspace_session_open_patient (self->session, facts->patient, "show", target);
}

static void
activate_cb (TasksList *self, guint position)
{
  g_autoptr (TasksItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  if (item)
    open_task (self, tasks_item_get_facts (item));
}

/* ---- closing ---- */

static void
write_outcome (TasksList *self, const TasksFacts *facts)
{
  tasks_close_write_outcome (GTK_WIDGET (self), self->session, facts, now (self));
}

/* Goes on with the outcome of one task, once it was read. */
static void
resume_outcome (TasksList *self)
{
  g_autofree char *task = g_steal_pointer (&self->resumed);
  const TasksFacts *facts = find_facts (self, task);

  if (facts)
    write_outcome (self, facts);
  else
    workspace_toast_add (self->toasts, _ ("This task is no longer open."), NULL, NULL);
}

/* What waits for a prescriber's word, all of it: one is seldom alone. */
void
tasks_list_answer (TasksList *self)
{
  tasks_ask_open (GTK_WIDGET (self), self->toasts, self->session, self->patient);
}

static void
complete (TasksList *self, const TasksFacts *facts)
{
  if (!facts || !tasks_facts_can_complete (facts))
    return;
  if (tasks_facts_is_red (facts))
    write_outcome (self, facts);
  else if (tasks_facts_is_ask (facts))
    tasks_list_answer (self);
  else
    tasks_close_complete (self->toasts, self->session, facts);
}

/* ---- actions ---- */

static void
open_action (GtkWidget *widget, const char *name, GVariant *target)
{
  TasksList *self = TASKS_LIST (widget);

  open_task (self, find_facts (self, g_variant_get_string (target, NULL)));
}

static void
complete_action (GtkWidget *widget, const char *name, GVariant *target)
{
  TasksList *self = TASKS_LIST (widget);

  complete (self, find_facts (self, g_variant_get_string (target, NULL)));
}

static void
reopen_action (GtkWidget *widget, const char *name, GVariant *target)
{
  TasksList *self = TASKS_LIST (widget);

  tasks_close_reopen (self->toasts, self->session, g_variant_get_string (target, NULL));
}

static void
undo_answers_action (GtkWidget *widget, const char *name, GVariant *target)
{
  tasks_ask_undo (TASKS_LIST (widget)->toasts, TASKS_LIST (widget)->session,
                  g_variant_get_string (target, NULL));
}

static void
complete_selected_cb (TasksList *self)
{
  complete (self, get_selected (self));
}

/* Only while the list is seen and a line is chosen: a key meant for another page closes nothing. */
static void
update_action (TasksList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GAction *action = G_IS_ACTION_MAP (root)
                        ? g_action_map_lookup_action (G_ACTION_MAP (root), "task-complete")
                        : NULL;
  const TasksFacts *facts = get_selected (self);

  if (action)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                                 gtk_widget_get_mapped (GTK_WIDGET (self)) && facts &&
                                     tasks_facts_can_complete (facts));
}

static void
tasks_list_root (GtkWidget *widget)
{
  TasksList *self = TASKS_LIST (widget);
  g_autoptr (GSimpleAction) action = g_simple_action_new ("task-complete", NULL);

  GTK_WIDGET_CLASS (tasks_list_parent_class)->root (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  if (!G_IS_ACTION_MAP (root))
    return;
  g_signal_connect_object (action, "activate", G_CALLBACK (complete_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (root), G_ACTION (action));
  update_action (self);
}

static void
tasks_list_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tasks_list_parent_class)->map (widget);
  update_action (TASKS_LIST (widget));
}

static void
tasks_list_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tasks_list_parent_class)->unmap (widget);
  update_action (TASKS_LIST (widget));
}

/* ---- object ---- */

static void
tasks_list_dispose (GObject *object)
{
  TasksList *self = TASKS_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TASKS_TYPE_LIST);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->selection);
  g_clear_object (&self->items);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->patient, g_free);
  g_clear_pointer (&self->today, g_free);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->resumed, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (tasks_list_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/tasks/tasks-list.ui");
  gtk_widget_class_bind_template_child (widget_class, TasksList, toasts);
  gtk_widget_class_bind_template_child (widget_class, TasksList, stack);
  gtk_widget_class_bind_template_child (widget_class, TasksList, empty_page);
  gtk_widget_class_bind_template_child (widget_class, TasksList, failed_page);
  gtk_widget_class_bind_template_child (widget_class, TasksList, list);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
tasks_list_class_init (TasksListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tasks_list_dispose;
  widget_class->root = tasks_list_root;
  widget_class->map = tasks_list_map;
  widget_class->unmap = tasks_list_unmap;
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RED_ARRIVED] =
      g_signal_new ("red-arrived", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RESUMED] =
      g_signal_new_class_handler ("resumed", type, G_SIGNAL_RUN_LAST, G_CALLBACK (resume_outcome),
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "task.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "task.complete", "s", complete_action);
  gtk_widget_class_install_action (widget_class, "task.reopen", "s", reopen_action);
  gtk_widget_class_install_action (widget_class, "task.undo-answers", "s", undo_answers_action);
}

static void
tasks_list_init (TasksList *self)
{
  self->rows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  self->items = g_list_store_new (TASKS_TYPE_ITEM);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->items)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (update_action),
                           self, G_CONNECT_SWAPPED);
}

/* Begins to read; once. @patient: (nullable): id, for the tasks of one patient. */
void
tasks_list_start (TasksList *self, WorkspaceSession *session, const char *patient)
{
  g_return_if_fail (TASKS_IS_LIST (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->patient = g_strdup (patient);
  if (patient)
    {
      adw_status_page_set_title (self->empty_page, _ ("Nothing Open for This Patient"));
      adw_status_page_set_description (
          self->empty_page, _ ("What has to be done for this patient can be written down here."));
      gtk_widget_add_css_class (GTK_WIDGET (self->empty_page), "compact");
    }
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::waiting", G_CALLBACK (queue_reload), self,
                           G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  reload (self);
}

guint
tasks_list_get_count (TasksList *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->items));
}

/* (transfer full): "7 open, 2 red…"; empty before anything was read. */
char *
tasks_list_dup_counts (TasksList *self)
{
  if (!self->was_read || tasks_list_get_count (self) == 0)
    return g_strdup ("");
  return tasks_words_counts (tasks_list_get_count (self),
                             tasks_item_count_red (G_LIST_MODEL (self->items)),
                             tasks_item_count_needing_you (G_LIST_MODEL (self->items)));
}

/* Selects a task; one that is not listed yet when it comes. */
void
tasks_list_select (TasksList *self, const char *reference)
{
  g_return_if_fail (TASKS_IS_LIST (self));

  g_set_str (&self->wanted, reference);
  if (!select_wanted (self) && self->was_read)
    queue_reload (self);
}

/* @draft: "task-outcome Task/1 AUTHOR": the dialog of that task's outcome, with what was typed. */
void
tasks_list_resume (TasksList *self, const char *draft)
{
  g_return_if_fail (TASKS_IS_LIST (self));

  g_auto (GStrv) parts = g_strsplit (draft, " ", 3);
  if (g_strv_length (parts) != 3 || !g_str_equal (parts[0], "task-outcome"))
    return;
  g_set_str (&self->resumed, parts[1]);
  if (self->was_read)
    resume_outcome (self);
}
