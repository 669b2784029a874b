/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-totp.h"

#include <stdio.h>
#include <string.h>

#include "base-id.h"

/* Six digits that a telephone and we compute of one secret and the time: they say that who signs
 * has the telephone, too. */

#define SHA1_BYTES 20
#define BASE32     "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/* ---- base32 ---- */

/**
 * base_base32:
 *
 * Returns: (transfer full): @data in base32 (RFC 4648, section 6), without padding
 */
char *
base_base32 (const guint8 *data, gsize length)
{
  GString *text = g_string_new (NULL);
  guint bits = 0, n = 0;

  for (gsize i = 0; i < length; i++)
    {
      bits = bits << 8 | data[i];
      for (n += 8; n >= 5; n -= 5)
        g_string_append_c (text, BASE32[bits >> (n - 5) & 31]);
      bits &= (1u << n) - 1;
    }
  if (n > 0)
    g_string_append_c (text, BASE32[bits << (5 - n) & 31]);
  return g_string_free_and_steal (text);
}

/**
 * base_unbase32:
 * @text: as somebody typed it: in groups or not, in capitals or not
 *
 * Returns: (transfer full) (nullable): the bytes; NULL where it is no base32
 */
GBytes *
base_unbase32 (const char *text)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint bits = 0, n = 0;

  for (; *text && *text != '='; text++)
    {
      const char *at = strchr (BASE32, g_ascii_toupper (*text));

      if (*text == ' ' || *text == '-')
        continue;
      if (!at)
        return NULL;
      bits = bits << 5 | (guint) (at - BASE32);
      n += 5;
      if (n >= 8)
        {
          guint8 byte = (guint8) (bits >> (n - 8));

          n -= 8;
          g_byte_array_append (bytes, &byte, 1);
          bits &= (1u << n) - 1;
        }
    }
  /* what is left over is padding: less than a letter, and nothing in it */
  if (strspn (text, "=") != strlen (text) || n >= 5 || bits != 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* ---- the secret ---- */

/**
 * base_totp_new_secret:
 *
 * Returns: (transfer full): 160 random bits (RFC 4226, section 4, R6), in base32
 */
char *
base_totp_new_secret (void)
{
  g_autoptr (GBytes) random = base_random_bytes (BASE_TOTP_SECRET_BYTES);

  return base_base32 (g_bytes_get_data (random, NULL), g_bytes_get_size (random));
}

/* (transfer full) (nullable) */
static GBytes *
read_secret (const char *secret)
{
  g_autoptr (GBytes) bytes = secret ? base_unbase32 (secret) : NULL;
  gsize length = bytes ? g_bytes_get_size (bytes) : 0;

  return length >= BASE_TOTP_LEAST_BYTES && length <= 64 ? g_steal_pointer (&bytes) : NULL;
}

/* Whether it is base32, and long enough that nobody finds it by trying. */
gboolean
base_totp_is_secret (const char *secret)
{
  g_autoptr (GBytes) bytes = read_secret (secret);

  return bytes != NULL;
}

/**
 * base_totp_dup_grouped:
 *
 * Returns: (transfer full): @secret in groups of four, to be read and typed
 */
char *
base_totp_dup_grouped (const char *secret)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; secret[i]; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, secret[i]);
    }
  return g_string_free_and_steal (text);
}

/**
 * base_totp_dup_uri:
 * @issuer: whose it is: the clinic
 * @account: who it is for
 *
 * Returns: (transfer full): what an authenticator's camera reads
 */
char *
base_totp_dup_uri (const char *secret, const char *issuer, const char *account)
{
  /* a colon stands between both in the label, so none may be in either */
  g_autofree char *plain_issuer = g_strdelimit (g_strdup (issuer), ":", ' ');
  g_autofree char *plain_account = g_strdelimit (g_strdup (account), ":", ' ');
  g_autofree char *by = g_uri_escape_string (plain_issuer, NULL, FALSE);
  g_autofree char *who = g_uri_escape_string (plain_account, NULL, FALSE);

  return g_strdup_printf ("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d"
                          "&period=%d",
                          by, who, secret, by, BASE_TOTP_DIGITS,
                          (int) (BASE_TOTP_STEP_US / G_USEC_PER_SEC));
}

/* ---- codes ---- */

/**
 * base_hotp:
 * @digits: 6 to 8
 *
 * Returns: (transfer full): the code of @counter (RFC 4226, section 5.3)
 */
