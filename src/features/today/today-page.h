/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define TODAY_TYPE_PAGE (today_page_get_type ())
G_DECLARE_FINAL_TYPE (TodayPage, today_page, TODAY, PAGE, WorkspacePage)

GtkWidget *today_page_new (WorkspaceSession *session);

G_END_DECLS
