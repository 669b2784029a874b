/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-information.h"

#include "store-content-load.h"

/* Drug information in plain words. The table is read row by row when somebody asks: it is of no
 * use to the checks, and a site's own may lack any column but the names. */

#define TABLE      "drug_information"
#define FIND       "SELECT * FROM " TABLE " WHERE rxcui = ? AND language = ?"
#define UNVERIFIED "unverified"

typedef struct
{
  const char *rxcui, *language;
  StoreDrugInformation *found;
} Question;

void
store_drug_information_free (StoreDrugInformation *self)
{
  g_free (self->name);
  g_free (self->language);
  g_free (self->what);
  g_free (self->how);
  g_free (self->watch);
  g_free (self->until);
  g_free (self);
}

/* (transfer full) (nullable): what stands in the column of that name; NULL where nothing does */
static char *
dup_cell (sqlite3_stmt *statement, const char *name)
{
  for (int i = 0; i < sqlite3_column_count (statement); i++)
    if (g_strcmp0 (sqlite3_column_name (statement, i), name) == 0)
      {
        const char *text = (const char *) sqlite3_column_text (statement, i);

        return text && *text ? g_strdup (text) : NULL;
      }
  return NULL;
}

static StoreDrugInformation *
read_row (StoreContentFile *file, sqlite3_stmt *statement)
{
  StoreDrugInformation *found = g_new0 (StoreDrugInformation, 1);
  g_autofree char *source = dup_cell (statement, "source");
  g_autofree char *reviewer = dup_cell (statement, "reviewer");

  found->name = dup_cell (statement, "name");
  found->language = dup_cell (statement, "language");
  found->what = dup_cell (statement, "what");
  found->how = dup_cell (statement, "how");
  found->watch = dup_cell (statement, "watch");
  found->unchecked = !source || g_str_equal (source, UNVERIFIED) || !reviewer;
  found->until = g_strdup (store_content_file_get_head (file, TABLE, "expires"));
  return found;
}

static void
ask_file (StoreContentFile *file, gpointer data)
{
  Question *question = data;
  sqlite3_stmt *statement = store_content_file_prepare (file, FIND);

  if (!statement)
    return; /* a site's content without such a table */
  sqlite3_bind_text (statement, 1, question->rxcui, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, question->language, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW)
    question->found = read_row (file, statement);
  sqlite3_finalize (statement);
}

/**
 * store_content_find_information:
 * @rxcui: RxNorm code of an ingredient
 * @language: as in "de"
 *
 * Waits until the content is read and proved.
 *
 * Returns: (transfer full) (nullable): NULL where there is none in that language
 */
StoreDrugInformation *
store_content_find_information (StoreContent *self, const char *rxcui, const char *language)
{
  Question question = { rxcui, language, NULL };

  store_content_use_file (self, ask_file, &question);
  return question.found;
}
