/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* Of a resource that is not written again for its version alone: that stands in the base then. */
#define SYNC_HEAVY_BYTES (1024u * 1024)

/* What sync remembers, in the store's settings, beside the journal. All inside a StoreWork. */
char *sync_setting_get_base (StoreConnection *connection, const char *type, const char *id);
gboolean sync_setting_set_base (StoreConnection *connection,
                                const char *type,
                                const char *id,
                                const char *version,
                                FhirResource *resource,
                                GError **error);
FhirResource *
sync_setting_get_base_resource (StoreConnection *connection, const char *type, const char *id);
FhirResource *
sync_setting_get_theirs (StoreConnection *connection, const char *type, const char *id);
gboolean sync_setting_set_theirs (StoreConnection *connection,
                                  const char *type,
                                  const char *id,
                                  FhirResource *theirs,
                                  GError **error);
GHashTable *sync_setting_get_aliases (StoreConnection *connection);
gboolean sync_setting_add_alias (StoreConnection *connection,
                                 const char *ours,
                                 const char *theirs,
                                 GError **error);
char *sync_setting_get_found (StoreConnection *connection, const char *group);
gboolean sync_setting_set_found (StoreConnection *connection,
                                 const char *group,
                                 const char *found,
                                 GError **error);
char *sync_setting_get_cursor (StoreConnection *connection, const char *type);
gboolean sync_setting_set_cursor (StoreConnection *connection,
                                  const char *type,
                                  const char *cursor,
                                  GError **error);
char *sync_setting_get_history (StoreConnection *connection, const char *type);
gboolean sync_setting_set_history (StoreConnection *connection,
                                   const char *type,
                                   const char *since,
                                   GError **error);
gint64 sync_setting_get_reconciled (StoreConnection *connection);
gboolean sync_setting_set_reconciled (StoreConnection *connection, gint64 when, GError **error);
gint64 sync_setting_get_as_of (StoreConnection *connection, const char *patient);
gboolean sync_setting_set_as_of (StoreConnection *connection,
                                 const char *patient,
                                 gint64 as_of,
                                 GError **error);

G_END_DECLS
