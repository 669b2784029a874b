/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-order-set.h"

G_BEGIN_DECLS

GtkWidget *prescribe_set_row_new (const CareOrderSet *set);
const CareOrderSet *prescribe_set_row_get_set (GtkListBoxRow *row);

G_END_DECLS
