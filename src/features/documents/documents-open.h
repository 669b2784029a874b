/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-feature.h"

G_BEGIN_DECLS

void documents_open_add_actions (WorkspaceFeature *feature,
                                 GActionMap *window,
                                 WorkspaceSession *session);

G_END_DECLS
