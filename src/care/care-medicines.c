/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines-private.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-journal.h"
#include "care-medicine-end.h"
#include "care-write.h"
#include "fhir-date.h"
#include "store-resource.h"

/* All medicines of a patient, read at once: orders, statements, what was handed out, and who last
 * went through them. */

struct _CareMedicines
{
  GObject parent_instance;

  GListStore *rows; /* CareMedicine */
  char *absence, *reconciled;
  gboolean is_recorded;
  guint n_conflicts, n_withheld, n_unnamed;
};

G_DEFINE_FINAL_TYPE (CareMedicines, care_medicines, G_TYPE_OBJECT)

static void
care_medicines_finalize (GObject *object)
{
  CareMedicines *self = CARE_MEDICINES (object);

  g_clear_object (&self->rows);
  g_free (self->absence);
  g_free (self->reconciled);
  G_OBJECT_CLASS (care_medicines_parent_class)->finalize (object);
}

static void
care_medicines_class_init (CareMedicinesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_medicines_finalize;
}

static void
care_medicines_init (CareMedicines *self)
{
  self->rows = g_list_store_new (CARE_TYPE_MEDICINE);
}

/* ---- who ended it, and when ---- */

static void
read_enders (CareMedicineReader *reader, GPtrArray *facts)
{
  g_autoptr (GPtrArray) resources = g_ptr_array_new ();
  g_autoptr (GHashTable) endings = NULL;
  gint64 now = base_clock_now (reader->chart->clock);

  for (guint i = 0; i < facts->len; i++)
    g_ptr_array_add (resources, ((CareMedicineFact *) facts->pdata[i])->resource);
  endings = care_medicine_find_endings (reader->chart->connection, resources);
  for (guint i = 0; i < facts->len; i++)
    {
      CareMedicineFact *fact = facts->pdata[i];
      FhirResource *provenance = g_hash_table_lookup (endings, fact->side.reference);
      const char *end = care_medicine_get_end (endings, fact->resource, now);
      g_autofree char *day = end ? care_medicine_dup_day (reader->chart, end) : NULL;

      if (fact->side.state == CARE_MEDICINE_WITHHELD)
        continue;
      if (provenance)
        g_set_str (&fact->side.stopped_by,
                   care_medicine_read_name (reader,
                                            fhir_resource_path (provenance, "agent.0.who")));
      g_free (fact->side.until);
      fact->side.until = day ? fhir_date_format (day, reader->chart->zone) : NULL;
    }
}

/* ---- reading ---- */

static void
read_facts (CareMedicineReader *reader, GPtrArray *resources, GPtrArray *facts)
{
  for (guint i = 0; i < resources->len; i++)
    if (!care_chart_is_error (resources->pdata[i]) &&
        !care_medicine_is_none_known (resources->pdata[i]))
      g_ptr_array_add (facts, care_medicine_read (reader, resources->pdata[i]));
}

static void
drop_errors (GPtrArray *resources)
{
  for (guint i = resources->len; i > 0; i--)
    if (care_chart_is_error (resources->pdata[i - 1]))
      g_ptr_array_remove_index (resources, i - 1);
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  CareMedicine *x = (CareMedicine *) a, *y = (CareMedicine *) b;
  CareMedicineState first = care_medicine_get_state (x), second = care_medicine_get_state (y);
  gint64 sort_x = care_medicine_get_fact (x, 0)->sort, sort_y = care_medicine_get_fact (y, 0)->sort;

  if (first != second)
    return (int) first - (int) second;
  if (care_medicine_is_conflict (x) != care_medicine_is_conflict (y))
    return care_medicine_is_conflict (x) ? -1 : 1;
  return (sort_x < sort_y) - (sort_x > sort_y);
}

static void
finish_rows (CareMedicines *self, CareMedicinesNote *note)
{
  g_list_store_sort (self->rows, compare_rows, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      g_autofree char *words = NULL;

      self->n_conflicts += care_medicine_is_conflict (row);
      self->n_withheld += care_medicine_get_state (row) == CARE_MEDICINE_WITHHELD;
      self->n_unnamed += care_medicine_is_current (row) && !care_medicine_is_named (row);
      for (guint j = 0; j < care_medicine_get_n_sides (row) && !words; j++)
        words = care_medicines_note_dup_decision (note, care_medicine_get_fact (row, j));
      care_medicine_set_reconciled (row, words);
    }
  self->absence = g_steal_pointer (&note->absence);
  self->reconciled = g_steal_pointer (&note->reconciled);
  self->is_recorded = note->is_recorded || g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0;
}

