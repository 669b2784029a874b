/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-page.h"

#include <glib/gi18n.h>

#include "care-day.h"
#include "fhir-date.h"

#include "today-context.h"
#include "today-row.h"
#include "today-words.h"

/**
 * TodayPage:
 *
 * The visits of the clinic's day. It is read again when the store announces a change, so a patient
 * who joins shows within the second that sync needs (law 12). Waits are counted by the monotonic
 * clock from the moment of reading, so that a clock that is set does not change them (H14).
 */

#define SETTLE_MS    50
#define TICK_SECONDS 5

struct _TodayPage
{
  WorkspacePage parent_instance;

  WorkspaceSession *session;
  GListStore *rows;
  GtkSingleSelection *selection;
  GPtrArray *lines; /* TodayRow that are bound */
  GCancellable *cancellable;
  char *date;
  gint64 read_at;   /* µs since 1970 */
  gint64 read_tick; /* the monotonic clock then */
  guint reload_source;
  guint tick_source;
  gboolean was_read;

  GtkStack *stack;
  AdwStatusPage *failed_page;
  GtkLabel *date_label;
  GtkLabel *counts_label;
  GtkListView *list;
  TodayContext *context;
};

G_DEFINE_FINAL_TYPE (TodayPage, today_page, WORKSPACE_TYPE_PAGE)

static gint64
now (TodayPage *self)
{
  return self->read_at + base_clock_monotonic (workspace_session_get_clock (self->session)) -
         self->read_tick;
}

static CareDayRow *
find_appointment (TodayPage *self, const char *appointment)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      if (g_strcmp0 (care_day_row_get_appointment (row), appointment) == 0)
        return row;
    }
  return NULL;
}

/* ---- reading the day ---- */

/* It names nobody: a locked screen shows it to anyone who passes. */
static void
notify_waiting (TodayPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkApplication *application = root ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;
  g_autoptr (GNotification) notification = g_notification_new (_ ("A patient is waiting"));

  g_notification_set_default_action (notification, "app.clinic");
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  if (application)
    g_application_send_notification (G_APPLICATION (application), "waiting", notification);
}

static gboolean
somebody_came (TodayPage *self, GListModel *rows)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (rows, i);
      CareDayRow *before = find_appointment (self, care_day_row_get_appointment (row));
      gboolean waited = before && g_strcmp0 (care_day_row_get_status (before), "waiting") == 0;
      if (!waited && g_strcmp0 (care_day_row_get_status (row), "waiting") == 0)
        return TRUE;
    }
  return FALSE;
}

static void
select_again (TodayPage *self, const char *appointment)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  for (guint i = 0; appointment && i < n_rows; i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      if (g_strcmp0 (care_day_row_get_appointment (row), appointment) == 0)
        gtk_single_selection_set_selected (self->selection, i);
    }
}

static void
take_rows (TodayPage *self, GListModel *rows)
{
  CareDayRow *selected = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (CareDayRow) longest = today_words_find_longest (rows);
  CareDayRow *wanted = selected ? selected : longest;
  g_autofree char *appointment = wanted ? g_strdup (care_day_row_get_appointment (wanted)) : NULL;
  gboolean came = somebody_came (self, rows);
  guint n_rows = g_list_model_get_n_items (rows);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_rows; i++)
    g_ptr_array_add (items, g_list_model_get_item (rows, i));
  self->read_at = base_clock_now (workspace_session_get_clock (self->session));
  self->read_tick = base_clock_monotonic (workspace_session_get_clock (self->session));
  g_list_store_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                       items->pdata, items->len);
  select_again (self, appointment);
  if (came && self->was_read)
    notify_waiting (self);
  self->was_read = TRUE;
}

static void
update_heading (TodayPage *self)
{
  g_autoptr (GDateTime) day = NULL;
  g_autofree char *midnight = g_strdup_printf ("%sT12:00:00Z", self->date);
  g_autofree char *shown = fhir_date_format (self->date, NULL);
  g_autofree char *counts = today_words_counts (G_LIST_MODEL (self->rows));

  day = g_date_time_new_from_iso8601 (midnight, NULL);
  g_autofree char *weekday = g_date_time_format (day, "%A");
  g_autofree char *heading = g_strdup_printf ("%s, %s", weekday, shown);
  gtk_label_set_label (self->date_label, heading);
  gtk_label_set_label (self->counts_label, counts);
  workspace_page_set_count (WORKSPACE_PAGE (self),
                            today_words_count (G_LIST_MODEL (self->rows), "waiting"));
}

static void
update_actions (TodayPage *self)
{
  CareDayRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (CareDayRow) longest = today_words_find_longest (G_LIST_MODEL (self->rows));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  today_context_set_row (self->context, row);
  if (!root)
    return;
  GAction *admit = g_action_map_lookup_action (G_ACTION_MAP (root), "admit");
  GAction *next = g_action_map_lookup_action (G_ACTION_MAP (root), "admit-next");
  if (admit)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (admit),
                                 row && g_strcmp0 (care_day_row_get_status (row), "waiting") == 0);
  if (next)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (next), longest != NULL);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodayPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) rows = care_day_load_finish (result, &error);

  if (!rows)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  take_rows (self, G_LIST_MODEL (rows));
  update_heading (self);
  update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (rows)) > 0
                                                     ? "day"
                                                     : "empty");
}

