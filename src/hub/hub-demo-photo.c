/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-demo-private.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* A drawn head and shoulders instead of a face: nobody's picture. Its colors come from the name of
 * whom it stands for. It is written as a PNG (https://www.w3.org/TR/png-3/): signature, IHDR, IDAT,
 * IEND, each part with its length and its CRC. */

#define SIDE  96
#define STEPS 3 /* each pixel is looked at in 3 by 3 places, so that edges are soft */

typedef struct
{
  guint8 red, green, blue;
} Color;

static const Color grounds[] = { { 196, 219, 237 }, { 214, 230, 201 }, { 240, 222, 196 },
                                 { 226, 208, 232 }, { 238, 205, 205 }, { 204, 228, 224 } };
static const Color skins[] = {
  { 245, 214, 190 }, { 232, 190, 156 }, { 198, 146, 108 }, { 148, 100, 70 }, { 104, 68, 48 }
};
static const Color hairs[] = {
  { 46, 38, 34 }, { 92, 62, 40 }, { 168, 122, 70 }, { 204, 200, 196 }, { 140, 66, 36 }
};
static const Color coats[] = {
  { 74, 108, 150 }, { 128, 84, 128 }, { 84, 128, 100 }, { 150, 92, 74 }, { 92, 92, 108 }
};

typedef struct
{
  Color ground, skin, hair, coat;
  gboolean is_long;
} Portrait;

static gboolean
in_ellipse (double x, double y, double at_x, double at_y, double wide, double high)
{
  double dx = (x - at_x) / wide, dy = (y - at_y) / high;

  return dx * dx + dy * dy <= 1;
}

/* What is in front hides what is behind. */
static Color
color_at (const Portrait *portrait, double x, double y)
{
  if (in_ellipse (x, y, 48, 44, 17, 21) && !(y < 34 && in_ellipse (x, y, 48, 28, 21, 12)))
    return portrait->skin;
  if (in_ellipse (x, y, 48, 38, 22, 24) && (portrait->is_long || y < 44))
    return portrait->hair;
  if (portrait->is_long && y >= 38 && y < 66 && x > 27 && x < 69)
    return portrait->hair;
  if (x > 41 && x < 55 && y >= 55 && y < 72)
    return portrait->skin;
  return in_ellipse (x, y, 48, 102, 36, 34) ? portrait->coat : portrait->ground;
}

static void
draw_pixel (const Portrait *portrait, guint x, guint y, guint8 *pixel)
{
  guint sums[3] = { 0 };

  for (guint i = 0; i < STEPS * STEPS; i++)
    {
      Color color =
          color_at (portrait, x + (i % STEPS + 0.5) / STEPS, y + (i / STEPS + 0.5) / STEPS);

      sums[0] += color.red;
      sums[1] += color.green;
      sums[2] += color.blue;
    }
  for (guint i = 0; i < 3; i++)
    pixel[i] = (guint8) (sums[i] / (STEPS * STEPS));
}

/* ---- PNG ---- */

static guint32
crc_of (const guint8 *bytes, gsize length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= bytes[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc & 1 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
    }
  return crc ^ 0xffffffff;
}

static void
append_number (GByteArray *out, guint32 number)
{
  guint32 bytes = GUINT32_TO_BE (number);

  g_byte_array_append (out, (const guint8 *) &bytes, sizeof bytes);
}

static void
append_part (GByteArray *out, const char *type, const guint8 *bytes, gsize length)
{
  guint start = out->len + 4;

  append_number (out, (guint32) length);
  g_byte_array_append (out, (const guint8 *) type, 4);
  if (length > 0)
    g_byte_array_append (out, bytes, (guint) length);
  append_number (out, crc_of (out->data + start, out->len - start));
}

static GByteArray *
deflate (const guint8 *bytes, gsize length)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  GByteArray *out = g_byte_array_new ();
  GConverterResult state = G_CONVERTER_CONVERTED;

  while (state != G_CONVERTER_FINISHED)
    {
      guint8 part[4096];
      gsize taken = 0, written = 0;

      state = g_converter_convert (G_CONVERTER (compressor), bytes, length, part, sizeof part,
                                   G_CONVERTER_INPUT_AT_END, &taken, &written, NULL);
      if (state == G_CONVERTER_ERROR)
        break; /* what is missing cannot be drawn, and initials stand there */
      bytes += taken;
      length -= taken;
      g_byte_array_append (out, part, (guint) written);
    }
  return out;
}

static char *
dup_png (const Portrait *portrait)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  /* side, side, 8 bits, red green blue, and the only methods that there are */
  static const guint8 head[] = { 0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 2, 0, 0, 0 };
  gsize stride = 1 + SIDE * 3;
  g_autofree guint8 *rows = g_malloc0 (stride * SIDE); /* each begins with its filter: none */
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) packed = NULL;

  for (guint y = 0; y < SIDE; y++)
    for (guint x = 0; x < SIDE; x++)
      draw_pixel (portrait, x, y, rows + y * stride + 1 + x * 3);
  packed = deflate (rows, stride * SIDE);
  g_byte_array_append (out, signature, sizeof signature);
  append_part (out, "IHDR", head, sizeof head);
  append_part (out, "IDAT", packed->data, packed->len);
  append_part (out, "IEND", NULL, 0);
  return g_base64_encode (out->data, out->len);
}

/* "photo=ground|skin|hair|coat|long": numbers of the colors above. */
void
hub_demo_add_photo (HubDemo *demo, FhirBuilder *builder, const char *group)
{
  g_auto (GStrv) f = hub_demo_fields (demo, group, "photo", 0, 5);
  g_autofree char *data = NULL;
  Portrait portrait;

  if (f == NULL)
    return;
  portrait = (Portrait) {
    .ground = grounds[g_ascii_strtoull (f[0], NULL, 10) % G_N_ELEMENTS (grounds)],
    .skin = skins[g_ascii_strtoull (f[1], NULL, 10) % G_N_ELEMENTS (skins)],
    .hair = hairs[g_ascii_strtoull (f[2], NULL, 10) % G_N_ELEMENTS (hairs)],
    .coat = coats[g_ascii_strtoull (f[3], NULL, 10) % G_N_ELEMENTS (coats)],
    .is_long = g_str_equal (f[4], "long"),
  };
  data = dup_png (&portrait);
  fhir_builder_set_many (builder, "photo.0.contentType", "image/png", "photo.0.data", data,
                         "photo.0.title", "Drawn by the program: nobody's face", NULL);
}
