/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define PATIENTS_TYPE_PAGE (patients_page_get_type ())
G_DECLARE_FINAL_TYPE (PatientsPage, patients_page, PATIENTS, PAGE, WorkspacePage)

GtkWidget *patients_page_new (WorkspaceSession *session);

G_END_DECLS
