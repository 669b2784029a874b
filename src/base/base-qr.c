/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-qr.h"

#include <qrencode.h>

/* QR codes, made by libqrencode. */

/**
 * base_qr_new:
 * @width: (out): modules on a side, without the quiet zone of four around it
 *
 * Returns: (transfer full) (nullable): @width times @width bytes, 1 where it is dark; NULL where
 *   @text is too long for one
 */
GBytes *
base_qr_new (const char *text, guint *width)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  GBytes *bytes;
  guint8 *modules;
  gsize length;

  if (code == NULL)
    return NULL;
  *width = (guint) code->width;
  length = (gsize) code->width * (gsize) code->width;
  modules = g_malloc (length);
  for (gsize i = 0; i < length; i++)
    modules[i] = code->data[i] & 1;
  bytes = g_bytes_new_take (modules, length);
  QRcode_free (code);
  return bytes;
}

/**
 * base_qr_dup_path:
 *
 * Returns: (transfer full) (nullable): the dark modules as the path of an SVG, or of a GskPath
 */
char *
base_qr_dup_path (const char *text, guint *width)
{
  g_autoptr (GBytes) modules = base_qr_new (text, width);
  const guint8 *data = modules != NULL ? g_bytes_get_data (modules, NULL) : NULL;
  GString *path;

  if (data == NULL)
    return NULL;
  path = g_string_new (NULL);
  for (guint y = 0; y < *width; y++)
    for (guint x = 0; x < *width; x++)
      if (data[y * *width + x])
        g_string_append_printf (path, "M%u %uh1v1h-1z", x, y);
  return g_string_free_and_steal (path);
}
