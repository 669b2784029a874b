/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-password.h"

#include <string.h>

#include "base-id.h"

#define BLOCK  64
#define DIGEST 32
#define SALT   16

static void
finish (GChecksum *start, const guint8 *data, gsize length, guint8 digest[DIGEST])
{
  g_autoptr (GChecksum) sum = g_checksum_copy (start);
  gsize size = DIGEST;

  g_checksum_update (sum, data, (gssize) length);
  g_checksum_get_digest (sum, digest, &size);
}

/**
 * base_password_derive:
 * @key: (out): PBKDF2 of @password with HMAC-SHA-256
 *
 * The keyed states of both hashes are made once and copied: GHmac would hash the key every time.
 */
void
base_password_derive (
    const char *password, const guint8 *salt, gsize salt_length, guint iterations, guint8 key[32])
{
  g_autoptr (GChecksum) inner = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GChecksum) outer = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *first = g_malloc0 (salt_length + 4);
  guint8 pad[BLOCK] = { 0 }, digest[DIGEST], work[DIGEST];
  gsize length = strlen (password), size = DIGEST;

  if (length > BLOCK)
    {
      g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

      g_checksum_update (sum, (const guint8 *) password, (gssize) length);
      g_checksum_get_digest (sum, pad, &size);
    }
  else
    memcpy (pad, password, length);
  for (gsize i = 0; i < BLOCK; i++)
    pad[i] ^= 0x36;
  g_checksum_update (inner, pad, BLOCK);
  for (gsize i = 0; i < BLOCK; i++)
    pad[i] ^= 0x36 ^ 0x5c;
  g_checksum_update (outer, pad, BLOCK);

  memcpy (first, salt, salt_length);
  first[salt_length + 3] = 1; /* the one block that 32 bytes need */
  finish (inner, first, salt_length + 4, digest);
  finish (outer, digest, DIGEST, work);
  memcpy (key, work, DIGEST);
  for (guint i = 1; i < iterations; i++)
    {
      finish (inner, work, DIGEST, digest);
      finish (outer, digest, DIGEST, work);
      for (gsize k = 0; k < DIGEST; k++)
        key[k] ^= work[k];
    }
}

/**
 * base_password_hash:
 *
 * Returns: (transfer full): what to keep of @password, with a salt of its own
 */
char *
base_password_hash (const char *password, guint iterations)
{
  g_autoptr (GBytes) salt = base_random_bytes (SALT);
  const guint8 *bytes = g_bytes_get_data (salt, NULL);
  g_autofree char *salt_hex = base_hex (bytes, SALT);
  g_autofree char *key_hex = NULL;
  guint8 key[DIGEST];

  base_password_derive (password, bytes, SALT, iterations, key);
  key_hex = base_hex (key, DIGEST);
  return g_strdup_printf ("pbkdf2-sha256$%u$%s$%s", iterations, salt_hex, key_hex);
}

gboolean
base_password_verify (const char *password, const char *hash)
{
  g_auto (GStrv) parts = g_strsplit (hash, "$", 4);
  g_autoptr (GBytes) salt = NULL;
  g_autofree char *key_hex = NULL;
  guint8 key[DIGEST];
  guint64 iterations;

  if (g_strv_length (parts) != 4 || strcmp (parts[0], "pbkdf2-sha256") != 0)
    return FALSE;
  iterations = g_ascii_strtoull (parts[1], NULL, 10);
  salt = base_unhex (parts[2]);
  if (salt == NULL || iterations < 1 || iterations > 10000000)
    return FALSE;
  base_password_derive (password, g_bytes_get_data (salt, NULL), g_bytes_get_size (salt),
                        (guint) iterations, key);
  key_hex = base_hex (key, DIGEST);
  return base_equal_constant_time (key_hex, parts[3]);
}
