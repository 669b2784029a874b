/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-trust.h"

#include <gst/gst.h>
#include <string.h>

#define HEX                                                                                        \
  "0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:"  \
  "F9"
#define LOWER "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"
#define OTHER                                                                                      \
  "1A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:"  \
  "F9"
#define HEAD  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define VIDEO "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n"
#define AUDIO "m=audio 9 UDP/TLS/RTP/SAVPF 97\r\nc=IN IP4 0.0.0.0\r\n"
#define PRINT "a=fingerprint:sha-256 " HEX "\r\n"

static void
test_good_descriptions (void)
{
  static const char *const texts[] = {
    HEAD PRINT VIDEO AUDIO,                                     /* for the session */
    HEAD VIDEO PRINT AUDIO PRINT,                               /* for each stream */
    HEAD PRINT VIDEO PRINT AUDIO,                               /* both */
    HEAD VIDEO "a=fingerprint:SHA-256 " HEX "\r\n" AUDIO PRINT, /* any case */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *fingerprint = media_trust_fingerprint_of_sdp (texts[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (fingerprint, ==, LOWER);
    }
}

static void
test_bad_descriptions (void)
{
  static const struct
  {
    const char *text;
    MediaTrustError code;
  } cases[] = {
    { "", MEDIA_TRUST_ERROR_BAD_DESCRIPTION },
    { NULL, MEDIA_TRUST_ERROR_BAD_DESCRIPTION },
    { "hello", MEDIA_TRUST_ERROR_BAD_DESCRIPTION },
    { HEAD PRINT, MEDIA_TRUST_ERROR_BAD_DESCRIPTION },
    { HEAD VIDEO AUDIO, MEDIA_TRUST_ERROR_NO_FINGERPRINT },
    { HEAD VIDEO PRINT AUDIO, MEDIA_TRUST_ERROR_NO_FINGERPRINT },
    { HEAD VIDEO PRINT AUDIO "a=fingerprint:sha-256 " OTHER "\r\n",
      MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD PRINT VIDEO "a=fingerprint:sha-256 " OTHER "\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO PRINT "a=fingerprint:sha-256 " OTHER "\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint:sha-1 " HEX "\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint:sha-256 " HEX ":00\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint:sha-256 0A:1B\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint:sha-256 0A:1\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint:sha-256 :\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint:sha-256\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint:sha-256 " LOWER "\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
    { HEAD VIDEO "a=fingerprint:sha-256 \xc3\xa4\xc3\xa4\r\n", MEDIA_TRUST_ERROR_BAD_FINGERPRINT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_null (media_trust_fingerprint_of_sdp (cases[i].text, &error));
      g_assert_error (error, MEDIA_TRUST_ERROR, (int) cases[i].code);
    }
}

static void
test_long_description (void)
{
  g_autoptr (GString) text = g_string_new (HEAD);
  g_autoptr (GError) error = NULL;

  while (text->len <= MEDIA_TRUST_MAX_SDP)
    g_string_append (text, VIDEO PRINT);
  g_assert_null (media_trust_fingerprint_of_sdp (text->str, &error));
  g_assert_error (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_BAD_DESCRIPTION);
}

/* Random damage: nothing may crash, and nothing but the one true fingerprint may come out. */
static void
test_damaged_descriptions (void)
{
  g_autofree char *good = g_strdup (HEAD VIDEO PRINT AUDIO PRINT);
  gsize length = strlen (good);

  for (int i = 0; i < 5000; i++)
    {
      g_autofree char *bad = g_strdup (good);
      g_autofree char *fingerprint = NULL;

      for (int k = g_test_rand_int_range (1, 4); k > 0; k--)
        bad[g_test_rand_int_range (0, (gint32) length)] = (char) g_test_rand_int_range (1, 256);
      fingerprint = media_trust_fingerprint_of_sdp (bad, NULL);
      if (fingerprint != NULL)
        g_assert_cmpuint (strlen (fingerprint), ==, 64);
    }
}

static void
test_certificates (void)
{
  static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
                            "MIIBejCCASCgAwIBAgITEsqG8EF17YCpzB14xderj0P1SjAKBggqhkjOPQQDAjAS\n"
                            "MRAwDgYDVQQDDAdwYXRpZW50MCAXDTI2MTEyMjA5MDI0OVoYDzIxMjYxMDI5MDkw\n"
                            "MjQ5WjASMRAwDgYDVQQDDAdwYXRpZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD\n"
                            "QgAE/ZaDYJEAwDl5S9gjjPgb17+0Rik6yQMcv9/Rv41umVJp3In4vGTb3MXbNKGs\n"
                            "8Z0JxfRPU9gy2NibOh3FCvVCUaNTMFEwHQYDVR0OBBYEFISrgBooEjsGgt6Vr4jP\n"
                            "ZnZCXOkbMB8GA1UdIwQYMBaAFISrgBooEjsGgt6Vr4jPZnZCXOkbMA8GA1UdEwEB\n"
                            "/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgBjU/w3qvQcqfqfa7x4NPWR7HTMmf\n"
                            "f+lQqQspP7t429gCIQDsGI0170jy4WKmZbzo0hcfD37KeqYW3Ya16s+6miocuw==\n"
                            "-----END CERTIFICATE-----\n";
  static const char fingerprint[] =
      "054262555443e4b74171b3d60ae03a66fd68f1af9efa1c789ba1d10bb014785f";
  g_autofree char *shown = media_trust_fingerprint_of_certificate (pem, NULL);
  g_autofree char *altered = g_strdup (fingerprint);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (shown, ==, fingerprint);
  g_assert_true (media_trust_check (fingerprint, pem, &error));
  g_assert_no_error (error);
  altered[10] = altered[10] == 'a' ? 'b' : 'a';
  g_assert_false (media_trust_check (altered, pem, &error));
  g_assert_error (error, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_MISMATCH);
  g_assert_false (media_trust_check (NULL, pem, NULL));
  g_assert_false (media_trust_check ("", pem, NULL));
  g_assert_false (media_trust_check (fingerprint, NULL, NULL));
  g_assert_false (media_trust_check (fingerprint, "-----BEGIN CERTIFICATE-----", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media/trust/good-descriptions", test_good_descriptions);
  g_test_add_func ("/media/trust/bad-descriptions", test_bad_descriptions);
  g_test_add_func ("/media/trust/long-description", test_long_description);
  g_test_add_func ("/media/trust/damaged-descriptions", test_damaged_descriptions);
  g_test_add_func ("/media/trust/certificates", test_certificates);
  return g_test_run ();
}
