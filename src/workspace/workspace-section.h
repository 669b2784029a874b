/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-summary.h"

#include "workspace-patient.h"

G_BEGIN_DECLS

/* A short list on a page of several: heading, first rows, what is absent in words, a way to the
 * rest. */
#define WORKSPACE_TYPE_SECTION (workspace_section_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceSection, workspace_section, WORKSPACE, SECTION, AdwBin)

void workspace_section_set_rows (WorkspaceSection *self, GListModel *rows, const char *absence);
void workspace_section_set_trends (WorkspaceSection *self, CareSummary *summary, GTimeZone *zone);

G_END_DECLS
