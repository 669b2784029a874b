/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-load.h"

#include "care-cosign.h"
#include "care-prescription.h"
#include "care-route.h"
#include "care-summary.h"
#include "care-supply.h"
#include "care-to-sign.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-observation.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

#include "tasks-item.h"

#include <glib/gi18n.h>

#define OPEN "status=requested,received,accepted,ready,in-progress,on-hold&_count=200"

/* ---- what a task is about ---- */

static FhirResource *
read_reference (StoreConnection *connection, const char *reference, const char *wanted)
{
  g_autofree char *type = NULL, *id = NULL;

  if (!reference || !fhir_reference_split (reference, &type, &id) || !g_str_equal (type, wanted))
    return NULL;
  return store_resource_get (connection, type, id, NULL);
}

/* What may mean the opposite is not shown, and why is said. */
static gboolean
is_withheld (FhirResource *resource, TasksFacts *facts)
{
  if (!care_chart_is_opaque (resource))
    return FALSE;
  g_set_str (
      &facts->missing,
      _ ("It carries a modifier that may change its meaning. Read it where it was written."));
  return TRUE;
}

static gint64
instant_of (const char *text)
{
  FhirDate date;
  gint64 low = 0, high;

  if (text && fhir_date_parse (text, &date))
    fhir_date_bounds (&date, &low, &high);
  return low;
}

static const char *
taken_at (FhirResource *observation)
{
  const char *when = fhir_resource_path_text (observation, "effectiveDateTime");

  if (!when)
    when = fhir_resource_path_text (observation, "effectivePeriod.start");
  return when ? when : fhir_resource_path_text (observation, "issued");
}

static gboolean
is_withdrawn (FhirResource *observation)
{
  const char *status = fhir_resource_path_text (observation, "status");

  return g_strcmp0 (status, "entered-in-error") == 0 || g_strcmp0 (status, "cancelled") == 0;
}

static char *
dup_range (FhirResource *observation)
{
  g_auto (FhirReferenceRange) range = { 0 };

  return fhir_observation_get_range (observation, &range)
             ? fhir_reference_range_dup_words (&range, NULL)
             : NULL;
}

/* The newest reading of the same code before this one, whatever its unit: it is shown with it. */
static void
read_previous (StoreConnection *connection,
               FhirResource *observation,
               GTimeZone *zone,
               TasksFacts *facts)
{
  const char *system = fhir_resource_path_text (observation, "code.coding.0.system");
  const char *code = fhir_resource_path_text (observation, "code.coding.0.code");
  const char *when = taken_at (observation);

  if (!code || !when || !facts->patient)
    return;
  g_autofree char *coding = g_strdup_printf ("%s|%s", system ? system : "", code);
  g_autofree char *escaped_code = g_uri_escape_string (coding, NULL, FALSE);
  g_autofree char *escaped_when = g_uri_escape_string (when, NULL, FALSE);
  g_autofree char *text = g_strdup_printf ("patient=%s&code=%s&date=lt%s&_sort=-date&_count=20",
                                           facts->patient, escaped_code, escaped_when);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Observation", text, FALSE, NULL);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, NULL) : NULL;

  for (guint i = 0; search && i < search->matches->len; i++)
    {
      FhirResource *earlier = search->matches->pdata[i];
      g_autofree char *value = fhir_observation_dup_shown (earlier, NULL);
      const char *taken = taken_at (earlier);

      if (!value || !taken || is_withdrawn (earlier) || care_chart_is_opaque (earlier))
        continue;
      facts->previous = g_steal_pointer (&value);
      facts->previous_date = fhir_date_format (taken, zone);
      return;
    }
}

static void
read_result (StoreConnection *connection, GTimeZone *zone, TasksFacts *facts)
{
  g_autoptr (FhirResource) observation = read_reference (connection, facts->focus, "Observation");

  if (!observation)
    {
      facts->missing = g_strdup (_ ("The result itself is not on this computer yet"));
      return;
    }
  /* a flag that may not be one still asks for a look */
  facts->flag = g_strdup (fhir_observation_get_flag (observation));
  if (is_withheld (observation, facts))
    return;
  const FhirElement *code = fhir_resource_path (observation, "code");
  facts->result = code ? fhir_concept_dup_text (code) : NULL;
  facts->value = fhir_observation_dup_shown (observation, NULL);
  facts->range = dup_range (observation);
  if (is_withdrawn (observation))
    facts->missing = g_strdup (_ ("The laboratory has withdrawn this result"));
  else if (!facts->value)
    facts->missing = g_strdup (_ ("The result has no value"));
  read_previous (connection, observation, zone, facts);
}

