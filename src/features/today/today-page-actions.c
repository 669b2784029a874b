/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-page-private.h"

#include "today-hand-over.h"
#include "today-link.h"
#include "today-schedule.h"
#include "today-send-dialog.h"
#include "today-words.h"

/* What can be done to the visits of the day: to the selected line by keys and menus of the window,
 * to any line by its own menu. */

static void
enable (GtkRoot *root, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (root), name);

  if (action)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* (transfer none) (nullable): the chosen line; none while another page is shown, where a key would
 * change a visit that nobody sees. */
static CareDayRow *
get_selected (TodayPage *self)
{
  return gtk_widget_get_mapped (GTK_WIDGET (self))
             ? gtk_single_selection_get_selected_item (self->selection)
             : NULL;
}

void
today_page_update_actions (TodayPage *self)
{
  CareDayRow *row = get_selected (self);
  g_autoptr (CareDayRow) next =
      today_words_find_next (G_LIST_MODEL (self->shown), today_page_now (self));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  today_context_set_row (self->context, gtk_single_selection_get_selected_item (self->selection));
  if (!root)
    return;
  enable (root, "admit", row && g_strcmp0 (care_day_row_get_status (row), "waiting") == 0);
  enable (root, "admit-next", next != NULL);
  enable (root, "move-visit", today_schedule_may_change (row));
  enable (root, "cancel-visit", today_schedule_may_change (row));
  enable (root, "link-visit", today_link_may_make (row));
  enable (root, "send-link", today_link_may_make (row));
  enable (root, "missed-visit", today_schedule_may_miss (row, today_page_now (self)));
  enable (root, "hand-over-visit", today_hand_over_may (row));
}

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

  admit (self, today_page_find_appointment (self, g_variant_get_string (target, NULL)));
}

static void
admit_selected_cb (TodayPage *self)
{
  admit (self, get_selected (self));
}

static void
admit_next_cb (TodayPage *self)
{
  g_autoptr (CareDayRow) next =
      today_words_find_next (G_LIST_MODEL (self->shown), today_page_now (self));

  if (next && g_strcmp0 (care_day_row_get_status (next), "waiting") == 0)
    admit (self, next);
  else if (next)
    workspace_session_open_patient (self->session, care_day_row_get_patient_id (next), "show",
                                    NULL);
}

static void
book_cb (TodayPage *self)
{
  today_schedule_book (GTK_WIDGET (self), self->session, self->date);
}

static void
move_selected_cb (TodayPage *self)
{
  today_schedule_move (GTK_WIDGET (self), self->session, get_selected (self));
}

static void
cancel_selected_cb (TodayPage *self)
{
  today_schedule_cancel (GTK_WIDGET (self), self->session, get_selected (self));
}

static void
missed_selected_cb (TodayPage *self)
{
  today_schedule_no_show (GTK_WIDGET (self), self->session, get_selected (self));
}

static void
undo_cb (TodayPage *self, GVariant *appointment)
{
  today_schedule_undo (GTK_WIDGET (self), self->session, g_variant_get_string (appointment, NULL));
}

static void
link_selected_cb (TodayPage *self)
{
  today_link_make (GTK_WIDGET (self), self->session, get_selected (self));
}

static void
send_link (TodayPage *self, CareDayRow *row)
{
  if (today_link_may_make (row))
    adw_dialog_present (today_send_dialog_new (GTK_WIDGET (self), self->session, row),
                        GTK_WIDGET (self));
}

static void
send_selected_cb (TodayPage *self)
{
  send_link (self, get_selected (self));
}

/* "today.move", "today.cancel", "today.missed", "today.link" and "today.send" of one line. */
static void
line_action (GtkWidget *widget, const char *name, GVariant *target)
{
  TodayPage *self = TODAY_PAGE (widget);
  const char *id = g_variant_get_string (target, NULL);
  CareDayRow *today = today_page_find_appointment (self, id);
  CareDayRow *row = today ? today : today_week_find (self->week, id);

  if (g_str_equal (name, "today.move"))
    today_schedule_move (widget, self->session, row);
  else if (g_str_equal (name, "today.cancel"))
    today_schedule_cancel (widget, self->session, row);
  else if (g_str_equal (name, "today.link"))
    today_link_make (widget, self->session, row);
  else if (g_str_equal (name, "today.send"))
    send_link (self, row);
  else
    today_schedule_no_show (widget, self->session, row);
}

static void
hand_over_selected_cb (TodayPage *self)
{
  today_hand_over_ask (GTK_WIDGET (self), self->session, self->lobby, get_selected (self));
}

static void
late_action (GtkWidget *widget, const char *name, GVariant *target)
{
  today_late_tell (widget, TODAY_PAGE (widget)->session, g_variant_get_int32 (target));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *target)
{
  workspace_session_open_patient (TODAY_PAGE (widget)->session, g_variant_get_string (target, NULL),
                                  "show", NULL);
}

static void
add_action (TodayPage *self,
            GActionMap *window,
            const char *name,
            const GVariantType *target,
            GCallback callback)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, target);

  g_signal_connect_object (action, "activate", callback, self, G_CONNECT_SWAPPED);
  g_simple_action_set_enabled (action, FALSE);
  g_action_map_add_action (window, G_ACTION (action));
}

/* From a patient's window too: the next chart is one key from the last. */
static void
add_next_patient (TodayPage *self, GtkRoot *root)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (root));
  g_autoptr (GSimpleAction) next = g_simple_action_new ("next-patient", NULL);

  if (!application)
    return;
  g_signal_connect_object (next, "activate", G_CALLBACK (admit_next_cb), self, G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (next));
}

/*
 * today_page_add_actions:
 *
 * Gives the page's window what its keys and menus do to the selected line.
 */
void
today_page_add_actions (TodayPage *self, GtkRoot *root)
{
  GActionMap *window = G_ACTION_MAP (root);
  add_action (self, window, "admit", NULL, G_CALLBACK (admit_selected_cb));
  add_action (self, window, "admit-next", NULL, G_CALLBACK (admit_next_cb));
  add_action (self, window, "book-visit", NULL, G_CALLBACK (book_cb));
  add_action (self, window, "move-visit", NULL, G_CALLBACK (move_selected_cb));
  add_action (self, window, "cancel-visit", NULL, G_CALLBACK (cancel_selected_cb));
  add_action (self, window, "link-visit", NULL, G_CALLBACK (link_selected_cb));
  add_action (self, window, "send-link", NULL, G_CALLBACK (send_selected_cb));
  add_action (self, window, "missed-visit", NULL, G_CALLBACK (missed_selected_cb));
  add_action (self, window, "hand-over-visit", NULL, G_CALLBACK (hand_over_selected_cb));
  add_action (self, window, "undo-visit", G_VARIANT_TYPE_STRING, G_CALLBACK (undo_cb));
  enable (root, "book-visit", TRUE);
  enable (root, "undo-visit", TRUE);
  add_next_patient (self, root);
  today_page_update_actions (self);
}

/* "today.…" of one line. */
void
today_page_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "today.admit", "s", admit_action);
  gtk_widget_class_install_action (widget_class, "today.move", "s", line_action);
  gtk_widget_class_install_action (widget_class, "today.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "today.cancel", "s", line_action);
  gtk_widget_class_install_action (widget_class, "today.link", "s", line_action);
  gtk_widget_class_install_action (widget_class, "today.send", "s", line_action);
  gtk_widget_class_install_action (widget_class, "today.missed", "s", line_action);
  gtk_widget_class_install_action (widget_class, "today.late", "i", late_action);
}
