/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-still.h"

/* A still picture to look at, and as the file that goes into the record: made of its pixels alone.
 */

#define QUALITY "92" /* skin keeps its shades */

GdkTexture *
visit_still_dup_texture (MediaStill *still)
{
  return gdk_memory_texture_new (still->width, still->height, GDK_MEMORY_R8G8B8, still->pixels,
                                 (gsize) still->stride);
}

static void
encode_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GdkPixbuf *pixels = data;
  GError *error = NULL;
  char *bytes = NULL;
  gsize size = 0;

  if (gdk_pixbuf_save_to_buffer (pixels, &bytes, &size, "jpeg", &error, "quality", QUALITY, NULL))
    g_task_return_pointer (task, g_bytes_new_take (bytes, size), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/* As VISIT_STILL_TYPE. */
void
visit_still_encode_async (MediaStill *still, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, visit_still_encode_async);
  g_task_set_task_data (task,
                        gdk_pixbuf_new_from_bytes (still->pixels, GDK_COLORSPACE_RGB, FALSE, 8,
                                                   still->width, still->height, still->stride),
                        g_object_unref);
  g_task_run_in_thread (task, encode_in_thread);
}

GBytes *
visit_still_encode_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
