/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define UNFINISHED_TYPE_PAGE (unfinished_page_get_type ())
G_DECLARE_FINAL_TYPE (UnfinishedPage, unfinished_page, UNFINISHED, PAGE, WorkspacePage)

GtkWidget *unfinished_page_new (WorkspaceSession *session, const char *patient_id);

G_END_DECLS
