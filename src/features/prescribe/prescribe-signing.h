/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "prescribe-sheet.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* @sheets: (element-type PrescribeSheet): they are signed now */
typedef void (*PrescribeSigned) (GtkWidget *view, GPtrArray *sheets);

void prescribe_signing_ask (GtkWidget *view,
                            WorkspacePatient *patient,
                            StoreContent *content,
                            GPtrArray *sheets,
                            PrescribeSigned done);

G_END_DECLS
