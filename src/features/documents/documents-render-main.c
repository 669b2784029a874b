/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bedside-render: draws the pages of one file that came from elsewhere. It is a program of its own
 * so that what a broken or hostile file does to it stays with it; see workspace-render-protocol.h.
 */

#include <errno.h>
#include <fcntl.h>
#include <gtk/gtk.h>
#include <poppler.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "workspace-render-protocol.h"
#include "documents-render-cage.h"

typedef struct
{
  PopplerDocument *pdf;
  GdkTexture *image;
} File;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerPage, g_object_unref) /* which poppler 25.03 lacks */

static gboolean
write_all (const void *data, gsize length)
{
  const guint8 *at = data;

  while (length > 0)
    {
      gssize done = write (STDOUT_FILENO, at, length);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return FALSE;
      at += done;
      length -= (gsize) done;
    }
  return TRUE;
}

static gboolean
read_request (WorkspaceRenderRequest *request)
{
  guint8 *at = (guint8 *) request;
  gsize left = sizeof *request;

  while (left > 0)
    {
      gssize got = read (STDIN_FILENO, at, left);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return FALSE;
      at += got;
      left -= (gsize) got;
    }
  return TRUE;
}

/* For tests of the cage: ends the program where what must not succeed does. */
static void
wish (const char *what)
{
  gboolean granted = FALSE;

  if (g_strcmp0 (what, "socket") == 0)
    granted = socket (AF_INET, SOCK_STREAM, 0) >= 0;
  else if (g_strcmp0 (what, "exec") == 0)
    granted = execl ("/bin/true", "true", NULL) == 0;
  else if (g_strcmp0 (what, "fork") == 0)
    granted = fork () >= 0;
  else if (g_strcmp0 (what, "write") == 0)
    granted = open ("/tmp", O_TMPFILE | O_WRONLY, 0600) >= 0;
  if (granted)
    _exit (3);
}

/* For tests: what a file could do to this program. */
static void
fail_as_told (const char *when)
{
  const char *fault = g_getenv ("BEDSIDE_RENDER_FAULT");

  wish (fault);

  if (g_strcmp0 (fault, "hang") == 0)
    for (;;)
      pause ();
  if (g_strcmp0 (fault, when) == 0)
    raise (SIGSEGV);
}

static WorkspaceRenderStatus
open_file (File *self, const char *kind)
{
  g_autoptr (GError) error = NULL;

  if (g_str_equal (kind, "pdf"))
    {
      self->pdf = poppler_document_new_from_fd (WORKSPACE_RENDER_FILE, NULL, &error);
      if (g_error_matches (error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        return WORKSPACE_RENDER_STATUS_PASSWORD;
    }
  else
    {
      g_autoptr (GMappedFile) mapped =
          g_mapped_file_new_from_fd (WORKSPACE_RENDER_FILE, FALSE, &error);
      g_autoptr (GBytes) bytes = mapped ? g_mapped_file_get_bytes (mapped) : NULL;

      self->image = bytes ? gdk_texture_new_from_bytes (bytes, &error) : NULL;
    }
  return self->pdf || self->image ? WORKSPACE_RENDER_STATUS_OK : WORKSPACE_RENDER_STATUS_BROKEN;
}

static guint
count_pages (File *self)
{
  return self->pdf ? (guint) MAX (0, poppler_document_get_n_pages (self->pdf)) : 1;
}

/* A white sheet of @width pixels for something of this shape. */
static cairo_surface_t *
make_sheet (guint width, double natural_width, double natural_height, double *scale)
{
  double height;
  cairo_surface_t *sheet;
  cairo_t *cairo;

  if (!(natural_width > 0) || !(natural_height > 0))
    return NULL;
  width = CLAMP (width, 1, WORKSPACE_RENDER_MAX_WIDTH);
  *scale = width / natural_width;
  height = natural_height * *scale;
  if (height > WORKSPACE_RENDER_MAX_HEIGHT)
    {
      *scale = WORKSPACE_RENDER_MAX_HEIGHT / natural_height;
      height = WORKSPACE_RENDER_MAX_HEIGHT;
      width = (guint) MAX (1, natural_width * *scale);
    }
  sheet = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) width, (int) MAX (1, height));
  cairo = cairo_create (sheet);
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  return sheet;
}

