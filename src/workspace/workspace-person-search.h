/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-person.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* Finds patients as one types: by name, identifier, telephone number or birth date. */
#define WORKSPACE_TYPE_PERSON_SEARCH (workspace_person_search_get_type ())
G_DECLARE_FINAL_TYPE (
    WorkspacePersonSearch, workspace_person_search, WORKSPACE, PERSON_SEARCH, GObject)

WorkspacePersonSearch *workspace_person_search_new (WorkspaceSession *session, guint limit);
void workspace_person_search_put_recent_first (WorkspacePersonSearch *self);
void workspace_person_search_set_text (WorkspacePersonSearch *self, const char *text);
void workspace_person_search_refresh (WorkspacePersonSearch *self);
GListModel *workspace_person_search_get_model (WorkspacePersonSearch *self);
gboolean workspace_person_search_get_more (WorkspacePersonSearch *self);
char *workspace_person_search_dup_query (const char *text);

G_END_DECLS
