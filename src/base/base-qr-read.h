/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BASE_QR_NONE,    /* there is no code */
  BASE_QR_BROKEN,  /* there is one, and too much of it is damaged or cut off */
  BASE_QR_FOREIGN, /* it was read, and holds no text */
  BASE_QR_TEXT,
} BaseQrFinding;

BaseQrFinding
base_qr_read (const guint8 *grey, guint width, guint height, gsize stride, char **text);
BaseQrFinding base_qr_decode (const guint8 *modules, guint width, char **text);

G_END_DECLS
