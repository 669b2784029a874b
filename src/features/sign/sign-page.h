/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define SIGN_TYPE_PAGE (sign_page_get_type ())
G_DECLARE_FINAL_TYPE (SignPage, sign_page, SIGN, PAGE, WorkspacePage)

GtkWidget *sign_page_new (WorkspaceSession *session);

G_END_DECLS
