/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

/* The files of the visit, newest first, and a button to send one; or, with "open-only", those alone
 * that are on their way or wait for a word. */
#define VISIT_TYPE_FILES_BOX (visit_files_box_get_type ())
G_DECLARE_FINAL_TYPE (VisitFilesBox, visit_files_box, VISIT, FILES_BOX, AdwBin)

void visit_files_box_set_controller (VisitFilesBox *self, VisitController *controller);

G_END_DECLS
