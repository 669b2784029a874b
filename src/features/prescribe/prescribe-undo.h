/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "prescribe-desk.h"
#include "store-content.h"

G_BEGIN_DECLS

void prescribe_undo_offer (GtkWidget *where,
                           PrescribeDesk *desk,
                           StoreContent *content,
                           PrescribeSheet *sheet);

G_END_DECLS
