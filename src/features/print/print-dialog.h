/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* Which document of one patient, what it looks like, and whether to a printer or into a PDF. */
#define PRINT_TYPE_DIALOG (print_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrintDialog, print_dialog, PRINT, DIALOG, AdwDialog)

/* @wanted: (nullable): "summary", "medicines", "note", "after-visit", or the reference of a note or
 * a visit */
AdwDialog *print_dialog_new (WorkspacePatient *patient, const char *wanted);
void print_dialog_save (PrintDialog *self, GFile *target);

G_END_DECLS
