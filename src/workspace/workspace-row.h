/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-row.h"
#include "care-summary.h"

#include "workspace-types.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_ROW (workspace_row_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceRow, workspace_row, WORKSPACE, ROW, GtkWidget)

GtkWidget *workspace_row_new (void);
void workspace_row_set_compact (WorkspaceRow *self, gboolean compact);
void workspace_row_set_row (WorkspaceRow *self, CareRow *row);
void workspace_row_set_trend (WorkspaceRow *self, GArray *points, GTimeZone *zone);
char *workspace_row_dup_words (CareRow *row);

G_END_DECLS
