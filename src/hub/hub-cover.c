/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-cover.h"

#include <string.h>

#include "care-route.h"
#include "fhir-date.h"
#include "hub-reply.h"

/* Who answers a critical result for somebody else says so, and is believed where that one has said
 * that they were absent then and who stands in (hazard H18). */

static gboolean
stands_in (GPtrArray *covers, HubUser *user, const char *absent, gint64 at)
{
  g_autoptr (GPtrArray) chain = care_route_dup_chain (covers, absent, user->reference, at);

  return chain != NULL;
}

/**
 * hub_cover_allows:
 * @resource: that is to be created
 *
 * Runs in a StoreWork, after hub_policy_allows_resource().
 *
 * Returns: whether a Provenance speaks on behalf of nobody, or of who had asked the user to stand
 *   in at the moment that it tells of
 */
gboolean
hub_cover_allows (StoreConnection *connection,
                  HubUser *user,
                  FhirResource *resource,
                  GError **error)
{
  gint64 at = fhir_date_begin (fhir_resource_path_text (resource, "recorded"));
  g_autoptr (GPtrArray) covers = NULL;

  if (user->role == HUB_ROLE_ADMIN || strcmp (fhir_resource_get_type (resource), "Provenance") != 0)
    return TRUE;
  fhir_element_foreach (agent, fhir_resource_path (resource, "agent"))
    {
      const char *behalf = fhir_element_path_text (agent, "onBehalfOf.reference");

      if (behalf == NULL || !g_str_has_prefix (behalf, "Practitioner/"))
        continue;
      if (covers == NULL)
        covers = care_cover_list (connection, error);
      if (covers == NULL)
        return FALSE;
      if (stands_in (covers, user, behalf, at))
        continue;
      g_set_error (error, HUB_ERROR, 403,
                   "%s had not asked you to stand in at that moment: answer in your own name.",
                   behalf);
      return FALSE;
    }
  return TRUE;
}
