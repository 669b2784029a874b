/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-autostart-row.h"

#include <glib/gi18n.h>

/* A switch that shows what the system answered, and not what was wished for. */

#define AUTOSTART "app-autostart"

static void
show (AdwSwitchRow *row, const char *sentence)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
}

static void
show_meaning (AdwSwitchRow *row)
{
  show (row, _ ("The clinic’s server then starts when you log in to this computer, so that "
                "patients can reach it before Bedside is opened."));
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwSwitchRow) row = user_data;
  g_autoptr (GError) error = NULL;

  if (app_autostart_set_finish (APP_AUTOSTART (source), result, &error))
    show_meaning (row);
  else
    {
      show (row, error->message);
      gtk_accessible_announce (GTK_ACCESSIBLE (row), error->message,
                               GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
    }
  /* the one that is held is already as it shall be: nothing is asked again */
  adw_switch_row_set_active (row, app_autostart_get_active (APP_AUTOSTART (source)));
  gtk_widget_set_sensitive (GTK_WIDGET (row), TRUE);
}

static void
switched_cb (AdwSwitchRow *row)
{
  AppAutostart *autostart = g_object_get_data (G_OBJECT (row), AUTOSTART);
  gboolean active = adw_switch_row_get_active (row);

  if (!gtk_widget_get_sensitive (GTK_WIDGET (row)) ||
      active == app_autostart_get_active (autostart))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (row), FALSE);
  show (row, _ ("The system is being asked…"));
  app_autostart_set_async (autostart, active, NULL, set_cb, g_object_ref (row));
}

/* Once. */
void
app_autostart_row_bind (AdwSwitchRow *row, AppAutostart *autostart)
{
  g_object_set_data_full (G_OBJECT (row), AUTOSTART, g_object_ref (autostart), g_object_unref);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 _ ("Start the Clinic’s Server at Login"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_switch_row_set_active (row, app_autostart_get_active (autostart));
  show_meaning (row);
  g_signal_connect (row, "notify::active", G_CALLBACK (switched_cb), NULL);
}
