/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "sync-capability.h"
#include "sync-group.h"

G_BEGIN_DECLS

#define SYNC_IDENTIFIER_SYSTEM "https://bedside.health/fhir/"
#define SYNC_IDENTITY_SYSTEM   SYNC_IDENTIFIER_SYSTEM "id"

/* One resource of a group, as it goes out. */
typedef struct
{
  StoreJournalVerb verb;
  char *type, *id;
  char *entry_id;         /* as in the journal: the server may have chosen another */
  char *base;             /* the server's version that was changed, or NULL */
  gint64 sequence;        /* of the local version that goes out */
  guint changes;          /* open journal entries of this resource, all groups */
  gboolean later;         /* a later group changes it again */
  FhirResource *resource; /* NULL for a deletion */
  FhirResource *before;   /* what the server had when it was changed, where that is still known */
} SyncItem;

void sync_item_free (SyncItem *item);
gint64 sync_bundle_head_sequence (StoreConnection *connection, const SyncItem *item);
gint64 sync_bundle_sent_sequence (SyncGroup *group, const SyncItem *item);
GPtrArray *sync_bundle_items (StoreConnection *connection,
                              GPtrArray *groups,
                              SyncGroup *group,
                              GError **error);
FhirResource *sync_bundle_new (StoreConnection *connection,
                               GPtrArray *items,
                               SyncCapability *capability,
                               const char *base_url);
FhirResource *
sync_bundle_outgoing (const SyncItem *item, SyncCapability *capability, GHashTable *renamed);
gboolean sync_bundle_is_posted (const SyncItem *item, SyncCapability *capability);
char *sync_bundle_dup_identity (const SyncItem *item);
gboolean sync_bundle_has_identity (FhirResource *resource, const SyncItem *item);
gboolean sync_bundle_is_other (FhirResource *resource, const SyncItem *item);
FhirResource *sync_bundle_base (StoreConnection *connection, const SyncItem *item);
FhirResource *sync_bundle_sent (StoreConnection *connection, const SyncItem *item, gint64 sequence);

G_END_DECLS
