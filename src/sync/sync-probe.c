/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-probe.h"

#include "net-error.h"

/* Asks the server what it can do, and keeps the answer. */

static gboolean
save (StoreConnection *connection, gpointer data, GError **error)
{
  return sync_capability_save (data, connection, error);
}

/* Something answered, but it does not describe itself. */
static gboolean
is_silent (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_GONE) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_REFUSED) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_FORBIDDEN) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_PROTOCOL);
}

/**
 * sync_probe:
 *
 * Blocks. A server that has no CapabilityStatement is not an error: what it can do is found out by
 * trying.
 *
 * Returns: FALSE with @error set where it could not be asked
 */
gboolean
sync_probe (SyncContext *context, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (FhirResource) statement =
      net_fhir_client_metadata (context->client, context->cancellable, &problem);

  if (statement == NULL && is_silent (problem))
    {
      sync_capability_set_asked (context->capability);
      return TRUE;
    }
  if (statement == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  sync_capability_set_statement (context->capability, statement);
  sync_capability_set_asked (context->capability);
  return store_database_write (context->store, BASE_LANE_BATCH, save, context->capability, error);
}
