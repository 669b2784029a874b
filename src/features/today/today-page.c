/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-page-private.h"

#include <glib/gi18n.h>

#include "care-day.h"
#include "fhir-date.h"

#include "today-hand-over.h"
#include "today-notice.h"
#include "today-row.h"
#include "today-whose.h"
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

G_DEFINE_FINAL_TYPE (TodayPage, today_page, WORKSPACE_TYPE_PAGE)

gint64
today_page_now (TodayPage *self)
{
  return self->read_at + base_clock_monotonic (workspace_session_get_clock (self->session)) -
         self->read_tick;
}

CareDayRow *
today_page_find_appointment (TodayPage *self, const char *appointment)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      if (g_strcmp0 (care_day_row_get_appointment (row), appointment) == 0)
        return row;
    }
  return NULL;
}

/* ---- mine, or everyone's ---- */

static const char *
get_user (TodayPage *self)
{
  return care_context_get_user_reference (workspace_session_get_context (self->session));
}

static gboolean
is_shown (gpointer item, gpointer user_data)
{
  TodayPage *self = user_data;

  return !self->mine || care_day_row_is_with (item, get_user (self));
}

static void
whose_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodayPage) self = user_data;
  g_autofree char *whose = today_whose_load_finish (result, NULL);

  if (whose)
    adw_toggle_group_set_active_name (self->whose, whose);
}

/* ---- reading the day ---- */

static gboolean
somebody_came (TodayPage *self, GListModel *rows)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (rows, i);
      CareDayRow *before = today_page_find_appointment (self, care_day_row_get_appointment (row));
      gboolean waited = before && g_strcmp0 (care_day_row_get_status (before), "waiting") == 0;
      if (!waited && is_shown (row, self) &&
          g_strcmp0 (care_day_row_get_status (row), "waiting") == 0)
        return TRUE;
    }
  return FALSE;
}

static void
select_again (TodayPage *self, const char *appointment)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->shown));

  for (guint i = 0; appointment && i < n_rows; i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (self->shown), i);
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
    today_notice_waiting (GTK_WIDGET (self));
  self->was_read = TRUE;
}

static void
update_heading (TodayPage *self)
{
  g_autoptr (GDateTime) day = NULL;
  g_autofree char *midnight = g_strdup_printf ("%sT12:00:00Z", self->date);
  g_autofree char *shown = fhir_date_format (self->date, NULL);
  g_autofree char *counts = today_words_counts (G_LIST_MODEL (self->shown));
  guint waiting = today_words_count (G_LIST_MODEL (self->shown), "waiting");
  guint others = today_words_count (G_LIST_MODEL (self->rows), "waiting") - waiting;

  day = g_date_time_new_from_iso8601 (midnight, NULL);
  g_autofree char *weekday = g_date_time_format (day, "%A");
  /* Translators: a weekday and a day, as in "Monday, 09-Nov-2026" */
  g_autofree char *heading = g_strdup_printf (C_ ("weekday, day", "%s, %s"), weekday, shown);
  gtk_label_set_label (self->date_label, heading);
  gtk_label_set_label (self->counts_label, counts);
  workspace_page_set_count (WORKSPACE_PAGE (self), waiting);
  /* whoever waits for a colleague who is away is not out of sight */
  g_autofree char *elsewhere =
      g_strdup_printf (ngettext ("%u patient waits for a colleague.",
                                 "%u patients wait for colleagues.", others),
                       others);
  gtk_label_set_label (self->others_label, elsewhere);
  gtk_widget_set_visible (GTK_WIDGET (self->others_label), others > 0);
}

static void
whose_cb (TodayPage *self)
{
  const char *name = adw_toggle_group_get_active_name (self->whose);
  gboolean mine = g_strcmp0 (name, "mine") == 0;

  if (!self->session || mine == self->mine)
    return;
  self->mine = mine;
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->shown), GTK_FILTER_CHANGE_DIFFERENT);
  if (self->date)
    update_heading (self);
  today_page_update_actions (self);
  today_week_set_practitioner (self->week, mine ? get_user (self) : NULL);
  today_whose_save (self->session, name);
}

/* The day or the week; a day that nothing is booked for says so. */
static void
show_span (TodayPage *self)
{
  gboolean week = g_strcmp0 (adw_toggle_group_get_active_name (self->span), "week") == 0;
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->rows)) == 0;

  today_week_show (self->week, week);
  gtk_stack_set_visible_child_name (self->stack, week ? "week" : empty ? "empty" : "day");
}

static void
span_cb (TodayPage *self)
{
  if (self->was_read)
    show_span (self);
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
  today_page_update_actions (self);
  show_span (self);
  today_hand_over_show (GTK_WIDGET (self), self->session, self->asked_box);
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
    today_row_tick (self->lines->pdata[i], G_LIST_MODEL (self->rows), today_page_now (self));
  if (self->date && !g_str_equal (today, self->date))
    changed_cb (self);
  return G_SOURCE_CONTINUE;
}