char *
base_hotp (const guint8 *secret, gsize length, guint64 counter, guint digits)
{
  static const guint32 tens[] = { 1000000, 10000000, 100000000 };
  guint64 big = GUINT64_TO_BE (counter);
  guint8 digest[SHA1_BYTES];
  gsize digest_length = sizeof digest;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA1, secret, length);
  const guint8 *at;
  guint32 number;

  g_return_val_if_fail (digits >= 6 && digits <= 8, NULL);
  g_hmac_update (hmac, (const guchar *) &big, sizeof big);
  g_hmac_get_digest (hmac, digest, &digest_length);
  g_hmac_unref (hmac);
  at = digest + (digest[SHA1_BYTES - 1] & 15);
  number = (guint32) (at[0] & 127) << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | at[3];
  return g_strdup_printf ("%0*u", (int) digits, number % tens[digits - 6]);
}

/* Whether it is six digits, and nothing else. */
gboolean
base_totp_is_code (const char *text)
{
  return text && strlen (text) == BASE_TOTP_DIGITS &&
         strspn (text, "0123456789") == BASE_TOTP_DIGITS;
}

/* The step that a moment lies in. */
gint64
base_totp_step (gint64 now_us)
{
  return now_us / BASE_TOTP_STEP_US;
}

/**
 * base_totp_dup_code:
 *
 * Returns: (transfer full) (nullable): the code of one step; NULL where @secret is none
 */
char *
base_totp_dup_code (const char *secret, gint64 step)
{
  g_autoptr (GBytes) bytes = read_secret (secret);

  return bytes && step >= 0 ? base_hotp (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                         (guint64) step, BASE_TOTP_DIGITS)
                            : NULL;
}

/* Whether @code is the one of exactly that step. */
gboolean
base_totp_fits (const char *secret, gint64 step, const char *code)
{
  g_autofree char *right = base_totp_dup_code (secret, step);

  return right && base_totp_is_code (code) && base_equal_constant_time (right, code);
}

/**
 * base_totp_count_wrong:
 *
 * One more that was wrong: the fifth in a row closes it for a quarter of an hour.
 */
void
base_totp_count_wrong (BaseTotpGuard *guard, gint64 now_us)
{
  if (++guard->wrong < BASE_TOTP_TRIES)
    return;
  guard->wrong = 0;
  guard->locked_until = now_us + BASE_TOTP_LOCK_US;
}

/**
 * base_totp_try:
 * @guard: (inout): what is to be kept, whatever is answered
 * @step: (out) (optional): the step of a good one
 *
 * A clock that was set back opens nothing sooner: a lock that lies further ahead than one can is as
 * long as one.
 *
 * Returns: whether @code is taken; once it is, neither it nor an older one is taken again
 */
BaseTotpAnswer
base_totp_try (
    BaseTotpGuard *guard, const char *secret, const char *code, gint64 now_us, gint64 *step)
{
  gint64 now = base_totp_step (now_us);
  gboolean used = FALSE;

  guard->locked_until = MIN (guard->locked_until, now_us + BASE_TOTP_LOCK_US);
  if (now_us < guard->locked_until)
    return BASE_TOTP_LOCKED;
  for (gint64 at = now - 1; at <= now + 1; at++)
    {
      if (!base_totp_fits (secret, at, code))
        continue;
      used = at <= guard->last_step;
      if (used)
        continue;
      *guard = (BaseTotpGuard) { at, 0, 0 };
      if (step)
        *step = at;
      return BASE_TOTP_GOOD;
    }
  if (used) /* typed twice: no guess */
    return BASE_TOTP_USED;
  base_totp_count_wrong (guard, now_us);
  return BASE_TOTP_WRONG;
}

/* @text: (nullable): of base_totp_guard_dup_text() */
void
base_totp_guard_read (BaseTotpGuard *guard, const char *text)
{
  *guard = (BaseTotpGuard) { 0 };
  if (text && sscanf (text, "%" G_GINT64_FORMAT " %u %" G_GINT64_FORMAT, &guard->last_step,
                      &guard->wrong, &guard->locked_until) != 3)
    *guard = (BaseTotpGuard) { 0 };
}

/* (transfer full) */
char *
base_totp_guard_dup_text (const BaseTotpGuard *guard)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %u %" G_GINT64_FORMAT, guard->last_step,
                          guard->wrong, guard->locked_until);
}
