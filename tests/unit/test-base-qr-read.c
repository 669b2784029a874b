/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-qr-read.h"

#include <math.h>
#include <qrencode.h>
#include <string.h>

#include "base-qr.h"

/* Codes that libqrencode makes, read from their modules and from pictures of them. */

#define ADDRESS "bedside:connect?server=https://hub.harbour-practice.example/fhir"

/* ---- modules ---- */

/* (transfer full): one byte a module */
static guint8 *
modules_of (QRcode *code)
{
  gsize length = (gsize) code->width * (gsize) code->width;
  guint8 *modules = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    modules[i] = code->data[i] & 1;
  return modules;
}

/* Of every version and level: its blocks, its alignment squares and its lengths of counts. */
static void
test_every_version (void)
{
  for (int version = 1; version <= 40; version++)
    for (int level = 0; level < 4; level++)
      {
        g_autofree char *said = g_strdup_printf ("v%d-%d", version, level);
        QRcode *code = QRcode_encodeString8bit (said, version, (QRecLevel) level);
        g_autofree guint8 *modules = NULL;
        g_autofree char *text = NULL;

        g_assert_nonnull (code);
        g_assert_cmpint (code->version, ==, version);
        modules = modules_of (code);
        g_assert_cmpint (base_qr_decode (modules, (guint) code->width, &text), ==, BASE_QR_TEXT);
        g_assert_cmpstr (text, ==, said);
        QRcode_free (code);
      }
}

/* As much as fits: every block is full, and so is every count. */
static void
test_full (void)
{
  static const guint most[] = { 2953, 2331, 1663, 1273 };

  for (guint level = 0; level < 4; level++)
    {
      g_autofree char *said = g_strnfill (most[level], 'a');
      QRcode *code = QRcode_encodeString8bit (said, 40, (QRecLevel) level);
      g_autofree guint8 *modules = NULL;
      g_autofree char *text = NULL;

      for (guint i = 0; i < most[level]; i++)
        said[i] = (char) ('a' + i * 7 % 26);
      QRcode_free (code);
      code = QRcode_encodeString8bit (said, 40, (QRecLevel) level);
      modules = modules_of (code);
      g_assert_cmpint (base_qr_decode (modules, (guint) code->width, &text), ==, BASE_QR_TEXT);
      g_assert_cmpstr (text, ==, said);
      QRcode_free (code);
    }
}

static void
test_kinds_of_text (void)
{
  static const char *const texts[] = {
    "0123456789",  "01234567",     "4", "HTTPS://A.B", "HTTPS://EXAMPLE.ORG",
    "Zürich 東京", "A1b2 $%*+-./:"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      QRcode *code = QRcode_encodeString (texts[i], 0, QR_ECLEVEL_Q, QR_MODE_8, 1);
      g_autofree guint8 *modules = modules_of (code);
      g_autofree char *text = NULL;

      g_assert_cmpint (base_qr_decode (modules, (guint) code->width, &text), ==, BASE_QR_TEXT);
      g_assert_cmpstr (text, ==, texts[i]);
      QRcode_free (code);
    }
}

/* Level H puts three in ten wrong words right; what is more than that is not guessed. */
static void
test_damage (void)
{
  QRcode *code = QRcode_encodeString8bit (ADDRESS, 0, QR_ECLEVEL_H);
  guint width = (guint) code->width;
  g_autofree char *text = NULL;
  g_autofree guint8 *modules = modules_of (code);

  for (guint y = width / 2; y < width / 2 + 9; y++) /* a coffee ring, less its form */
    for (guint x = width / 2; x < width / 2 + 9; x++)
      modules[y * width + x] = 1;
  g_assert_cmpint (base_qr_decode (modules, width, &text), ==, BASE_QR_TEXT);
  g_assert_cmpstr (text, ==, ADDRESS);
  g_clear_pointer (&text, g_free);
  for (guint y = 9; y < width; y++)
    for (guint x = 9; x < width; x++)
      modules[y * width + x] ^= (x * 7 + y * 3) % 5 < 2;
  g_assert_cmpint (base_qr_decode (modules, width, &text), ==, BASE_QR_BROKEN);
  g_assert_null (text);
  QRcode_free (code);
}

