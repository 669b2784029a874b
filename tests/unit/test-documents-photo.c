/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-photo.h"

#include <poppler.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerPage, g_object_unref)

static GdkPixbuf *
make_page (int width, int height)
{
  GdkPixbuf *page = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);

  gdk_pixbuf_fill (page, 0x2060a0ff);
  /* what a camera or a phone may have written beside the pixels */
  gdk_pixbuf_set_option (page, "orientation", "6");
  gdk_pixbuf_set_option (page, "comment", "51.5007 N 0.1246 W");
  gdk_pixbuf_set_option (page, "icc-profile", "QUJD");
  return page;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GBytes *
encode (GPtrArray *pages, const char *wanted)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const char *content_type = NULL;
  GBytes *bytes;

  documents_photo_encode_async (pages, done_cb, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  bytes = documents_photo_encode_finish (result, &content_type, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (content_type, ==, wanted);
  return bytes;
}

static void
assert_lacks (GBytes *bytes, const char *word)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_null (memmem (data, size, word, strlen (word)));
}

/* The file is made of the pixels alone: no Exif, no place, no profile. */
static void
test_one (void)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *data;

  g_ptr_array_add (pages, make_page (320, 240));
  bytes = encode (pages, "image/jpeg");
  data = g_bytes_get_data (bytes, NULL);
  g_assert_cmpuint (data[0], ==, 0xff);
  g_assert_cmpuint (data[1], ==, 0xd8);
  assert_lacks (bytes, "Exif");
  assert_lacks (bytes, "51.5007");
  assert_lacks (bytes, "ICC_PROFILE");
}

/* Several are one PDF: each page as wide and as high as its picture, with the JPEG inside. */
static void
test_several (void)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PopplerDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  const double wanted[][2] = { { 842, 421 }, { 421, 842 }, { 842, 842 } };
  gsize size;

  g_ptr_array_add (pages, make_page (800, 400));
  g_ptr_array_add (pages, make_page (400, 800));
  g_ptr_array_add (pages, make_page (300, 300));
  bytes = encode (pages, "application/pdf");
  size = g_bytes_get_size (bytes);
  g_assert_cmpuint (size, <, 800 * 400); /* not the pixels as they are */
  assert_lacks (bytes, "51.5007");
  assert_lacks (bytes, "Exif");
  document = poppler_document_new_from_bytes (bytes, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (poppler_document_get_n_pages (document), ==, 3);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (PopplerPage) page = poppler_document_get_page (document, i);
      double width, height;

      poppler_page_get_size (page, &width, &height);
      g_assert_cmpfloat_with_epsilon (width, wanted[i][0], 1);
      g_assert_cmpfloat_with_epsilon (height, wanted[i][1], 1);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/documents/photo/nothing-but-pixels", test_one);
  g_test_add_func ("/documents/photo/several-pages", test_several);
  return g_test_run ();
}
