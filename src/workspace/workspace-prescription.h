/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "care-prescription-draft.h"

G_BEGIN_DECLS

void workspace_prescription_append_rest (GtkWidget *box, CarePrescriptionDraft *draft);

G_END_DECLS
