/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-context.h"

G_BEGIN_DECLS

typedef void (*ResultsBulkDone) (GtkWidget *page, const char *words, const char *groups);

void results_bulk_ask (GtkWidget *page,
                       CareContext *context,
                       const char *patient_id,
                       GListModel *model,
                       ResultsBulkDone done);
void
results_bulk_undo (GtkWidget *page, CareContext *context, const char *groups, ResultsBulkDone done);

G_END_DECLS
