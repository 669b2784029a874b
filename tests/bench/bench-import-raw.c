/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* bench-import-raw SOURCE KEY-FILE TARGET BATCH [PRAGMA=VALUE…]: what an import is measured
 * against.
 *
 * Reads every row that an import left in SOURCE into memory, makes the same tables in TARGET and
 * inserts the same rows again, in the order in which the resources came, BATCH resources a
 * transaction, with one prepared statement per table: the same bytes and the same index rows, with
 * no reading of JSON, no look-up and no thought. Words of the full-text tables cannot be read back
 * and are left out; their rows are counted. Prints one JSON object. */

#define LONG_LOG_PAGES 8192 /* as the store: the log is copied into the file from here on */
#define MAX_TABLES     32
#define MAX_COLUMNS    32

typedef struct
{
  char name[64];
  int columns;
  int by_number; /* its column "number", or -1 */
  long rows;
  sqlite3_value **values; /* rows × columns */
  long next;              /* the first row that is not written yet */
  sqlite3_stmt *insert;
} Table;

static Table tables[MAX_TABLES];
static int n_tables;
static int log_pages;

static void
fail (sqlite3 *db, const char *what)
{
  fprintf (stderr, "bench-import-raw: %s: %s\n", what, db != NULL ? sqlite3_errmsg (db) : "");
  exit (1);
}

static void
run (sqlite3 *db, const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    fail (db, sql);
}

static sqlite3_stmt *
prepare (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    fail (db, sql);
  return statement;
}

static double
clock_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

