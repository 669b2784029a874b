/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base-qr-private.h"

/* Where in a picture a code may be. Three large squares, each dark and light in the ratio 1:1:3:1:1
 * whichever way it is cut, span it. Light and shade differ over a photograph, so there are several
 * ways to tell dark from light. */

#define LONGEST_SIDE 1600 /* larger pictures are looked at smaller */
#define MOST_SEEN    400  /* before the likeliest are chosen: specks look like squares too */
#define MOST_SQUARES 24
#define MOST_TRIPLES 24
#define SMOOTHED     3 /* from this way on */

typedef struct
{
  BaseQrPoint at;
  double module; /* pixels */
  guint seen;
} Square;

/* ---- dark and light ---- */

void
base_qr_picture_clear (BaseQrPicture *self)
{
  g_free (self->grey);
  g_free (self->dark);
}

void
base_qr_picture_fill (
    BaseQrPicture *self, const guint8 *grey, guint width, guint height, gsize stride)
{
  guint times = (MAX (width, height) + LONGEST_SIDE - 1) / LONGEST_SIDE;

  self->width = width / times;
  self->height = height / times;
  self->grey = g_malloc ((gsize) self->width * self->height);
  self->dark = g_malloc ((gsize) self->width * self->height);
  for (guint y = 0; y < self->height; y++)
    for (guint x = 0; x < self->width; x++)
      {
        guint sum = 0;

        for (guint v = 0; v < times; v++)
          for (guint u = 0; u < times; u++)
            sum += grey[(gsize) (y * times + v) * stride + x * times + u];
        self->grey[(gsize) y * self->width + x] = (guint8) (sum / (times * times));
      }
}

/* Otsu: what parts the greys into two with the largest distance between them. */
static guint
find_middle (const BaseQrPicture *self)
{
  gsize counts[256] = { 0 }, n = (gsize) self->width * self->height, below = 0;
  double all = 0, sum = 0, best = -1;
  guint middle = 128;

  for (gsize i = 0; i < n; i++)
    counts[self->grey[i]]++;
  for (guint i = 0; i < 256; i++)
    all += (double) i * (double) counts[i];
  for (guint i = 0; i < 255; i++)
    {
      double a, b, apart;

      below += counts[i];
      sum += (double) i * (double) counts[i];
      if (below == 0 || below == n)
        continue;
      a = sum / (double) below;
      b = (all - sum) / (double) (n - below);
      apart = (double) below * (double) (n - below) * (a - b) * (a - b);
      if (apart > best)
        {
          best = apart;
          middle = i;
        }
    }
  return middle;
}

/* Sums over all that is above and to the left; one row and one column more than the picture. */
static guint32 *
make_sums (const BaseQrPicture *self)
{
  guint wide = self->width + 1;
  guint32 *sums = g_new0 (guint32, (gsize) wide * (self->height + 1));

  for (guint y = 0; y < self->height; y++)
    for (guint x = 0, row = 0; x < self->width; x++)
      {
        row += self->grey[(gsize) y * self->width + x];
        sums[(gsize) (y + 1) * wide + x + 1] = sums[(gsize) y * wide + x + 1] + row;
      }
  return sums;
}

/* @reach: pixels to each side whose mean decides; where all of that is alike, @middle does */
static void
shade_nearby (BaseQrPicture *self, guint reach, guint middle)
{
  g_autofree guint32 *sums = make_sums (self);
  guint wide = self->width + 1;

  for (guint y = 0; y < self->height; y++)
    for (guint x = 0; x < self->width; x++)
      {
        guint left = x > reach ? x - reach : 0, right = MIN (x + reach + 1, self->width);
        guint top = y > reach ? y - reach : 0, bottom = MIN (y + reach + 1, self->height);
        guint32 sum = sums[(gsize) bottom * wide + right] - sums[(gsize) top * wide + right] -
                      sums[(gsize) bottom * wide + left] + sums[(gsize) top * wide + left];
        guint mean = sum / ((right - left) * (bottom - top));
        guint limit = (mean * 7 + middle) / 8;

        self->dark[(gsize) y * self->width + x] =
            self->grey[(gsize) y * self->width + x] < MAX (limit, 3) - 2;
      }
}

