/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-qr-read.h"

#include <math.h>
#include <string.h>

#include "base-qr-private.h"

/* From a picture to modules. Three corners are where base-qr-find saw large squares; the fourth is
 * looked for at the small square near it. Then all four are moved until what is the same in every
 * code of that size lies where it should. Every loop is bounded by the size of the picture or by a
 * number here. */

#define SMALLEST     21
#define LARGEST      20000 /* pixels on a side */
#define WORTH_A_TRY  0.6   /* of what is known of a code */
#define GOOD_ENOUGH  0.8
#define SEEK_MODULES 8.0

typedef struct
{
  BaseQrPoint p[4]; /* corner, right, below, and the fourth, each 3.5 modules from two sides */
} Corners;

/* From modules to pixels */
typedef struct
{
  double m[8], side;
} View;

/* The view in which the unit square's corners are seen at @corners. */
static View
make_view (const Corners *corners, guint version)
{
  const BaseQrPoint *p = corners->p;
  double dx1 = p[1].x - p[3].x, dx2 = p[2].x - p[3].x, sx = p[0].x - p[1].x + p[3].x - p[2].x;
  double dy1 = p[1].y - p[3].y, dy2 = p[2].y - p[3].y, sy = p[0].y - p[1].y + p[3].y - p[2].y;
  double area = dx1 * dy2 - dx2 * dy1;
  double g = area != 0 ? (sx * dy2 - dx2 * sy) / area : 0;
  double h = area != 0 ? (dx1 * sy - sx * dy1) / area : 0;

  return (View) { { p[1].x - p[0].x + g * p[1].x, p[2].x - p[0].x + h * p[2].x, p[0].x,
                    p[1].y - p[0].y + g * p[1].y, p[2].y - p[0].y + h * p[2].y, p[0].y, g, h },
                  BASE_QR_WIDTH (version) - 7 };
}

/* @x, @y: modules; the middle of the first is at 0.5 */
static BaseQrPoint
look (const View *view, double x, double y)
{
  double u = (x - 3.5) / view->side, v = (y - 3.5) / view->side;
  double w = view->m[6] * u + view->m[7] * v + 1;

  if (fabs (w) < 1e-6)
    w = 1e-6;
  return (BaseQrPoint) { (view->m[0] * u + view->m[1] * v + view->m[2]) / w,
                         (view->m[3] * u + view->m[4] * v + view->m[5]) / w };
}

static gboolean
is_dark_at (const BaseQrPicture *picture, BaseQrPoint at)
{
  return at.x >= 0 && at.y >= 0 && at.x < picture->width && at.y < picture->height &&
         base_qr_is_dark (picture, (int) at.x, (int) at.y);
}

/* ---- what is known of every code ---- */

typedef struct
{
  guint right, all;
} Score;

static void
count_module (
    const BaseQrPicture *picture, const View *view, double x, double y, gboolean dark, Score *score)
{
  score->all++;
  score->right += is_dark_at (picture, look (view, x, y)) == dark;
}

/* @light: which ring around the middle is light */
static void
count_square (const BaseQrPicture *picture,
              const View *view,
              guint x,
              guint y,
              int reach,
              int light,
              Score *score)
{
  for (int v = -reach; v <= reach; v++)
    for (int u = -reach; u <= reach; u++)
      count_module (picture, view, x + u + 0.5, y + v + 0.5, MAX (ABS (u), ABS (v)) != light,
                    score);
}

/* Returns: how much of it lies where it should, up to 1 */
static double
judge (const BaseQrPicture *picture, const Corners *corners, guint version)
{
  View view = make_view (corners, version);
  guint width = BASE_QR_WIDTH (version);
  guint8 centres[BASE_QR_MOST_ALIGNMENTS];
  guint count = base_qr_alignments (version, centres);
  Score score = { 0 };

  count_square (picture, &view, 3, 3, 3, 2, &score);
  count_square (picture, &view, width - 4, 3, 3, 2, &score);
  count_square (picture, &view, 3, width - 4, 3, 2, &score);
  for (guint i = 8; i < width - 8; i++)
    {
      count_module (picture, &view, i + 0.5, 6.5, i % 2 == 0, &score);
      count_module (picture, &view, 6.5, i + 0.5, i % 2 == 0, &score);
    }
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < count; j++)
      if (base_qr_has_alignment (version, centres[i], centres[j]))
        count_square (picture, &view, centres[i], centres[j], 2, 1, &score);
  return (double) score.right / score.all;
}

