/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-common.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store-content.h"

/* bench-prescribe FILE: drug search per keystroke, warm and from a content file that no memory
 * holds, against the same questions asked by hand, in SQL on the same file. */

#define EVERY       97 /* of the formulary's drugs, one is typed */
#define LIMIT       40
#define COLD_ROUNDS 30

static const char *const phrases[] = {
  "amo 500 cap",         "met er 500",       "amoxicilin 500mg", "metfromin",    "lipitor 20",
  "hydrochlorothiazide", "levothyroxine 50", "insulin glargine", "predniolone 5"
};

/* What is typed for a drug: its ingredient, its strength's number and three letters of its form. */
static void
add_keystrokes (GPtrArray *out, const char *phrase)
{
  for (gsize i = 1; i <= strlen (phrase); i++)
    g_ptr_array_add (out, g_strndup (phrase, i));
}

static gboolean
add_drugs (GPtrArray *out, sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, "SELECT ingredients, strength, form FROM formulary WHERE row % ? = 1",
                          -1, &statement, NULL) != SQLITE_OK)
    return FALSE;
  sqlite3_bind_int (statement, 1, EVERY);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *ingredients = (const char *) sqlite3_column_text (statement, 0);
      const char *strength = (const char *) sqlite3_column_text (statement, 1);
      g_autofree char *phrase =
          g_strdup_printf ("%.*s %.*s %.3s", (int) strcspn (ingredients, "|"), ingredients,
                           (int) strspn (strength, "0123456789."), strength,
                           (const char *) sqlite3_column_text (statement, 2));

      add_keystrokes (out, phrase);
    }
  sqlite3_finalize (statement);
  return out->len > 0;
}

static sqlite3 *
open_by_hand (const char *path)
{
  g_autofree char *uri = g_strdup_printf ("file:%s?mode=ro&immutable=1", path);
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK)
    sqlite3_exec (db, "PRAGMA mmap_size = 67108864", NULL, NULL, NULL);
  return db;
}

/* One condition a word, as one would write it: no typing error is forgiven, and nothing is ranked.
 */
static guint
search_by_hand (sqlite3 *db, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GString) sql = g_string_new ("SELECT scd_rxcui, name, strength, form, brands FROM "
                                          "formulary WHERE 1");
  sqlite3_stmt *statement = NULL;
  guint rows = 0;

  for (guint i = 0; words[i]; i++)
    g_string_append (sql, " AND ' ' || name || ' ' || brands LIKE ?");
  g_string_append_printf (sql, " ORDER BY length(name), name LIMIT %d", LIMIT);
  if (sqlite3_prepare_v2 (db, sql->str, -1, &statement, NULL) != SQLITE_OK)
    return 0;
  for (guint i = 0; words[i]; i++)
    {
      g_autofree char *pattern = g_strdup_printf ("%% %s%%", words[i]);

      sqlite3_bind_text (statement, (int) i + 1, pattern, -1, SQLITE_TRANSIENT);
    }
  while (sqlite3_step (statement) == SQLITE_ROW)
    rows += sqlite3_column_text (statement, 1) != NULL;
  sqlite3_finalize (statement);
  return rows;
}

static void
add_sample (GArray *samples, double start)
{
  double seconds = bench_now () - start;

  g_array_append_val (samples, seconds);
}

static void
measure_warm (JsonBuilder *builder, const char *path, GPtrArray *typed)
{
  g_autoptr (StoreContent) content = store_content_new (path, NULL);
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double)),
                     hand = g_array_new (FALSE, FALSE, sizeof (double)),
                     busy = g_array_new (FALSE, FALSE, sizeof (double));
  sqlite3 *db = open_by_hand (path);
  guint found = 0, by_hand = 0;

  store_content_wait (content, NULL);
  for (guint i = 0; i < typed->len; i++)
    {
      double cpu = bench_cpu (), start = bench_now ();
      g_autoptr (GPtrArray) drugs = store_content_search_drugs (content, typed->pdata[i], LIMIT);

      add_sample (ours, start);
      cpu = bench_cpu () - cpu;
      g_array_append_val (busy, cpu);
      found += drugs->len;
      start = bench_now ();
      by_hand += search_by_hand (db, typed->pdata[i]);
      add_sample (hand, start);
    }
  sqlite3_close (db);
  bench_add_samples (builder, "search", ours);
  bench_add_samples (builder, "search_processor", busy);
  bench_add_samples (builder, "search_by_hand", hand);
  bench_add_integer (builder, "found", found);
  bench_add_integer (builder, "found_by_hand", by_hand);
}

/* Whether the kernel let go of the file's pages: where it does not, as on a file system that lives
 * in memory, nothing is cold. */
static gboolean
forget_file (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean done =
      fd >= 0 && fdatasync (fd) == 0 && posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED) == 0;

  if (fd >= 0)
    close (fd);
  return done;
}

static void
measure_cold (JsonBuilder *builder, const char *path, GPtrArray *typed)
{
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double)),
                     hand = g_array_new (FALSE, FALSE, sizeof (double)),
                     opened = g_array_new (FALSE, FALSE, sizeof (double)),
                     proved = g_array_new (FALSE, FALSE, sizeof (double));
  gboolean cold = TRUE;

  for (guint i = 0; i < COLD_ROUNDS; i++)
    {
      const char *text = typed->pdata[(i * 31 + 3) % typed->len];
      g_autoptr (StoreContent) content = NULL;
      g_autoptr (GPtrArray) drugs = NULL;
      sqlite3 *db;
      double start;

      cold = forget_file (path) && cold;
      start = bench_now ();
      content = store_content_new (path, NULL);
      add_sample (opened, start);
      start = bench_now ();
      drugs = store_content_search_drugs (content, text, LIMIT);
      add_sample (ours, start);
      store_content_wait (content, NULL);
      add_sample (proved, start);
      cold = forget_file (path) && cold;
      start = bench_now ();
      db = open_by_hand (path);
      search_by_hand (db, text);
      add_sample (hand, start);
      sqlite3_close (db);
    }
  bench_add_samples (builder, "cold", ours);
  bench_add_samples (builder, "cold_by_hand", hand);
  bench_add_samples (builder, "start", opened);
  bench_add_samples (builder, "proved", proved);
  bench_add_integer (builder, "is_cold", cold);
}

int
main (int argc, char *argv[])
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) typed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreContent) content = NULL;
  struct stat status = { 0 };
  sqlite3 *db;

  if (argc != 2)
    return g_printerr ("usage: bench-prescribe FILE\n"), 2;
  db = open_by_hand (argv[1]);
  for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
    add_keystrokes (typed, phrases[i]);
  content = store_content_open (argv[1], &error);
  json_builder_begin_object (builder);
  if (content && store_content_wait (content, &error) && add_drugs (typed, db) &&
      stat (argv[1], &status) == 0)
    {
      bench_add_integer (builder, "bytes", status.st_size);
      bench_add_integer (builder, "drugs", store_content_get_size (content));
      bench_add_integer (builder, "keystrokes", typed->len);
      measure_warm (builder, argv[1], typed);
      measure_cold (builder, argv[1], typed);
    }
  sqlite3_close (db);
  return bench_finish (builder, error);
}
