/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-pull.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-reference.h"
#include "net-error.h"
#include "store-resource.h"
#include "sync-cursor.h"
#include "sync-probe.h"
#include "sync-reference.h"
#include "sync-search.h"
#include "sync-setting.h"

/* Reads from the server into the store. Everything here blocks and runs in a worker. */

#define PAGE_SIZE    "500"
#define IDS_MAX      50u
#define RESTARTS_MAX 10u
#define DAY_PAGES    10u /* of a search for today */

/* What a clinician's screens need, first things first; a server's other types follow. */
static const char *const types_in_order[] = {
  "Practitioner",
  "Organization",
  "Patient",
  "Appointment",
  "Encounter",
  "Task",
  "AllergyIntolerance",
  "Condition",
  "Flag",
  "MedicationRequest",
  "MedicationStatement",
  "Communication",
  "Observation",
  "DiagnosticReport",
  "Immunization",
  "DocumentReference",
  "Procedure",
  "CarePlan",
  "CareTeam",
  "Goal",
  "ServiceRequest",
  "Consent",
  "Medication",
  "MedicationDispense",
  "PractitionerRole",
  "Location",
  "Provenance",
  "QuestionnaireResponse",
  "Questionnaire",
  "Device",
  "Coverage",
  "RelatedPerson",
  "DetectedIssue",
  "ImagingStudy",
  "Media",
  "FamilyMemberHistory",
  "ResearchStudy",
  "ResearchSubject",
  "Group",
  NULL,
};

/* Never read as a whole: other people's traces, bytes without a document, and the channel itself.
 */
static const char *const types_left_out[] = {
  "AuditEvent",       "Binary",     "Bundle",          "CapabilityStatement",
  "OperationOutcome", "Parameters", "SearchParameter", "StructureDefinition",
  "Subscription",     "ValueSet",   "CodeSystem",      NULL
};

static const char *const safety_types[] = { "AllergyIntolerance", "Condition", "MedicationRequest",
                                            NULL };
static const char *const chart_types[] = { "AllergyIntolerance",
                                           "Condition",
                                           "MedicationRequest",
                                           "MedicationStatement",
                                           "Flag",
                                           "Observation",
                                           "Encounter",
                                           "Immunization",
                                           "DiagnosticReport",
                                           "DocumentReference",
                                           "Procedure",
                                           "Appointment",
                                           "Task",
                                           "CarePlan",
                                           "Goal",
                                           "CareTeam",
                                           "Communication",
                                           NULL };

/**
 * sync_pull_list_types:
 *
 * Returns: (transfer full) (nullable): the types that the server lets us search, in the order in
 * which a clinic wants them; all that we know where the server does not say
 */
GStrv
sync_pull_list_types (SyncContext *context, GError **error)
{
  g_autoptr (FhirResource) statement = NULL;
  g_autoptr (GStrvBuilder) types = g_strv_builder_new ();

  if (!sync_probe (context, error))
    return NULL;
  statement = sync_capability_dup_statement (context->capability);
  for (gsize i = 0; i < G_N_ELEMENTS (types_in_order) - 1; i++)
    if (sync_capability_searches (context->capability, types_in_order[i]))
      g_strv_builder_add (types, types_in_order[i]);
  if (statement != NULL)
    fhir_element_foreach (capability, fhir_resource_path (statement, "rest.0.resource"))
      {
        const char *type = fhir_element_path_text (capability, "type");

        if (type != NULL && !g_strv_contains (types_left_out, type) &&
            !g_strv_contains (types_in_order, type) &&
            sync_capability_searches (context->capability, type))
          g_strv_builder_add (types, type);
      }
  return g_strv_builder_end (types);
}

/* These patients, where @ids ends in NULL. */
static gboolean
take_some_patients (SyncContext *context, GPtrArray *ids, SyncApply *apply, GError **error)
{
  g_autofree char *list = NULL;
  g_autofree char *query = NULL;

  g_ptr_array_add (ids, NULL);
  list = g_strjoinv (",", (GStrv) ids->pdata);
  query = g_strdup_printf ("_count=" PAGE_SIZE "&_id=%s", list);
  return sync_search_if_offered (context,
                                 &(SyncWanted) { .type = "Patient",
                                                 .ids = (GStrv) ids->pdata,
                                                 .pages = DAY_PAGES },
                                 query, apply, error);
}

