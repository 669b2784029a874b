/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-time.h"

#include <glib/gi18n.h>

#include "fhir-date.h"

/* A chart older than this says so beside what it shows (H6). */
#define FRESH_FOR (15 * G_TIME_SPAN_MINUTE)

static GDateTime *
in_zone (gint64 instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (instant);

  return g_date_time_to_timezone (utc, zone);
}

/* (transfer full): "09:41" on the clinic's clock. */
char *
workspace_time_of_day (gint64 instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) local = in_zone (instant, zone);

  return g_date_time_format (local, "%H:%M");
}

/* (transfer full): as workspace_time_of_day () for an instant of @now's day, else with its date:
 * "20-Nov-2026 17:41". A clock alone would look like today's. */
char *
workspace_time_moment (gint64 instant, gint64 now, GTimeZone *zone)
{
  g_autoptr (GDateTime) local = in_zone (instant, zone);
  g_autoptr (GDateTime) today = in_zone (now, zone);

  if (g_date_time_get_year (local) == g_date_time_get_year (today) &&
      g_date_time_get_day_of_year (local) == g_date_time_get_day_of_year (today))
    return g_date_time_format (local, "%H:%M");

  g_autofree char *text = g_date_time_format (local, "%Y-%m-%dT%H:%M");
  return fhir_date_format (text, NULL);
}

/* TRUE: what was read at @pulled needs no date beside it (H6). */
gboolean
workspace_time_is_fresh (gint64 pulled, gint64 now)
{
  return pulled > 0 && now - pulled <= FRESH_FOR;
}

/* (transfer full): a span of @span microseconds as people say it: "4 min", "3 h", "2 days". */
char *
workspace_time_span (gint64 span)
{
  gint64 minutes = MAX (0, span / G_TIME_SPAN_MINUTE);

  if (minutes < 60)
    return g_strdup_printf (_ ("%d min"), (int) minutes);
  if (minutes < 48 * 60)
    return g_strdup_printf (_ ("%d h"), (int) (minutes / 60));
  return g_strdup_printf (ngettext ("%d day", "%d days", minutes / (24 * 60)),
                          (int) (minutes / (24 * 60)));
}

/* (transfer full) (nullable): the mark beside allergies, medicines and results whose newest
 * successful pull was at @pulled; NULL while that is fresh. */
char *
workspace_time_as_of (gint64 pulled, gint64 now, GTimeZone *zone)
{
  if (pulled <= 0)
    return g_strdup (_ ("never compared with the clinic’s server"));
  if (workspace_time_is_fresh (pulled, now))
    return NULL;

  g_autofree char *clock = workspace_time_moment (pulled, now, zone);
  g_autofree char *span = workspace_time_span (now - pulled);
  return g_strdup_printf (_ ("as of %s (%s ago)"), clock, span);
}

/* (transfer full): what the foot of the clinic window says. @since is when the server last
 * answered, or since when it does not. */
char *
workspace_time_status (
    gboolean connected, gint64 since, gint64 now, guint waiting, guint refused, GTimeZone *zone)
{
  g_autofree char *clock = since > 0 ? workspace_time_moment (since, now, zone) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (!connected && clock)
    g_string_append_printf (text, _ ("Offline since %s"), clock);
  else if (!connected)
    g_string_append (text, _ ("Not connected"));
  else if (waiting == 0 && refused == 0)
    g_string_append (text, _ ("All sent"));
  else
    g_string_append (text, _ ("Connected"));
  if (waiting > 0)
    g_string_append_printf (text, ngettext (" · %u change waits", " · %u changes wait", waiting),
                            waiting);
  if (refused > 0)
    g_string_append_printf (text, ngettext (" · %u needs you", " · %u need you", refused), refused);
  if (connected && clock)
    g_string_append_printf (text, _ (" · as of %s"), clock);
  return g_string_free_and_steal (g_steal_pointer (&text));
}
