/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "hub-user.h"

G_BEGIN_DECLS

typedef enum
{
  HUB_READ,
  HUB_SEARCH,
  HUB_CREATE,
  HUB_UPDATE,
  HUB_DELETE,
} HubOperation;

gboolean
hub_policy_allows (HubUser *user, HubOperation operation, const char *type, GError **error);
gboolean hub_policy_allows_resource (HubUser *user,
                                     HubOperation operation,
                                     FhirResource *resource,
                                     GError **error);
gboolean
hub_policy_allows_change (HubUser *user, FhirResource *before, FhirResource *after, GError **error);
gboolean hub_policy_allows_query (HubUser *user, FhirQuery *query, GError **error);
gboolean hub_policy_shows (HubUser *user, FhirResource *resource);
char *hub_policy_narrow (HubUser *user, const char *type, const char *query);
char *hub_policy_dup_patient (FhirResource *resource);

G_END_DECLS
