/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-results-private.h"

#include "care-command.h"
#include "care-journal.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "store-resource.h"
#include "store-setting.h"

#include <string.h>

#define PANEL_PREFIX "panel:"
#define UNIT_PREFIX  "results.unit/"

G_DEFINE_FINAL_TYPE (CareResults, care_results, G_TYPE_OBJECT)

static void
care_results_finalize (GObject *object)
{
  CareResults *self = CARE_RESULTS (object);

  g_ptr_array_unref (self->lines);
  g_hash_table_unref (self->history);
  g_hash_table_unref (self->found);
  g_hash_table_unref (self->units);
  g_ptr_array_unref (self->medicines);
  g_clear_pointer (&self->rota, care_rota_free);
  G_OBJECT_CLASS (care_results_parent_class)->finalize (object);
}

static void
care_results_class_init (CareResultsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_results_finalize;
}

static void
medicine_free (gpointer data)
{
  CareMedicineSpan *span = data;

  g_free (span->name);
  g_free (span);
}

static void
care_results_init (CareResults *self)
{
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) care_result_unref);
  self->history =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->found =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) care_result_unref);
  self->units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->medicines = g_ptr_array_new_with_free_func (medicine_free);
}

/* ---- reading ---- */

/* While it is read: every record of the patient by its reference, and who replaces whom. */
typedef struct
{
  CareResults *results;
  BaseClock *clock;
  CareResultChart chart;
  GHashTable *resources, *singles;
  GPtrArray *panels;
} Reading;

static void
add_history (CareResults *self, const char *prefix, CareResult *result)
{
  g_autofree char *key = g_strconcat (prefix, result->key, NULL);
  GPtrArray *list = g_hash_table_lookup (self->history, key);

  if (!list)
    {
      list = g_ptr_array_new_with_free_func ((GDestroyNotify) care_result_unref);
      g_hash_table_insert (self->history, g_steal_pointer (&key), list);
    }
  g_ptr_array_add (list, care_result_ref (result));
}

/* What is left without a code is a kind of its own. */
static void
name_key (CareResult *result)
{
  if (!result->key)
    result->key = g_strconcat ("id:", result->reference, NULL);
}

static gboolean
read_observations (Reading *reading, const char *patient_id, GError **error)
{
  g_autoptr (GPtrArray) list =
      store_resource_list (reading->chart.connection, patient_id, "Observation", error);

  for (guint i = 0; list && i < list->len; i++)
    {
      FhirResource *resource = list->pdata[i];
      CareResult *result = care_result_read (&reading->chart, resource);

      name_key (result);
      g_hash_table_insert (reading->resources, g_strdup (result->reference),
                           fhir_resource_ref (resource));
      g_hash_table_insert (reading->singles, g_strdup (result->reference), result);
    }
  return list != NULL;
}

/* A revised value names the one that it stands for: that one is struck, whatever its status says.
 */
static void
read_replacements (Reading *reading)
{
  GHashTableIter iter;
  gpointer reference, resource;

  g_hash_table_iter_init (&iter, reading->resources);
  while (g_hash_table_iter_next (&iter, &reference, &resource))
    {
      CareResult *newer = g_hash_table_lookup (reading->singles, reference);

      if (!care_result_is_current (newer))
        continue;
      fhir_element_foreach (extension, fhir_resource_path (resource, "extension"))
        {
          const char *old = care_result_get_replaced (extension);
          CareResult *older = old ? g_hash_table_lookup (reading->singles, old) : NULL;

          if (!older || older == newer || !care_result_is_current (older))
            continue;
          older->state = CARE_RESULT_REPLACED;
          g_set_str (&older->replaced_by, newer->reference);
          if (!newer->before)
            newer->before = g_strdup (older->value);
        }
    }
}

static void
add_panel (Reading *reading, FhirResource *resource)
{
  CareResult *panel =
      care_result_read_panel (&reading->chart, resource, reading->resources, reading->singles);

  if (!panel)
    return;
  name_key (panel);
  g_ptr_array_add (reading->panels, panel);
}

