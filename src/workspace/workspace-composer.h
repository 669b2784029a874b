/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-types.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_COMPOSER (workspace_composer_get_type ())
G_DECLARE_DERIVABLE_TYPE (WorkspaceComposer, workspace_composer, WORKSPACE, COMPOSER, AdwBin)

/**
 * WorkspaceComposerClass:
 * @start: it is to be seen now: takes the focus to where one begins
 */
struct _WorkspaceComposerClass
{
  AdwBinClass parent_class;

  void (*start) (WorkspaceComposer *self);
};

void workspace_composer_start (WorkspaceComposer *self);
void
workspace_composer_committed (WorkspaceComposer *self, const char *reference, const char *words);
void workspace_composer_closed (WorkspaceComposer *self);

G_END_DECLS
