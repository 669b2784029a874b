/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-message.h"
#include "hub-join.h"
#include "hub-server.h"

G_BEGIN_DECLS

/* The cookie of a patient's session, followed by "-" and the start of its link's hash: two links in
 * one browser do not get in each other's way. */
#define HUB_SIGNAL_COOKIE "bedside-visit"

/* How often sockets are looked after, in seconds, and what follows from it, in such steps: when one
 * who waited counts as gone, and when a visit that both sides lost makes a Task (hazard H25). */
#define HUB_SIGNAL_TICK        15
#define HUB_SIGNAL_GONE        8
#define HUB_SIGNAL_INTERRUPTED 40

/* How often another server is asked what became of an open visit, in seconds. */
#define HUB_SIGNAL_POLL 3

void hub_signal_attach (HubServer *server);
void
hub_signal_remember_session (HubServer *server, const char *session_hash, const char *encounter);
char *hub_signal_dup_session (SoupServerMessage *message, const char *link_hash);
void hub_signal_end_links (HubServer *server, const HubJoinEnded *ended);
void hub_signal_tick (HubServer *server);
void hub_signal_close_person (HubServer *server, const char *encounter, CareVisitRole role);

G_END_DECLS
