/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-check.h"

#include "hub-reply.h"
#include "store-audit.h"
#include "store-backup.h"
#include "store-check.h"

/* Each check is a line, and one that could not be made is a bad one: never does a check that did
 * not run look like one that found nothing. */

#define PAGE_TRIES 3

typedef struct
{
  guint sample;
  JsonBuilder *builder;
  HubAdminProgress progress;
  gpointer progress_data;
  gboolean good;
} Run;

/* Fills @check; @text gets what was found in words. FALSE where the check could not be made. */
typedef gboolean (*Check) (
    Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error);

/* ---- the checks ----------------------------------------------------------------------------- */

/* The seals are read from the file itself. While a hub serves, a page may be half written at that
 * moment: only what stays wrong is wrong. */
static gboolean
check_pages (Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  for (int tries = 1;; tries++)
    {
      g_autoptr (GError) problem = NULL;

      if (store_backup_check_pages (connection, &check->looked_at, &problem))
        {
          *text = g_strdup_printf ("%" G_GINT64_FORMAT " pages, the seal of each one is whole",
                                   check->looked_at);
          return TRUE;
        }
      if (tries >= PAGE_TRIES || !g_error_matches (problem, STORE_ERROR, STORE_ERROR_CORRUPT))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      g_usleep (G_USEC_PER_SEC / 2);
    }
}

static gboolean
check_tables (Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  *text = g_strdup ("tables and their indexes agree");
  return store_database_check (connection, error);
}

static gboolean
check_records (
    Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  if (!store_check_records (connection, check, error))
    return FALSE;
  *text = g_strdup_printf ("%" G_GINT64_FORMAT " resources read, %" G_GINT64_FORMAT " wrong",
                           check->looked_at, check->wrong);
  return TRUE;
}

static gboolean
check_indexes (
    Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  if (!store_check_indexes (connection, run->sample, check, error))
    return FALSE;
  *text =
      g_strdup_printf ("%s%" G_GINT64_FORMAT " resources indexed anew, %" G_GINT64_FORMAT " differ",
                       run->sample > 0 ? "by chance " : "", check->looked_at, check->wrong);
  return TRUE;
}

static gboolean
check_names (Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  if (!store_check_names (connection, check, error))
    return FALSE;
  *text = g_strdup_printf ("%" G_GINT64_FORMAT " people in the lists, %" G_GINT64_FORMAT " wrong",
                           check->looked_at, check->wrong);
  return TRUE;
}

static gboolean
check_counters (
    Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  if (!store_check_counters (connection, check, error))
    return FALSE;
  *text = g_strdup_printf ("%" G_GINT64_FORMAT " counters, %" G_GINT64_FORMAT " behind",
                           check->looked_at, check->wrong);
  return TRUE;
}

/* What leads to nothing is told and is no fault: it may come with the next import. */
static gboolean
check_references (
    Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  if (!store_check_references (connection, check, error))
    return FALSE;
  *text = g_strdup_printf ("%" G_GINT64_FORMAT " references, %" G_GINT64_FORMAT
                           " lead to what is not here",
                           check->looked_at, check->wrong);
  check->wrong = 0;
  return TRUE;
}

static gboolean
check_journal (
    Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  if (!store_check_journal (connection, check, error))
    return FALSE;
  *text = g_strdup_printf ("%" G_GINT64_FORMAT " changes wait to be sent, %" G_GINT64_FORMAT
                           " of them are lost",
                           check->looked_at, check->wrong);
  return TRUE;
}

static gboolean
check_audit (Run *run, StoreConnection *connection, StoreCheck *check, char **text, GError **error)
{
  if (!store_audit_verify (connection, &check->looked_at, error))
    return FALSE;
  *text = g_strdup_printf ("%" G_GINT64_FORMAT " rows, each one follows the one before",
                           check->looked_at);
  return TRUE;
}

