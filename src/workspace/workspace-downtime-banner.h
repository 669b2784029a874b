/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* One calm line while the clinic's server is away, and a way to what works meanwhile. Signal "back"
 * (sentence): it went away again, and what can be said of what waited. */
#define WORKSPACE_TYPE_DOWNTIME_BANNER (workspace_downtime_banner_get_type ())
G_DECLARE_FINAL_TYPE (
    WorkspaceDowntimeBanner, workspace_downtime_banner, WORKSPACE, DOWNTIME_BANNER, AdwBin)

void workspace_downtime_banner_set_session (WorkspaceDowntimeBanner *self,
                                            WorkspaceSession *session);

G_END_DECLS