/* What is no text, and what says more than there is. */
static void
test_foreign (void)
{
  static const struct
  {
    guint8 data[4];
    QRencodeMode mode;
    int size;
  } cases[] = {
    { { 0xff, 0xfe, 0xfd, 0xfc }, QR_MODE_8, 4 },     /* not UTF-8 */
    { { 'a', 0, 'b', 'c' }, QR_MODE_8, 4 },           /* a zero in it */
    { { 0x93, 0x5f, 0x88, 0xc0 }, QR_MODE_KANJI, 4 }, /* Shift JIS */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      QRinput *input = QRinput_new2 (2, QR_ECLEVEL_M);
      g_autofree guint8 *modules = NULL;
      g_autofree char *text = NULL;
      QRcode *code;

      g_assert_cmpint (QRinput_append (input, cases[i].mode, cases[i].size, cases[i].data), ==, 0);
      code = QRcode_encodeInput (input);
      modules = modules_of (code);
      g_assert_cmpint (base_qr_decode (modules, (guint) code->width, &text), ==, BASE_QR_FOREIGN);
      g_assert_null (text);
      QRcode_free (code);
      QRinput_free (input);
    }
}

/* ---- pictures ---- */

typedef struct
{
  guint width, height;
  double module, turn, lean; /* pixels; radians; how much farther away one side is */
  double shade, blur;        /* how dark one side is; how often neighbours are mixed */
  guint noise;
  gboolean mirror;
} Shot;

typedef struct
{
  GBytes *modules;
  guint width;
} Code;

static double
ink_at (const Code *code, double x, double y)
{
  const guint8 *modules = g_bytes_get_data (code->modules, NULL);

  if (x < -4 || y < -4 || x >= code->width + 4 || y >= code->width + 4)
    return 0.45; /* the table */
  if (x < 0 || y < 0 || x >= code->width || y >= code->width)
    return 0.95;
  return modules[(guint) y * code->width + (guint) x] ? 0.1 : 0.95;
}

/* (transfer full): what a camera would see */
static guint8 *
take (const Code *code, const Shot *shot)
{
  gsize n = (gsize) shot->width * shot->height;
  guint8 *grey = g_malloc (n);
  g_autofree double *light = g_new (double, n);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint y = 0; y < shot->height; y++)
    for (guint x = 0; x < shot->width; x++)
      {
        double sum = 0;

        for (guint i = 0; i < 4; i++)
          {
            double dx = x + 0.25 + 0.5 * (i % 2) - shot->width / 2.0;
            double dy = y + 0.25 + 0.5 * (i / 2) - shot->height / 2.0;
            double depth = 1 + shot->lean * dx / shot->width;
            double u = (dx * cos (shot->turn) + dy * sin (shot->turn)) / shot->module / depth;
            double v = (-dx * sin (shot->turn) + dy * cos (shot->turn)) / shot->module / depth;

            sum +=
                ink_at (code, (shot->mirror ? -u : u) + code->width / 2.0, v + code->width / 2.0);
          }
        light[(gsize) y * shot->width + x] = sum / 4 * (1 - shot->shade * x / shot->width);
      }
  for (double round = 0; round < shot->blur; round++)
    for (gsize i = shot->width + 1; i + shot->width + 1 < n; i++)
      light[i] = (light[i] * 2 + light[i - 1] + light[i + 1] + light[i - shot->width] +
                  light[i + shot->width]) /
                 6;
  for (gsize i = 0; i < n; i++)
    {
      double value = light[i] * 255;

      if (shot->noise > 0)
        value += g_rand_int_range (random, -(gint32) shot->noise, (gint32) shot->noise + 1);
      grey[i] = (guint8) CLAMP (value, 0, 255);
    }
  return grey;
}

static void
assert_read (const char *said, const Shot *shot)
{
  Code code = { .modules = NULL };
  g_autofree guint8 *grey = NULL;
  g_autofree char *text = NULL;
  BaseQrFinding finding;

  code.modules = base_qr_new (said, &code.width);
  grey = take (&code, shot);
  finding = base_qr_read (grey, shot->width, shot->height, shot->width, &text);
  if (g_strcmp0 (text, said) != 0)
    g_error ("module %g, turn %g, lean %g, shade %g, blur %g, noise %u: finding %d", shot->module,
             shot->turn, shot->lean, shot->shade, shot->blur, shot->noise, finding);
  g_bytes_unref (code.modules);
}

#define VGA .width = 640, .height = 480

static void
test_plain (void)
{
  for (guint module = 2; module <= 12; module++)
    assert_read (ADDRESS, &(Shot) { VGA, .module = module });
  assert_read ("https://a.example", &(Shot) { VGA, .module = 5 });
  assert_read ("A", &(Shot) { VGA, .module = 14 });
}

static void
test_turned (void)
{
  for (guint i = 0; i < 12; i++)
    {
      assert_read (ADDRESS, &(Shot) { VGA, .module = 5, .turn = i * G_PI / 6 + 0.05 });
      assert_read (ADDRESS, &(Shot) { VGA, .module = 5, .turn = i * G_PI / 6, .mirror = TRUE });
    }
}

