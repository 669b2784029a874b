/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-phone.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "base-clock.h"
#include "workspace-alert.h"
#include "workspace-time.h"

/* The phone rung: one key rings and marks the beginning, and the same key marks the end; who only
 * remembered later types the times. */

#define DIGITS_AT_LEAST 3

/**
 * visit_phone_dup_uri:
 * @number: (nullable): as a patient typed it
 *
 * What comes after a letter ("ext 5") is not part of the number: dialled with it, it would ring
 * somebody else.
 *
 * Returns: (transfer full) (nullable): "tel:" and the digits; NULL where there is no number in it
 */
char *
visit_phone_dup_uri (const char *number)
{
  g_autoptr (GString) uri = g_string_new ("tel:");
  guint digits = 0;

  for (const char *p = number; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalpha (c))
        break;
      if (g_unichar_isdigit (c))
        g_string_append_c (uri, (char) ('0' + g_unichar_digit_value (c)));
      else if (c == '+' && digits == 0)
        g_string_append_c (uri, '+');
      digits += g_unichar_isdigit (c);
    }
  return digits >= DIGITS_AT_LEAST ? g_string_free_and_steal (g_steal_pointer (&uri)) : NULL;
}

static void
launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) controller = user_data;
  g_autoptr (GError) error = NULL;

  if (!gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (source), result, &error))
    g_signal_emit_by_name (controller, "notice",
                           _ ("This computer has no program that dials. The number is copied: "
                              "dial it on a phone."));
}

static void
dial (VisitController *controller, GtkWindow *window)
{
  const char *number = visit_controller_get_number (controller);
  g_autofree char *uri = visit_phone_dup_uri (number);
  g_autoptr (GtkUriLauncher) launcher = NULL;

  if (number != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (window)), number);
  if (uri == NULL)
    return;
  launcher = gtk_uri_launcher_new (uri);
  gtk_uri_launcher_launch (launcher, window, NULL, launched_cb, g_object_ref (controller));
}

/**
 * visit_phone_toggle:
 *
 * Rings the patient and marks that the visit goes on by phone; or marks that this is over.
 */
void
visit_phone_toggle (VisitController *controller, GtkWindow *window)
{
  if (!visit_controller_is_by_phone (controller))
    dial (controller, window);
  visit_controller_phone (controller);
}

/* ---- typed times ---- */

typedef struct
{
  VisitController *controller;
  GtkWidget *start, *end;
} Times;

static void
times_free (gpointer data, GClosure *closure)
{
  Times *times = data;

  g_object_unref (times->controller);
  g_free (times);
}

static GTimeZone *
zone_of (VisitController *controller)
{
  return workspace_session_get_zone (
      workspace_patient_get_session (visit_controller_get_patient (controller)));
}

static char *
clock_time (gint64 moment, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (moment);
  g_autoptr (GDateTime) there = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (there, "%H:%M");
}

/* (transfer full) (nullable): the moment at which the clock next showed "9:05" from an hour before
 * @near on; NULL where nothing is typed. What is no time is handed on, to be refused in words. */
static char *
read_time (GtkWidget *entry, gint64 near, GTimeZone *zone)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (near);
  g_autoptr (GDateTime) day = g_date_time_to_timezone (utc, zone);
  g_autoptr (GDateTime) moment = NULL, moved = NULL;
  int hour, minute;
  char rest;

  if (*text == '\0')
    return NULL;
  if (sscanf (text, "%2d:%2d%c", &hour, &minute, &rest) != 2 || hour < 0 || minute < 0)
    return g_strdup (text);
  moment = g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                            g_date_time_get_day_of_month (day), hour, minute, 0);
  if (moment == NULL)
    return g_strdup (text);
  /* over midnight: the nearest of the two days */
  if (g_date_time_difference (moment, day) > 12 * G_TIME_SPAN_HOUR)
    moved = g_date_time_add_days (moment, -1);
  else if (g_date_time_difference (moment, day) < -12 * G_TIME_SPAN_HOUR)
    moved = g_date_time_add_days (moment, 1);
  return g_date_time_format_iso8601 (moved != NULL ? moved : moment);
}

static void
save_times_cb (AdwAlertDialog *dialog, const char *response, Times *times)
{
  gint64 end, start = visit_controller_get_phone (times->controller, &end);
  GTimeZone *zone = zone_of (times->controller);
  g_autofree char *typed_start = NULL, *typed_end = NULL;

  if (!g_str_equal (response, "save"))
    return;
  typed_start = read_time (times->start, start, zone);
  typed_end = read_time (times->end, end != 0 ? end : start, zone);
  visit_controller_correct_phone (times->controller, typed_start != NULL ? typed_start : "",
                                  typed_end);
}

static GtkWidget *
time_row_new (const char *title, gint64 moment, GTimeZone *zone)
{
  GtkWidget *row = adw_entry_row_new ();
  g_autofree char *time = moment != 0 ? clock_time (moment, zone) : g_strdup ("");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), time);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  adw_entry_row_set_max_length (ADW_ENTRY_ROW (row), 5);
  return row;
}

/**
 * visit_phone_show_times:
 *
 * When the last call by phone began and ended, to be corrected.
 */
void
visit_phone_show_times (VisitController *controller, GtkWindow *window)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Times of the Phone Call"),
                                            _ ("Hours and minutes, by the clinic’s clock"));
  GtkWidget *list = gtk_list_box_new ();
  GTimeZone *zone = zone_of (controller);
  Times *times = g_new0 (Times, 1);
  gint64 end, start = visit_controller_get_phone (controller, &end);

  times->controller = g_object_ref (controller);
  times->start = time_row_new (_ ("Began"), start, zone);
  times->end = time_row_new (_ ("Ended"), end, zone);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), times->start);
  gtk_list_box_append (GTK_LIST_BOX (list), times->end);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), list);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Back"), "save",
                                  _ ("_Save"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "save",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "save");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (save_times_cb), times, times_free, 0);
  workspace_alert_present (dialog, GTK_WIDGET (window));
}
