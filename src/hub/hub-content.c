/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-content.h"

/**
 * hub_content_open:
 * @site_file: (nullable): NULL: what comes with Bedside, which may be missing: it then says so
 *   wherever it is asked
 *
 * Returns: (transfer full) (nullable): NULL with an error where the site's own file is not whole,
 * for an administrator who named it would not look for it again
 */
StoreContent *
hub_content_open (const char *site_file, BaseClock *clock, GError **error)
{
  g_autofree char *path =
      site_file ? g_canonicalize_filename (site_file, NULL) : store_content_dup_default_path ();
  g_autoptr (StoreContent) content = store_content_new (path, clock);

  if (site_file && !store_content_wait (content, error))
    return NULL;
  return g_steal_pointer (&content);
}
