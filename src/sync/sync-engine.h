/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-fhir-client.h"
#include "store-database.h"
#include "sync-conflict.h"
#include "sync-context.h"
#include "sync-status.h"

G_BEGIN_DECLS

#define SYNC_TYPE_ENGINE (sync_engine_get_type ())
G_DECLARE_FINAL_TYPE (SyncEngine, sync_engine, SYNC, ENGINE, GObject)

/* signal "group-done" (group): the server has it
 * signal "group-set-aside" (group, state, sentence): refused, held for a new signature, or in
 * conflict */
SyncEngine *sync_engine_new (StoreDatabase *store, NetFhirClient *client, BaseClock *clock);
void sync_engine_set_review_check (SyncEngine *self,
                                   SyncReviewCheck check,
                                   gpointer data,
                                   GDestroyNotify destroy);
void sync_engine_start (SyncEngine *self);
void sync_engine_stop (SyncEngine *self);
SyncStatus *sync_engine_get_status (SyncEngine *self);
void sync_engine_wake (SyncEngine *self);
void sync_engine_set_idle (SyncEngine *self, gboolean idle);
GStrv sync_engine_get_capability_notes (SyncEngine *self);

void sync_engine_reconcile (SyncEngine *self);
/* What becomes of what is newer here than on a server that was set back. */
typedef enum
{
  SYNC_ACCEPT_AS_IT_IS,  /* the server's older version replaces it; what the server lacks stays here
                          */
  SYNC_ACCEPT_AND_OFFER, /* it is sent to the server again */
} SyncAcceptance;

void sync_engine_accept_server_async (SyncEngine *self,
                                      SyncAcceptance acceptance,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean sync_engine_accept_server_finish (SyncEngine *self, GAsyncResult *result, GError **error);

void sync_engine_pull_patient_async (SyncEngine *self,
                                     const char *patient,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean sync_engine_pull_patient_finish (SyncEngine *self, GAsyncResult *result, GError **error);

/* What a person decides about something set aside. Groups are named as in the journal. */
typedef enum
{
  SYNC_DECISION_RETRY,       /* send a refused one again */
  SYNC_DECISION_RENEW,       /* a held prescription was signed again */
  SYNC_DECISION_KEEP_MINE,   /* conflict: what is here replaces what the server has */
  SYNC_DECISION_KEEP_THEIRS, /* conflict or refused: what the server has replaces what is here */
} SyncDecision;

void sync_engine_decide_async (SyncEngine *self,
                               const char *group,
                               SyncDecision decision,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean sync_engine_decide_finish (SyncEngine *self, GAsyncResult *result, GError **error);
void sync_engine_decide_elements_async (SyncEngine *self,
                                        const char *group,
                                        const char *type,
                                        const char *id,
                                        GHashTable *choices,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
sync_engine_decide_elements_finish (SyncEngine *self, GAsyncResult *result, GError **error);

/* inside a StoreWork */
gint64 sync_as_of (StoreConnection *connection, const char *patient);
FhirResource *sync_conflict_theirs (StoreConnection *connection, const char *type, const char *id);

G_END_DECLS
