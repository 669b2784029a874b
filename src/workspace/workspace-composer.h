/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-types.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_COMPOSER (workspace_composer_get_type ())
G_DECLARE_DERIVABLE_TYPE (WorkspaceComposer, workspace_composer, WORKSPACE, COMPOSER, AdwBin)

struct _WorkspaceComposerClass
{
  AdwBinClass parent_class;
};

void workspace_composer_committed (WorkspaceComposer *self, const char *reference);
void workspace_composer_discarded (WorkspaceComposer *self);

G_END_DECLS
