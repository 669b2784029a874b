/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-open.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

typedef void (*WorkspaceBirthYearChanged) (GtkWidget *question, gpointer data);

GtkWidget *workspace_birth_year_question_new (const char *like,
                                              const char *birth_date,
                                              WorkspaceBirthYearChanged changed,
                                              gpointer data);
gboolean workspace_birth_year_is_answered (GtkWidget *question);
GtkWidget *
workspace_birth_year_new (WorkspacePatient *patient, AdwAlertDialog *dialog, const char *response);
void workspace_birth_year_append (GtkWidget *box,
                                  WorkspaceOpen *open,
                                  const char *id,
                                  const char *name,
                                  const char *birth_date,
                                  AdwAlertDialog *dialog,
                                  const char *response);
AdwDialog *workspace_birth_year_dialog_new (WorkspacePatient *patient);
char *workspace_birth_year_find (const char *birth_date);

G_END_DECLS
