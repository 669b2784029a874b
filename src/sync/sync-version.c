/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-version.h"

#include <glib/gi18n.h>
#include <string.h>

/* Our workstation and our hub are not updated in the same minute. One version apart they work
 * together: what is new is asked for by its name in the CapabilityStatement, and what is not known
 * is left alone. Further apart nobody has tried, and a person has to know which of the two is old.
 */

#define HUB "bedside-hub"

/* What comes between two versions that work together: the second number, or the first. */
static gboolean
read_version (const char *text, int *major, int *minor)
{
  char *end = NULL;
  gint64 first = text != NULL ? g_ascii_strtoll (text, &end, 10) : 0;

  if (end == NULL || end == text || *end != '.' || !g_ascii_isdigit (end[1]) || first < 0 ||
      first > 9999)
    return FALSE;
  *major = (int) first;
  *minor = (int) CLAMP (g_ascii_strtoll (end + 1, NULL, 10), 0, 9999);
  return TRUE;
}

/* Negative: ours is too old for theirs; positive: theirs is too old; 0: they work together. */
static int
compare (int our_major, int our_minor, int their_major, int their_minor)
{
  if (our_major != their_major)
    return our_major - their_major;
  return ABS (our_minor - their_minor) <= 1 ? 0 : our_minor - their_minor;
}

/**
 * sync_version_dup_note:
 * @ours: this program's version
 * @statement: (nullable): what the server says of itself
 *
 * Returns: (transfer full) (nullable): which of the two to update; NULL where they work together,
 *   or the server is not a hub
 */
char *
sync_version_dup_note (const char *ours, FhirResource *statement)
{
  const char *name =
      statement != NULL ? fhir_resource_path_text (statement, "software.name") : NULL;
  const char *theirs =
      statement != NULL ? fhir_resource_path_text (statement, "software.version") : NULL;
  int major, minor, their_major, their_minor, older;

  if (name == NULL || !g_str_has_prefix (name, HUB) || !read_version (ours, &major, &minor) ||
      !read_version (theirs, &their_major, &their_minor))
    return NULL;
  older = compare (major, minor, their_major, their_minor);
  if (older == 0)
    return NULL;
  return older < 0
             ? g_strdup_printf (_ ("This Bedside, %s, is too old for the clinic’s server, %s. "
                                   "Update Bedside on this computer."),
                                ours, theirs)
             : g_strdup_printf (_ ("The clinic’s server, %s, is too old for this Bedside, %s. Ask "
                                   "its administrator to update the server."),
                                theirs, ours);
}
