/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-to-sign.h"

G_BEGIN_DECLS

/* One prescription that waits for a signature. @changed is called with @data when it is chosen,
 * taken out or answered. */
GtkWidget *sign_row_new (
    const CareToSign *item, gboolean chosen, GHashTable *reasons, GCallback changed, gpointer data);
const char *sign_row_get_task (GtkWidget *row);
gboolean sign_row_is_chosen (GtkWidget *row);
gboolean sign_row_is_taken_out (GtkWidget *row);
void sign_row_add_reasons (GtkWidget *row, GHashTable *reasons);

G_END_DECLS
