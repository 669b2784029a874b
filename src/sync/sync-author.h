/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"
#include "sync-group.h"

G_BEGIN_DECLS

char *sync_author_of_version (StoreConnection *connection,
                              SyncGroup *group,
                              FhirResource *version,
                              FhirResource *base);
char *sync_author_of_group (StoreConnection *connection,
                            SyncGroup *group,
                            const char *type,
                            const char *id);
void sync_author_fetch (SyncContext *context, FhirResource *version);

G_END_DECLS
