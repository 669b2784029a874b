/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *base_qr_new (const char *text, guint *width);
char *base_qr_dup_path (const char *text, guint *width);

G_END_DECLS
