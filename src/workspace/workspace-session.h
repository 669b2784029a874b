/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "net-session.h"
#include "store-content.h"
#include "sync-engine.h"

#include "workspace-check.h"
#include "workspace-lock.h"
#include "workspace-recent.h"
#include "workspace-types.h"
#include "workspace-usage.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_SESSION (workspace_session_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceSession, workspace_session, WORKSPACE, SESSION, GObject)

WorkspaceSession *workspace_session_new (CareContext *context);
CareContext *workspace_session_get_context (WorkspaceSession *self);
StoreDatabase *workspace_session_get_database (WorkspaceSession *self);
BaseClock *workspace_session_get_clock (WorkspaceSession *self);
GTimeZone *workspace_session_get_zone (WorkspaceSession *self);
char *workspace_session_dup_today (WorkspaceSession *self);

/* The hub's root ("https://hub.example"; NULL for another kind of server), what is signed in there
 * and what keeps sync running; all NULL while working from the disk alone. "notify::server" tells.
 */
void workspace_session_set_server (WorkspaceSession *self,
                                   const char *hub_url,
                                   NetSession *net,
                                   SyncEngine *engine);
const char *workspace_session_get_server (WorkspaceSession *self);
GObject *workspace_session_get_net (WorkspaceSession *self);
SyncEngine *workspace_session_get_engine (WorkspaceSession *self);

/* The formulary and what else comes with Bedside; NULL when it could not be opened. */
void workspace_session_set_content (WorkspaceSession *self, StoreContent *content);
StoreContent *workspace_session_get_content (WorkspaceSession *self);

/* Features. */
void workspace_session_add_feature (WorkspaceSession *self, WorkspaceFeature *feature);
GListModel *workspace_session_get_features (WorkspaceSession *self);
WorkspaceFeature *workspace_session_find_composer (WorkspaceSession *self, const char *keyword);
/* Whose windows are open. */
WorkspaceOpen *workspace_session_get_open (WorkspaceSession *self);

WorkspaceUsage *workspace_session_get_usage (WorkspaceSession *self);
WorkspaceRecent *workspace_session_get_recent (WorkspaceSession *self);
const char *workspace_session_find_offer_of (WorkspaceSession *self, const char *reference);
const char *workspace_session_find_next_offer_of (WorkspaceSession *self,
                                                  const char *reference,
                                                  const char *after);

/* State of sync, set by whoever runs it; "notify::sync-text" when the words change. */
void workspace_session_set_sync (WorkspaceSession *self, gboolean connected, gint64 since);
void workspace_session_set_offline_reason (WorkspaceSession *self, const char *reason);
const char *workspace_session_get_offline_reason (WorkspaceSession *self);
gboolean workspace_session_get_connected (WorkspaceSession *self);
const char *workspace_session_get_sync_text (WorkspaceSession *self);
gint64 workspace_session_get_offline_since (WorkspaceSession *self);
gint64 workspace_session_get_pulled (WorkspaceSession *self);
guint workspace_session_get_waiting (WorkspaceSession *self);
guint workspace_session_get_refused (WorkspaceSession *self);

/* Whether the sign-in is still good, for as long as the session lasts. */
WorkspaceLock *workspace_session_get_lock (WorkspaceSession *self);

/* How the self-test of this workplace went. */
WorkspaceCheck *workspace_session_get_check (WorkspaceSession *self);

/* The call, of which there is at most one: "notify::call-patient" tells every window (H8). */
void workspace_session_set_call (WorkspaceSession *self, const char *patient_id, const char *name);
const char *workspace_session_get_call_patient (WorkspaceSession *self);
const char *workspace_session_get_call_name (WorkspaceSession *self);

/* Asks the application to open a patient's window. @verb is "show" or a feature's own ("admit"). */
void workspace_session_open_patient (WorkspaceSession *self,
                                     const char *patient_id,
                                     const char *verb,
                                     const char *target);

G_END_DECLS
