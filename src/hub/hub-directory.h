/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-server.h"

G_BEGIN_DECLS

void hub_directory_attach (HubServer *server);

G_END_DECLS
