/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-request.h"
#include "hub-server.h"

G_BEGIN_DECLS

#define HUB_TOPIC "https://bedside.health/fhir/SubscriptionTopic/clinic"

void hub_subscription_attach (HubServer *server);
gboolean hub_subscription_accept (FhirResource **resource, GError **error);
gboolean hub_subscription_operate (HubRequest *request, const char *operation);

G_END_DECLS