static void
read_message (StoreConnection *connection, TasksFacts *facts)
{
  g_autoptr (FhirResource) message = read_reference (connection, facts->focus, "Communication");
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean has_attachment = FALSE;

  if (!message)
    {
      facts->missing = g_strdup (_ ("The message itself is not on this computer yet"));
      return;
    }
  if (is_withheld (message, facts))
    return;
  fhir_element_foreach (payload, fhir_resource_path (message, "payload"))
    {
      const char *words = fhir_element_path_text (payload, "contentString");

      if (words)
        g_string_append_printf (text, "%s%s", text->len ? "\n" : "", words);
      else
        has_attachment = TRUE;
    }
  if (text->len)
    facts->message = g_string_free_and_steal (g_steal_pointer (&text));
  /* what cannot be read is never silence (H17) */
  if (has_attachment)
    facts->missing = g_strdup (
        _ ("It holds a picture or a file that cannot be shown here yet: ask the patient"));
  else if (!facts->message)
    facts->missing = g_strdup (_ ("The message has no text"));
}

/* What is asked for, and about which medicine; a pharmacy's words are those of somebody outside. */
static void
read_asked (StoreConnection *connection, FhirResource *task, TasksFacts *facts)
{
  g_autoptr (FhirResource) request = read_reference (connection, facts->focus, "MedicationRequest");
  const FhirElement *medicine =
      request ? fhir_resource_path (request, "medicationCodeableConcept") : NULL;

  facts->message = g_strdup (fhir_resource_path_text (task, "reasonCode.text"));
  if (request && is_withheld (request, facts))
    return;
  facts->dosage = medicine ? fhir_concept_dup_text (medicine) : NULL;
  if (!request)
    facts->missing = g_strdup (_ ("The prescription itself is not on this computer yet"));
}

static char *
dup_name (StoreConnection *connection, const char *patient)
{
  g_autoptr (FhirResource) resource =
      patient ? store_resource_get (connection, "Patient", patient, NULL) : NULL;

  return resource ? fhir_human_name_format (fhir_resource_path (resource, "name")) : NULL;
}

/* Whose it is, since when and how urgent it may be: of the rest nothing is known. */
static void
withhold (FhirResource *task, TasksFacts *facts)
{
  const FhirElement *code = fhir_resource_path (task, "code");

  facts->withheld = TRUE;
  facts->title = g_strdup (_ ("Task that Bedside cannot show safely"));
  if (fhir_concept_has_code (code, CARE_SYSTEM_TASK, "critical-result") ||
      fhir_concept_has_code (code, CARE_SYSTEM_TASK, "emergency"))
    g_set_str (&facts->priority, "stat");
}

/* What the task says in words, and what it is about. */
static void
read_task (StoreConnection *connection, FhirResource *task, GTimeZone *zone, TasksFacts *facts)
{
  const FhirElement *code = fhir_resource_path (task, "code");

  facts->code = g_strdup (fhir_concept_get_code (code, CARE_SYSTEM_TASK));
  facts->title = g_strdup (fhir_resource_path_text (task, "description"));
  if (!facts->title && !facts->code && code)
    facts->title = fhir_concept_dup_text (code);
  facts->focus = g_strdup (fhir_resource_path_text (task, "focus.reference"));
  facts->from = g_strdup (fhir_resource_path_text (task, "requester.display"));
  facts->due = g_strdup (fhir_resource_path_text (task, "restriction.period.end"));
  if (g_strcmp0 (facts->code, "critical-result") == 0 ||
      (facts->focus && g_str_has_prefix (facts->focus, "Observation/")))
    read_result (connection, zone, facts);
  else if (g_strcmp0 (facts->code, "message") == 0 ||
           (facts->focus && g_str_has_prefix (facts->focus, "Communication/")))
    read_message (connection, facts);
  else if (tasks_facts_is_ask (facts))
    read_asked (connection, task, facts);
  else if (g_strcmp0 (facts->code, CARE_TASK_COSIGN_RETURNED) == 0)
    facts->message = g_strdup (fhir_resource_path_text (task, "note.0.text"));
}

/**
 * tasks_load_facts:
 *
 * Returns: (transfer full): what @task says, with what it is about
 */
TasksFacts *
tasks_load_facts (StoreConnection *connection, FhirResource *task, GTimeZone *zone)
{
  TasksFacts *facts = g_new0 (TasksFacts, 1);
  const char *authored = fhir_resource_path_text (task, "authoredOn");

  facts->reference = fhir_resource_dup_reference (task);
  facts->priority = g_strdup (fhir_resource_path_text (task, "priority"));
  facts->patient = care_patient_of (task);
  facts->patient_name = dup_name (connection, facts->patient);
  facts->since = instant_of (authored ? authored : fhir_resource_path_text (task, "lastModified"));
  if (is_withheld (task, facts))
    withhold (task, facts);
  else
    read_task (connection, task, zone, facts);
  return facts;
}