/* Against the noise of a dim room. */
static void
smooth (BaseQrPicture *self)
{
  g_autofree guint32 *sums = make_sums (self);
  guint wide = self->width + 1;

  for (guint y = 1; y + 1 < self->height; y++)
    for (guint x = 1; x + 1 < self->width; x++)
      self->grey[(gsize) y * self->width + x] =
          (guint8) ((sums[(gsize) (y + 2) * wide + x + 2] - sums[(gsize) (y - 1) * wide + x + 2] -
                     sums[(gsize) (y + 2) * wide + x - 1] + sums[(gsize) (y - 1) * wide + x - 1]) /
                    9);
}

/* @way: 0 to BASE_QR_N_SHADES - 1, one after the other, from the likeliest to the last resort */
void
base_qr_picture_shade (BaseQrPicture *self, guint way)
{
  guint middle = find_middle (self), side = MIN (self->width, self->height);
  gsize n = (gsize) self->width * self->height;

  if (way == SMOOTHED)
    smooth (self);
  if (way == 0)
    for (gsize i = 0; i < n; i++)
      self->dark[i] = self->grey[i] <= middle;
  else
    shade_nearby (self, MAX (side >> (way % SMOOTHED + 2), 4), middle);
}

/* ---- the large squares ---- */

/* @runs: dark, light, dark, light, dark. Returns: the size of a module; 0 where they are not
 * 1:1:3:1:1 */
static double
judge_runs (const guint runs[5])
{
  double total = 0, module;

  for (guint i = 0; i < 5; i++)
    {
      if (runs[i] == 0)
        return 0;
      total += runs[i];
    }
  module = total / 7;
  for (guint i = 0; i < 5; i++)
    if (fabs (runs[i] - module * (i == 2 ? 3 : 1)) > module * (i == 2 ? 1.2 : 0.75) + 0.5)
      return 0;
  return module;
}

/* From the centre both ways along @dx, @dy, each 0 or 1. @middle: (out): the centre in that
 * direction
 *
 * Returns: the size of a module; 0 where it is no square */
static double
cut_square (const BaseQrPicture *self, int x, int y, int dx, int dy, double *middle)
{
  guint runs[5] = { 0 };
  int start = dx ? x : y, end, at = 1;

  if (!base_qr_is_dark (self, x, y))
    return 0;
  runs[2] = 1;
  for (int ring = 2; ring <= 4; ring++)
    for (; base_qr_is_dark (self, x + at * dx, y + at * dy) == (ring != 3) &&
           start + at < (int) (dx ? self->width : self->height);
         at++)
      runs[ring]++;
  end = start + at;
  at = 1;
  for (int ring = 2; ring >= 0; ring--)
    for (; base_qr_is_dark (self, x - at * dx, y - at * dy) == (ring != 1) && start - at >= 0; at++)
      runs[ring]++;
  *middle = end - runs[4] - runs[3] - runs[2] / 2.0;
  return judge_runs (runs);
}

static void
note_square (GArray *squares, double x, double y, double module)
{
  for (guint i = 0; i < squares->len; i++)
    {
      Square *square = &g_array_index (squares, Square, i);
      double n = square->seen;

      if (fabs (square->at.x - x) > 2 * square->module ||
          fabs (square->at.y - y) > 2 * square->module)
        continue;
      square->at.x = (square->at.x * n + x) / (n + 1);
      square->at.y = (square->at.y * n + y) / (n + 1);
      square->module = (square->module * n + module) / (n + 1);
      square->seen++;
      return;
    }
  if (squares->len < MOST_SEEN)
    g_array_append_vals (squares, &(Square) { { x, y }, module, 1 }, 1);
}

static void
try_square (const BaseQrPicture *self, GArray *squares, double x, guint y, double module)
{
  double middle_y, middle_x, down, across;

  down = cut_square (self, (int) x, (int) y, 0, 1, &middle_y);
  if (down == 0 || down > 2 * module || module > 2 * down)
    return;
  across = cut_square (self, (int) x, (int) middle_y, 1, 0, &middle_x);
  if (across == 0 || across > 2 * down || down > 2 * across)
    return;
  note_square (squares, middle_x, middle_y, (down + across) / 2);
}

