/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "media-sources.h"

G_BEGIN_DECLS

#define DOCUMENTS_TYPE_CAMERA_ROW (documents_camera_row_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsCameraRow, documents_camera_row, DOCUMENTS, CAMERA_ROW, AdwComboRow)

void documents_camera_row_set_sources (DocumentsCameraRow *self, MediaSources *sources);

G_END_DECLS
