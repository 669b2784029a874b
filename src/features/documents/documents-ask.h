/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-release.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

typedef void (*DocumentsAnswer) (GtkWidget *page, GSList *files, CareSensitivity sensitivity);

/* Asks whose record the files (GFile, copied) go to and whether they are sensitive (hazard H22).
 * @answer is not called where somebody thinks better of it, or the page is gone. */
void
documents_ask (GtkWidget *page, WorkspacePatient *patient, GSList *files, DocumentsAnswer answer);

/* The same question by itself. */
AdwDialog *documents_ask_new (const char *who, const char *names);

G_END_DECLS