static int
compare_squares (gconstpointer a, gconstpointer b)
{
  const Square *first = a, *second = b;

  return first->seen != second->seen ? (first->seen < second->seen ? 1 : -1) : 0;
}

/* Returns: (transfer full): of Square, those that were cut most often first */
static GArray *
find_squares (const BaseQrPicture *self)
{
  GArray *squares = g_array_new (FALSE, FALSE, sizeof (Square));

  for (guint y = 0; y < self->height; y++)
    {
      const guint8 *line = self->dark + (gsize) y * self->width;
      guint runs[5] = { 0 }, start = 0;

      for (guint x = 1; x <= self->width; x++)
        {
          double module;

          if (x < self->width && line[x] == line[start])
            continue;
          memmove (runs, runs + 1, 4 * sizeof *runs);
          runs[4] = x - start;
          module = line[start] ? judge_runs (runs) : 0;
          if (module > 0)
            try_square (self, squares, x - runs[4] - runs[3] - runs[2] / 2.0, y, module);
          start = x;
        }
    }
  g_array_sort (squares, compare_squares);
  if (squares->len > MOST_SQUARES)
    g_array_set_size (squares, MOST_SQUARES);
  return squares;
}

/* ---- three of them ---- */

static double
distance (BaseQrPoint a, BaseQrPoint b)
{
  return hypot (a.x - b.x, a.y - b.y);
}

/* Of three the one that lies opposite to the longest side is the corner. */
static gboolean
make_triple (const Square *a, const Square *b, const Square *c, BaseQrTriple *out)
{
  const Square *swap;
  double ab = distance (a->at, b->at), bc = distance (b->at, c->at), ca = distance (c->at, a->at);
  double one, two, cosine, smallest, largest;

  if (ab >= bc && ab >= ca)
    {
      swap = a, a = c, c = swap;
      one = bc, two = ca;
    }
  else if (ca >= bc && ca >= ab)
    {
      swap = a, a = b, b = swap;
      one = ab, two = bc;
    }
  else
    one = ab, two = ca;
  smallest = MIN (MIN (a->module, b->module), c->module);
  largest = MAX (MAX (a->module, b->module), c->module);
  if (MIN (one, two) < 9 * smallest || largest > 2 * smallest)
    return FALSE;
  cosine = ((b->at.x - a->at.x) * (c->at.x - a->at.x) + (b->at.y - a->at.y) * (c->at.y - a->at.y)) /
           (distance (a->at, b->at) * distance (a->at, c->at));
  if (fabs (cosine) > 0.6 || one > 2 * two || two > 2 * one)
    return FALSE;
  if ((b->at.x - a->at.x) * (c->at.y - a->at.y) < (b->at.y - a->at.y) * (c->at.x - a->at.x))
    swap = b, b = c, c = swap;
  *out = (BaseQrTriple) { a->at, b->at, c->at, (a->module + b->module + c->module) / 3,
                          fabs (cosine) + fabs (one - two) / MAX (one, two) + largest / smallest };
  return TRUE;
}

static int
compare_triples (gconstpointer a, gconstpointer b)
{
  const BaseQrTriple *first = a, *second = b;

  return (first->badness > second->badness) - (first->badness < second->badness);
}

/* Returns: (transfer full): of BaseQrTriple, the likeliest first */
GArray *
base_qr_find_triples (const BaseQrPicture *self)
{
  g_autoptr (GArray) squares = find_squares (self);
  GArray *triples = g_array_new (FALSE, FALSE, sizeof (BaseQrTriple));
  const Square *list = (const Square *) (gpointer) squares->data;
  BaseQrTriple triple;

  for (guint i = 0; i < squares->len; i++)
    for (guint j = i + 1; j < squares->len; j++)
      for (guint k = j + 1; k < squares->len; k++)
        if (make_triple (&list[i], &list[j], &list[k], &triple))
          g_array_append_val (triples, triple);
  g_array_sort (triples, compare_triples);
  if (triples->len > MOST_TRIPLES)
    g_array_set_size (triples, MOST_TRIPLES);
  return triples;
}
