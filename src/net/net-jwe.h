/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define NET_JWE_KEY_BYTES 32

GBytes *net_jwe_decrypt (
    const char *compact, GBytes *key, gsize limit, char **content_type, GError **error);

G_END_DECLS
