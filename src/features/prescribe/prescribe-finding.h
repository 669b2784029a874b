/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "prescribe-sheet.h"

G_BEGIN_DECLS

void prescribe_finding_ask_weight (PrescribeSheet *sheet, GtkWidget *parent);

/* @changed: a reason was chosen or typed; @written: the way out wrote into the draft */
GtkWidget *prescribe_finding_row_new (PrescribeSheet *sheet,
                                      const ClinicalFinding *finding,
                                      const char *reason,
                                      GCallback changed,
                                      GCallback written,
                                      gpointer data);

G_END_DECLS
