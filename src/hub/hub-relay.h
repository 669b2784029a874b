/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-message.h"
#include "hub-copies.h"

G_BEGIN_DECLS

/* A visit's socket that came to a copy which does not have the visit, carried to the one that has.
 */
#define HUB_RELAY_HEADER "X-Bedside-Relay"

void hub_relay_start (HubServer *server,
                      const char *owner,
                      const char *encounter,
                      CareVisitRole role,
                      HubUser *user,
                      SoupWebsocketConnection *socket);
CareVisitRole hub_relay_read (HubServer *server,
                              SoupServerMessage *message,
                              const char *encounter,
                              HubUser **user);

G_END_DECLS
