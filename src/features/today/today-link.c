/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-link.h"

#include <glib/gi18n.h>

#include "workspace-link.h"

/* A visit's link that somebody copies or shows. Links that the hub sends are TodaySendDialog's. */

/* Only for a visit that is still to come, or goes on. */
gboolean
today_link_may_make (CareDayRow *row)
{
  static const char *const open[] = { "booked", "waiting", "interrupted", NULL };
  const char *status = row ? care_day_row_get_status (row) : NULL;

  /* what cannot be read whole may mean that the visit is not to be */
  return status && !care_day_row_is_withheld (row) && g_strv_contains (open, status);
}

void
today_link_make (GtkWidget *page, WorkspaceSession *session, CareDayRow *row)
{
  g_autofree char *path = NULL, *what = NULL;

  if (!today_link_may_make (row))
    return;
  path = g_strdup_printf ("Appointment/%s/$join-link", care_day_row_get_appointment (row));
  what = g_strdup_printf ("%s, %s", care_day_row_get_name (row), care_day_row_get_time (row));
  if (g_strcmp0 (care_day_row_get_status (row), "booked") == 0)
    {
      workspace_link_make (page, session, path, what);
      return;
    }
  workspace_link_ask (
      page, session, path, what, what,
      _ ("Earlier links end at once: whoever waits or speaks by one is cut off, and "
         "has to open the new one."));
}
