/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *base_id_new (gint64 now_us);
char *base_id_new_token (void);
GBytes *base_random_bytes (gsize length);
char *base_hex (const guint8 *data, gsize length);
GBytes *base_unhex (const char *hex);
char *base_base64url (const guint8 *data, gsize length);
GBytes *base_unbase64url (const char *text);
char *base_sha256_hex (const char *data, gssize length);
gboolean base_equal_constant_time (const char *a, const char *b);

G_END_DECLS
