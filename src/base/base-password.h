/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Passwords, kept as "pbkdf2-sha256$ITERATIONS$SALT$KEY" in hex (RFC 8018, HMAC-SHA-256). */
char *base_password_hash (const char *password, guint iterations);
gboolean base_password_verify (const char *password, const char *hash);
void base_password_derive (
    const char *password, const guint8 *salt, gsize salt_length, guint iterations, guint8 key[32]);

#define BASE_PASSWORD_ITERATIONS 310000

G_END_DECLS
