/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"
#include "sync-difference.h"

G_BEGIN_DECLS

/* The elements of a record and their values as a clinician reads them. */
typedef struct
{
  StoreConnection *connection; /* (nullable): where references are looked up by name */
  const char *type;            /* of the record: "MedicationRequest" */
  GTimeZone *zone;
} OutboxConflictWords;

char *outbox_conflict_words_dup_kind (const char *type);
char *outbox_conflict_words_dup_label (const OutboxConflictWords *self,
                                       const char *name,
                                       const char *listed);
char *outbox_conflict_words_dup_value (const OutboxConflictWords *self,
                                       const char *name,
                                       const FhirElement *element);
void outbox_conflict_words_dup_sides (const OutboxConflictWords *self,
                                      const SyncDifference *difference,
                                      char **base,
                                      char **mine,
                                      char **theirs);

G_END_DECLS
