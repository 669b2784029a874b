/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A key on the curve P-256 that signs with ES256 (RFC 7518 section 3.4), or the public half of one,
 * which only verifies. Immutable, reference counted, and may be used from any thread. The
 * arithmetic is GnuTLS's. */
typedef struct _BaseKey BaseKey;

/* Half of a point, and of a signature, in bytes. */
#define BASE_KEY_BYTES 32

BaseKey *base_key_new (GError **error);
BaseKey *base_key_new_from_secret (const char *secret, GError **error);
BaseKey *base_key_new_public (const char *x, const char *y, GError **error);
BaseKey *base_key_ref (BaseKey *self);
void base_key_unref (BaseKey *self);
gboolean base_key_can_sign (BaseKey *self);
const char *base_key_get_x (BaseKey *self);
const char *base_key_get_y (BaseKey *self);
const char *base_key_get_id (BaseKey *self);
char *base_key_dup_secret (BaseKey *self);
GBytes *base_key_sign (BaseKey *self, const char *data, gsize length, GError **error);
gboolean base_key_verify (
    BaseKey *self, const char *data, gsize length, const guint8 *signature, gsize signature_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseKey, base_key_unref)

G_END_DECLS
