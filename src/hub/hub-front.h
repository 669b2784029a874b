/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-server.h"

G_BEGIN_DECLS

/* The member of the SMART configuration that says where the records are. */
#define HUB_FRONT_BASE "bedside_fhir_base"

void hub_front_attach (HubServer *server);

G_END_DECLS
