/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "hub-user.h"

G_BEGIN_DECLS

gboolean hub_order_allows_new (HubUser *user, FhirResource *resource, GError **error);
gboolean
hub_order_allows_change (HubUser *user, FhirResource *before, FhirResource *after, GError **error);

G_END_DECLS
