/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "base-qr-read.h"

/* What a camera may see and a file may hold: modules, bit by bit, and pictures. What is taken for
 * text is text. */

#define MOST_WIDTH 177
#define SIDE       64

static void
check (BaseQrFinding finding, char *text)
{
  g_assert_true ((finding == BASE_QR_TEXT) == (text != NULL));
  if (text != NULL)
    g_assert_true (*text != '\0' && g_utf8_validate (text, -1, NULL));
  g_free (text);
}

static void
try_modules (const guint8 *data, gsize size, guint width)
{
  static guint8 modules[MOST_WIDTH * MOST_WIDTH];
  BaseQrFinding finding;
  char *text;

  memset (modules, 0, sizeof modules);
  for (gsize i = 0; i < MIN ((gsize) width * width, size * 8); i++)
    modules[i] = data[i / 8] >> (7 - i % 8) & 1;
  finding = base_qr_decode (modules, width, &text);
  check (finding, text);
}

static void
try_picture (const guint8 *data, gsize size)
{
  static guint8 grey[SIDE * SIDE];
  BaseQrFinding finding;
  char *text;

  memset (grey, 255, sizeof grey);
  for (gsize i = 0; i < MIN (sizeof grey, size * 8); i++)
    grey[i] = data[i / 8] >> (7 - i % 8) & 1 ? 20 : 240;
  finding = base_qr_read (grey, SIDE, SIDE, SIDE, &text);
  check (finding, text);
}

/* The first byte says how wide a code is; 255: it is a picture. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0)
    return 0;
  if (data[0] == 255)
    try_picture (data + 1, size - 1);
  else
    try_modules (data + 1, size - 1, data[0]);
  return 0;
}
