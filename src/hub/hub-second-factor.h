/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"
#include "hub-entry.h"
#include "hub-server.h"

G_BEGIN_DECLS

void hub_second_factor_attach (HubServer *server);
gboolean hub_second_factor_allows (StoreConnection *connection,
                                   HubEntryContext *context,
                                   FhirResource *request,
                                   GError **error);
void hub_second_factor_note_wrong (StoreDatabase *store, const char *who);
void hub_second_factor_note_wrong_async (StoreDatabase *store, const char *who);
gboolean hub_second_factor_reset (StoreConnection *connection, const char *who, GError **error);

G_END_DECLS
