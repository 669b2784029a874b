/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-key.h"

#include <string.h>

#include "base-id.h"

/* RFC 7515, appendix A.3: an ES256 key, what is signed, and a signature. */
#define RFC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define RFC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define RFC_D "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
#define RFC_INPUT                                                                                  \
  "eyJhbGciOiJFUzI1NiJ9."                                                                          \
  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define RFC_SIGNATURE                                                                              \
  "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

static char *
dup_rfc_secret (void)
{
  static const char *const parts[] = { RFC_X, RFC_Y, RFC_D };
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GBytes) bytes = base_unbase64url (parts[i]);
      g_autofree char *text = base_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

      g_string_append (hex, text);
    }
  return g_string_free_and_steal (hex);
}

static gboolean
fits (BaseKey *key, const char *data, GBytes *signature)
{
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (signature, &length);

  return base_key_verify (key, data, strlen (data), bytes, length);
}

static void
test_verifies_what_the_rfc_signed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseKey) key = base_key_new_public (RFC_X, RFC_Y, &error);
  g_autoptr (GBytes) signature = base_unbase64url (RFC_SIGNATURE);

  g_assert_no_error (error);
  g_assert_false (base_key_can_sign (key));
  g_assert_null (base_key_dup_secret (key));
  g_assert_true (fits (key, RFC_INPUT, signature));
  g_assert_false (fits (key, RFC_INPUT "x", signature));
}

static void
test_signs_with_the_key_of_the_rfc (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *secret = dup_rfc_secret (), *again = NULL;
  g_autoptr (BaseKey) key = base_key_new_from_secret (secret, &error);
  g_autoptr (BaseKey) open = base_key_new_public (RFC_X, RFC_Y, NULL);
  g_autoptr (GBytes) signature = NULL;

  g_assert_no_error (error);
  again = base_key_dup_secret (key);
  g_assert_cmpstr (again, ==, secret);
  g_assert_cmpstr (base_key_get_x (key), ==, RFC_X);
  g_assert_cmpstr (base_key_get_y (key), ==, RFC_Y);
  g_assert_cmpstr (base_key_get_id (key), ==, base_key_get_id (open));
  signature = base_key_sign (key, RFC_INPUT, strlen (RFC_INPUT), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 64);
  g_assert_true (fits (open, RFC_INPUT, signature));
}

/* Halves with zeros in front are as long as any: one key in some hundred has one. */
static void
test_every_length_is_the_same (void)
{
  for (guint i = 0; i < 600; i++)
    {
      g_autoptr (BaseKey) key = base_key_new (NULL);
      g_autoptr (BaseKey) open =
          base_key_new_public (base_key_get_x (key), base_key_get_y (key), NULL);
      g_autoptr (GBytes) signature = base_key_sign (key, "x", 1, NULL);
      g_autofree char *secret = base_key_dup_secret (key);
      g_autoptr (BaseKey) again = base_key_new_from_secret (secret, NULL);

      g_assert_cmpuint (strlen (base_key_get_x (key)), ==, 43);
      g_assert_cmpuint (strlen (secret), ==, 192);
      g_assert_cmpuint (g_bytes_get_size (signature), ==, 64);
      g_assert_true (fits (open, "x", signature));
      g_assert_cmpstr (base_key_get_id (again), ==, base_key_get_id (key));
    }
}

static void
test_each_changed_byte_breaks_it (void)
{
  g_autoptr (BaseKey) key = base_key_new (NULL), other = base_key_new (NULL);
  char text[] = "{\"dose\":\"10 mg\"}";
  g_autoptr (GBytes) signature = base_key_sign (key, text, strlen (text), NULL);
  guint8 bytes[65];

  g_assert_true (fits (key, text, signature));
  g_assert_false (fits (other, text, signature));
  for (gsize i = 0; i < strlen (text); i++)
    {
      text[i] ^= 1;
      g_assert_false (fits (key, text, signature));
      text[i] ^= 1;
    }
  memcpy (bytes, g_bytes_get_data (signature, NULL), 64);
  bytes[64] = 0;
  for (gsize i = 0; i < 64; i++)
    {
      bytes[i] ^= 0x40;
      g_assert_false (base_key_verify (key, text, strlen (text), bytes, 64));
      bytes[i] ^= 0x40;
    }
  g_assert_false (base_key_verify (key, text, strlen (text), bytes, 63));
  g_assert_false (base_key_verify (key, text, strlen (text), bytes, 65));
  memset (bytes, 0, sizeof bytes);
  g_assert_false (base_key_verify (key, text, strlen (text), bytes, 64));
}

static void
test_what_is_no_key (void)
{
  static const struct
  {
    const char *x, *y;
  } cases[] = {
    { "", "" },
    { RFC_X, "" },
    { RFC_X, RFC_X }, /* no point of the curve */
    { RFC_Y, RFC_X },
    { RFC_X "A", RFC_Y },
    { "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
    { "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV", RFC_Y }, /* bits that say nothing */
  };
  static const char *const secrets[] = { "", "00", "zz" };
  g_autoptr (GBytes) signature = base_unbase64url (RFC_SIGNATURE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BaseKey) key = base_key_new_public (cases[i].x, cases[i].y, &error);

      /* what is 32 bytes and no point may be taken, and then verifies nothing */
      g_assert_true (key == NULL || !fits (key, RFC_INPUT, signature));
      g_assert_true ((key == NULL) == (error != NULL));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (base_key_new_from_secret (secrets[i], &error));
      g_assert_nonnull (error);
    }
}

static void
test_base64url_has_one_way (void)
{
  static const char *const bad[] = { "A", "AB", "AAB", "AA==", "A+A-", "AA/A", "AAA\n", "Ä" };
  g_autoptr (GBytes) empty = base_unbase64url ("");

  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (base_unbase64url (bad[i]));
  for (gsize length = 1; length < 40; length++)
    {
      g_autoptr (GBytes) bytes = base_random_bytes (length);
      g_autofree char *text = base_base64url (g_bytes_get_data (bytes, NULL), length);
      g_autoptr (GBytes) again = base_unbase64url (text);

      g_assert_true (g_bytes_equal (bytes, again));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base-key/verifies-what-the-rfc-signed", test_verifies_what_the_rfc_signed);
  g_test_add_func ("/base-key/signs-with-the-key-of-the-rfc", test_signs_with_the_key_of_the_rfc);
  g_test_add_func ("/base-key/every-length-is-the-same", test_every_length_is_the_same);
  g_test_add_func ("/base-key/each-changed-byte-breaks-it", test_each_changed_byte_breaks_it);
  g_test_add_func ("/base-key/what-is-no-key", test_what_is_no_key);
  g_test_add_func ("/base-key/base64url-has-one-way", test_base64url_has_one_way);
  return g_test_run ();
}