/* ---- the list ---- */

/* A pharmacy's order waits for the pharmacy, and that somebody stands in is nothing to do. A note
 * to co-sign, or one that was sent back, waits for one person, and nobody else can do anything. */
static gboolean
is_for (FhirResource *task, const char *user)
{
  const FhirElement *code = fhir_resource_path (task, "code");

  if (fhir_concept_has_code (code, CARE_SYSTEM_TASK, CARE_TASK_COSIGN) ||
      fhir_concept_has_code (code, CARE_SYSTEM_TASK, CARE_TASK_COSIGN_RETURNED))
    return g_strcmp0 (fhir_resource_path_text (task, "owner.reference"), user) == 0;
  return !fhir_concept_has_code (code, CARE_SYSTEM_TASK, CARE_SUPPLY_DISPENSE) &&
         !fhir_concept_has_code (code, CARE_SYSTEM_TASK, CARE_SUPPLY_CANCEL) &&
         !fhir_concept_has_code (code, CARE_SYSTEM_TASK, CARE_TASK_TO_SIGN) &&
         !fhir_concept_has_code (code, CARE_SYSTEM_TASK, CARE_COVER_CODE);
}

static gboolean
add_tasks (StoreConnection *connection,
           const char *patient,
           const char *user,
           GTimeZone *zone,
           GPtrArray *list,
           GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("%s%s%s", OPEN, patient ? "&patient=Patient/" : "", patient ? patient : "");
  g_autoptr (FhirQuery) query = fhir_query_parse ("Task", text, FALSE, error);
  g_autofree char *cursor = NULL;

  if (!query)
    return FALSE;
  do /* page after page: none is left out */
    {
      g_free (query->cursor);
      query->cursor = g_steal_pointer (&cursor);
      g_autoptr (StoreSearch) search = store_search (connection, query, error);

      if (!search)
        return FALSE;
      for (guint i = 0; i < search->matches->len; i++)
        if (is_for (search->matches->pdata[i], user))
          g_ptr_array_add (list, tasks_load_facts (connection, search->matches->pdata[i], zone));
      cursor = g_steal_pointer (&search->next_cursor);
    }
  while (cursor);
  return TRUE;
}

/* Those that ask for a person; what merely waits its first minute is no task. */
static gboolean
is_stuck (const char *state)
{
  static const char *const states[] = { "not-sent", "unknown", "held", "refused", NULL };

  return state && g_strv_contains (states, state);
}

static TasksFacts *
facts_of_unsent (CareRow *row)
{
  TasksFacts *facts = g_new0 (TasksFacts, 1);
  const char *group = care_row_get_text (row, CARE_ROW_GROUP);
  g_autofree char *type = NULL;

  facts->reference = g_strdup (care_row_get_reference (row));
  facts->focus = g_strdup (care_row_get_reference (row));
  facts->title = g_strdup_printf (_ ("Prescription: %s"), care_row_get_title (row));
  if (group)
    fhir_reference_split (group, &type, &facts->patient);
  facts->patient_name = g_strdup (care_row_get_text (row, CARE_ROW_SUBTITLE));
  facts->delivery = g_strdup (care_row_get_text (row, CARE_ROW_VALUE));
  facts->dosage = g_strdup (care_row_get_text (row, CARE_ROW_DETAIL));
  facts->since = care_row_get_sort (row);
  return facts;
}

static gboolean
is_about (const TasksFacts *facts, const char *request)
{
  return g_strcmp0 (facts->code, "prescription-not-sent") == 0 &&
         g_strcmp0 (facts->focus, request) == 0;
}

/* One line for one prescription, with or without a Task that says the same. */
static void
add_unsent (CareRow *row, const char *patient, GPtrArray *list)
{
  g_autoptr (TasksFacts) unsent = facts_of_unsent (row);

  if (!is_stuck (care_row_get_text (row, CARE_ROW_STATUS)) ||
      (patient && g_strcmp0 (unsent->patient, patient) != 0))
    return;
  for (guint i = 0; i < list->len; i++)
    {
      TasksFacts *facts = list->pdata[i];

      if (!is_about (facts, unsent->focus))
        continue;
      g_set_str (&facts->title, unsent->title);
      g_set_str (&facts->delivery, unsent->delivery);
      g_set_str (&facts->dosage, unsent->dosage);
      facts->since = unsent->since;
      return;
    }
  g_ptr_array_add (list, g_steal_pointer (&unsent));
}

