/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* What a server can do, where Bedside would do something else without it. */
typedef enum
{
  SYNC_FEATURE_TRANSACTION,        /* several records in one step, all or none */
  SYNC_FEATURE_UPDATE_CREATE,      /* PUT to a new id makes the record */
  SYNC_FEATURE_CONDITIONAL_CREATE, /* If-None-Exist */
  SYNC_FEATURE_VERSIONED_UPDATE,   /* If-Match on PUT is enforced */
  SYNC_FEATURE_HISTORY,            /* of a type: the only search that shows deletions */
  SYNC_FEATURE_SUBSCRIPTION,
  SYNC_FEATURE_FILTERS, /* a search answers with what was asked for, and nothing else */
  SYNC_N_FEATURES,
} SyncFeature;

typedef enum
{
  SYNC_ANSWER_UNKNOWN, /* not said, not tried */
  SYNC_ANSWER_YES,
  SYNC_ANSWER_NO,
} SyncAnswer;

/* What a server's CapabilityStatement says, and what trying has taught since. From any thread. */
typedef struct _SyncCapability SyncCapability;

SyncCapability *sync_capability_new (void);
SyncCapability *sync_capability_ref (SyncCapability *self);
void sync_capability_unref (SyncCapability *self);
void sync_capability_set_statement (SyncCapability *self, FhirResource *statement);
void sync_capability_set_asked (SyncCapability *self);
gboolean sync_capability_was_asked (SyncCapability *self);
FhirResource *sync_capability_dup_statement (SyncCapability *self);
SyncAnswer sync_capability_get (SyncCapability *self, SyncFeature feature, const char *type);
gboolean sync_capability_learn (SyncCapability *self, SyncFeature feature, SyncAnswer answer);
gsize sync_capability_get_largest (SyncCapability *self);
gboolean sync_capability_learn_largest (SyncCapability *self, gsize bytes);
char *sync_capability_dup_generation (SyncCapability *self);
gboolean sync_capability_keeps_versions (SyncCapability *self, const char *type);
gboolean sync_capability_searches (SyncCapability *self, const char *type);
GStrv sync_capability_dup_notes (SyncCapability *self);

/* inside a StoreWork: kept for the next start, also without a network */
gboolean sync_capability_load (SyncCapability *self, StoreConnection *connection);
gboolean sync_capability_save (SyncCapability *self, StoreConnection *connection, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SyncCapability, sync_capability_unref)

G_END_DECLS
