/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-files.h"

G_BEGIN_DECLS

/* One file of the visit: how it stands, and what can be done with it. */
#define VISIT_TYPE_FILE_ROW (visit_file_row_get_type ())
G_DECLARE_FINAL_TYPE (VisitFileRow, visit_file_row, VISIT, FILE_ROW, AdwBin)

GtkWidget *visit_file_row_new (VisitController *controller, MediaTransfer *transfer);
MediaTransfer *visit_file_row_get_transfer (VisitFileRow *self);

G_END_DECLS
