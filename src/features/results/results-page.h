/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_PAGE (results_page_get_type ())
G_DECLARE_FINAL_TYPE (ResultsPage, results_page, RESULTS, PAGE, WorkspacePage)

GtkWidget *results_page_new (WorkspacePatient *patient);

G_END_DECLS