/* A task that says "not sent" of what has been sent since says so. */
static void
add_delivery (StoreConnection *connection, BaseClock *clock, TasksFacts *facts)
{
  g_autofree char *type = NULL, *id = NULL;

  if (facts->delivery || g_strcmp0 (facts->code, "prescription-not-sent") != 0 || !facts->focus ||
      !fhir_reference_split (facts->focus, &type, &id))
    return;
  g_autoptr (CareDelivery) delivery = care_prescription_get_delivery (connection, id, clock, NULL);
  if (delivery && !facts->missing)
    facts->missing = g_strdup_printf (_ ("Now: %s"), delivery->text);
}

/* ---- whom it needs ---- */

typedef struct
{
  StoreConnection *connection;
  CareContext *context;
  CareRota *rota;
  GTimeZone *zone;
} Routing;

static void
add_route (Routing *routing, TasksFacts *facts)
{
  CareContext *context = routing->context;
  const char *user = care_context_get_user_reference (context);
  gint64 now = base_clock_now (care_context_get_clock (context));
  g_autoptr (FhirResource) focus =
      read_reference (routing->connection, facts->focus, "Observation");
  g_autofree char *name = NULL, *orderer = NULL;
  g_autoptr (CareRoute) route = NULL;

  if (!focus)
    focus = read_reference (routing->connection, facts->focus, "DiagnosticReport");
  if (focus)
    orderer = care_cover_dup_orderer (routing->connection, focus, &name);
  route = care_route_find (routing->rota, orderer, name, facts->since, now);
  facts->route = care_route_dup_words (route, user, routing->zone);
  facts->needs_you = care_route_is_for (route, user, care_context_get_role (context));
}

/* A red result is for somebody; other tasks are the clinic's. */
static gboolean
is_red_result (const TasksFacts *facts)
{
  return tasks_facts_is_red (facts) &&
         (g_strcmp0 (facts->code, "critical-result") == 0 || facts->flag);
}

static gboolean
add_routes (StoreConnection *connection,
            CareContext *context,
            GTimeZone *zone,
            GPtrArray *list,
            GError **error)
{
  g_autoptr (CareRota) rota = care_rota_load (connection, error);
  Routing routing = { connection, context, rota, zone };

  for (guint i = 0; rota && i < list->len; i++)
    if (is_red_result (list->pdata[i]))
      add_route (&routing, list->pdata[i]);
  return rota != NULL;
}

/**
 * tasks_load:
 * @patient: (nullable): id; only what is about this patient
 * @context: of who looks
 *
 * Returns: (transfer full) (nullable): TasksItem, what is most pressing first
 */
GListStore *
tasks_load (StoreConnection *connection, const char *patient, CareContext *context, GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  GTimeZone *zone = g_date_time_get_timezone (now);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autoptr (GListStore) items = g_list_store_new (TASKS_TYPE_ITEM);
  g_autoptr (GListStore) unsent = care_prescription_list_unsent (connection, clock, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  gboolean read = unsent &&
                  add_tasks (connection, patient, care_context_get_user_reference (context), zone,
                             list, error) &&
                  add_routes (connection, context, zone, list, error);

  for (guint i = 0; read && i < g_list_model_get_n_items (G_LIST_MODEL (unsent)); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (unsent), i);
      add_unsent (row, patient, list);
    }
  for (guint i = 0; i < list->len; i++)
    {
      add_delivery (connection, clock, list->pdata[i]);
      g_autoptr (TasksItem) item = tasks_item_new (list->pdata[i]);
      g_list_store_append (items, item);
    }
  tasks_item_sort (items, today);
  return read ? g_steal_pointer (&items) : NULL;
}

/* ---- off the main thread ---- */

typedef struct
{
  char *patient;
  CareContext *context;
  GListStore *items;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->patient);
  g_clear_object (&load->context);
  g_clear_object (&load->items);
  g_free (load);
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Load *load = data;

  load->items = tasks_load (connection, load->patient, load->context, error);
  return load->items != NULL;
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *load = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&load->items), g_object_unref);
}

void
tasks_load_async (CareContext *context,
                  const char *patient,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  StoreDatabase *store = care_context_get_store (context);
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->patient = g_strdup (patient);
  load->context = g_object_ref (context);
  g_task_set_task_data (task, load, load_free);
  store_database_read_async (store, load_work, load, NULL, cancellable, load_cb, task);
}

GListStore *
tasks_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
