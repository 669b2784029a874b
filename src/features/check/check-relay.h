/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-stun.h"

#include "check-server.h"

G_BEGIN_DECLS

CheckStep *check_relay_new (CheckServer *server, gboolean turn, NetStunTransport transport);

G_END_DECLS