static gboolean
read_panels (Reading *reading, const char *patient_id, GError **error)
{
  g_autoptr (GPtrArray) reports =
      store_resource_list (reading->chart.connection, patient_id, "DiagnosticReport", error);
  GHashTableIter iter;
  gpointer resource;

  for (guint i = 0; reports && i < reports->len; i++)
    add_panel (reading, reports->pdata[i]);
  g_hash_table_iter_init (&iter, reading->resources);
  while (g_hash_table_iter_next (&iter, NULL, &resource))
    add_panel (reading, resource);
  return reports != NULL;
}

static int
compare_newest (gconstpointer a, gconstpointer b)
{
  const CareResult *x = *(CareResult *const *) a, *y = *(CareResult *const *) b;

  if (x->time_us != y->time_us)
    return x->time_us < y->time_us ? 1 : -1;
  return g_strcmp0 (y->reference, x->reference);
}

/* A panel stands before the bare observation of the same name; an error never hides what is right.
 */
static void
collect (Reading *reading)
{
  CareResults *self = reading->results;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, reading->singles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      CareResult *result = value;

      g_hash_table_insert (self->found, g_strdup (result->reference), care_result_ref (result));
      add_history (self, "", result);
      for (guint i = 0; result->parts && i < result->parts->len; i++)
        if (((CareResult *) result->parts->pdata[i])->key)
          add_history (self, "", result->parts->pdata[i]);
    }
  for (guint i = 0; i < reading->panels->len; i++)
    {
      CareResult *panel = reading->panels->pdata[i];

      g_hash_table_insert (self->found, g_strdup (panel->reference), care_result_ref (panel));
      add_history (self, PANEL_PREFIX, panel);
    }
  g_hash_table_iter_init (&iter, self->history);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_sort (value, compare_newest);
}

/* Those without a readable time are neither older nor newer than another: all of them stand. */
static void
add_latest (CareResults *self, gboolean is_panel, GPtrArray *list)
{
  gboolean has_latest = FALSE;

  for (guint i = 0; i < list->len; i++)
    {
      CareResult *result = list->pdata[i];
      gboolean shown = care_result_is_current (result) || result->state == CARE_RESULT_WITHHELD;

      /* a component belongs to its observation, and a panel shows what its bare observation would
       */
      if (!shown || result->kind == CARE_RESULT_APART ||
          (!is_panel && g_hash_table_lookup (self->found, result->reference) != result) ||
          (has_latest && result->time_us != G_MININT64))
        continue;
      has_latest = has_latest || result->time_us != G_MININT64;
      g_ptr_array_add (self->lines, care_result_ref (result));
    }
}

static int
rank_of (const CareResult *result)
{
  return result->kind == CARE_RESULT_REPORT ? 0 : result->kind == CARE_RESULT_VITAL ? 1 : 2;
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const CareResult *x = *(CareResult *const *) a, *y = *(CareResult *const *) b;

  if (rank_of (x) != rank_of (y))
    return rank_of (x) - rank_of (y);
  int names = g_utf8_collate (x->name, y->name);
  return names != 0 ? names : compare_newest (a, b);
}

static void
list_lines (CareResults *self)
{
  GHashTableIter iter;
  gpointer key, list;

  g_hash_table_iter_init (&iter, self->history);
  while (g_hash_table_iter_next (&iter, &key, &list))
    add_latest (self, g_str_has_prefix (key, PANEL_PREFIX), list);
  g_ptr_array_sort (self->lines, compare_lines);
}

static void
read_units (CareResults *self, StoreConnection *connection)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->history);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_autofree char *name = g_strconcat (UNIT_PREFIX, key, NULL);
      char *unit = store_setting_get (connection, name);

      if (unit)
        g_hash_table_insert (self->units, g_strdup (key), unit);
    }
}

static gboolean
read_reviews (Reading *reading, const char *patient_id, GError **error)
{
  StoreConnection *connection = reading->chart.connection;
  g_autoptr (GPtrArray) tasks = store_resource_list (connection, patient_id, "Task", error);
  g_autoptr (GPtrArray) journal = tasks ? care_journal_open (connection, error) : NULL;

  if (journal)
    care_results_read_reviews (reading->results, connection, tasks, journal, reading->chart.zone);
  return journal != NULL;
}

