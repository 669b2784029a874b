/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "store-content.h"

G_BEGIN_DECLS

GtkWidget *prescribe_drug_row_new (const StoreDrug *drug, gboolean favourite, guint prescribed);
const StoreDrug *prescribe_drug_row_get_drug (GtkListBoxRow *row);

GtkToggleButton *prescribe_drug_row_get_star (GtkListBoxRow *row);

G_END_DECLS