static cairo_surface_t *
draw_pdf (PopplerPage *page, guint width)
{
  double natural_width, natural_height, scale;
  cairo_surface_t *sheet;
  cairo_t *cairo;

  poppler_page_get_size (page, &natural_width, &natural_height);
  sheet = make_sheet (width, natural_width, natural_height, &scale);
  if (!sheet)
    return NULL;
  cairo = cairo_create (sheet);
  cairo_scale (cairo, scale, scale);
  poppler_page_render (page, cairo);
  cairo_destroy (cairo);
  return sheet;
}

static cairo_surface_t *
draw_image (GdkTexture *image, guint width)
{
  int natural_width = gdk_texture_get_width (image),
      natural_height = gdk_texture_get_height (image);
  cairo_surface_t *whole =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, natural_width, natural_height);
  double scale;
  cairo_surface_t *sheet = make_sheet (width, natural_width, natural_height, &scale);

  if (sheet && cairo_surface_status (whole) == CAIRO_STATUS_SUCCESS)
    {
      cairo_t *cairo = cairo_create (sheet);

      gdk_texture_download (image, cairo_image_surface_get_data (whole),
                            (gsize) cairo_image_surface_get_stride (whole));
      cairo_surface_mark_dirty (whole);
      cairo_scale (cairo, scale, scale);
      cairo_set_source_surface (cairo, whole, 0, 0);
      cairo_paint (cairo);
      cairo_destroy (cairo);
    }
  cairo_surface_destroy (whole);
  return sheet;
}

static gboolean
answer_page (File *self, const WorkspaceRenderRequest *request)
{
  g_autoptr (PopplerPage) page = self->pdf && request->page < count_pages (self)
                                     ? poppler_document_get_page (self->pdf, (int) request->page)
                                     : NULL;
  cairo_surface_t *sheet = page          ? draw_pdf (page, request->width)
                           : self->image ? draw_image (self->image, request->width)
                                         : NULL;
  g_autofree char *text = page ? poppler_page_get_text (page) : NULL;
  g_autofree char *valid = text ? g_utf8_make_valid (text, -1) : NULL;
  WorkspaceRenderAnswer answer = { WORKSPACE_RENDER_STATUS_BROKEN, count_pages (self), 0, 0, 0 };
  gboolean written;

  if (sheet && cairo_surface_status (sheet) == CAIRO_STATUS_SUCCESS)
    {
      answer.status = WORKSPACE_RENDER_STATUS_OK;
      answer.width = (guint) cairo_image_surface_get_width (sheet);
      answer.height = (guint) cairo_image_surface_get_height (sheet);
      answer.n_text = valid ? (guint) MIN (strlen (valid), WORKSPACE_RENDER_MAX_TEXT) : 0;
      cairo_surface_flush (sheet);
    }
  written = write_all (&answer, sizeof answer) &&
            (answer.status != WORKSPACE_RENDER_STATUS_OK ||
             (write_all (cairo_image_surface_get_data (sheet),
                         (gsize) answer.width * 4 * answer.height) &&
              write_all (valid, answer.n_text)));
  if (sheet)
    cairo_surface_destroy (sheet);
  return written;
}

/* It ends when its requests end: that is, with whoever started it. (A signal at the parent's death
 * would come with the end of the parent's thread, and that is a worker's.) */
int
main (int argc, char *argv[])
{
  File file = { NULL, NULL };
  WorkspaceRenderAnswer first = { 0 };
  WorkspaceRenderRequest request;

  if (argc != 2)
    {
      g_printerr ("bedside-render is started by Bedside.\n");
      return 2;
    }
  documents_render_cage ();
  fail_as_told ("crash");
  first.status = open_file (&file, argv[1]);
  first.pages = first.status == WORKSPACE_RENDER_STATUS_OK ? count_pages (&file) : 0;
  if (!write_all (&first, sizeof first) || first.status != WORKSPACE_RENDER_STATUS_OK)
    _exit (1);
  while (read_request (&request))
    {
      fail_as_told ("crash-page");
      if (!answer_page (&file, &request))
        break;
    }
  _exit (0); /* nothing is kept that would have to be put away */
}
