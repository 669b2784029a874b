/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-supply-wait.h"

#include "care-supply.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "hub-supply-answer.h"
#include "store-resource.h"
#include "store-search.h"

/* What was sent to a pharmacy and never collected becomes a Task of the clinic, once: a medicine
 * that nobody takes looks, in a chart, like one that is taken. */

#define DAYS_KEY "hub-supply-wait-days"
#define DATA_KEY "hub-supply-wait"
#define LOOK_S   3600 /* it is counted in days */
#define HISTORY  90   /* days: what waited for longer is history that was brought in */
#define WORDS    "A medicine was never collected at the pharmacy: call the patient"
#define WAITING  "requested,received,accepted,in-progress,on-hold,ready"

typedef struct
{
  StoreDatabase *store;
  GCancellable *cancellable;
  int days;
  guint timer;
} Wait;

static gint64
begun (FhirResource *task)
{
  const char *changed = fhir_resource_path_text (task, "lastModified");

  return fhir_date_begin (changed != NULL ? changed : fhir_resource_path_text (task, "authoredOn"));
}

/* @due: (out) (transfer full) (nullable): the prescription of @task, where the clinic is to be told
 *   and was not */
static gboolean
look_at (
    StoreConnection *connection, FhirResource *task, int days, FhirResource **due, GError **error)
{
  gint64 age = base_clock_now (store_connection_get_clock (connection)) - begun (task);
  const char *focus = fhir_resource_path_text (task, "focus.reference");
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;
  g_autoptr (FhirResource) request = NULL;
  g_autoptr (CareSupply) supply = NULL;
  CareSupplyFacts facts;

  *due = NULL;
  if (age < days * G_TIME_SPAN_DAY || age > (days + HISTORY) * G_TIME_SPAN_DAY || focus == NULL ||
      !fhir_reference_split (focus, &type, &id) || !g_str_equal (type, "MedicationRequest"))
    return TRUE;
  request = store_resource_get (connection, type, id, NULL);
  if (request != NULL && !care_supply_is_of (request, task))
    return TRUE;
  supply = request != NULL ? care_supply_load (connection, id, error) : NULL;
  if (supply == NULL)
    return request == NULL;
  care_supply_read (supply, request, &facts);
  if (!facts.ended && !facts.completed && facts.handed_out == 0 && !facts.partly &&
      !hub_supply_is_raised (connection, CARE_SUPPLY_UNTAKEN, request, WORDS))
    *due = g_steal_pointer (&request);
  return TRUE;
}

/**
 * hub_supply_wait_list:
 * @days: how many somebody may take to come for it
 *
 * Runs in a StoreWork, and only reads.
 *
 * Returns: (transfer full) (element-type FhirResource) (nullable): each prescription that has
 * waited at a pharmacy for longer, where the clinic has not been told
 */
GPtrArray *
hub_supply_wait_list (StoreConnection *connection, int days, GError **error)
{
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "Task",
                        "code=" CARE_SYSTEM_TASK "|" CARE_SUPPLY_DISPENSE "&status=" WAITING,
                        error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (FhirResource) task = store_resource_get (connection, "Task", ids->pdata[i], NULL);
      FhirResource *due = NULL;

      if (task != NULL && !look_at (connection, task, days, &due, error))
        return NULL;
      if (due != NULL)
        g_ptr_array_add (found, due);
    }
  return ids != NULL ? g_steal_pointer (&found) : NULL;
}

/**
 * hub_supply_wait_look:
 * @days: as of hub_supply_wait_list()
 *
 * Runs in a StoreWork. Makes the Task of each prescription that has waited at a pharmacy for
 * longer.
 */
gboolean
hub_supply_wait_look (StoreConnection *connection, int days, GError **error)
{
  g_autoptr (GPtrArray) due = hub_supply_wait_list (connection, days, error);

  for (guint i = 0; due != NULL && i < due->len; i++)
    if (!hub_supply_raise (connection, CARE_SUPPLY_UNTAKEN, due->pdata[i], WORDS, error))
      return FALSE;
  return due != NULL;
}

/* ---- from time to time ---- */

/* A look outlives the server that began it. */
typedef struct
{
  GCancellable *cancellable;
  int days;
  guint n_due;
} Look;

static void
look_free (Look *self)
{
  g_object_unref (self->cancellable);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static gboolean
list_work (StoreConnection *connection, gpointer data, GError **error)
{
  Look *self = data;
  g_autoptr (GPtrArray) due = hub_supply_wait_list (connection, self->days, error);

  self->n_due = due != NULL ? due->len : 0;
  return due != NULL;
}

/* What was read may have changed since: it is looked at again where it is written. */
static gboolean
look_work (StoreConnection *connection, gpointer data, GError **error)
{
  return hub_supply_wait_look (connection, GPOINTER_TO_INT (data), error);
}

static void
warn (const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("What was never collected could not be looked for: %s", error->message);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!store_database_write_finish (STORE_DATABASE (source), result, &error))
    warn (error);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Look) look = data;
  g_autoptr (GError) error = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    warn (error);
  else if (look->n_due > 0 && !g_cancellable_is_cancelled (look->cancellable))
    store_database_write_async (STORE_DATABASE (source), BASE_LANE_BATCH, look_work,
                                GINT_TO_POINTER (look->days), NULL, look->cancellable, looked_cb,
                                NULL);
}

/* Nearly always there is nothing to write, and then nobody's writing waits for it. */
static gboolean
look_cb (gpointer data)
{
  Wait *self = data;
  Look *look = g_new0 (Look, 1);

  look->cancellable = g_object_ref (self->cancellable);
  look->days = self->days;
  store_database_read_async (self->store, list_work, look, NULL, self->cancellable, listed_cb,
                             look);
  return G_SOURCE_CONTINUE;
}

static void
wait_free (gpointer data)
{
  Wait *self = data;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->store);
  g_free (self);
}

/**
 * hub_supply_wait_set_days:
 * @days: 0: nothing is looked for; less: HUB_SUPPLY_WAIT_DAYS
 *
 * Before the server starts.
 */
void
hub_supply_wait_set_days (HubServer *server, int days)
{
  g_object_set_data (G_OBJECT (server), DAYS_KEY,
                     GINT_TO_POINTER ((days < 0 ? HUB_SUPPLY_WAIT_DAYS : days) + 1));
}

void
hub_supply_wait_attach (HubServer *server)
{
  int set = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (server), DAYS_KEY));
  Wait *self;

  if (set == 1)
    return;
  self = g_new0 (Wait, 1);
  self->store = g_object_ref (hub_server_get_store (server));
  self->cancellable = g_cancellable_new ();
  self->days = set > 0 ? set - 1 : HUB_SUPPLY_WAIT_DAYS;
  self->timer = g_timeout_add_seconds (LOOK_S, look_cb, self);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, wait_free);
  look_cb (self);
}
