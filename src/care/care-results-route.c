/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-results-private.h"

#include "fhir-reference.h"
#include "store-resource.h"

/* For whom a critical result is (hazard H18). */

static void
read_orderer (StoreConnection *connection, CareResult *result)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) resource = NULL;

  if (result->orderer || !result->reference ||
      !fhir_reference_split (result->reference, &type, &id))
    return;
  resource = store_resource_get (connection, type, id, NULL);
  if (resource)
    result->orderer = care_cover_dup_orderer (connection, resource, &result->orderer_name);
}

/* Of those that are critical alone: they are few. */
gboolean
care_results_read_orderers (CareResults *self, StoreConnection *connection, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  self->rota = care_rota_load (connection, error);
  g_hash_table_iter_init (&iter, self->found);
  while (self->rota && g_hash_table_iter_next (&iter, NULL, &value))
    if (care_result_get_critical (value))
      read_orderer (connection, value);
  return self->rota != NULL;
}

/**
 * care_results_dup_route:
 * @result: that is critical
 *
 * Returns: (transfer full) (nullable): for whom it is at that moment; NULL where it was answered
 */
CareRoute *
care_results_dup_route (CareResults *self, const CareResult *result, gint64 now_us)
{
  gint64 since = result->review.since_us;

  if (!care_result_get_critical (result) ||
      (result->review.task && !result->review.open && !result->review.stale))
    return NULL;
  if (since == 0 && result->time_us != G_MININT64)
    since = result->time_us;
  return care_route_find (self->rota, result->orderer, result->orderer_name, since, now_us);
}
