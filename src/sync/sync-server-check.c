/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-server.h"

#include <string.h>

#include "net-error.h"
#include "store-resource.h"
#include "store-search.h"
#include "store-snapshot.h"
#include "sync-group.h"
#include "sync-instant.h"
#include "sync-merge.h"

/* How a server is recognized. Ours gives its records a name, which a restore changes. Any other is
 * asked for two handfuls of what came from it: some patients, of which a server that was emptied or
 * replaced has none, and what it changed last, which a server that was set back no longer has. */

#define SAMPLE      20u
#define SAMPLE_MIN  3u
#define BATCH       1000u
#define BATCHES     10u /* at most so far is looked for patients */
#define NEWEST_READ "100"

typedef struct
{
  GPtrArray *patients, *newest; /* FhirResource */
  SyncSuspicion suspicion;
  char *generation;
  gboolean quick;
} Sample;

static void
sample_clear (Sample *sample)
{
  g_clear_pointer (&sample->patients, g_ptr_array_unref);
  g_clear_pointer (&sample->newest, g_ptr_array_unref);
  g_clear_pointer (&sample->generation, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

/* Where it came from the server and nothing was changed in it since. */
static FhirResource *
get_settled (StoreConnection *connection, const StoreChange *change, GHashTable *open)
{
  g_autofree char *reference = g_strdup_printf ("%s/%s", change->type, change->id);

  return !change->deleted && !g_hash_table_contains (open, reference)
             ? store_resource_get (connection, change->type, change->id, NULL)
             : NULL;
}

static gboolean
take_patients (StoreConnection *connection, Sample *sample, GHashTable *open, GError **error)
{
  gint64 sequence = sync_server_get_accepted (connection);
  guint count = BATCH;

  for (guint batch = 0; batch < BATCHES && count == BATCH; batch++)
    {
      g_autoptr (GPtrArray) changes = store_changes_since (connection, sequence, BATCH, error);

      if (changes == NULL)
        return FALSE;
      count = changes->len;
      for (guint i = 0; i < count && sample->patients->len < SAMPLE; i++)
        {
          StoreChange *change = changes->pdata[i];
          FhirResource *patient =
              strcmp (change->type, "Patient") == 0 ? get_settled (connection, change, open) : NULL;

          if (patient != NULL)
            g_ptr_array_add (sample->patients, patient);
        }
      sequence = count > 0 ? ((StoreChange *) changes->pdata[count - 1])->sequence : sequence;
    }
  return TRUE;
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  gint64 left = sync_instant_of (*(FhirResource *const *) a);
  gint64 right = sync_instant_of (*(FhirResource *const *) b);

  return left < right ? 1 : left > right ? -1 : 0;
}

/* What a person said belongs here only, is not asked for again. */
static gboolean
is_only_here (StoreConnection *connection, FhirResource *resource, gint64 accepted)
{
  g_autoptr (GPtrArray) history =
      accepted > 0 ? store_resource_history (connection, fhir_resource_get_type (resource),
                                             fhir_resource_get_id (resource), 1, NULL)
                   : NULL;

  return history != NULL && history->len > 0 &&
         ((StoreVersion *) history->pdata[0])->sequence <= accepted;
}

static gboolean
take_newest_of_type (StoreConnection *connection,
                     const char *type,
                     GHashTable *open,
                     GPtrArray *newest,
                     GError **error)
{
  gint64 accepted = sync_server_get_accepted (connection);
  g_autoptr (FhirQuery) query =
      fhir_query_parse (type, "_sort=-_lastUpdated&_count=" NEWEST_READ, TRUE, error);
  g_autoptr (StoreSearch) page = query != NULL ? store_search (connection, query, error) : NULL;
  guint taken = 0;

  for (guint i = 0; page != NULL && i < page->matches->len && taken < SAMPLE; i++)
    {
      FhirResource *resource = page->matches->pdata[i];
      g_autofree char *reference = fhir_resource_dup_reference (resource);

      if (g_hash_table_contains (open, reference) || sync_instant_of (resource) == 0 ||
          is_only_here (connection, resource, accepted))
        continue;
      g_ptr_array_add (newest, fhir_resource_ref (resource));
      taken++;
    }
  return page != NULL;
}

/* By the server's own stamps, of whatever type. */
static gboolean
take_newest (StoreConnection *connection, Sample *sample, GHashTable *open, GError **error)
{
  g_autoptr (GPtrArray) types = store_snapshot_types (connection, error);

  if (types == NULL)
    return FALSE;
  for (guint i = 0; i < types->len; i++)
    if (!take_newest_of_type (connection, types->pdata[i], open, sample->newest, error))
      return FALSE;
  g_ptr_array_sort (sample->newest, compare_newest_first);
  g_ptr_array_set_size (sample->newest,
                        (int) MIN (sample->newest->len, sample->quick ? SAMPLE_MIN : SAMPLE));
  return TRUE;
}

static gboolean
take_sample (StoreConnection *connection, gpointer data, GError **error)
{
  Sample *sample = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  g_autoptr (GHashTable) open = groups != NULL ? sync_group_open_resources (groups) : NULL;

  sample->patients = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  sample->newest = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  sample->suspicion = sync_server_get_suspicion (connection);
  sample->generation = sync_server_get_generation (connection);
  return open != NULL && take_patients (connection, sample, open, error) &&
         take_newest (connection, sample, open, error);
}

/* It does not take the question, or not from this account: then each is asked for by name. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_REFUSED) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_FORBIDDEN);
}

static gboolean
ask_for_type (
    SyncContext *context, const char *type, GPtrArray *ids, GHashTable *found, GError **error)
{
  g_autoptr (GString) query = g_string_new ("_count=50&_id=");
  g_autoptr (FhirResource) bundle = NULL;
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (query, "%s%s", i > 0 ? "," : "", (char *) ids->pdata[i]);
  bundle = net_fhir_client_search (context->client, type, query->str, TRUE, context->cancellable,
                                   &problem);
  if (bundle == NULL && is_refusal (problem))
    return TRUE;
  if (bundle == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    {
      const FhirElement *element = fhir_element_get (entry, "resource");
      FhirResource *resource =
          element != NULL ? fhir_resource_new_from_element (element, NULL) : NULL;

      if (resource != NULL && fhir_resource_get_id (resource) != NULL)
        g_hash_table_replace (found, fhir_resource_dup_reference (resource), resource);
      else if (resource != NULL)
        fhir_resource_unref (resource);
    }
  return TRUE;
}

/**
 * sync_server_ask_all:
 * @resources: (element-type FhirResource): at most 50
 * @found: "Type/id" → FhirResource: gets what the server has of them
 *
 * One question for each type. One that does not come may be there all the same.
 */
gboolean
sync_server_ask_all (SyncContext *context, GPtrArray *resources, GHashTable *found, GError **error)
{
  g_autoptr (GHashTable) types =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer type, ids;

  for (guint i = 0; i < resources->len; i++)
    {
      const char *of = fhir_resource_get_type (resources->pdata[i]);

      ids = g_hash_table_lookup (types, of);
      if (ids == NULL)
        g_hash_table_insert (types, (gpointer) of, ids = g_ptr_array_new ());
      g_ptr_array_add (ids, (gpointer) fhir_resource_get_id (resources->pdata[i]));
    }
  g_hash_table_iter_init (&iter, types);
  while (g_hash_table_iter_next (&iter, &type, &ids))
    if (!ask_for_type (context, type, ids, found, error))
      return FALSE;
  return TRUE;
}

/**
 * sync_server_is_unheard_of:
 * @there: (out) (nullable) (transfer full): what it has under that name
 * @unheard: (out): it has never heard of it. One that was deleted is answered with 410 by most
 *   servers, which is something else
 */
gboolean
sync_server_is_unheard_of (SyncContext *context,
                           const char *type,
                           const char *id,
                           FhirResource **there,
                           gboolean *unheard,
                           GError **error)
{
  g_autoptr (GError) problem = NULL;

  *there = net_fhir_client_read (context->client, type, id, context->cancellable, &problem);
  *unheard = *there == NULL && g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND);
  if (*there != NULL || *unheard || g_error_matches (problem, NET_ERROR, NET_ERROR_GONE) ||
      g_error_matches (problem, NET_ERROR, NET_ERROR_FORBIDDEN))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/**
 * sync_server_knows_version:
 * @here: as it once came from the server
 * @knows: (out): FALSE only where the server keeps old versions, and this is none of them: it is
 *   not there, or is other words under the same number
 */
gboolean
sync_server_knows_version (SyncContext *context,
                           FhirResource *here,
                           gboolean *knows,
                           GError **error)
{
  const char *type = fhir_resource_get_type (here);
  const char *number = fhir_resource_get_version (here);
  g_autofree char *version = g_uri_escape_string (number != NULL ? number : "", NULL, FALSE);
  g_autofree char *path =
      g_strdup_printf ("%s/%s/_history/%s", type, fhir_resource_get_id (here), version);
  const NetRequest request = { .method = "GET", .path = path };
  g_autoptr (NetAnswer) answer = NULL;
  FhirResource *there;
  g_autoptr (GError) problem = NULL;

  *knows = TRUE;
  if (number == NULL || !sync_capability_keeps_versions (context->capability, type))
    return TRUE;
  answer = net_fhir_client_send (context->client, &request, context->cancellable, &problem);
  there = answer != NULL ? answer->resource : NULL;
  if (there != NULL)
    *knows = sync_instant_of (there) == sync_instant_of (here) || sync_merge_is_same (there, here);
  else if (problem == NULL)
    return TRUE; /* an answer without a record */
  else if (g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND))
    *knows = FALSE;
  else if (!is_refusal (problem) && !g_error_matches (problem, NET_ERROR, NET_ERROR_GONE))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

typedef enum
{
  VERDICT_FINE,
  VERDICT_UNHEARD,
  VERDICT_OLDER,
  VERDICT_PROVEN, /* older, and the newer version that it once gave was never there */
} Verdict;

static gboolean
judge (
    SyncContext *context, FhirResource *here, FhirResource *came, Verdict *verdict, GError **error)
{
  g_autoptr (FhirResource) there = came != NULL ? fhir_resource_ref (came) : NULL;
  gboolean unheard = FALSE, knows = TRUE;
  gint64 instant;

  *verdict = VERDICT_FINE;
  if (there == NULL &&
      !sync_server_is_unheard_of (context, fhir_resource_get_type (here),
                                  fhir_resource_get_id (here), &there, &unheard, error))
    return FALSE;
  instant = there != NULL ? sync_instant_of (there) : 0;
  if (unheard)
    *verdict = VERDICT_UNHEARD;
  if (instant == 0 || sync_instant_of (here) <= instant || sync_merge_is_same (here, there))
    return TRUE;
  *verdict = VERDICT_OLDER;
  if (!sync_server_knows_version (context, here, &knows, error))
    return FALSE;
  if (!knows)
    *verdict = VERDICT_PROVEN;
  else if (sync_capability_keeps_versions (context->capability, fhir_resource_get_type (here)))
    *verdict = VERDICT_FINE; /* changed on top of it, while its clock was behind */
  return TRUE;
}

typedef struct
{
  guint strange, unheard, leading; /* of the first, one after the other, that are strange */
  gboolean proven;
} Findings;

static gboolean
judge_all (SyncContext *context, GPtrArray *resources, Findings *findings, GError **error)
{
  g_autoptr (GHashTable) found =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);

  *findings = (Findings) { 0 };
  if (!sync_server_ask_all (context, resources, found, error))
    return FALSE;
  for (guint i = 0; i < resources->len; i++)
    {
      g_autofree char *reference = fhir_resource_dup_reference (resources->pdata[i]);
      Verdict verdict;

      if (!judge (context, resources->pdata[i], g_hash_table_lookup (found, reference), &verdict,
                  error))
        return FALSE;
      findings->proven |= verdict == VERDICT_PROVEN;
      findings->unheard += verdict == VERDICT_UNHEARD;
      findings->leading += verdict != VERDICT_FINE && findings->leading == i;
      findings->strange += verdict != VERDICT_FINE;
    }
  return TRUE;
}

/* A server that was set back has lost all that it changed last; where it has something newer than
 * what is missing, that was deleted. */
static gboolean
judge_newest (SyncContext *context, GPtrArray *newest, gboolean *set_back, GError **error)
{
  Findings findings;

  *set_back = FALSE;
  if (newest->len < SAMPLE_MIN)
    return TRUE;
  if (!judge_all (context, newest, &findings, error))
    return FALSE;
  *set_back = findings.proven || findings.leading >= SAMPLE_MIN;
  return TRUE;
}

static gboolean
judge_patients (SyncContext *context, GPtrArray *patients, SyncSuspicion *suspicion, GError **error)
{
  Findings findings;

  *suspicion = SYNC_SUSPICION_NONE;
  if (patients->len < SAMPLE_MIN)
    return TRUE;
  if (!judge_all (context, patients, &findings, error))
    return FALSE;
  if (findings.strange * 2 > patients->len)
    *suspicion =
        findings.unheard * 2 > patients->len ? SYNC_SUSPICION_LOST : SYNC_SUSPICION_SET_BACK;
  return TRUE;
}

/**
 * sync_server_lost_patients:
 * @lost: (out): it has most of the patients no longer that came from it: it is not the same server
 *   of an earlier day
 */
gboolean
sync_server_lost_patients (SyncContext *context, gboolean *lost, GError **error)
{
  g_auto (Sample) sample = { 0 };
  SyncSuspicion suspicion = SYNC_SUSPICION_NONE;

  if (!store_database_read (context->store, take_sample, &sample, error) ||
      !judge_patients (context, sample.patients, &suspicion, error))
    return FALSE;
  *lost = suspicion == SYNC_SUSPICION_LOST;
  return TRUE;
}

static gboolean
keep_generation (StoreConnection *connection, gpointer data, GError **error)
{
  return sync_server_set_generation (connection, data, error);
}

/* It gave its records a name for the first time. */
static gboolean
learn_generation (SyncContext *context, const char *generation, GError **error)
{
  if (!store_database_write (context->store, BASE_LANE_BATCH, keep_generation,
                             (gpointer) generation, error))
    return FALSE;
  net_fhir_client_set_store (context->client, generation);
  return TRUE;
}

/**
 * sync_server_check:
 * @quick: with the least that can tell, where it was looked at lately
 *
 * Asks the server for a few of the records that came from it.
 *
 * Returns: FALSE with @error set where it has most of them no longer or went back, or a person has
 *   not decided yet what that means, or where it cannot be asked now
 */
gboolean
sync_server_check (SyncContext *context, gboolean quick, GError **error)
{
  g_auto (Sample) sample = { 0 };
  g_autofree char *generation = sync_capability_dup_generation (context->capability);
  SyncSuspicion suspicion = SYNC_SUSPICION_NONE;
  gboolean set_back = FALSE;

  sample.quick = quick;
  if (!sync_server_is_trusted (context, error) ||
      !store_database_read (context->store, take_sample, &sample, error))
    return FALSE;
  if (net_fhir_client_has_other_store (context->client) ||
      (sample.generation != NULL && generation != NULL &&
       strcmp (sample.generation, generation) != 0))
    return sync_server_suspect (context, SYNC_SUSPICION_SET_BACK, error);
  if (!judge_patients (context, sample.patients, &suspicion, error))
    return FALSE;
  if (suspicion != SYNC_SUSPICION_NONE)
    return sync_server_suspect (context, suspicion, error);
  if (!judge_newest (context, sample.newest, &set_back, error))
    return FALSE;
  if (set_back)
    return sync_server_suspect (context, SYNC_SUSPICION_SET_BACK, error);
  return sample.generation != NULL || generation == NULL ||
         learn_generation (context, generation, error);
}
