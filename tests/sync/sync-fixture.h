/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mock-fhir.h"
#include "store-journal.h"
#include "sync-engine.h"

/* A workstation's store beside a mock server. */

typedef struct
{
  MockFhir *mock;
  BaseClock *clock;
  char *folder;
  StoreDatabase *store;
  NetFhirClient *client;
  SyncEngine *engine;
  GPtrArray *aside; /* "state: sentence" of each group-set-aside */
  MockFhir *shared; /* set before sync_fixture_set_up(): another workstation's server */
  gint64 reconciled;
  GDateTime *today; /* set before: when it is; NULL: now */
} SyncFixture;

void sync_fixture_set_up (SyncFixture *self);
void sync_fixture_tear_down (SyncFixture *self);

/* A local change, as care writes it: the resource and its journal row in one transaction. `state`
 * is "waiting", or "held" with `reason`. */
typedef struct
{
  const char *group;
  StoreJournalVerb verb;
  const char *json; /* for a deletion: only type and id count */
  const char *patient;
  int priority;
  const char *state, *reason;
} SyncChange;

void sync_fixture_write (SyncFixture *self, const SyncChange *change);
FhirResource *sync_fixture_get (SyncFixture *self, const char *type, const char *id);
char *sync_fixture_dup_state (SyncFixture *self, const char *group);
char *sync_fixture_dup_reason (SyncFixture *self, const char *group);
void sync_fixture_set_state (SyncFixture *self,
                             const char *group,
                             const char *state,
                             const char *reason);
void sync_fixture_wait_state (SyncFixture *self, const char *group, const char *state);
void sync_fixture_wait_resource (SyncFixture *self, const char *type, const char *id);
void sync_fixture_wait_pull (SyncFixture *self);
gboolean sync_fixture_is_reconciled (SyncFixture *self);

/* Runs the main context until @condition holds; fails after 20 s. */
#define sync_fixture_wait(condition)                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 _end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                                   \
    guint _tick = g_timeout_add (5, sync_fixture_tick, NULL);                                      \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, _end);                                        \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (_tick);                                                                       \
  }                                                                                                \
  G_STMT_END

gboolean sync_fixture_tick (gpointer unused);