/* Held askew before a camera, in the light of a window on one side, out of focus, in a dim room. */
static void
test_photographed (void)
{
  for (guint i = 0; i < 12; i++)
    {
      double turn = i * G_PI / 6 + 0.1;

      assert_read (ADDRESS, &(Shot) { VGA, .module = 6, .turn = turn, .lean = 0.4 });
      assert_read (ADDRESS, &(Shot) { VGA, .module = 6, .turn = turn, .shade = 0.75 });
      assert_read (ADDRESS, &(Shot) { VGA, .module = 6, .turn = turn, .blur = 4 });
      assert_read (ADDRESS, &(Shot) { VGA, .module = 6, .turn = turn, .noise = 40 });
      assert_read (ADDRESS, &(Shot) { VGA, .module = 6, .turn = turn, .lean = 0.25, .shade = 0.5,
                                      .blur = 2, .noise = 20 });
    }
}

/* More than a screen's worth of pixels is looked at smaller. */
static void
test_huge (void)
{
  assert_read (ADDRESS, &(Shot) { 3300, 2500, .module = 26, .turn = 0.3 });
}

static void
test_large_code (void)
{
  g_autofree char *said = g_strnfill (900, 'x');

  for (guint i = 0; i < 900; i++)
    said[i] = (char) ('a' + i * 11 % 26);
  assert_read (said, &(Shot) { 1280, 960, .module = 6 });
  assert_read (said, &(Shot) { 1280, 960, .module = 6, .turn = 0.2, .lean = 0.1 });
}

/* ---- what is no code ---- */

static void
assert_nothing (const guint8 *grey, guint width, guint height, gsize stride)
{
  g_autofree char *text = NULL;
  BaseQrFinding finding = base_qr_read (grey, width, height, stride, &text);

  g_assert_cmpint (finding, <, BASE_QR_FOREIGN);
  g_assert_null (text);
}

static void
test_garbage (void)
{
  enum
  {
    WIDTH = 400,
    HEIGHT = 300
  };
  g_autofree guint8 *grey = g_malloc0 (WIDTH * HEIGHT);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autofree char *text = NULL;
  g_autofree guint8 *modules = g_malloc0 (177 * 177);

  assert_nothing (grey, WIDTH, HEIGHT, WIDTH);
  memset (grey, 255, WIDTH * HEIGHT);
  assert_nothing (grey, WIDTH, HEIGHT, WIDTH);
  for (guint round = 0; round < 4; round++)
    {
      for (guint i = 0; i < WIDTH * HEIGHT; i++)
        grey[i] = (guint8) g_rand_int_range (random, 0, 256);
      assert_nothing (grey, WIDTH, HEIGHT, WIDTH);
    }
  /* nothing but large squares */
  for (guint y = 0; y < HEIGHT; y++)
    for (guint x = 0; x < WIDTH; x++)
      {
        int u = ABS ((int) (x % 40) - 20) / 4, v = ABS ((int) (y % 40) - 20) / 4;

        grey[y * WIDTH + x] = MAX (u, v) == 2 || MAX (u, v) > 3 ? 255 : 0;
      }
  assert_nothing (grey, WIDTH, HEIGHT, WIDTH);
  assert_nothing (grey, 0, 0, 0);
  assert_nothing (grey, 20, 20, WIDTH);
  assert_nothing (grey, WIDTH, 1, WIDTH);
  for (guint width = 0; width <= 177; width++)
    g_assert_cmpint (base_qr_decode (modules, width, &text), <, BASE_QR_FOREIGN);
  g_assert_cmpint (base_qr_decode (modules, 181, &text), ==, BASE_QR_NONE);
  for (guint round = 0; round < 200; round++)
    {
      for (guint i = 0; i < 177 * 177; i++)
        modules[i] = g_rand_boolean (random);
      g_assert_cmpint (base_qr_decode (modules, 17 + 4 * (1 + round % 40), &text), <, BASE_QR_TEXT);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/qr-read/every-version", test_every_version);
  g_test_add_func ("/base/qr-read/full", test_full);
  g_test_add_func ("/base/qr-read/kinds-of-text", test_kinds_of_text);
  g_test_add_func ("/base/qr-read/damage", test_damage);
  g_test_add_func ("/base/qr-read/foreign", test_foreign);
  g_test_add_func ("/base/qr-read/plain", test_plain);
  g_test_add_func ("/base/qr-read/turned", test_turned);
  g_test_add_func ("/base/qr-read/photographed", test_photographed);
  g_test_add_func ("/base/qr-read/huge", test_huge);
  g_test_add_func ("/base/qr-read/large-code", test_large_code);
  g_test_add_func ("/base/qr-read/garbage", test_garbage);
  return g_test_run ();
}