/* ---- the fourth corner ---- */

/* Where the small square is most likely, within some modules of where it would lie in a view from
 * straight above. Returns: FALSE where nothing looks like one */
static gboolean
seek_alignment (const BaseQrPicture *picture, const View *view, BaseQrPoint *found)
{
  double middle = view->side + 0.5, best = 19;

  for (double dy = -SEEK_MODULES; dy <= SEEK_MODULES; dy += 0.5)
    for (double dx = -SEEK_MODULES; dx <= SEEK_MODULES; dx += 0.5)
      {
        Score score = { 0 };
        double value;

        for (int v = -2; v <= 2; v++)
          for (int u = -2; u <= 2; u++)
            count_module (picture, view, middle + dx + u, middle + dy + v,
                          MAX (ABS (u), ABS (v)) != 1, &score);
        value = score.right - 0.2 * hypot (dx, dy);
        if (value <= best)
          continue;
        best = value;
        *found = look (view, middle + dx, middle + dy);
      }
  return best > 19;
}

static void
place_fourth (const BaseQrPicture *picture, Corners *corners, guint version)
{
  BaseQrPoint *p = corners->p, found = { 0 };
  View view;

  p[3] = (BaseQrPoint) { p[1].x + p[2].x - p[0].x, p[1].y + p[2].y - p[0].y };
  view = make_view (corners, version);
  if (version < 2 || !seek_alignment (picture, &view, &found))
    return;
  for (guint i = 0; i < 4; i++)
    {
      double part = (view.side - 3) / view.side;
      BaseQrPoint seen = look (&view, view.side + 0.5, view.side + 0.5);

      p[3].x += (found.x - seen.x) / (part * part);
      p[3].y += (found.y - seen.y) / (part * part);
      view = make_view (corners, version);
    }
}

/* Moves every corner a little, as long as that makes it better. */
static double
fit (const BaseQrPicture *picture, Corners *corners, guint version, double module)
{
  double best = judge (picture, corners, version);

  if (best < WORTH_A_TRY)
    return best;
  for (double step = module; step > module / 10; step /= 2)
    for (guint i = 0; i < 32; i++)
      {
        Corners moved = *corners;
        double *value = i % 2 == 0 ? &moved.p[i / 4 % 4].x : &moved.p[i / 4 % 4].y, now;

        *value += i / 2 % 2 == 0 ? step : -step;
        now = judge (picture, &moved, version);
        if (now <= best)
          continue;
        best = now;
        *corners = moved;
      }
  return best;
}

/* ---- the modules ---- */

/* Where one speck lies on the middle of a module, four others do not. */
static void
sample (const BaseQrPicture *picture, const Corners *corners, guint version, guint8 *modules)
{
  View view = make_view (corners, version);
  guint width = BASE_QR_WIDTH (version);

  for (guint y = 0; y < width; y++)
    for (guint x = 0; x < width; x++)
      {
        guint dark = is_dark_at (picture, look (&view, x + 0.5, y + 0.5));

        for (guint i = 0; i < 4; i++)
          dark += is_dark_at (picture,
                              look (&view, x + (i % 2 ? 0.72 : 0.28), y + (i / 2 ? 0.72 : 0.28)));
        modules[y * width + x] = dark >= 3;
      }
}

/* As it is seen in a mirror. */
static void
turn_over (guint8 *modules, guint width)
{
  for (guint y = 0; y < width; y++)
    for (guint x = 0; x < y; x++)
      {
        guint8 kept = modules[y * width + x];

        modules[y * width + x] = modules[x * width + y];
        modules[x * width + y] = kept;
      }
}

