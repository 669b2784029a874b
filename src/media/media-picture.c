/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-picture.h"

/**
 * media_picture_new:
 * @paintable: (out) (transfer full) (nullable): a GdkPaintable of what arrives; what was in it is
 *   let go. NULL where GTK's sink is not installed
 *
 * What shows pictures in a window, each as soon as it is there. Must be called on the main thread
 * and before what feeds it runs: made in a streaming thread the sink has no paintable. With its own
 * defaults it would throw most pictures away as late.
 *
 * Returns: (transfer floating): an element with a static pad "sink"; one that shows nothing where
 *   GTK's sink is not installed
 */
GstElement *
media_picture_new (GObject **paintable)
{
  GstElement *sink = gst_element_factory_make ("gtk4paintablesink", NULL);

  g_clear_object (paintable);
  if (!sink)
    return gst_element_factory_make ("fakesink", NULL);
  g_object_set (sink, "sync", FALSE, "qos", FALSE, "max-lateness", (gint64) -1, NULL);
  g_object_get (sink, "paintable", paintable, NULL);
  return sink;
}
