/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKSPACE_TYPE_FAILED_PAGE (workspace_failed_page_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceFailedPage, workspace_failed_page, WORKSPACE, FAILED_PAGE, AdwBin)

void workspace_failed_page_show (GtkStack *stack, const char *reason);

G_END_DECLS
