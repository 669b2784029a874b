/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-key.h"

#include <gio/gio.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "base-id.h"

/* Keys that sign. Nothing of the mathematics is here: GnuTLS makes keys, signs and verifies; here
 * its results become the fixed forms that JOSE asks for. */

struct _BaseKey
{
  gatomicrefcount references;
  gnutls_privkey_t secret; /* NULL of a public half */
  gnutls_pubkey_t open;
  char *x, *y; /* base64url, as a JWK has them */
  char *id;    /* RFC 7638 */
};

static gboolean
fail (GError **error, const char *what, int code)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s", what, gnutls_strerror (code));
  return FALSE;
}

/* A number as GnuTLS gives it, without or with zeros in front, as exactly 32 bytes. */
static gboolean
take_number (const gnutls_datum_t *number, guint8 *out)
{
  const guint8 *data = number->data;
  gsize size = number->size;

  while (size > BASE_KEY_BYTES && *data == 0)
    {
      data++;
      size--;
    }
  if (size > BASE_KEY_BYTES)
    return FALSE;
  memset (out, 0, BASE_KEY_BYTES);
  if (size > 0)
    memcpy (out + BASE_KEY_BYTES - size, data, size);
  return TRUE;
}

/* The thumbprint of RFC 7638: the members that make the key, in order, hashed. */
static char *
dup_thumbprint (const char *x, const char *y)
{
  g_autofree char *text =
      g_strdup_printf ("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", x, y);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (sum, (const guchar *) text, -1);
  g_checksum_get_digest (sum, digest, &length);
  return base_base64url (digest, length);
}

/* @secret: (transfer full) (nullable), @open: (transfer full) */
static BaseKey *
key_new (gnutls_privkey_t secret, gnutls_pubkey_t open, const guint8 *x, const guint8 *y)
{
  BaseKey *self = g_new0 (BaseKey, 1);

  g_atomic_ref_count_init (&self->references);
  self->secret = secret;
  self->open = open;
  self->x = base_base64url (x, BASE_KEY_BYTES);
  self->y = base_base64url (y, BASE_KEY_BYTES);
  self->id = dup_thumbprint (self->x, self->y);
  return self;
}

static gnutls_pubkey_t
import_point (const guint8 *x, const guint8 *y, GError **error)
{
  gnutls_pubkey_t open = NULL;
  gnutls_datum_t point[2] = { { (guint8 *) x, BASE_KEY_BYTES }, { (guint8 *) y, BASE_KEY_BYTES } };
  int code = gnutls_pubkey_init (&open);

  if (code >= 0)
    code = gnutls_pubkey_import_ecc_raw (open, GNUTLS_ECC_CURVE_SECP256R1, &point[0], &point[1]);
  if (code >= 0)
    return open;
  fail (error, "This is no public key", code);
  if (open)
    gnutls_pubkey_deinit (open);
  return NULL;
}

/* @secret: (transfer full) */
static BaseKey *
take_secret (gnutls_privkey_t secret, GError **error)
{
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  gnutls_datum_t x = { NULL, 0 }, y = { NULL, 0 };
  guint8 point[2][BASE_KEY_BYTES];
  gnutls_pubkey_t open = NULL;
  int code = gnutls_privkey_export_ecc_raw2 (secret, &curve, &x, &y, NULL, 0);

  if (code < 0)
    fail (error, "This is no key that signs", code);
  else if (curve != GNUTLS_ECC_CURVE_SECP256R1 || !take_number (&x, point[0]) ||
           !take_number (&y, point[1]))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This key is on another curve");
  else
    open = import_point (point[0], point[1], error);
  gnutls_free (x.data);
  gnutls_free (y.data);
  if (open)
    return key_new (secret, open, point[0], point[1]);
  gnutls_privkey_deinit (secret);
  return NULL;
}

/**
 * base_key_new:
 *
 * Returns: (transfer full) (nullable): a fresh key
 */
BaseKey *
base_key_new (GError **error)
{
  gnutls_privkey_t secret = NULL;
  int code = gnutls_privkey_init (&secret);

  if (code >= 0)
    code = gnutls_privkey_generate2 (secret, GNUTLS_PK_ECDSA,
                                     GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0, NULL, 0);
  if (code >= 0)
    return take_secret (secret, error);
  fail (error, "No key could be made", code);
  if (secret)
    gnutls_privkey_deinit (secret);
  return NULL;
}

/**
 * base_key_new_from_secret:
 * @secret: what base_key_dup_secret() gave
 *
 * Returns: (transfer full) (nullable)
 */
BaseKey *
base_key_new_from_secret (const char *secret, GError **error)
{
  g_autoptr (GBytes) bytes = base_unhex (secret);
  guint8 *data = bytes ? (guint8 *) g_bytes_get_data (bytes, NULL) : NULL;
  gnutls_privkey_t key = NULL;
  int code;

  if (!bytes || g_bytes_get_size (bytes) != 3 * BASE_KEY_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is no key that signs");
      return NULL;
    }
  gnutls_datum_t parts[3];
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    parts[i] = (gnutls_datum_t) { data + i * BASE_KEY_BYTES, BASE_KEY_BYTES };
  code = gnutls_privkey_init (&key);
  if (code >= 0)
    code = gnutls_privkey_import_ecc_raw (key, GNUTLS_ECC_CURVE_SECP256R1, &parts[0], &parts[1],
                                          &parts[2]);
  if (code >= 0)
    return take_secret (key, error);
  fail (error, "This is no key that signs", code);
  if (key)
    gnutls_privkey_deinit (key);
  return NULL;
}