static void
reload (gpointer user_data)
{
  TodayPage *self = user_data;

  self->reload_source = 0;
  g_free (self->date);
  self->date = workspace_session_dup_today (self->session);
  care_day_load_async (workspace_session_get_database (self->session), self->date,
                       workspace_session_get_clock (self->session), self->cancellable, loaded_cb,
                       g_object_ref (self));
}

static void
changed_cb (TodayPage *self)
{
  if (self->reload_source == 0)
    self->reload_source = g_timeout_add_once (SETTLE_MS, reload, self);
}

static gboolean
tick_cb (gpointer user_data)
{
  TodayPage *self = user_data;
  g_autofree char *today = workspace_session_dup_today (self->session);

  for (guint i = 0; i < self->lines->len; i++)
    today_row_tick (self->lines->pdata[i], now (self));
  if (self->date && !g_str_equal (today, self->date))
    changed_cb (self);
  return G_SOURCE_CONTINUE;
}

/* ---- the list ---- */

static void
setup_cb (TodayPage *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, today_row_new ());
}

static void
bind_cb (TodayPage *self, GtkListItem *item)
{
  CareDayRow *row = gtk_list_item_get_item (item);
  g_autofree char *words = today_words_line (row, now (self));

  today_row_set_row (TODAY_ROW (gtk_list_item_get_child (item)), row, now (self));
  gtk_list_item_set_accessible_label (item, words);
  g_ptr_array_add (self->lines, gtk_list_item_get_child (item));
}

static void
unbind_cb (TodayPage *self, GtkListItem *item)
{
  g_ptr_array_remove (self->lines, gtk_list_item_get_child (item));
}

static void
activate_cb (TodayPage *self, guint position)
{
  g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  if (row)
    workspace_session_open_patient (self->session, care_day_row_get_patient_id (row), "show", NULL);
}

/* ---- actions ---- */

static void
admit (TodayPage *self, CareDayRow *row)
{
  g_autofree char *encounter = NULL;

  if (!row || !care_day_row_get_encounter (row))
    return;
  encounter = g_strdup_printf ("Encounter/%s", care_day_row_get_encounter (row));
  workspace_session_open_patient (self->session, care_day_row_get_patient_id (row), "admit",
                                  encounter);
}

static void
admit_action (GtkWidget *widget, const char *name, GVariant *target)
{
  TodayPage *self = TODAY_PAGE (widget);

  admit (self, find_appointment (self, g_variant_get_string (target, NULL)));
}

static void
admit_selected_cb (TodayPage *self)
{
  admit (self, gtk_single_selection_get_selected_item (self->selection));
}

static void
admit_next_cb (TodayPage *self)
{
  g_autoptr (CareDayRow) longest = today_words_find_longest (G_LIST_MODEL (self->rows));

  admit (self, longest);
}

static void
add_action (TodayPage *self, GActionMap *window, const char *name, GCallback callback)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, NULL);

  g_signal_connect_object (action, "activate", callback, self, G_CONNECT_SWAPPED);
  g_simple_action_set_enabled (action, FALSE);
  g_action_map_add_action (window, G_ACTION (action));
}

static void
today_page_root (GtkWidget *widget)
{
  TodayPage *self = TODAY_PAGE (widget);

  GTK_WIDGET_CLASS (today_page_parent_class)->root (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  if (!G_IS_ACTION_MAP (root))
    return;
  add_action (self, G_ACTION_MAP (root), "admit", G_CALLBACK (admit_selected_cb));
  add_action (self, G_ACTION_MAP (root), "admit-next", G_CALLBACK (admit_next_cb));
  update_actions (self);
}

/* ---- object ---- */

static void
today_page_dispose (GObject *object)
{
  TodayPage *self = TODAY_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TODAY_TYPE_PAGE);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->date, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (today_page_parent_class)->dispose (object);
}

static void
today_page_class_init (TodayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (TODAY_TYPE_CONTEXT);
  G_OBJECT_CLASS (klass)->dispose = today_page_dispose;
  widget_class->root = today_page_root;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/today/today-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TodayPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, date_label);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, counts_label);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, list);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, context);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "today.admit", "s", admit_action);
}

static void
today_page_init (TodayPage *self)
{
  self->lines = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  self->rows = g_list_store_new (CARE_TYPE_DAY_ROW);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->rows)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (update_actions),
                           self, G_CONNECT_SWAPPED);
}

GtkWidget *
today_page_new (WorkspaceSession *session)
{
  TodayPage *self = g_object_new (TODAY_TYPE_PAGE, NULL);

  self->session = g_object_ref (session);
  today_context_set_session (self->context, session);
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  reload (self);
  return GTK_WIDGET (self);
}
