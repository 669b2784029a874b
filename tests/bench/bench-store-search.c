/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-common.h"

#include <stdlib.h>

#include "store-connection-private.h"
#include "store-search-text.h"
#include "workspace-person.h"
#include "workspace-readiness.h"

/* bench-store-search FOLDER OPERATIONS: names typed letter by letter, each letter searched as the
 * page Patients does, from the thread that asks to the rows in its hands. Half of the names begin
 * with the family name, half with the last given name. Also says what the store holds: its largest
 * chart, and patients from all parts of it. */

#define SHOWN  20u /* as patients-page.c */
#define WARM   40u
#define SAMPLE 200

typedef struct
{
  GPtrArray *names; /* as they are typed */
  GPtrArray *ids;   /* of patients */
  char *heaviest;
  gint64 patients, resources, heaviest_resources;
} Sample;

typedef struct
{
  const char *typed;
  const char *today;
  gint64 now;
  GTimeZone *zone;
  GPtrArray *people;
} Keystroke;

/* ---- what there is -------------------------------------------------------------------------- */

static gboolean
ask_number (StoreConnection *connection, const char *sql, gint64 *number, GError **error)
{
  g_autoptr (StoreStatement) statement = store_connection_compose (connection, sql, error);
  gboolean row = FALSE;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  *number = row ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

static gboolean
ask_heaviest (StoreConnection *connection, Sample *sample, GError **error)
{
  g_autoptr (StoreStatement) statement = store_connection_compose (
      connection,
      "SELECT i.id, h.rows FROM (SELECT patient, count(*) AS rows FROM resource "
      "WHERE patient IS NOT NULL GROUP BY patient ORDER BY rows DESC LIMIT 1) h "
      "JOIN resource i ON i.number = h.patient",
      error);
  gboolean row = FALSE;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  if (row)
    {
      sample->heaviest = g_strdup (store_statement_text (statement, 0));
      sample->heaviest_resources = sqlite3_column_int64 (statement, 1);
    }
  return TRUE;
}

/* The last word first, for every other name. */
static char *
dup_as_typed (const char *sort_name, guint number)
{
  const char *last = strrchr (sort_name, ' ');

  if (number % 2 == 0 || last == NULL)
    return g_strdup (sort_name);
  return g_strdup_printf ("%s %.*s", last + 1, (int) (last - sort_name), sort_name);
}

static gboolean
ask_people (StoreConnection *connection, Sample *sample, gint64 type, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT p.name, r.id FROM (SELECT name, number, row_number() OVER (ORDER BY number) AS place "
      "FROM person WHERE type = %" G_GINT64_FORMAT ") p JOIN resource r ON r.number = p.number "
      "WHERE p.place %% %" G_GINT64_FORMAT " = 0 LIMIT %d",
      type, MAX (sample->patients / SAMPLE, 1), SAMPLE);
  g_autoptr (StoreStatement) statement = store_connection_compose (connection, sql, error);
  gboolean row = TRUE;

  while (statement != NULL && store_statement_step (connection, statement, &row, error) && row)
    {
      g_ptr_array_add (sample->names,
                       dup_as_typed (store_statement_text (statement, 0), sample->names->len));
      g_ptr_array_add (sample->ids, g_strdup (store_statement_text (statement, 1)));
    }
  return statement != NULL && !row;
}

static gboolean
sample_work (StoreConnection *connection, gpointer data, GError **error)
{
  Sample *sample = data;
  g_autofree char *count = NULL;
  gint64 type;

  if (!store_name_lookup (connection, "Patient", &type, error))
    return FALSE;
  count = g_strdup_printf ("SELECT count(*) FROM person WHERE type = %" G_GINT64_FORMAT, type);
  return ask_number (connection, count, &sample->patients, error) &&
         ask_number (connection, "SELECT count(*) FROM resource WHERE deleted = 0",
                     &sample->resources, error) &&
         ask_heaviest (connection, sample, error) && ask_people (connection, sample, type, error);
}

/* ---- one letter ----------------------------------------------------------------------------- */

static gboolean
keystroke_work (StoreConnection *connection, gpointer data, GError **error)
{
  Keystroke *key = data;
  g_autoptr (GPtrArray) found =
      store_search_names (connection, "Patient", key->typed, SHOWN, error);

  if (found == NULL)
    return FALSE;
  key->people = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < found->len; i++)
    {
      WorkspacePerson *person = workspace_person_new (found->pdata[i], key->today, key->zone);
      g_autoptr (WorkspaceReadiness) readiness =
          workspace_readiness_load (connection, workspace_person_get_id (person));

      workspace_person_take_mark (person, workspace_readiness_dup_short (readiness, 0, key->now),
                                  workspace_readiness_icon_name (
                                      workspace_readiness_get_level (readiness, 0, key->now)));
      g_ptr_array_add (key->people, person);
    }
  return TRUE;
}

