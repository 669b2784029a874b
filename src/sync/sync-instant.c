/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-instant.h"

/**
 * sync_instant_of:
 *
 * Returns: µs of the server's own stamp; 0 where it gave none that can be read
 */
gint64
sync_instant_of (FhirResource *resource)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  const char *text = fhir_resource_get_updated (resource);
  g_autoptr (GDateTime) instant = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return instant != NULL ? g_date_time_to_unix_usec (instant) : 0;
}
