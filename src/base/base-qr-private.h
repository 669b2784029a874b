/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* ---- what is the same in every code of a version ---- */

#define BASE_QR_LARGEST_VERSION 40
#define BASE_QR_WIDTH(version)  (17 + 4 * (version))
#define BASE_QR_LARGEST_WIDTH   BASE_QR_WIDTH (BASE_QR_LARGEST_VERSION)
#define BASE_QR_MOST_ALIGNMENTS 7 /* on a side */

guint base_qr_alignments (guint version, guint8 centres[BASE_QR_MOST_ALIGNMENTS]);
gboolean base_qr_has_alignment (guint version, guint x, guint y);

/* ---- a picture ---- */

#define BASE_QR_N_SHADES 5

typedef struct
{
  guint width, height;
  guint8 *grey, *dark;
} BaseQrPicture;

typedef struct
{
  double x, y; /* pixels */
} BaseQrPoint;

/* Three large squares that may span a code. */
typedef struct
{
  BaseQrPoint corner, right, below;
  double module, badness;
} BaseQrTriple;

void base_qr_picture_fill (
    BaseQrPicture *self, const guint8 *grey, guint width, guint height, gsize stride);
void base_qr_picture_shade (BaseQrPicture *self, guint way);
void base_qr_picture_clear (BaseQrPicture *self);
GArray *base_qr_find_triples (const BaseQrPicture *self);

static inline gboolean
base_qr_is_dark (const BaseQrPicture *self, int x, int y)
{
  return x >= 0 && y >= 0 && x < (int) self->width && y < (int) self->height &&
         self->dark[(gsize) y * self->width + (guint) x];
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BaseQrPicture, base_qr_picture_clear)

G_END_DECLS
