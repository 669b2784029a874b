/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-list-find.h"

#include <string.h>

#include "store-people.h"
#include "store-setting.h"
#include "sync-setting.h"

#define AS_OF "sync.as-of/" /* of one chart; sync-setting keeps it */

typedef struct
{
  CareCohort *cohort;
  GStrv only;
  GCancellable *cancellable;
  char *today;
  gint64 as_of; /* of everything */
  CareCohortFound *found;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->cohort);
  g_strfreev (question->only);
  g_clear_object (&question->cancellable);
  g_free (question->today);
  g_clear_pointer (&question->found, care_cohort_found_free);
  g_free (question);
}

static const char *const types[] = { "Condition",   "MedicationRequest", "MedicationStatement",
                                     "Observation", "Encounter",         "Task" };

/* A cursor with a third word waits for another page; see sync-pull. */
static gboolean
is_whole (StoreConnection *connection, const char *type)
{
  g_autofree char *cursor = sync_setting_get_cursor (connection, type);
  g_auto (GStrv) words = g_strsplit (cursor ? cursor : "", " ", 3);

  return cursor && g_strv_length (words) < 3;
}

static void
add_id (const char *name, const char *value, gpointer ids)
{
  g_ptr_array_add (ids, g_strdup (name + strlen (AS_OF)));
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* (transfer full) (nullable): the patients whose chart was read by itself. */
static GArray *
read_charts (StoreConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!store_setting_foreach (connection, AS_OF, add_id, ids, error))
    return NULL;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 number;

      if (!store_people_lookup (connection, ids->pdata[i], &number, error))
        return NULL;
      if (number > 0)
        g_array_append_val (numbers, number);
    }
  g_array_sort (numbers, compare_numbers);
  return g_steal_pointer (&numbers);
}

static gboolean
find_work (StoreConnection *connection, gpointer data, GError **error)
{
  Question *question = g_task_get_task_data (data);
  g_autoptr (GHashTable) whole = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) charts = read_charts (connection, error);
  CareCohortReach reach = { whole, charts };

  if (!charts)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (is_whole (connection, types[i]))
      g_hash_table_add (whole, (gpointer) types[i]);
  question->as_of = MAX (question->as_of, sync_setting_get_as_of (connection, NULL));
  question->found =
      care_cohort_find (connection, question->cohort, &reach, question->today,
                        (const char *const *) question->only, question->cancellable, error);
  return question->found != NULL;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* @only: (nullable): ids of those who are asked about; NULL: everybody */
void
patients_list_find_async (WorkspaceSession *session,
                          CareCohort *cohort,
                          const char *const *only,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  StoreDatabase *database = workspace_session_get_database (session);
  GTask *task = g_task_new (database, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->cohort = g_object_ref (cohort);
  question->only = g_strdupv ((char **) only);
  question->cancellable = cancellable ? g_object_ref (cancellable) : NULL;
  question->today = workspace_session_dup_today (session);
  question->as_of = workspace_session_get_pulled (session);
  g_task_set_source_tag (task, patients_list_find_async);
  g_task_set_task_data (task, question, question_free);
  store_database_read_async (database, find_work, task, NULL, cancellable, read_cb, task);
}

/* @as_of: (out): when everything was last compared with the server, in µs since 1970; 0: never */
CareCohortFound *
patients_list_find_finish (GAsyncResult *result, gint64 *as_of, GError **error)
{
  Question *question = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *as_of = question->as_of;
  return g_steal_pointer (&question->found);
}

/* Whether a change of a record of @type may change who belongs. */
gboolean
patients_list_find_reads (CareCohort *cohort, const char *type)
{
  static const char *const reads[CARE_COHORT_N_KINDS] = {
    "Condition", "MedicationRequest MedicationStatement",
    "Patient",   "Observation",
    "Encounter", "MedicationRequest",
    "Task",
  };
  GPtrArray *rules = care_cohort_get_rules (cohort);

  if (g_str_equal (type, "Patient"))
    return TRUE;
  for (guint i = 0; i < rules->len; i++)
    {
      const CareCohortRule *rule = rules->pdata[i];
      g_auto (GStrv) read = g_strsplit (reads[rule->kind], " ", -1);

      if (g_strv_contains ((const char *const *) read, type))
        return TRUE;
    }
  return FALSE;
}
