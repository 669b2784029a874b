/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-code.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-qr.h"

/* A link as a QR code. It is black on white in every scheme: that is what cameras read. */

#define QUIET 4 /* modules of white around a code */
#define SCALE 5 /* pixels of a module */

/**
 * workspace_code_new:
 *
 * Returns: (transfer floating) (nullable): @link for a telephone's camera; NULL where it is too
 * long
 */
GtkWidget *
workspace_code_new (const char *link)
{
  guint width = 0;
  g_autoptr (GBytes) modules = base_qr_new (link, &width);
  const guint8 *data = modules ? g_bytes_get_data (modules, NULL) : NULL;
  guint side = (width + 2 * QUIET) * SCALE;
  GtkWidget *picture;
  guint8 *pixels;

  if (!data)
    return NULL;
  pixels = g_malloc (side * side);
  memset (pixels, 0xff, side * side);
  for (guint y = 0; y < width * SCALE; y++)
    for (guint x = 0; x < width * SCALE; x++)
      if (data[y / SCALE * width + x / SCALE])
        pixels[(y + QUIET * SCALE) * side + x + QUIET * SCALE] = 0;
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, side * side);
  g_autoptr (GdkTexture) texture =
      gdk_memory_texture_new ((int) side, (int) side, GDK_MEMORY_G8, bytes, side);
  picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), FALSE);
  gtk_widget_set_halign (picture, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("QR code of the link"), -1);
  return picture;
}
