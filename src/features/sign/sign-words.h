/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "care-to-sign.h"

G_BEGIN_DECLS

char *sign_words_dup_who (const CareToSign *item);
void sign_words_append (GtkWidget *box, const CareToSign *item);
GtkWidget *sign_words_once_more_new (GPtrArray *items, int width);

G_END_DECLS
