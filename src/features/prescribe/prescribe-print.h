/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "care-row.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

void prescribe_print (WorkspacePatient *patient, CareRow *prescription, GtkWindow *parent);

G_END_DECLS
