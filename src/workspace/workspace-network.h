/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-types.h"

G_BEGIN_DECLS

/* Whether the administrator lets Bedside fetch anything in the network that the computer is in:
 * said by whoever watches it, TRUE until then. */
void workspace_network_set_allowed (WorkspaceSession *session, gboolean allowed);
gboolean workspace_network_get_allowed (WorkspaceSession *session);

G_END_DECLS
