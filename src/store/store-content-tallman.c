/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-tallman.h"

#include "store-content-file.h"

#define TABLE "tall_man"
#define ALL   "SELECT name, written, source, reviewer FROM " TABLE
#define BARE  "SELECT name, written, '', '' FROM " TABLE /* a site's own may have no more */

/*
 * store_content_tallman_load:
 * @path: the content file
 *
 * Reads the one small table when the first name is shown. The rest of the file may be broken:
 * letters do not depend on it, and whoever checks says so.
 *
 * Returns: (transfer full) (nullable)
 */
ClinicalTallman *
store_content_tallman_load (gpointer path)
{
  g_autoptr (StoreContentFile) file = store_content_file_open (path, NULL);
  sqlite3_stmt *statement = file != NULL ? store_content_file_prepare (file, ALL) : NULL;
  ClinicalTallman *names = NULL;

  if (file != NULL && statement == NULL)
    statement = store_content_file_prepare (file, BARE);
  if (statement == NULL)
    return NULL; /* a site's content without such a table */
  names = clinical_tallman_new (store_content_file_get_head (file, TABLE, "label"),
                                store_content_file_get_head (file, TABLE, "date"),
                                store_content_file_get_head (file, TABLE, "expires"));
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (statement, 0);
      const char *written = (const char *) sqlite3_column_text (statement, 1);
      const char *source = (const char *) sqlite3_column_text (statement, 2);
      const char *reviewer = (const char *) sqlite3_column_text (statement, 3);
      gboolean read = source != NULL && *source != '\0' && g_strcmp0 (source, "unverified") != 0 &&
                      reviewer != NULL && *reviewer != '\0';

      if (name != NULL && written != NULL)
        clinical_tallman_add (names, name, written, !read);
    }
  sqlite3_finalize (statement);
  return names;
}
