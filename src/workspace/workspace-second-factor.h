/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "clinical-controlled.h"
#include "workspace-session.h"

G_BEGIN_DECLS

typedef void (*WorkspaceSecondFactorChanged) (GtkWidget *question, gpointer data);

void workspace_second_factor_append_line (GtkWidget *box, const ClinicalControlled *controlled);
gboolean workspace_second_factor_is_asked (GPtrArray *controlled);
GtkWidget *workspace_second_factor_question_new (CareContext *context,
                                                 GPtrArray *controlled,
                                                 WorkspaceSecondFactorChanged changed,
                                                 gpointer data);
gboolean workspace_second_factor_is_answered (GtkWidget *question);
char *workspace_second_factor_dup_code (GtkWidget *question);
GtkWidget *workspace_second_factor_new (CareContext *context,
                                        GPtrArray *controlled,
                                        AdwAlertDialog *dialog,
                                        const char *response);
char *workspace_second_factor_dup_code_of (AdwAlertDialog *dialog);

G_END_DECLS
