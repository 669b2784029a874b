/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-renderer.h"

#include <gio/gio.h>
#include <string.h>

/* A PDF of @pages pages, each with its number on it; its table of contents is found by poppler
 * itself. */
static GBytes *
make_pdf (guint pages)
{
  g_autoptr (GString) pdf = g_string_new ("%PDF-1.4\n");
  g_autoptr (GString) kids = g_string_new (NULL);

  g_string_append (pdf, "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                        "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n");
  for (guint i = 0; i < pages; i++)
    {
      g_autofree char *words = g_strdup_printf ("BT /F1 24 Tf 20 100 Td (Leaf %u) Tj ET", i + 1);

      g_string_append_printf (kids, "%u 0 R ", 10 + 2 * i);
      g_string_append_printf (pdf,
                              "%u 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]/Contents %u "
                              "0 R/Resources<</Font<</F1 3 0 R>>>>>>endobj\n"
                              "%u 0 obj<</Length %u>>stream\n%s\nendstream endobj\n",
                              10 + 2 * i, 11 + 2 * i, 11 + 2 * i, (guint) strlen (words), words);
    }
  g_string_append_printf (pdf, "2 0 obj<</Type/Pages/Kids[%s]/Count %u>>endobj\n", kids->str,
                          pages);
  g_string_append (pdf, "trailer<</Root 1 0 R>>\n%%EOF\n");
  return g_bytes_new (pdf->str, pdf->len);
}

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static WorkspaceRenderer *
open_file (GBytes *bytes, const char *kind, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  workspace_renderer_open_async (bytes, kind, NULL, store_result_cb, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  return workspace_renderer_open_finish (result, error);
}

static WorkspaceSheet *
draw (WorkspaceRenderer *renderer, guint page, guint width, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  workspace_renderer_draw_async (renderer, page, width, store_result_cb, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  return workspace_renderer_draw_finish (result, error);
}

/* The worker thread that started the program ends before the first page is asked for. */
static void
end_worker_threads (void)
{
  g_thread_pool_set_max_unused_threads (0);
  g_thread_pool_stop_unused_threads ();
  g_usleep (200 * 1000);
  g_thread_pool_set_max_unused_threads (8);
}

static guint
count_dark (GdkTexture *texture)
{
  gsize width = (gsize) gdk_texture_get_width (texture);
  gsize n = width * (gsize) gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new0 (guint32, n);
  guint dark = 0;

  gdk_texture_download (texture, (guchar *) pixels, width * 4);
  for (gsize i = 0; i < n; i++)
    dark += (pixels[i] & 0xff) < 128;
  return dark;
}

static void
test_pdf (void)
{
  g_autoptr (GBytes) pdf = make_pdf (3);
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkspaceRenderer) renderer = open_file (pdf, "pdf", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (workspace_renderer_get_n_pages (renderer), ==, 3);
  end_worker_threads ();
  for (guint page = 0; page < 3; page++)
    {
      g_autoptr (WorkspaceSheet) sheet = draw (renderer, page, 400, &error);
      g_autofree char *words = g_strdup_printf ("Leaf %u", page + 1);

      g_assert_no_error (error);
      g_assert_cmpint (gdk_texture_get_width (sheet->texture), ==, 400);
      g_assert_cmpint (gdk_texture_get_height (sheet->texture), ==, 600);
      g_assert_nonnull (strstr (sheet->text, words));
      g_assert_cmpuint (count_dark (sheet->texture), >, 50);
    }
}

static void
test_image (void)
{
  static const char png[] =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
      "Jggg==";
  gsize length;
  guint8 *data = g_base64_decode (png, &length);
  g_autoptr (GBytes) bytes = g_bytes_new_take (data, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkspaceRenderer) renderer = open_file (bytes, "image", &error);
  g_autoptr (WorkspaceSheet) sheet = NULL;

  g_assert_no_error (error);
  sheet = draw (renderer, 0, 64, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (sheet->texture), ==, 64);
}

static void
assert_refused (GBytes *bytes, WorkspaceRenderError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkspaceRenderer) renderer = open_file (bytes, "pdf", &error);

  g_assert_null (renderer);
  g_assert_error (error, WORKSPACE_RENDER_ERROR, (int) code);
}

static void
test_broken (void)
{
  g_autoptr (GBytes) broken = g_bytes_new_static ("%PDF-1.4 and nothing", 20);

  assert_refused (broken, WORKSPACE_RENDER_ERROR_BROKEN);
}

/* The program that draws dies of the file; ours does not. */
static void
test_crash (void)
{
  g_autoptr (GBytes) pdf = make_pdf (1);

  g_setenv ("BEDSIDE_RENDER_FAULT", "crash", TRUE);
  assert_refused (pdf, WORKSPACE_RENDER_ERROR_CRASHED);
  g_unsetenv ("BEDSIDE_RENDER_FAULT");
}

static void
test_hang (void)
{
  g_autoptr (GBytes) pdf = make_pdf (1);

  g_setenv ("BEDSIDE_RENDER_FAULT", "hang", TRUE);
  g_setenv ("BEDSIDE_RENDER_SECONDS", "1", TRUE);
  assert_refused (pdf, WORKSPACE_RENDER_ERROR_HUNG);
  g_unsetenv ("BEDSIDE_RENDER_FAULT");
  g_unsetenv ("BEDSIDE_RENDER_SECONDS");
}

/* It dies of a later page: that page fails, and so do those after it, without a signal to us. */
static void
test_crash_of_a_page (void)
{
  g_autoptr (GBytes) pdf = make_pdf (2);
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkspaceRenderer) renderer = NULL;

  g_setenv ("BEDSIDE_RENDER_FAULT", "crash-page", TRUE);
  renderer = open_file (pdf, "pdf", &error);
  g_unsetenv ("BEDSIDE_RENDER_FAULT");
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (draw (renderer, i, 100, &error));
      g_assert_error (error, WORKSPACE_RENDER_ERROR, WORKSPACE_RENDER_ERROR_CRASHED);
      g_clear_error (&error);
    }
}

