/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "media-sources.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* Photographs pages of paper and attaches them to one patient as one document.
 *
 * signal "attached" (const char *title, const char *reference) */
#define DOCUMENTS_TYPE_CAMERA (documents_camera_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsCamera, documents_camera, DOCUMENTS, CAMERA, AdwDialog)

/* @sources: (nullable): where cameras come from; NULL for this computer's */
AdwDialog *documents_camera_new (WorkspacePatient *patient, MediaSources *sources);
guint documents_camera_get_n_pages (DocumentsCamera *self);

G_END_DECLS
