/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* One document of the patient. "state": "empty", "loading", "pages", "text" or "failed". */
#define DOCUMENTS_TYPE_VIEWER (documents_viewer_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsViewer, documents_viewer, DOCUMENTS, VIEWER, AdwBin)

void documents_viewer_set_patient (DocumentsViewer *self, WorkspacePatient *patient);
void documents_viewer_show (DocumentsViewer *self, const char *reference);
const char *documents_viewer_get_state (DocumentsViewer *self);
const char *documents_viewer_get_reference (DocumentsViewer *self);

G_END_DECLS
