/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "visit-files.h"

G_BEGIN_DECLS

void
visit_file_dialog_present (VisitController *controller, MediaTransfer *transfer, GtkWidget *parent);

G_END_DECLS
