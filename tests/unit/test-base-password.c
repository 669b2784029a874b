/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-password.h"

#include <string.h>

#include "base-id.h"

/* Vectors of RFC 7914 section 11, the first 32 bytes of each. */
static void
test_vectors (void)
{
  static const struct
  {
    const char *password, *salt;
    guint iterations;
    const char *key;
  } vectors[] = {
    { "passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc" },
    { "Password", "NaCl", 80000,
      "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      guint8 key[32];
      g_autofree char *hex = NULL;

      base_password_derive (vectors[i].password, (const guint8 *) vectors[i].salt,
                            strlen (vectors[i].salt), vectors[i].iterations, key);
      hex = base_hex (key, sizeof key);
      g_assert_cmpstr (hex, ==, vectors[i].key);
    }
}

static void
test_round_trip (void)
{
  g_autofree char *longer = g_strnfill (200, 'x');
  g_autofree char *one = base_password_hash ("correct horse", 1000);
  g_autofree char *two = base_password_hash ("correct horse", 1000);
  g_autofree char *three = base_password_hash (longer, 1000);

  g_assert_cmpstr (one, !=, two); /* a salt each */
  g_assert_true (base_password_verify ("correct horse", one));
  g_assert_true (base_password_verify ("correct horse", two));
  g_assert_false (base_password_verify ("Correct horse", one));
  g_assert_false (base_password_verify ("", one));
  g_assert_true (base_password_verify (longer, three));
  g_assert_false (base_password_verify ("x", three));
}

static void
test_bad_hashes (void)
{
  static const char *const hashes[] = { "",
                                        "pbkdf2-sha256",
                                        "pbkdf2-sha256$0$00$00",
                                        "pbkdf2-sha256$1$zz$00",
                                        "md5$1$00$00",
                                        "pbkdf2-sha256$99999999999$00$00" };

  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    g_assert_false (base_password_verify ("x", hashes[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/password/vectors", test_vectors);
  g_test_add_func ("/base/password/round-trip", test_round_trip);
  g_test_add_func ("/base/password/bad-hashes", test_bad_hashes);
  return g_test_run ();
}
