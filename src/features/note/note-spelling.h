/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives @view a buffer whose spelling is checked once it is seen; before anybody connects to its
 * buffer. */
void note_spelling_attach (GtkTextView *view);

G_END_DECLS