/**
 * base_key_new_public:
 * @x: base64url, as a JWK has it
 * @y: the same
 *
 * Returns: (transfer full) (nullable): NULL where it is no point of the curve
 */
BaseKey *
base_key_new_public (const char *x, const char *y, GError **error)
{
  g_autoptr (GBytes) left = base_unbase64url (x), right = base_unbase64url (y);
  gnutls_pubkey_t open;

  if (!left || !right || g_bytes_get_size (left) != BASE_KEY_BYTES ||
      g_bytes_get_size (right) != BASE_KEY_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is no public key");
      return NULL;
    }
  open = import_point (g_bytes_get_data (left, NULL), g_bytes_get_data (right, NULL), error);
  return open ? key_new (NULL, open, g_bytes_get_data (left, NULL), g_bytes_get_data (right, NULL))
              : NULL;
}

BaseKey *
base_key_ref (BaseKey *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
base_key_unref (BaseKey *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  if (self->secret)
    gnutls_privkey_deinit (self->secret);
  gnutls_pubkey_deinit (self->open);
  g_free (self->x);
  g_free (self->y);
  g_free (self->id);
  g_free (self);
}

gboolean
base_key_can_sign (BaseKey *self)
{
  return self->secret != NULL;
}

const char *
base_key_get_x (BaseKey *self)
{
  return self->x;
}

const char *
base_key_get_y (BaseKey *self)
{
  return self->y;
}

/* The thumbprint of RFC 7638, base64url: the same for both halves, and of no other key. */
const char *
base_key_get_id (BaseKey *self)
{
  return self->id;
}

/**
 * base_key_dup_secret:
 *
 * Returns: (transfer full) (nullable): the whole key in hexadecimal digits, for the place where
 *   keys are kept; NULL of a public half
 */
char *
base_key_dup_secret (BaseKey *self)
{
  gnutls_datum_t parts[3] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
  guint8 bytes[3 * BASE_KEY_BYTES];
  char *text = NULL;

  if (!self->secret ||
      gnutls_privkey_export_ecc_raw2 (self->secret, NULL, &parts[0], &parts[1], &parts[2], 0) < 0)
    return NULL;
  if (take_number (&parts[0], bytes) && take_number (&parts[1], bytes + BASE_KEY_BYTES) &&
      take_number (&parts[2], bytes + 2 * BASE_KEY_BYTES))
    text = base_hex (bytes, sizeof bytes);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      gnutls_memset (parts[i].data, 0, parts[i].size);
      gnutls_free (parts[i].data);
    }
  gnutls_memset (bytes, 0, sizeof bytes);
  return text;
}

/**
 * base_key_sign:
 *
 * Returns: (transfer full) (nullable): the 64 bytes of an ES256 signature
 */
GBytes *
base_key_sign (BaseKey *self, const char *data, gsize length, GError **error)
{
  gnutls_datum_t given = { (guint8 *) data, (guint) length }, made = { NULL, 0 },
                 halves[2] = { { NULL, 0 }, { NULL, 0 } };
  guint8 bytes[2 * BASE_KEY_BYTES];
  gboolean good = FALSE;
  int code = GNUTLS_E_INVALID_REQUEST;

  if (self->secret && length <= G_MAXUINT)
    code = gnutls_privkey_sign_data2 (self->secret, GNUTLS_SIGN_ECDSA_SHA256, 0, &given, &made);
  if (code >= 0)
    code = gnutls_decode_rs_value (&made, &halves[0], &halves[1]);
  good = code >= 0 && take_number (&halves[0], bytes) &&
         take_number (&halves[1], bytes + BASE_KEY_BYTES);
  gnutls_free (made.data);
  gnutls_free (halves[0].data);
  gnutls_free (halves[1].data);
  if (!good)
    fail (error, "It could not be signed", code);
  return good ? g_bytes_new (bytes, sizeof bytes) : NULL;
}

/**
 * base_key_verify:
 * @signature: 64 bytes, else it is none
 *
 * Returns: whether this key signed exactly @data
 */
gboolean
base_key_verify (
    BaseKey *self, const char *data, gsize length, const guint8 *signature, gsize signature_length)
{
  gnutls_datum_t given = { (guint8 *) data, (guint) length }, whole = { NULL, 0 };
  gnutls_datum_t halves[2] = { { (guint8 *) signature, BASE_KEY_BYTES },
                               { (guint8 *) signature + BASE_KEY_BYTES, BASE_KEY_BYTES } };
  gboolean good = FALSE;

  if (signature_length != 2 * BASE_KEY_BYTES || length > G_MAXUINT)
    return FALSE;
  if (gnutls_encode_rs_value (&whole, &halves[0], &halves[1]) >= 0)
    good =
        gnutls_pubkey_verify_data2 (self->open, GNUTLS_SIGN_ECDSA_SHA256, 0, &given, &whole) >= 0;
  gnutls_free (whole.data);
  return good;
}