static void
test_no_such_page (void)
{
  g_autoptr (GBytes) pdf = make_pdf (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkspaceRenderer) renderer = open_file (pdf, "pdf", &error);
  g_autoptr (WorkspaceSheet) none = draw (renderer, 7, 100, &error);
  g_autoptr (GError) later = NULL;
  g_autoptr (WorkspaceSheet) one = draw (renderer, 0, 100, &later);

  g_assert_null (none);
  g_assert_error (error, WORKSPACE_RENDER_ERROR, WORKSPACE_RENDER_ERROR_BROKEN);
  g_assert_no_error (later);
}

/* What a file that took the program over would try is refused by the kernel. */
static void
test_cage (void)
{
  static const char *const wishes[] = { "socket", "exec", "fork", "write" };

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      g_autoptr (GBytes) pdf = make_pdf (1);
      g_autoptr (GError) error = NULL;
      g_autoptr (WorkspaceRenderer) renderer = NULL;

      g_setenv ("BEDSIDE_RENDER_FAULT", wishes[i], TRUE);
      renderer = open_file (pdf, "pdf", &error);
      g_unsetenv ("BEDSIDE_RENDER_FAULT");
      g_assert_no_error (error); /* it ends itself where a wish comes true */
    }
}

static void
test_missing_program (void)
{
  g_autofree char *program = g_strdup (g_getenv ("BEDSIDE_RENDER"));
  g_autoptr (GBytes) pdf = make_pdf (1);

  g_setenv ("BEDSIDE_RENDER", "/nonexistent/bedside-render", TRUE);
  assert_refused (pdf, WORKSPACE_RENDER_ERROR_MISSING);
  g_setenv ("BEDSIDE_RENDER", program, TRUE);
}

/* Bytes of a good file changed at random never bring this program down. */
static void
test_damaged_at_random (void)
{
  g_autoptr (GBytes) pdf = make_pdf (2);
  g_autoptr (GRand) random = g_rand_new_with_seed (20261129);

  for (guint round = 0; round < 12; round++)
    {
      gsize length = g_bytes_get_size (pdf);
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (pdf, NULL), length);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (WorkspaceRenderer) renderer = NULL;

      for (guint i = 0; i < 8; i++)
        copy[g_rand_int_range (random, 8, (gint32) length)] = (guint8) g_rand_int (random);
      bytes = g_bytes_new_take (g_steal_pointer (&copy), length);
      renderer = open_file (bytes, "pdf", &error);
      if (renderer)
        {
          g_autoptr (WorkspaceSheet) sheet = draw (renderer, 0, 200, &error);
          g_assert_true (sheet || error);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workspace/renderer/pdf", test_pdf);
  g_test_add_func ("/workspace/renderer/image", test_image);
  g_test_add_func ("/workspace/renderer/broken", test_broken);
  g_test_add_func ("/workspace/renderer/crash", test_crash);
  g_test_add_func ("/workspace/renderer/hang", test_hang);
  g_test_add_func ("/workspace/renderer/crash-of-a-page", test_crash_of_a_page);
  g_test_add_func ("/workspace/renderer/no-such-page", test_no_such_page);
  g_test_add_func ("/workspace/renderer/cage", test_cage);
  g_test_add_func ("/workspace/renderer/missing-program", test_missing_program);
  g_test_add_func ("/workspace/renderer/damaged-at-random", test_damaged_at_random);
  return g_test_run ();
}
