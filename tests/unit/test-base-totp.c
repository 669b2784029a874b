/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-totp.h"

#include <string.h>

#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" /* "12345678901234567890" */
#define NOW    (G_GINT64_CONSTANT (1234567890) * G_USEC_PER_SEC)

/* RFC 6238, appendix B, the rows of SHA1: eight digits of that secret. */
static void
test_appendix_b (void)
{
  static const struct
  {
    gint64 seconds;
    const char *code;
  } rows[] = {
    { 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
    { 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
  };
  const char *secret = "12345678901234567890";

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 step = base_totp_step (rows[i].seconds * G_USEC_PER_SEC);
      g_autofree char *eight =
          base_hotp ((const guint8 *) secret, strlen (secret), (guint64) step, 8);
      g_autofree char *six = base_totp_dup_code (SECRET, step);

      g_assert_cmpstr (eight, ==, rows[i].code);
      g_assert_cmpstr (six, ==, rows[i].code + 2);
      g_assert_true (base_totp_fits (SECRET, step, six));
      g_assert_false (base_totp_fits (SECRET, step + 1, six));
    }
}

static void
test_base32 (void)
{
  const char *plain = "12345678901234567890";
  g_autofree char *text = base_base32 ((const guint8 *) plain, strlen (plain));

  g_assert_cmpstr (text, ==, SECRET);
  for (gsize length = 0; length <= strlen (plain); length++)
    {
      g_autofree char *some = base_base32 ((const guint8 *) plain, length);
      g_autoptr (GBytes) back = base_unbase32 (some);

      g_assert_nonnull (back);
      g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back), plain, length);
    }
  for (const char *const *bad =
           (const char *const[]) { "GEZD1", "GEZ8", "G=Z", "ÄÖ", "A", "AB", NULL };
       *bad; bad++)
    g_assert_null (base_unbase32 (*bad));
}

static void
test_secret (void)
{
  g_autofree char *one = base_totp_new_secret (), *other = base_totp_new_secret ();
  g_autofree char *grouped = base_totp_dup_grouped (SECRET);

  g_assert_cmpuint (strlen (one), ==, 32);
  g_assert_cmpstr (one, !=, other);
  g_assert_true (base_totp_is_secret (one));
  g_assert_true (base_totp_is_secret ("gezd gnbv-gy3t qojq gezd gnbv gy3t qojq"));
  g_assert_false (base_totp_is_secret ("GEZDGNBVGY3TQOJQ")); /* 80 bits */
  g_assert_false (base_totp_is_secret (""));
  g_assert_false (base_totp_is_secret (NULL));
  g_assert_cmpstr (grouped, ==, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
  g_assert_null (base_totp_dup_code ("GEZDGNBVGY3TQOJQ", 1));
}

static void
test_uri (void)
{
  g_autofree char *uri = base_totp_dup_uri (SECRET, "Harbour: Clinic & Co", "Dr Zoë Stone");

  g_assert_cmpstr (
      uri, ==,
      "otpauth://totp/Harbour%20%20Clinic%20%26%20Co:Dr%20Zo%C3%AB%20Stone?secret=" SECRET
      "&issuer=Harbour%20%20Clinic%20%26%20Co&algorithm=SHA1&digits=6&period=30");
}

static BaseTotpAnswer
try_step (BaseTotpGuard *guard, gint64 step, gint64 now)
{
  g_autofree char *code = base_totp_dup_code (SECRET, step);

  return base_totp_try (guard, SECRET, code, now, NULL);
}

static void
test_window (void)
{
  gint64 step = base_totp_step (NOW), taken = 0;
  BaseTotpGuard guard = { 0 };
  g_autofree char *code = base_totp_dup_code (SECRET, step);

  g_assert_cmpint (try_step (&guard, step - 2, NOW), ==, BASE_TOTP_WRONG);
  g_assert_cmpint (try_step (&guard, step + 2, NOW), ==, BASE_TOTP_WRONG);
  g_assert_cmpint (try_step (&guard, step - 1, NOW), ==, BASE_TOTP_GOOD);
  g_assert_cmpuint (guard.wrong, ==, 0);
  g_assert_cmpint (base_totp_try (&guard, SECRET, code, NOW, &taken), ==, BASE_TOTP_GOOD);
  g_assert_cmpint (taken, ==, step);
  g_assert_cmpint (try_step (&guard, step + 1, NOW), ==, BASE_TOTP_GOOD);
}

static void
test_once_only (void)
{
  gint64 step = base_totp_step (NOW);
  BaseTotpGuard guard = { 0 };

  g_assert_cmpint (try_step (&guard, step, NOW), ==, BASE_TOTP_GOOD);
  g_assert_cmpint (try_step (&guard, step, NOW), ==, BASE_TOTP_USED);
  g_assert_cmpint (try_step (&guard, step - 1, NOW), ==, BASE_TOTP_USED);
  g_assert_cmpuint (guard.wrong, ==, 0);
  g_assert_cmpint (try_step (&guard, step + 1, NOW + BASE_TOTP_STEP_US), ==, BASE_TOTP_GOOD);
}

static void
test_few_tries (void)
{
  gint64 step = base_totp_step (NOW);
  BaseTotpGuard guard = { 0 }, kept;
  g_autofree char *text = NULL;

  for (int i = 0; i < BASE_TOTP_TRIES; i++)
    g_assert_cmpint (base_totp_try (&guard, SECRET, "12345", NOW, NULL), ==, BASE_TOTP_WRONG);
  text = base_totp_guard_dup_text (&guard);
  base_totp_guard_read (&kept, text);
  g_assert_cmpint (kept.locked_until, ==, NOW + BASE_TOTP_LOCK_US);
  g_assert_cmpint (try_step (&kept, step, NOW), ==, BASE_TOTP_LOCKED);
  /* a clock that was set back locks no longer than a lock is, and opens nothing sooner */
  g_assert_cmpint (try_step (&kept, step - 4000, NOW - 4000 * BASE_TOTP_STEP_US), ==,
                   BASE_TOTP_LOCKED);
  base_totp_guard_read (&kept, text);
  step = base_totp_step (NOW + BASE_TOTP_LOCK_US);
  g_assert_cmpint (try_step (&kept, step, NOW + BASE_TOTP_LOCK_US), ==, BASE_TOTP_GOOD);
  base_totp_guard_read (&kept, "what is this");
  g_assert_cmpint (kept.last_step, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base-totp/appendix-b", test_appendix_b);
  g_test_add_func ("/base-totp/base32", test_base32);
  g_test_add_func ("/base-totp/secret", test_secret);
  g_test_add_func ("/base-totp/uri", test_uri);
  g_test_add_func ("/base-totp/window", test_window);
  g_test_add_func ("/base-totp/once-only", test_once_only);
  g_test_add_func ("/base-totp/few-tries", test_few_tries);
  return g_test_run ();
}
