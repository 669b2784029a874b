/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-request.h"

G_BEGIN_DECLS

void hub_export_attach (HubServer *server);
gboolean hub_export_route (HubRequest *request, GStrv parts, const char *method, const char *query);

G_END_DECLS