/* ---- the list ---- */

static void
show_unread (TodayPage *self, GtkListItem *item)
{
  CareDayRow *row = gtk_list_item_get_item (item);
  guint unread = today_lobby_get_unread (self->lobby, care_day_row_get_encounter (row));
  g_autofree char *line = today_words_line (G_LIST_MODEL (self->rows), row, today_page_now (self));
  g_autofree char *more = today_words_unread (unread);
  g_autofree char *words = more ? g_strdup_printf ("%s, %s", line, more) : g_strdup (line);

  today_row_set_unread (TODAY_ROW (gtk_list_item_get_child (item)), unread);
  gtk_list_item_set_accessible_label (item, words);
}

static void
lobby_changed_cb (TodayPage *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    show_unread (self, g_object_get_data (self->lines->pdata[i], "item"));
}

static void
lobby_written_cb (TodayPage *self)
{
  today_notice_written (GTK_WIDGET (self));
}

static void
setup_cb (TodayPage *self, GtkListItem *item)
{
  GtkWidget *row = today_row_new ();

  g_object_set_data (G_OBJECT (row), "item", item);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (TodayPage *self, GtkListItem *item)
{
  CareDayRow *row = gtk_list_item_get_item (item);

  today_row_set_row (TODAY_ROW (gtk_list_item_get_child (item)), row, G_LIST_MODEL (self->rows),
                     today_page_now (self));
  show_unread (self, item);
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
  g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (self->shown), position);

  if (row)
    workspace_session_open_patient (self->session, care_day_row_get_patient_id (row), "show", NULL);
}

/* ---- object ---- */

static void
today_page_root (GtkWidget *widget)
{
  GtkRoot *root;

  GTK_WIDGET_CLASS (today_page_parent_class)->root (widget);
  root = gtk_widget_get_root (widget);
  if (G_IS_ACTION_MAP (root))
    today_page_add_actions (TODAY_PAGE (widget), root);
}

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
  g_clear_object (&self->shown);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->date, g_free);
  if (self->lobby)
    g_signal_handlers_disconnect_by_data (self->lobby, self);
  g_clear_object (&self->lobby);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (today_page_parent_class)->dispose (object);
}

static void
today_page_class_init (TodayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_CALLS);
  g_type_ensure (TODAY_TYPE_CHECK);
  g_type_ensure (TODAY_TYPE_CONTEXT);
  g_type_ensure (TODAY_TYPE_WEEK);
  G_OBJECT_CLASS (klass)->dispose = today_page_dispose;
  widget_class->root = today_page_root;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/today/today-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TodayPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, date_label);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, counts_label);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, others_label);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, check);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, whose);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, span);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, week);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, list);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, calls);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, context);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, late_button);
  gtk_widget_class_bind_template_child (widget_class, TodayPage, asked_box);
  gtk_widget_class_bind_template_callback (widget_class, whose_cb);
  gtk_widget_class_bind_template_callback (widget_class, span_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  today_page_install_actions (widget_class);
}

static void
today_page_init (TodayPage *self)
{
  self->lines = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  self->rows = g_list_store_new (CARE_TYPE_DAY_ROW);
  self->shown =
      gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)),
                                 GTK_FILTER (gtk_custom_filter_new (is_shown, self, NULL)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->shown)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (today_page_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (today_page_update_actions), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (today_page_update_actions), NULL);
}

GtkWidget *
today_page_new (WorkspaceSession *session)
{
  TodayPage *self = g_object_new (TODAY_TYPE_PAGE, NULL);

  self->session = g_object_ref (session);
  self->lobby = today_lobby_new (session);
  g_signal_connect_swapped (self->lobby, "changed", G_CALLBACK (lobby_changed_cb), self);
  g_signal_connect_swapped (self->lobby, "written", G_CALLBACK (lobby_written_cb), self);
  g_autoptr (GMenuModel) late = today_late_menu ();
  gtk_menu_button_set_menu_model (self->late_button, late);
  gtk_widget_set_visible (GTK_WIDGET (self->late_button), today_whose_sees_patients (session));
  g_signal_connect_swapped (self->calls, "came", G_CALLBACK (today_notice_call), self);
  workspace_calls_set_session (self->calls, session, NULL);
  today_check_show (self->check, workspace_session_get_check (session));
  today_context_set_session (self->context, session);
  today_week_set_session (self->week, session);
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  gtk_widget_set_visible (GTK_WIDGET (self->whose), today_whose_sees_patients (session));
  today_whose_load_async (session, self->cancellable, whose_read_cb, g_object_ref (self));
  reload (self);
  return GTK_WIDGET (self);
}