static gboolean
take_patients (SyncContext *context, GHashTable *references, SyncApply *apply, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer reference;

  g_hash_table_iter_init (&iter, references);
  while (g_hash_table_iter_next (&iter, &reference, NULL))
    {
      if (!g_str_has_prefix (reference, "Patient/"))
        continue;
      g_ptr_array_add (ids, (char *) reference + strlen ("Patient/"));
      if (ids->len < IDS_MAX)
        continue;
      if (!take_some_patients (context, ids, apply, error))
        return FALSE;
      g_ptr_array_set_size (ids, 0);
    }
  return ids->len == 0 || take_some_patients (context, ids, apply, error);
}

/**
 * sync_pull_day:
 *
 * Today's bookings and visits with their patients, and the tasks of the inbox: what makes the first
 * screen usable. A server that answers with everything instead is read later, type by type.
 */
gboolean
sync_pull_day (SyncContext *context, GError **error)
{
  g_autofree char *today = base_clock_dup_today (context->clock);
  g_autofree char *day = g_strdup_printf ("date=%s&_count=" PAGE_SIZE, today);
  static const char inbox[] =
      "status=requested,received,accepted,ready,in-progress&_count=" PAGE_SIZE;
  g_autoptr (GHashTable) references = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (SyncApply) apply = sync_search_apply_new (context);

  if (!sync_search_if_offered (context, &(SyncWanted) { .type = "Appointment", .pages = DAY_PAGES },
                               day, &apply, error) ||
      !sync_search_if_offered (context, &(SyncWanted) { .type = "Encounter", .pages = DAY_PAGES },
                               day, &apply, error) ||
      !sync_search_if_offered (context, &(SyncWanted) { .type = "Task", .pages = DAY_PAGES }, inbox,
                               &apply, error))
    return FALSE;
  for (guint i = 0; i < apply.resources->len; i++)
    sync_reference_collect (fhir_resource_get_root (apply.resources->pdata[i]), references);
  return take_patients (context, references, &apply, error) &&
         sync_search_put (context, &apply, error);
}

/**
 * sync_pull_dup_newest:
 *
 * Returns: (transfer full) (nullable): the server's instant of the newest record of @type that came
 */
char *
sync_pull_dup_newest (StoreConnection *connection, const char *type)
{
  g_autofree char *text = sync_setting_get_cursor (connection, type);
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", " ", 3);

  return g_strv_length (words) > 1 && strcmp (words[1], "-") != 0 ? g_strdup (words[1]) : NULL;
}

static gint64
get_asked (SyncWalk *walk, const char *type)
{
  gint64 *asked = walk->asked != NULL ? g_hash_table_lookup (walk->asked, type) : NULL;

  return asked != NULL ? *asked : 0;
}

static void
set_asked (SyncWalk *walk, const char *type)
{
  if (walk->asked == NULL)
    walk->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (walk->asked, g_strdup (type), g_memdup2 (&walk->begun, sizeof walk->begun));
}

