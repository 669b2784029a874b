/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-fhir-client.h"
#include "workspace-session.h"

G_BEGIN_DECLS

NetFhirClient *workspace_link_dup_client (WorkspaceSession *session, GError **error);
void workspace_link_make (GtkWidget *page,
                          WorkspaceSession *session,
                          const char *path,
                          const char *what);
void workspace_link_ask (GtkWidget *page,
                         WorkspaceSession *session,
                         const char *path,
                         const char *what,
                         const char *who,
                         const char *ends);

G_END_DECLS