static BaseQrFinding
try_version (const BaseQrPicture *picture, const BaseQrTriple *triple, guint version, char **text)
{
  guint8 modules[BASE_QR_LARGEST_WIDTH * BASE_QR_LARGEST_WIDTH];
  Corners corners = { { triple->corner, triple->right, triple->below } };
  BaseQrFinding finding;

  place_fourth (picture, &corners, version);
  if (fit (picture, &corners, version, triple->module) < GOOD_ENOUGH)
    return BASE_QR_NONE;
  sample (picture, &corners, version, modules);
  finding = base_qr_decode (modules, BASE_QR_WIDTH (version), text);
  if (finding != BASE_QR_BROKEN)
    return finding;
  turn_over (modules, BASE_QR_WIDTH (version));
  return base_qr_decode (modules, BASE_QR_WIDTH (version), text);
}

/* From the middle of a large square to its far side, along the line to another one.
 *
 * Returns: pixels, which are 3.5 modules; 0 where there is no end */
static double
measure (const BaseQrPicture *picture, BaseQrPoint from, BaseQrPoint to)
{
  double length = hypot (to.x - from.x, to.y - from.y);
  gboolean dark = TRUE;
  guint changes = 0;

  for (double at = 0; at < length; at += 0.5)
    {
      BaseQrPoint here = { from.x + (to.x - from.x) * at / length,
                           from.y + (to.y - from.y) * at / length };

      if (is_dark_at (picture, here) == dark)
        continue;
      dark = !dark;
      if (++changes == 3)
        return at;
    }
  return 0;
}

/* Returns: modules between the middles of two large squares; 0 where they cannot be counted */
static double
count_modules (const BaseQrPicture *picture, BaseQrPoint a, BaseQrPoint b)
{
  double there = measure (picture, a, b), back = measure (picture, b, a);

  return there > 0 && back > 0 ? hypot (a.x - b.x, a.y - b.y) / ((there + back) / 7) : 0;
}

static BaseQrFinding
try_triple (const BaseQrPicture *picture, const BaseQrTriple *triple, char **text)
{
  static const int nearby[] = { 0, 1, -1, 2, -2 };
  double right = count_modules (picture, triple->corner, triple->right);
  double below = count_modules (picture, triple->corner, triple->below);
  double modules = right > 0 && below > 0 ? (right + below) / 2 : MAX (right, below);
  int likely = (int) lround ((modules + 7 - 17) / 4);
  BaseQrFinding best = BASE_QR_NONE;

  if (modules == 0)
    return BASE_QR_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (nearby) && best < BASE_QR_FOREIGN; i++)
    {
      int version = likely + nearby[i];
      BaseQrFinding finding = version >= 1 && version <= BASE_QR_LARGEST_VERSION
                                  ? try_version (picture, triple, (guint) version, text)
                                  : BASE_QR_NONE;

      best = MAX (best, finding);
    }
  return best;
}

/**
 * base_qr_read:
 * @grey: pixels from black to white, @stride bytes a line
 * @text: (out) (transfer full): with TEXT: UTF-8, of one byte or more, none of them zero
 *
 * The first code that can be read, whichever way up it lies. Takes some milliseconds where there is
 * nothing, and up to a second where very much looks like a code.
 */
BaseQrFinding
base_qr_read (const guint8 *grey, guint width, guint height, gsize stride, char **text)
{
  g_auto (BaseQrPicture) picture = { 0 };
  BaseQrFinding best = BASE_QR_NONE;

  *text = NULL;
  if (MIN (width, height) < SMALLEST || MAX (width, height) > LARGEST)
    return BASE_QR_NONE;
  base_qr_picture_fill (&picture, grey, width, height, stride);
  for (guint way = 0; way < BASE_QR_N_SHADES && best < BASE_QR_FOREIGN; way++)
    {
      g_autoptr (GArray) triples = NULL;

      base_qr_picture_shade (&picture, way);
      triples = base_qr_find_triples (&picture);
      for (guint i = 0; i < triples->len && best < BASE_QR_FOREIGN; i++)
        {
          BaseQrFinding finding =
              try_triple (&picture, &g_array_index (triples, BaseQrTriple, i), text);

          best = MAX (best, finding);
        }
    }
  return best;
}
