/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "base-clock.h"
#include "hub-access.h"
#include "store-database.h"

G_BEGIN_DECLS

#define HUB_TYPE_SERVER (hub_server_get_type ())
G_DECLARE_FINAL_TYPE (HubServer, hub_server, HUB, SERVER, GObject)

/* A part of the hub that answers under its own paths. hub-server-modules.c lists them all; each is
 * called once by hub_server_start(), before the port opens, and adds its handlers with
 * soup_server_add_handler (hub_server_get_soup (server), "/path", …). State of its own it hangs on
 * the server with g_object_set_data_full().
 *
 * Handlers run on the main loop and never wait: they pause the message
 * (soup_server_message_pause), call store_database_read_async() or store_database_write_async() on
 * hub_server_get_store(), fill the answer in the callback and unpause it. */
typedef void (*HubModule) (HubServer *server);
extern const HubModule hub_modules[];
extern const HubModule hub_upstream_modules[]; /* in front of another server */

/* Another FHIR server that has the records in this hub's place. */
typedef struct _HubUpstream HubUpstream;

HubServer *hub_server_new (StoreDatabase *store, BaseClock *clock, HubAccess *access);
HubServer *hub_server_new_upstream (HubUpstream *upstream, BaseClock *clock, HubAccess *access);
gboolean hub_server_start (HubServer *self, guint port, GError **error);
void hub_server_stop (HubServer *self);
SoupServer *hub_server_get_soup (HubServer *self);
StoreDatabase *hub_server_get_store (HubServer *self);  /* NULL in front of another server */
HubUpstream *hub_server_get_upstream (HubServer *self); /* NULL where the store has the records */
BaseClock *hub_server_get_clock (HubServer *self);
HubAccess *hub_server_get_access (HubServer *self);
const char *
hub_server_get_base_url (HubServer *self); /* "http://127.0.0.1:PORT", no slash at its end */
const char *
hub_server_get_public_url (HubServer *self); /* where patients and workstations find it */
void hub_server_set_public_url (HubServer *self, const char *url);
/* The other copies of a hub in front of another server; NULL where there are none. */
typedef struct _HubCopies HubCopies;
HubCopies *hub_server_get_copies (HubServer *self);
void hub_server_set_copies (HubServer *self, HubCopies *copies);
/* Which STUN and TURN servers there are; NULL where there are none. Before hub_server_start(). */
typedef struct _HubIce HubIce;
HubIce *hub_server_get_ice (HubServer *self);
void hub_server_set_ice (HubServer *self, HubIce *ice);
gboolean hub_server_get_demo (HubServer *self);
void hub_server_set_demo (HubServer *self, gboolean demo);

/* A row in the audit chain, written within half a second together with its neighbours; in front of
 * another server a line of the log, with the patient's pseudonym. What writes
 * records appends its row inside its own StoreWork instead, with store_audit_append(). */
void hub_server_audit (HubServer *self,
                       const char *action,
                       const char *who,
                       const char *patient,
                       const char *reference,
                       const char *detail);

G_END_DECLS
