/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-row.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* A signed prescription and where it is now. */
GtkWidget *prescribe_row_new (WorkspacePatient *patient, CareRow *prescription);
gboolean prescribe_row_is_settled (CareRow *prescription);

G_END_DECLS
