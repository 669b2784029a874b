/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-lease.h"

#include <glib/gi18n.h>

#include "workspace-time.h"

/* Signing in without a network: the last time the server took the sign-in is good for a while. */

/* Clocks of two starts differ a little, and a zone may have been set wrong; more is no accident. */
#define CLOCK_SLACK_US (26 * G_TIME_SPAN_HOUR)

/* @signed_in: when the server last took the sign-in, in µs since 1970; 0 for never. */
AppLease
app_lease_get (gint64 signed_in, gint64 now)
{
  if (signed_in <= 0)
    return APP_LEASE_NONE;
  if (now < signed_in - CLOCK_SLACK_US)
    return APP_LEASE_CLOCK;
  return now > app_lease_get_until (signed_in) ? APP_LEASE_OVER : APP_LEASE_GOOD;
}

/* Until when work can begin without the server, in µs since 1970; 0 without a sign-in. */
gint64
app_lease_get_until (gint64 signed_in)
{
  return signed_in > 0 ? signed_in + APP_LEASE_US : 0;
}

/* (transfer full) (nullable): why work cannot begin without the server, and what to do; NULL when
 * it can. */
char *
app_lease_dup_sentence (gint64 signed_in, gint64 now, GTimeZone *zone)
{
  g_autofree char *last = signed_in > 0 ? workspace_time_moment (signed_in, now, zone) : NULL;
  g_autofree char *reads = NULL;

  switch (app_lease_get (signed_in, now))
    {
    case APP_LEASE_NONE:
      return g_strdup (_ ("This account has never signed in on this computer, so there is nothing "
                          "to work with offline. Connect to the clinic’s server and open Bedside "
                          "again."));
    case APP_LEASE_GOOD:
      return NULL;
    case APP_LEASE_OVER:
      return g_strdup_printf (
          _ ("The clinic’s server last took your sign-in at %s, and that was good for %d hours. "
             "What you wrote is kept here. Connect this computer to the network and sign in: "
             "everything opens again, and what waits is sent."),
          last, (int) (APP_LEASE_US / G_TIME_SPAN_HOUR));
    case APP_LEASE_CLOCK:
      reads = workspace_time_moment (now, signed_in, zone);
      return g_strdup_printf (_ ("This computer’s clock says %s, but you signed in at %s, which is "
                                 "later. Set the clock, or connect to the network and sign in."),
                              reads, last);
    }
  g_return_val_if_reached (NULL);
}