static FhirResource *
search_news (
    SyncContext *context, const char *type, const char *from, gint64 overlap, GError **error)
{
  g_autoptr (GError) problem = NULL;

  for (SyncQuestion question = 0; question < SYNC_N_QUESTIONS; question++)
    {
      g_autofree char *query = sync_cursor_make_query (from, overlap, question);
      FhirResource *bundle;

      g_clear_error (&problem);
      bundle = net_fhir_client_search (context->client, type, query, FALSE, context->cancellable,
                                       &problem);
      if (bundle != NULL)
        return bundle;
      if (!g_error_matches (problem, NET_ERROR, NET_ERROR_REFUSED))
        break;
    }
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/* A link that has died begins its search again. */
static FhirResource *
follow (SyncContext *context, SyncCursor *cursor, SyncWalk *walk, GError **error)
{
  g_autoptr (GError) problem = NULL;
  FhirResource *bundle =
      net_fhir_client_page (context->client, cursor->next, context->cancellable, &problem);

  if (bundle != NULL)
    return bundle;
  if (!sync_search_is_local_refusal (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  g_clear_pointer (&cursor->next, g_free);
  g_hash_table_remove_all (walk->visited);
  if (++walk->restarts > RESTARTS_MAX)
    net_error_set_protocol (error, FALSE,
                            _ ("The server's links die before they can be followed. Tell "
                               "whoever runs the server."));
  return NULL;
}

/* Where the server's clock was put back since it was asked the last time, what was written since
 * bears an older stamp than what is here: then the question is put again from further back. */
static FhirResource *
begin_search (
    SyncContext *context, const char *type, SyncCursor *cursor, SyncWalk *walk, GError **error)
{
  gint64 asked = get_asked (walk, type), now = sync_cursor_uptime ();
  gint64 overlap = asked != 0 ? SYNC_OVERLAP_US : SYNC_FIRST_OVERLAP_US;
  g_autoptr (FhirResource) bundle = search_news (context, type, cursor->from, overlap, error);

  walk->begun = now;
  if (bundle == NULL ||
      !sync_cursor_is_put_back (cursor, net_fhir_client_get_server_time (context->client),
                                asked != 0 ? now - asked : -1))
    return g_steal_pointer (&bundle);
  return search_news (context, type, cursor->from, SYNC_OVERLAP_US, error);
}

static FhirResource *
fetch_page (
    SyncContext *context, const char *type, SyncCursor *cursor, SyncWalk *walk, GError **error)
{
  g_autoptr (GError) problem = NULL;
  FhirResource *bundle = cursor->next != NULL ? follow (context, cursor, walk, &problem) : NULL;

  if (bundle != NULL)
    return bundle;
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (walk->restarts == 0)
    g_set_str (&cursor->from, cursor->high);
  return begin_search (context, type, cursor, walk, error);
}

/**
 * sync_pull_page:
 * @walk: kept from page to page, empty where the reading of this type begins
 * @pulled: (out): what came, and whether there is another page
 *
 * One page of what is new of @type, with where to go on: a kill at any point loses at most this
 * page.
 */
gboolean
sync_pull_page (
    SyncContext *context, const char *type, SyncWalk *walk, SyncPulled *pulled, GError **error)
{
  g_auto (SyncCursor) cursor = { 0 };
  g_auto (SyncApply) apply = sync_search_apply_new (context);
  g_autoptr (FhirResource) bundle = NULL;
  g_autofree char *text = NULL;

  *pulled = (SyncPulled) { 0 };
  if (!sync_cursor_load (context->store, type, &cursor, error))
    return FALSE;
  bundle = fetch_page (context, type, &cursor, walk, error);
  if (bundle == NULL)
    return FALSE;
  sync_search_take_page (context, bundle, &(SyncWanted) { .type = type }, &apply);
  for (guint i = 0; i < apply.resources->len; i++)
    {
      const char *updated = fhir_resource_get_updated (apply.resources->pdata[i]);

      if (updated != NULL)
        sync_cursor_raise (&cursor, updated);
    }
  sync_cursor_cap (&cursor, net_fhir_client_get_server_time (context->client));
  g_set_str (&cursor.next, net_fhir_bundle_get_next (bundle));
  /* Pages that go round in a circle have all been seen. */
  if (cursor.next != NULL && !g_hash_table_add (walk->visited, g_strdup (cursor.next)))
    g_clear_pointer (&cursor.next, g_free);
  text = sync_cursor_format (&cursor);
  apply.cursor_type = type;
  apply.cursor = text;
  pulled->seen = apply.resources->len;
  pulled->more = cursor.next != NULL;
  pulled->total = fhir_element_get_integer (fhir_resource_path (bundle, "total"), -1);
  if (!sync_search_put (context, &apply, error))
    return FALSE;
  pulled->stored = apply.changed;
  if (!pulled->more && walk->begun != 0)
    set_asked (walk, type);
  return TRUE;
}

/**
 * sync_pull_count:
 * @count: (out): how many records of @type there are; 0 where this cannot be asked of it, -1 where
 *   the server does not count
 */
gboolean
sync_pull_count (SyncContext *context, const char *type, gint64 *count, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (FhirResource) bundle = net_fhir_client_search (context->client, type, "_summary=count",
                                                            FALSE, context->cancellable, &problem);

  *count = bundle != NULL ? fhir_element_get_integer (fhir_resource_path (bundle, "total"), -1) : 0;
  if (bundle != NULL || sync_search_is_local_refusal (problem))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

typedef struct
{
  const char *patient, *type;
  GPtrArray *ids;
} Known;

static gboolean
list_known (StoreConnection *connection, gpointer data, GError **error)
{
  Known *known = data;
  g_autoptr (GPtrArray) resources =
      store_resource_list (connection, known->patient, known->type, error);

  if (resources == NULL)
    return FALSE;
  for (guint i = 0; i < resources->len; i++)
    g_ptr_array_add (known->ids, g_strdup (fhir_resource_get_id (resources->pdata[i])));
  return TRUE;
}

/* Reads one resource: TRUE also where it is gone, which is then noted. A patient who is not there,
 * but was never deleted either, is an error: the server may have been emptied, and nothing follows
 * from that for the records here. */
static gboolean
take_one (SyncContext *context, const char *type, const char *id, SyncApply *apply, GError **error)
{
  g_autoptr (GError) problem = NULL;
  FhirResource *resource =
      net_fhir_client_read (context->client, type, id, context->cancellable, &problem);

  if (resource != NULL)
    g_ptr_array_add (apply->resources, resource);
  else if (g_error_matches (problem, NET_ERROR, NET_ERROR_GONE) ||
           (g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND) &&
            strcmp (type, "Patient") != 0))
    g_ptr_array_add (apply->deleted, g_strdup_printf ("%s/%s", type, id));
  else if (!g_error_matches (problem, NET_ERROR, NET_ERROR_FORBIDDEN))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

/* A search never shows deletions: what is here and did not come is asked for by name. */
static gboolean
take_missing (SyncContext *context,
              const char *patient,
              const char *type,
              guint begin,
              SyncApply *apply,
              GError **error)
{
  g_autoptr (GHashTable) came = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  Known known = { .patient = patient, .type = type, .ids = ids };

  for (guint i = begin; i < apply->resources->len; i++)
    g_hash_table_add (came, (gpointer) fhir_resource_get_id (apply->resources->pdata[i]));
  if (!store_database_read (context->store, list_known, &known, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!g_hash_table_contains (came, ids->pdata[i]) &&
        !take_one (context, type, ids->pdata[i], apply, error))
      return FALSE;
  return TRUE;
}

/**
 * sync_pull_patient:
 * @safety_only: only what a prescription depends on; then a type that cannot be read is an error,
 *   because nothing can be said about it
 */
gboolean
sync_pull_patient (SyncContext *context, const char *patient, gboolean safety_only, GError **error)
{
  const char *const *types = safety_only ? safety_types : chart_types;
  g_autofree char *escaped = g_uri_escape_string (patient, NULL, FALSE);
  g_autofree char *query = g_strdup_printf ("patient=%s&_count=" PAGE_SIZE, escaped);
  gint64 began = base_clock_now (context->clock);
  g_auto (SyncApply) apply = sync_search_apply_new (context);

  if (!take_one (context, "Patient", patient, &apply, error))
    return FALSE;
  for (guint i = 0; types[i] != NULL; i++)
    {
      guint begin = apply.resources->len;
      const SyncWanted wanted = { .type = types[i], .patient = patient };
      gboolean ok = safety_only ? sync_search (context, &wanted, query, &apply, error)
                                : sync_search_if_offered (context, &wanted, query, &apply, error);

      if (!ok || (i < G_N_ELEMENTS (safety_types) - 1 &&
                  !take_missing (context, patient, types[i], begin, &apply, error)))
        return FALSE;
    }
  return sync_search_put (context, &apply, error) &&
         (safety_only || sync_pull_stamp (context, patient, began, error));
}

/**
 * sync_pull_references:
 * @references: "Type/id"
 *
 * Reads these, each by name; one that is gone is deleted here.
 */
gboolean
sync_pull_references (SyncContext *context, GPtrArray *references, GError **error)
{
  g_auto (SyncApply) apply = sync_search_apply_new (context);

  for (guint i = 0; i < references->len; i++)
    {
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;

      if (fhir_reference_split (references->pdata[i], &type, &id) &&
          !take_one (context, type, id, &apply, error))
        return FALSE;
    }
  return sync_search_put (context, &apply, error);
}

typedef struct
{
  const char *patient;
  gint64 as_of;
} Stamp;

static gboolean
write_stamp (StoreConnection *connection, gpointer data, GError **error)
{
  Stamp *stamp = data;

  return sync_setting_set_as_of (connection, stamp->patient, stamp->as_of, error);
}

/**
 * sync_pull_stamp:
 * @patient: (nullable): an id; NULL for everything
 * @as_of: µs at which the pull began
 */
gboolean
sync_pull_stamp (SyncContext *context, const char *patient, gint64 as_of, GError **error)
{
  Stamp stamp = { patient, as_of };

  return store_database_write (context->store, BASE_LANE_BATCH, write_stamp, &stamp, error);
}