static CareMedicines *
read_all (CareMedicineReader *reader, GError **error)
{
  CareChart *chart = reader->chart;
  g_autoptr (CareMedicines) self = g_object_new (CARE_TYPE_MEDICINES, NULL);
  g_autoptr (GPtrArray) requests =
      store_resource_list (chart->connection, chart->patient_id, "MedicationRequest", error);
  g_autoptr (GPtrArray) statements =
      requests
          ? store_resource_list (chart->connection, chart->patient_id, "MedicationStatement", error)
          : NULL;
  g_autoptr (GPtrArray) dispenses =
      statements
          ? store_resource_list (chart->connection, chart->patient_id, "MedicationDispense", error)
          : NULL;
  g_autoptr (GPtrArray) facts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_medicine_fact_free);
  g_auto (CareMedicinesNote) note = { 0 };

  if (!dispenses || !care_medicines_note_read (&note, chart, requests, statements, error))
    return NULL;
  read_facts (reader, requests, facts);
  read_facts (reader, statements, facts);
  read_enders (reader, facts);
  drop_errors (dispenses);
  care_medicine_join (reader, facts, dispenses, self->rows);
  finish_rows (self, &note);
  return g_steal_pointer (&self);
}

/**
 * care_medicines_load:
 * @connection: on its own thread
 * @content: (nullable): what knows ingredients; without it medicines are compared by name alone
 *
 * Returns: (transfer full) (nullable): the medicines as they are now
 */
CareMedicines *
care_medicines_load (StoreConnection *connection,
                     const char *patient_id,
                     BaseClock *clock,
                     ClinicalContent *content,
                     GError **error)
{
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autoptr (GPtrArray) journal = care_journal_open (connection, error);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  CareChart chart = {
    connection, clock, g_date_time_get_timezone (now), patient_id, today, journal
  };
  CareMedicineReader reader = { &chart, content, keys, names };

  return journal ? read_all (&reader, error) : NULL;
}

static gboolean
load_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_object_unref;
  c->result = care_medicines_load (connection, c->texts[0], c->clock,
                                   c->objects[0] ? CLINICAL_CONTENT (c->objects[0]) : NULL, error);
  return c->result != NULL;
}

/**
 * care_medicines_load_async:
 * @content: (nullable)
 */
void
care_medicines_load_async (CareContext *context,
                           const char *patient_id,
                           ClinicalContent *content,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  CareCommand *command =
      care_command_new_read (care_context_get_clock (context), load_work, patient_id);

  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  care_command_read (command, care_context_get_store (context), care_medicines_load_async,
                     cancellable, callback, user_data);
}

CareMedicines *
care_medicines_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

/* ---- what was read ---- */

/**
 * care_medicines_get_rows:
 *
 * Returns: (transfer none): CareMedicine: by state, conflicts first, newest first
 */
GListModel *
care_medicines_get_rows (CareMedicines *self)
{
  return G_LIST_MODEL (self->rows);
}

/**
 * care_medicines_get_absence:
 *
 * Returns: (nullable): what it means that nothing is current: none known, only past ones, or not
 *   recorded; or that the record contradicts itself
 */
const char *
care_medicines_get_absence (CareMedicines *self)
{
  return self->absence;
}

/* FALSE where nobody wrote anything, not even that there is none. */
gboolean
care_medicines_is_recorded (CareMedicines *self)
{
  return self->is_recorded;
}

guint
care_medicines_get_n_conflicts (CareMedicines *self)
{
  return self->n_conflicts;
}

guint
care_medicines_get_n_withheld (CareMedicines *self)
{
  return self->n_withheld;
}

/* Of those that somebody takes: nobody can be asked about what has no name here. */
guint
care_medicines_get_n_unnamed (CareMedicines *self)
{
  return self->n_unnamed;
}

/* When and by whom the list was last gone through, or that it never was. */
const char *
care_medicines_get_reconciled (CareMedicines *self)
{
  return self->reconciled;
}

/* (transfer none) (nullable): the row of a key. */
CareMedicine *
care_medicines_find (CareMedicines *self, const char *key)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      if (g_str_equal (care_medicine_get_key (row), key))
        return row; /* the store keeps it */
    }
  return NULL;
}

/* (transfer none) (nullable): the row in which what @reference names is one of the sources. */
CareMedicine *
care_medicines_find_entry (CareMedicines *self, const char *reference)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      if (care_medicine_has_reference (row, reference))
        return row; /* the store keeps it */
    }
  return NULL;
}
