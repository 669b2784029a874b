/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-types.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_PAGE (workspace_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (WorkspacePage, workspace_page, WORKSPACE, PAGE, AdwBin)

/**
 * WorkspacePageClass:
 * @show_target: shows the item of a reference; FALSE when it is not here. A page that has not read
 *   yet answers TRUE, and says workspace_page_say_not_here () when it turns out otherwise
 * @start_search: puts the cursor where typing finds something
 */
struct _WorkspacePageClass
{
  AdwBinClass parent_class;

  gboolean (*show_target) (WorkspacePage *self, const char *reference);
  void (*start_search) (WorkspacePage *self);
};

guint workspace_page_get_count (WorkspacePage *self);
void workspace_page_set_count (WorkspacePage *self, guint count);
gboolean workspace_page_show_target (WorkspacePage *self, const char *reference);
void workspace_page_say_not_here (WorkspacePage *self, const char *reference);
gboolean workspace_page_start_search (WorkspacePage *self);
void workspace_page_focus_rows (WorkspacePage *self);

G_END_DECLS