typedef struct
{
  GArray *seconds, *cpu_seconds;
  guint warm, nobody; /* nobody: answers without a row, which must not happen */
  double slowest;     /* on the processor */
  char *slowest_text;
} Result;

static gboolean
press (StoreDatabase *store, Keystroke *key, Result *result, GError **error)
{
  double cpu = bench_cpu (), start = bench_now (), taken;

  if (!store_database_read (store, keystroke_work, key, error))
    return FALSE;
  taken = bench_now () - start;
  cpu = bench_cpu () - cpu;
  result->nobody += key->people->len == 0;
  g_clear_pointer (&key->people, g_ptr_array_unref);
  if (result->warm < WARM)
    result->warm++;
  else
    {
      g_array_append_val (result->seconds, taken);
      g_array_append_val (result->cpu_seconds, cpu);
      if (cpu > result->slowest)
        {
          result->slowest = cpu;
          g_set_str (&result->slowest_text, key->typed);
        }
    }
  return TRUE;
}

static gboolean
type_names (StoreDatabase *store,
            GPtrArray *names,
            Keystroke *key,
            guint operations,
            Result *result,
            GError **error)
{
  for (guint i = 0; result->seconds->len < operations; i++)
    {
      const char *name = names->pdata[i % names->len];

      for (const char *end = name; *end != '\0' && result->seconds->len < operations;)
        {
          g_autofree char *typed = NULL;

          end = g_utf8_next_char (end);
          typed = g_strndup (name, (gsize) (end - name));
          key->typed = typed;
          if (!press (store, key, result, error))
            return FALSE;
        }
    }
  return TRUE;
}

static void
report (JsonBuilder *builder, StoreDatabase *store, const Sample *sample, const Result *result)
{
  bench_add_integer (builder, "patients", sample->patients);
  bench_add_integer (builder, "resources", sample->resources);
  bench_add_string (builder, "heaviest", sample->heaviest != NULL ? sample->heaviest : "");
  bench_add_integer (builder, "heaviest_resources", sample->heaviest_resources);
  json_builder_set_member_name (builder, "sample");
  json_builder_begin_array (builder);
  for (guint i = 0; i < sample->ids->len; i++)
    json_builder_add_string_value (builder, sample->ids->pdata[i]);
  json_builder_end_array (builder);
  bench_add_integer (builder, "operations", result->seconds->len);
  bench_add_integer (builder, "nobody", result->nobody);
  bench_add_string (builder, "slowest", result->slowest_text != NULL ? result->slowest_text : "");
  bench_add_samples (builder, "keystroke", result->seconds);
  bench_add_samples (builder, "keystroke_cpu", result->cpu_seconds);
  bench_add_pragmas (builder, "pragmas", store, FALSE);
}

static gboolean
measure (
    StoreDatabase *store, BaseClock *clock, guint operations, JsonBuilder *builder, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) cpu_seconds = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *today = base_clock_dup_today (clock);
  Sample sample = { .names = g_ptr_array_new_with_free_func (g_free),
                    .ids = g_ptr_array_new_with_free_func (g_free) };
  Keystroke key = { .today = today, .now = base_clock_now (clock), .zone = zone };
  Result result = { .seconds = seconds, .cpu_seconds = cpu_seconds };
  gboolean done = store_database_read (store, sample_work, &sample, error);

  if (done && sample.names->len == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there are no patients to look for");
      done = FALSE;
    }
  if (done && type_names (store, sample.names, &key, operations, &result, error))
    report (builder, store, &sample, &result);
  g_ptr_array_unref (sample.names);
  g_ptr_array_unref (sample.ids);
  g_free (sample.heaviest);
  g_free (result.slowest_text);
  return done;
}

int
main (int argc, char *argv[])
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreDatabase) store = NULL;

  if (argc != 3 || atoi (argv[2]) < 1)
    return g_printerr ("usage: bench-store-search FOLDER OPERATIONS\n"), 2;
  json_builder_begin_object (builder);
  store = bench_open_records (argv[1], clock, &error);
  if (store != NULL)
    {
      measure (store, clock, (guint) atoi (argv[2]), builder, &error);
      store_database_close (store);
    }
  return bench_finish (builder, error);
}
