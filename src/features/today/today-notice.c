/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-notice.h"

#include <glib/gi18n.h>

/* It names nobody: a locked screen shows it to anyone who passes. */
void
today_notice_waiting (GtkWidget *page)
{
  GtkRoot *root = gtk_widget_get_root (page);
  GtkApplication *application = root ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;
  g_autoptr (GNotification) notification = g_notification_new (_ ("A patient is waiting"));

  g_notification_set_default_action (notification, "app.clinic");
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  if (application)
    g_application_send_notification (G_APPLICATION (application), "waiting", notification);
}
