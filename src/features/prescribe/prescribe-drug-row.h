/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "store-content.h"

G_BEGIN_DECLS

GtkWidget *prescribe_drug_row_new (const StoreDrug *drug);
const StoreDrug *prescribe_drug_row_get_drug (GtkListBoxRow *row);

G_END_DECLS
