/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-summary.h"

#include "workspace-types.h"

G_BEGIN_DECLS

/* A group of rows under one heading. @type: of the row's reference, or NULL for any; @group: the
 * row's group, or NULL for any. A row belongs to the first that fits. */
typedef struct
{
  const char *type;
  const char *group;
  const char *title; /* N_() */
} WorkspaceGroup;

/* A long list of CareRow under headings with their counts; groups are never mixed. */
#define WORKSPACE_TYPE_LIST (workspace_list_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceList, workspace_list, WORKSPACE, LIST, AdwBin)

void workspace_list_set_groups (WorkspaceList *self, const WorkspaceGroup *groups, guint n_groups);
void workspace_list_set_rows (WorkspaceList *self, GListModel *rows, const char *absence);
void workspace_list_set_trends (WorkspaceList *self, CareSummary *summary, GTimeZone *zone);
void workspace_list_mark (CareRow *row, const char *group);
gboolean workspace_list_select (WorkspaceList *self, const char *reference);
CareRow *workspace_list_get_selected (WorkspaceList *self);

GtkWidget *workspace_list_add_title (GtkListHeader *header);

G_END_DECLS
