/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-entry.h"

G_BEGIN_DECLS

gboolean hub_signature_is_order (FhirResource *request);
gboolean hub_signature_is_live_order (FhirResource *request);
gboolean hub_signature_allows (StoreConnection *connection,
                               HubUser *user,
                               FhirResource *resource,
                               GError **error);
char *hub_signature_dup_escaped (const char *value);
gboolean hub_signature_finish (StoreConnection *connection,
                               HubEntryContext *context,
                               FhirResource *written,
                               GError **error);

G_END_DECLS
