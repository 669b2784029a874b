/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-photo.h"

#include <cairo-pdf.h>
#include <gdk/gdk.h>
#include <glib/gi18n.h>

#define QUALITY   "85"  /* of a JPEG: print of 8 points stays readable */
#define LONG_SIDE 842.0 /* of a page, in points: that of A4 */

static GBytes *
encode_jpeg (GdkPixbuf *page, GError **error)
{
  char *bytes = NULL;
  gsize size = 0;

  if (!gdk_pixbuf_save_to_buffer (page, &bytes, &size, "jpeg", error, "quality", QUALITY, NULL))
    return NULL;
  return g_bytes_new_take (bytes, size);
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
unref_cb (void *bytes)
{
  g_bytes_unref (bytes);
}

/* The page is as large as its picture; the JPEG goes in as it is, not as pixels. */
static gboolean
draw_page (cairo_surface_t *pdf, cairo_t *cairo, GdkPixbuf *page, GError **error)
{
  g_autoptr (GBytes) jpeg = encode_jpeg (page, error);
  int width = gdk_pixbuf_get_width (page), height = gdk_pixbuf_get_height (page);
  double scale = LONG_SIDE / MAX (width, height);
  cairo_surface_t *picture = NULL;

  if (!jpeg)
    return FALSE;
  cairo_pdf_surface_set_size (pdf, width * scale, height * scale);
  cairo_save (cairo);
  cairo_scale (cairo, scale, scale);
  gdk_cairo_set_source_pixbuf (cairo, page, 0, 0);
  cairo_pattern_get_surface (cairo_get_source (cairo), &picture);
  cairo_surface_set_mime_data (picture, CAIRO_MIME_TYPE_JPEG, g_bytes_get_data (jpeg, NULL),
                               g_bytes_get_size (jpeg), unref_cb, g_bytes_ref (jpeg));
  cairo_paint (cairo);
  cairo_restore (cairo);
  cairo_show_page (cairo);
  return TRUE;
}

static GBytes *
encode_pdf (GPtrArray *pages, GError **error)
{
  GByteArray *out = g_byte_array_new ();
  cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream (write_cb, out, LONG_SIDE, LONG_SIDE);
  cairo_t *cairo = cairo_create (pdf);
  gboolean drawn = TRUE;

  for (guint i = 0; drawn && i < pages->len; i++)
    drawn = draw_page (pdf, cairo, pages->pdata[i], error);
  cairo_destroy (cairo);
  cairo_surface_finish (pdf);
  if (drawn && cairo_surface_status (pdf) != CAIRO_STATUS_SUCCESS)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _ ("The pages could not be put together. Try again with fewer."));
      drawn = FALSE;
    }
  cairo_surface_destroy (pdf);
  if (drawn)
    return g_byte_array_free_to_bytes (out);
  g_byte_array_unref (out);
  return NULL;
}

static void
encode_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *pages = data;
  GError *error = NULL;
  GBytes *bytes =
      pages->len == 1 ? encode_jpeg (pages->pdata[0], &error) : encode_pdf (pages, &error);

  if (bytes)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

void
documents_photo_encode_async (GPtrArray *pages, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_return_if_fail (pages->len > 0);

  g_task_set_source_tag (task, documents_photo_encode_async);
  g_task_set_task_data (task, g_ptr_array_copy (pages, (GCopyFunc) (GCallback) g_object_ref, NULL),
                        (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, encode_in_thread);
}

GBytes *
documents_photo_encode_finish (GAsyncResult *result, const char **content_type, GError **error)
{
  GPtrArray *pages = g_task_get_task_data (G_TASK (result));

  *content_type = pages->len == 1 ? "image/jpeg" : "application/pdf";
  return g_task_propagate_pointer (G_TASK (result), error);
}