static double
cpu_seconds (void)
{
  struct rusage use;

  getrusage (RUSAGE_SELF, &use);
  return (double) (use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         (double) (use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1e-6;
}

static sqlite3 *
open_file (const char *path, const char *key_file)
{
  char hex[65] = "", sql[128];
  FILE *file = fopen (key_file, "r");
  sqlite3 *db = NULL;

  if (file == NULL || fscanf (file, "%64s", hex) != 1 || strlen (hex) != 64)
    fail (NULL, "no key");
  fclose (file);
  if (sqlite3_open (path, &db) != SQLITE_OK)
    fail (db, path);
  snprintf (sql, sizeof sql, "PRAGMA key = \"x'%s'\"", hex);
  run (db, sql);
  run (db, "PRAGMA cipher_page_size = 8192");
  return db;
}

/* ---- reading what the import left ---- */

static void
read_rows (sqlite3 *db, Table *table)
{
  char sql[200];
  sqlite3_stmt *statement;
  long room = 0;

  /* Rows of one resource stand together, resources in the order in which they were stored. */
  snprintf (sql, sizeof sql,
            table->by_number >= 0
                ? "SELECT t.* FROM \"%s\" t LEFT JOIN resource r ON r.number = t.number "
                  "ORDER BY coalesce(r.sequence, 0), t.number"
                : "SELECT * FROM \"%s\" ORDER BY 1",
            table->name);
  statement = prepare (db, sql);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      if (table->rows == room)
        {
          room = room > 0 ? room * 2 : 1024;
          table->values =
              realloc (table->values, (size_t) (room * table->columns) * sizeof *table->values);
        }
      for (int i = 0; i < table->columns; i++)
        table->values[table->rows * table->columns + i] =
            sqlite3_value_dup (sqlite3_column_value (statement, i));
      table->rows++;
    }
  sqlite3_finalize (statement);
}

static void
read_table (sqlite3 *db, const char *name)
{
  Table *table = &tables[n_tables++];
  char sql[200];
  sqlite3_stmt *statement;

  if (n_tables == MAX_TABLES)
    fail (NULL, "too many tables");
  snprintf (table->name, sizeof table->name, "%s", name);
  snprintf (sql, sizeof sql, "SELECT * FROM \"%s\"", name);
  statement = prepare (db, sql);
  table->columns = sqlite3_column_count (statement);
  table->by_number = -1;
  for (int i = 0; i < table->columns; i++)
    if (strcmp (sqlite3_column_name (statement, i), "number") == 0)
      table->by_number = i;
  sqlite3_finalize (statement);
  read_rows (db, table);
}

/* The tables but those of full-text search, resource first. */
#define SCHEMA                                                                                     \
  " FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"             \
  " AND tbl_name NOT IN (SELECT s.name FROM sqlite_schema v JOIN sqlite_schema s"                  \
  " ON s.name = v.name OR s.name LIKE v.name || '~_%' ESCAPE '~'"                                  \
  " WHERE v.sql LIKE 'CREATE VIRTUAL%')"

static void
read_source (sqlite3 *db, sqlite3 *target)
{
  sqlite3_stmt *statement = prepare (db, "SELECT name" SCHEMA " AND type = 'table' "
                                         "ORDER BY name <> 'resource', name");

  while (sqlite3_step (statement) == SQLITE_ROW)
    read_table (db, (const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  statement = prepare (db, "SELECT sql" SCHEMA " ORDER BY type <> 'table', rowid");
  while (sqlite3_step (statement) == SQLITE_ROW)
    run (target, (const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
}

/* ---- writing it again ---- */

static long
write_row (sqlite3 *db, Table *table)
{
  sqlite3_value **values = &table->values[table->next * table->columns];
  long bytes = 0;

  for (int i = 0; i < table->columns; i++)
    {
      sqlite3_bind_value (table->insert, i + 1, values[i]);
      bytes += sqlite3_value_type (values[i]) == SQLITE_TEXT ? sqlite3_value_bytes (values[i]) : 8;
    }
  if (sqlite3_step (table->insert) != SQLITE_DONE)
    fail (db, table->name);
  sqlite3_reset (table->insert);
  table->next++;
  return bytes;
}

/* All rows of the resource whose row is next. */
static long
write_resource (sqlite3 *db)
{
  Table *resource = &tables[0];
  sqlite3_int64 number = sqlite3_value_int64 (
      resource->values[resource->next * resource->columns + resource->by_number]);
  long bytes = write_row (db, resource);

  for (int i = 1; i < n_tables; i++)
    {
      Table *table = &tables[i];

      while (table->by_number >= 0 && table->next < table->rows &&
             sqlite3_value_int64 (table->values[table->next * table->columns + table->by_number]) ==
                 number)
        bytes += write_row (db, table);
    }
  return bytes;
}

static int
note_log (void *data, sqlite3 *db, const char *schema, int pages)
{
  log_pages = pages;
  return SQLITE_OK;
}

static long
write_all (sqlite3 *db, int batch)
{
  long bytes = 0, in_batch = 0;

  run (db, "BEGIN IMMEDIATE");
  /* What belongs to no resource: names, numbers of what is only referred to, settings. */
  for (int i = 1; i < n_tables; i++)
    {
      Table *table = &tables[i];

      while (table->next < table->rows &&
             (table->by_number < 0 || strcmp (table->name, "identity") == 0))
        bytes += write_row (db, table);
    }
  while (tables[0].next < tables[0].rows)
    {
      bytes += write_resource (db);
      if (++in_batch % batch != 0)
        continue;
      run (db, "COMMIT");
      if (log_pages >= LONG_LOG_PAGES)
        sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
      run (db, "BEGIN IMMEDIATE");
    }
  run (db, "COMMIT");
  return bytes;
}

static void
prepare_inserts (sqlite3 *db)
{
  for (int i = 0; i < n_tables; i++)
    {
      char sql[64 + 64 + 2 * MAX_COLUMNS];
      int at = snprintf (sql, sizeof sql, "INSERT INTO \"%s\" VALUES (?", tables[i].name);

      for (int column = 1; column < tables[i].columns && column < MAX_COLUMNS; column++)
        at += snprintf (sql + at, sizeof sql - (size_t) at, ",?");
      snprintf (sql + at, sizeof sql - (size_t) at, ")");
      tables[i].insert = prepare (db, sql);
    }
}

static long
rows_left (void)
{
  long left = 0;

  for (int i = 0; i < n_tables; i++)
    left += tables[i].rows - tables[i].next;
  return left;
}

static long
rows_of_indexes (void)
{
  long rows = 0;

  for (int i = 1; i < n_tables; i++)
    if (tables[i].by_number >= 0)
      rows += tables[i].rows;
  return rows;
}

int
main (int argc, char **argv)
{
  if (argc < 5)
    return fprintf (stderr,
                    "usage: bench-import-raw SOURCE KEY-FILE TARGET BATCH [PRAGMA=VALUE…]\n"),
           2;
  sqlite3 *source = open_file (argv[1], argv[2]);
  sqlite3 *target = open_file (argv[3], argv[2]);
  char sql[200];

  run (target, "PRAGMA journal_mode = WAL");
  for (int i = 5; i < argc; i++)
    {
      snprintf (sql, sizeof sql, "PRAGMA %s", argv[i]);
      run (target, sql);
    }
  sqlite3_wal_hook (target, note_log, NULL);
  read_source (source, target);
  prepare_inserts (target);
  sqlite3_close (source);

  double start = clock_seconds (), cpu = cpu_seconds ();
  long bytes = write_all (target, atoi (argv[4]));
  for (int i = 0; i < n_tables; i++)
    sqlite3_finalize (tables[i].insert);
  if (rows_left () != 0)
    fail (NULL, "some rows belong to no resource");
  if (sqlite3_close (target) != SQLITE_OK) /* copies the log into the file */
    fail (target, "close");
  printf ("{\"resources\": %ld, \"index_rows\": %ld, \"bytes\": %ld, \"seconds\": %.4f, "
          "\"cpu_seconds\": %.4f}\n",
          tables[0].rows, rows_of_indexes (), bytes, clock_seconds () - start,
          cpu_seconds () - cpu);
  return 0;
}
