/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-id.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/**
 * base_random_bytes:
 * @length: number of bytes, at most 256
 *
 * Returns: (transfer full): bytes from the kernel's random number generator
 */
GBytes *
base_random_bytes (gsize length)
{
  guint8 *data = g_malloc (length);

  g_assert (length <= 256);
  while (getrandom (data, length, 0) != (gssize) length)
    if (errno != EINTR)
      g_error ("The kernel gives no random bytes: %s", g_strerror (errno));
  return g_bytes_new_take (data, length);
}

/**
 * base_id_new:
 * @now_us: microseconds since 1970, from a BaseClock
 *
 * A time-ordered id (UUID version 7, RFC 9562): random ids cost two to five times as much on
 * insert.
 *
 * Returns: (transfer full): 36 characters, lower case
 */
char *
base_id_new (gint64 now_us)
{
  g_autoptr (GBytes) random = base_random_bytes (10);
  const guint8 *r = g_bytes_get_data (random, NULL);
  guint64 ms = (guint64) (now_us / 1000);

  return g_strdup_printf ("%08x-%04x-7%03x-%04x-%02x%02x%02x%02x%02x%02x", (guint32) (ms >> 16),
                          (guint32) (ms & 0xffff), (guint32) ((r[0] << 8 | r[1]) & 0xfff),
                          (guint32) (0x8000 | ((r[2] << 8 | r[3]) & 0x3fff)), r[4], r[5], r[6],
                          r[7], r[8], r[9]);
}

/**
 * base_id_new_token:
 *
 * Returns: (transfer full): 256 random bits, base64url: for links and bearer tokens
 */
char *
base_id_new_token (void)
{
  g_autoptr (GBytes) random = base_random_bytes (32);

  return base_base64url (g_bytes_get_data (random, NULL), 32);
}

char *
base_hex (const guint8 *data, gsize length)
{
  GString *out = g_string_sized_new (length * 2);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (out, "%02x", data[i]);
  return g_string_free_and_steal (out);
}

/**
 * base_unhex:
 *
 * Returns: (transfer full) (nullable): the bytes, or NULL where @hex is not an even number of hex
 * digits
 */
GBytes *
base_unhex (const char *hex)
{
  gsize length = strlen (hex);
  g_autofree guint8 *data = g_malloc (length / 2 + 1);

  if (length % 2 != 0)
    return NULL;
  for (gsize i = 0; i < length; i += 2)
    {
      int high = g_ascii_xdigit_value (hex[i]), low = g_ascii_xdigit_value (hex[i + 1]);

      if (high < 0 || low < 0)
        return NULL;
      data[i / 2] = (guint8) (high << 4 | low);
    }
  return g_bytes_new_take (g_steal_pointer (&data), length / 2);
}

/**
 * base_base64url:
 *
 * Returns: (transfer full): base64 with the URL alphabet and no padding (RFC 4648 section 5)
 */
char *
base_base64url (const guint8 *data, gsize length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/**
 * base_unbase64url:
 *
 * Returns: (transfer full) (nullable): the bytes; NULL where base_base64url() would have written
 *   them otherwise: each has one way to be written, and no other is taken
 */
GBytes *
base_unbase64url (const char *text)
{
  gsize length = strlen (text);
  g_autofree char *padded = g_strconcat (text, &"==="[3 - (4 - length % 4) % 4], NULL);
  g_autofree guint8 *data = NULL;
  g_autofree char *again = NULL;

  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  data = g_base64_decode (padded, &length);
  again = base_base64url (data, length);
  return strcmp (again, text) == 0 ? g_bytes_new_take (g_steal_pointer (&data), length) : NULL;
}

char *
base_sha256_hex (const char *data, gssize length)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, data, length);
}

/**
 * base_equal_constant_time:
 *
 * Compares secrets without telling by its time how much of them was right.
 */
gboolean
base_equal_constant_time (const char *a, const char *b)
{
  gsize length = strlen (a);
  guint8 difference = 0;

  if (strlen (b) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    difference |= (guint8) (a[i] ^ b[i]);
  return difference == 0;
}
