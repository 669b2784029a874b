/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "clinical-finding.h"

G_BEGIN_DECLS

/* One answer of one check. Where a match needs a reason, the row asks for it; "changed" of the
 * entry reaches @changed. */
GtkWidget *workspace_finding_line_new (const ClinicalFinding *finding);
GtkWidget *workspace_finding_row_new (const ClinicalFinding *finding,
                                      const char *reason,
                                      GCallback changed,
                                      gpointer data);
GtkWidget *workspace_finding_link_new (const ClinicalFinding *finding);
void workspace_finding_row_append (GtkWidget *row, GtkWidget *widget);
const char *workspace_finding_row_get_key (GtkWidget *row);
char *workspace_finding_row_dup_reason (GtkWidget *row);
gboolean workspace_finding_row_is_answered (GtkWidget *row);

G_END_DECLS
