/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-scan.h"

#include "base-qr.h"

/* What a code may say, and what of it is taken for a server. */

static void
test_servers (void)
{
  static const char *const cases[][2] = {
    { "https://hub.example", "https://hub.example" },
    { "HTTPS://HUB.EXAMPLE/FHIR", "https://HUB.EXAMPLE/FHIR" },
    { "bedside:connect?server=https://hub.example/fhir", "https://hub.example/fhir" },
    { "BEDSIDE:CONNECT?server=https%3A%2F%2Fhub.example%3A8443%2F", "https://hub.example:8443" },
    { "https://hub.example/fhir?token=1#x", "https://hub.example/fhir" },
    { "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *server = app_scan_dup_server (cases[i][0], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (server, ==, cases[i][1]);
    }
}

/* Each is refused with a whole sentence. */
static void
test_hostile (void)
{
  static const char *const cases[][2] = {
    { "", "does not name" },
    { "hub.example", "does not name" },
    { "javascript:alert(1)", "does not name" },
    { "file:///etc/passwd", "does not name" },
    { "bedside:patient/1", "does not name" },
    { "WIFI:T:WPA;S:clinic;P:secret;;", "does not name" },
    { "https://", "not the address of a server" },
    { "bedside:connect?server=", "not the address of a server" },
    { "bedside:connect?server=javascript:alert(1)", "not the address of a server" },
    { "https://clinic.example@evil.example", "not the address of a server" },
    { "https://user:password@hub.example", "not the address of a server" },
    { "http://hub.example", "must begin with https://" },
    { "bedside:connect?server=http://hub.example", "must begin with https://" },
    { "https://hub.example/a b", "not the address of a server" },
    { "https://hub.ex\xd0\xb0mple", "signs that can deceive" }, /* a Cyrillic letter */
    { "https://hub.example/\xe2\x80\xae"
      "elpmaxe",
      "signs that can deceive" }, /* turned around */
    { "https://hub.example/\x01", "signs that can deceive" },
  };
  g_autofree char *path = g_strnfill (600, 'a');
  g_autofree char *giant = g_strconcat ("https://hub.example/", path, NULL);
  g_autoptr (GError) too_long = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *server = app_scan_dup_server (cases[i][0], &error);

      if (server || !strstr (error->message, cases[i][1]))
        g_error ("“%s”: %s", cases[i][0], server ? server : error->message);
      g_assert_true (g_str_has_suffix (error->message, ".") ||
                     g_str_has_suffix (error->message, "https://"));
    }
  g_assert_null (app_scan_dup_server (giant, &too_long));
  g_assert_nonnull (strstr (too_long->message, "too long"));
}

/* ---- pixels ---- */

typedef struct
{
  gboolean done;
  BaseQrFinding finding;
  char *text;
} Answer;

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->finding = app_scan_pixels_finish (result, &answer->text);
  answer->done = TRUE;
}

/* Of pixels with and without a fourth byte, and rows with something behind them. */
static void
test_pixels (void)
{
  for (guint bytes = 3; bytes <= 4; bytes++)
    {
      guint width, scale = 4, margin = 4, side;
      g_autoptr (GBytes) modules = base_qr_new ("https://hub.example", &width), pixels = NULL;
      const guint8 *dark = g_bytes_get_data (modules, NULL);
      Answer answer = { 0 };
      gsize stride;
      guint8 *data;

      side = (width + 2 * margin) * scale;
      stride = side * bytes + 5;
      data = g_malloc (stride * side);
      memset (data, 255, stride * side);
      for (guint y = 0; y < width * scale; y++)
        for (guint x = 0; x < width * scale; x++)
          if (dark[y / scale * width + x / scale])
            memset (data + (y + margin * scale) * stride + (x + margin * scale) * bytes, 0, 3);
      pixels = g_bytes_new_take (data, stride * side);
      app_scan_pixels_async (pixels, side, side, stride, bytes, NULL, read_cb, &answer);
      while (!answer.done)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (answer.finding, ==, BASE_QR_TEXT);
      g_assert_cmpstr (answer.text, ==, "https://hub.example");
      g_free (answer.text);
    }
}

/* Whoever stopped waiting is told nothing. */
static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) pixels = g_bytes_new_take (g_malloc0 (300 * 100), 300 * 100);
  Answer answer = { 0 };

  g_cancellable_cancel (cancellable);
  app_scan_pixels_async (pixels, 100, 100, 300, 3, cancellable, read_cb, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (answer.finding, ==, BASE_QR_NONE);
  g_assert_null (answer.text);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/scan/servers", test_servers);
  g_test_add_func ("/app/scan/hostile", test_hostile);
  g_test_add_func ("/app/scan/pixels", test_pixels);
  g_test_add_func ("/app/scan/cancelled", test_cancelled);
  return g_test_run ();
}
