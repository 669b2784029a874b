/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-session.h"
#include "store-content.h"
#include "sync-engine.h"

#include "app-account.h"
#include "app-network.h"

G_BEGIN_DECLS

#define APP_CONNECTION_CLIENT_ID "bedside-workstation"

/* The account's line to its server: signs in, then keeps sync running, and begins again by itself.
 * signal "signed-in" (): the account now knows who works
 * signal "refused" (sentence): somebody has to act before it can go on
 * signal "not-reached" (sentence): the server did not answer; it is asked again by itself
 * signal "trouble" (sentence): what answers is not the server as it should be: why, and what to do;
 *  it is asked again by itself
 * signal "known" (account): who signed in has records of their own here, and these are not they
 * signal "open-browser" (url): the sign-in page of the server */
#define APP_TYPE_CONNECTION (app_connection_get_type ())
G_DECLARE_FINAL_TYPE (AppConnection, app_connection, APP, CONNECTION, GObject)

AppConnection *app_connection_new (AppAccount *account, BaseClock *clock);
void app_connection_set_content (AppConnection *self, StoreContent *content);
void app_connection_set_client_id (AppConnection *self, const char *client_id);
void app_connection_set_slow_pause (AppConnection *self, guint seconds);
void app_connection_set_network (AppConnection *self, AppNetwork *network);
void app_connection_start (AppConnection *self);
void app_connection_stop (AppConnection *self);
void app_connection_wake (AppConnection *self);
NetSession *app_connection_get_session (AppConnection *self);
SyncEngine *app_connection_get_engine (AppConnection *self);
char *app_connection_dup_base_url (const char *server);
char *app_connection_dup_hub_url (const char *server);
char *app_connection_dup_user (NetSession *session);

G_END_DECLS