static const struct
{
  const char *name;
  Check check;
  double until; /* the part of the work that is done after it, as seen on large stores */
} checks[] = {
  { "pages", check_pages, 0.15 },
  { "tables", check_tables, 0.35 },
  { "records", check_records, 0.5 },
  { "indexes", check_indexes, 0.85 },
  { "people", check_names, 0.87 },
  { "counters", check_counters, 0.88 },
  { "references", check_references, 0.92 },
  { "journal", check_journal, 0.93 },
  { "audit", check_audit, 1 },
};

/* ---- the report ----------------------------------------------------------------------------- */

static void
add_result (Run *run, const char *name, gboolean good, const char *text, StoreCheck *check)
{
  json_builder_begin_object (run->builder);
  hub_admin_add_text (run->builder, "name", name);
  json_builder_set_member_name (run->builder, "good");
  json_builder_add_boolean_value (run->builder, good);
  hub_admin_add_text (run->builder, "text", text);
  hub_admin_add_number (run->builder, "looked_at", check->looked_at);
  hub_admin_add_number (run->builder, "wrong", check->wrong);
  json_builder_set_member_name (run->builder, "differing");
  json_builder_begin_array (run->builder);
  for (guint i = 0; i < check->differing->len; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (check->differing->pdata[i], -1);

      json_builder_add_string_value (run->builder, valid);
    }
  json_builder_end_array (run->builder);
  json_builder_end_object (run->builder);
  run->good = run->good && good;
}

static gboolean
run_work (StoreConnection *connection, gpointer data, GError **error)
{
  Run *run = data;

  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autoptr (StoreCheck) check = store_check_new ();
      g_autoptr (GError) problem = NULL;
      g_autofree char *text = NULL;
      gboolean made = checks[i].check (run, connection, check, &text, &problem);

      add_result (run, checks[i].name, made && check->wrong == 0, made ? text : problem->message,
                  check);
      if (run->progress != NULL)
        run->progress (checks[i].until, run->progress_data);
    }
  return TRUE;
}

/**
 * hub_check_run:
 * @command: "sample", the number of resources whose indexes are computed anew; 0 or none for all
 *
 * Returns: (transfer full): "good", and "checks" with a line for each
 */
JsonNode *
hub_check_run (HubData *data,
               JsonNode *command,
               HubAdminProgress progress,
               gpointer progress_data,
               GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gint64 sample =
      json_object_get_int_member_with_default (json_node_get_object (command), "sample", 0);
  Run run = { (guint) CLAMP (sample, 0, G_MAXINT), builder, progress, progress_data, TRUE };

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  if (!store_apart_read (data->path, data->key, data->clock, run_work, &run, error))
    return NULL;
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "good");
  json_builder_add_boolean_value (builder, run.good);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/**
 * hub_check_of_error:
 *
 * Returns: (transfer full): the result for records that could not even be opened
 */
JsonNode *
hub_check_of_error (const GError *error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (StoreCheck) check = store_check_new ();
  Run run = { 0, builder, NULL, NULL, TRUE };

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  add_result (&run, "file", FALSE, error->message, check);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "good");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

gboolean
hub_check_is_good (JsonNode *result)
{
  return json_object_get_boolean_member (json_node_get_object (result), "good");
}

/**
 * hub_check_to_text:
 *
 * Returns: (transfer full): a line for each check, and below it what it names
 */
char *
hub_check_to_text (JsonNode *result)
{
  JsonArray *list = json_object_get_array_member (json_node_get_object (result), "checks");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *check = json_array_get_object_element (list, i);
      JsonArray *differing = json_object_get_array_member (check, "differing");

      g_string_append_printf (out, "%-6s %-11s %s\n",
                              json_object_get_boolean_member (check, "good") ? "green" : "BAD",
                              json_object_get_string_member (check, "name"),
                              json_object_get_string_member (check, "text"));
      for (guint j = 0; j < json_array_get_length (differing); j++)
        g_string_append_printf (out, "         %s\n", json_array_get_string_element (differing, j));
      if (json_array_get_length (differing) == STORE_CHECK_NAMED)
        g_string_append_printf (out, "         and perhaps more: %d are named at most\n",
                                STORE_CHECK_NAMED);
    }
  return g_string_free_and_steal (out);
}
