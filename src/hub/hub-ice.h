/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "care-visit-message.h"
#include "hub-server.h"

G_BEGIN_DECLS

/* Which STUN and TURN servers the clinic has, and the names and passwords for them. */
HubIce *hub_ice_load (const char *path, BaseClock *clock, GError **error);
HubIce *hub_ice_ref (HubIce *self);
void hub_ice_unref (HubIce *self);
CareVisitMessage *hub_ice_mint (HubIce *self);
gint64 hub_ice_get_renewal_us (HubIce *self);
char *hub_ice_dup_password (const char *secret, const char *user);

/* GET /check/ice and the WebSocket /check/echo: what a workstation's self-test asks. */
void hub_ice_attach (HubServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubIce, hub_ice_unref)

G_END_DECLS
