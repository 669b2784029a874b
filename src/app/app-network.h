/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-fleet.h"

G_BEGIN_DECLS

/* (transfer full): GInetAddress of this computer. */
typedef GPtrArray *(*AppNetworkList) (gpointer user_data);

/* Whether this computer stands in a network in which it may talk to the clinic's server.
 *
 * signal "changed" (): the refusal came, went or reads otherwise */
#define APP_TYPE_NETWORK (app_network_get_type ())
G_DECLARE_FINAL_TYPE (AppNetwork, app_network, APP, NETWORK, GObject)

AppNetwork *app_network_new (BaseFleet *fleet, AppNetworkList list, gpointer user_data);
const char *app_network_get_refusal (AppNetwork *self);
void app_network_check (AppNetwork *self);
GPtrArray *app_network_list_own (gpointer unused);

G_END_DECLS