static gboolean
read_all (Reading *reading, const char *patient_id, GError **error)
{
  CareResults *self = reading->results;

  if (!read_observations (reading, patient_id, error))
    return FALSE;
  read_replacements (reading);
  if (!read_panels (reading, patient_id, error))
    return FALSE;
  collect (reading);
  read_units (self, reading->chart.connection);
  if (!read_reviews (reading, patient_id, error) ||
      !care_results_read_orderers (self, reading->chart.connection, error) ||
      !care_results_read_medicines (self, reading->chart.connection, patient_id, reading->clock,
                                    error))
    return FALSE;
  list_lines (self);
  return TRUE;
}

/**
 * care_results_load:
 * @connection: on its own thread
 *
 * Returns: (transfer full) (nullable): all results of a patient as they are now
 */
CareResults *
care_results_load (StoreConnection *connection,
                   const char *patient_id,
                   BaseClock *clock,
                   GError **error)
{
  g_autoptr (CareResults) self = NULL;
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);

  if (!patient)
    return NULL;
  self = g_object_new (CARE_TYPE_RESULTS, NULL);
  g_autoptr (GHashTable) resources =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);
  g_autoptr (GHashTable) singles =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) care_result_unref);
  g_autoptr (GPtrArray) panels =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_result_unref);
  Reading reading = {
    .results = self,
    .clock = clock,
    .chart = { connection, g_date_time_get_timezone (now),
               fhir_resource_path_text (patient, "birthDate") },
    .resources = resources,
    .singles = singles,
    .panels = panels,
  };
  return read_all (&reading, patient_id, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
load_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result = care_results_load (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_results_load_async (StoreDatabase *store,
                         const char *patient_id,
                         BaseClock *clock,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  care_command_read (care_command_new_read (clock, load_work, patient_id), store,
                     care_results_load_async, cancellable, callback, user_data);
}

CareResults *
care_results_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
set_unit_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return store_setting_set (connection, command->texts[0], command->texts[1], error);
}

/* Keeps, for this account, the unit in which it reads one kind of reading. */
void
care_results_set_unit_async (CareContext *context,
                             const char *key,
                             const char *ucum,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autofree char *name = g_strconcat (UNIT_PREFIX, key, NULL);

  care_command_write (care_command_new (context, set_unit_work, name, ucum, NULL),
                      care_results_set_unit_async, NULL, callback, user_data);
}

gboolean
care_results_set_unit_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

/* ---- what is known ---- */

/**
 * care_results_get_lines:
 *
 * Returns: (transfer none) (element-type CareResult): the latest of each kind: panels, vital signs,
 *   everything else, each by name
 */
GPtrArray *
care_results_get_lines (CareResults *self)
{
  return self->lines;
}

/**
 * care_results_get_history:
 * @key: of a CareResult
 *
 * Returns: (transfer none) (nullable) (element-type CareResult): all of this kind, newest first,
 *   with what was an error or was replaced
 */
GPtrArray *
care_results_get_history (CareResults *self, const char *key)
{
  return key ? g_hash_table_lookup (self->history, key) : NULL;
}

/**
 * care_results_find:
 *
 * Returns: (transfer none) (nullable): the result of an "Observation/1" or "DiagnosticReport/1"
 */
CareResult *
care_results_find (CareResults *self, const char *reference)
{
  return reference ? g_hash_table_lookup (self->found, reference) : NULL;
}

/* (transfer none) (element-type CareMedicineSpan): by start */
GPtrArray *
care_results_get_medicines (CareResults *self)
{
  return self->medicines;
}

/* How many medicines have no span here, because nobody knows when or what they mean. */
guint
care_results_get_medicines_withheld (CareResults *self)
{
  return self->medicines_withheld;
}

/* (nullable): the unit in which this account reads it; NULL: as it was sent. */
const char *
care_results_get_unit (CareResults *self, const char *key)
{
  return key ? g_hash_table_lookup (self->units, key) : NULL;
}
