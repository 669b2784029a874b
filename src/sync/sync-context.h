/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-fhir-client.h"
#include "store-database.h"
#include "sync-capability.h"

G_BEGIN_DECLS

/* A check of a waiting order against the chart as it has just been read, in the push worker and
 * inside a StoreWork. @resources: everything that the order's group holds (FhirResource).
 *
 * Returns: (transfer full) (nullable): what is new since the signature, in words; NULL with @error
 * set where the check could not run, which holds the order as well */
typedef char *(*SyncReviewCheck) (StoreConnection *connection,
                                  GPtrArray *resources,
                                  gpointer data,
                                  GError **error);

/* What the workers work with. */
typedef struct
{
  StoreDatabase *store;
  NetFhirClient *client;
  BaseClock *clock;
  GCancellable *cancellable;
  SyncCapability *capability;
  SyncReviewCheck review_check; /* NULL: none */
  gpointer review_data;
} SyncContext;

G_END_DECLS
