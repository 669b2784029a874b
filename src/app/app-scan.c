/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-scan.h"

#include <glib/gi18n.h>

#include "net-probe.h"

/* What a QR code says comes from whoever printed it. It is taken for the address of a server or for
 * nothing, and it is shown before it is used. */

#define LONGEST 512
#define LINK    "bedside:connect?"

static gboolean
begins (const char *text, const char *scheme)
{
  return g_ascii_strncasecmp (text, scheme, strlen (scheme)) == 0;
}

/* Signs that are not seen, or that look like others, make an address look like another one. */
static gboolean
is_plain (const char *text)
{
  for (const char *at = text; *at; at++)
    if (!g_ascii_isgraph (*at))
      return FALSE;
  return TRUE;
}

/**
 * app_scan_dup_server:
 * @text: of a code
 *
 * Returns: (transfer full) (nullable): the address of a server, for a person to read; NULL with a
 *   sentence where it is none, or one that nobody should follow
 */
char *
app_scan_dup_server (const char *text, GError **error)
{
  g_autofree char *server = NULL;
  g_autoptr (GError) local = NULL;

  if (strlen (text) > LONGEST)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("This code is too long for the address of a server. Ask your "
                              "clinic’s administrator for the right one."));
      return NULL;
    }
  if (!begins (text, LINK) && !begins (text, "https://") && !begins (text, "http://"))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("This code does not name a clinic’s server. Ask your clinic’s "
                              "administrator for the right one."));
      return NULL;
    }
  server = net_probe_dup_server (text, &local);
  if (is_plain (text) && server && is_plain (server))
    return g_steal_pointer (&server);
  if (server)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("This code holds an address with signs that can deceive. Do not use "
                            "it; ask your clinic’s administrator where it comes from."));
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* Why there is no text, and what to do; a picture that holds no code is none that was shown. */
const char *
app_scan_explain (BaseQrFinding finding)
{
  switch (finding)
    {
    case BASE_QR_BROKEN:
      return _ ("There is a code, and it cannot be read. Hold it flat, closer, and in more light.");
    case BASE_QR_FOREIGN:
      return _ ("This code does not name a clinic’s server. Ask your clinic’s administrator for "
                "the right one.");
    case BASE_QR_NONE:
    case BASE_QR_TEXT:
    default:
      return _ ("There is no QR code in this picture. Choose another one, or type the address.");
    }
}

/* ---- pixels ---- */

typedef struct
{
  GBytes *pixels;
  guint width, height, bytes;
  gsize stride;
  char *text;
} Scan;

static void
scan_free (gpointer data)
{
  Scan *scan = data;

  g_bytes_unref (scan->pixels);
  g_free (scan->text);
  g_free (scan);
}

/* Green counts twice; which of the others comes first does not matter. */
static void
scan_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Scan *scan = data;
  const guint8 *pixels = g_bytes_get_data (scan->pixels, NULL);
  g_autofree guint8 *grey = g_malloc ((gsize) scan->width * scan->height);

  for (guint y = 0; y < scan->height; y++)
    for (guint x = 0; x < scan->width; x++)
      {
        const guint8 *pixel = pixels + y * scan->stride + (gsize) x * scan->bytes;

        grey[(gsize) y * scan->width + x] = (guint8) ((pixel[0] + 2 * pixel[1] + pixel[2]) / 4);
      }
  g_task_return_int (task,
                     base_qr_read (grey, scan->width, scan->height, scan->width, &scan->text));
}

/* @bytes: of a pixel, 3 or 4; the first three are its colours */
void
app_scan_pixels_async (GBytes *pixels,
                       guint width,
                       guint height,
                       gsize stride,
                       guint bytes,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Scan *scan = g_new0 (Scan, 1);

  scan->pixels = g_bytes_ref (pixels);
  scan->width = width;
  scan->height = height;
  scan->stride = stride;
  scan->bytes = bytes;
  g_task_set_source_tag (task, app_scan_pixels_async);
  g_task_set_task_data (task, scan, scan_free);
  g_task_run_in_thread (task, scan_thread);
}

/* @text: (out) (transfer full) (nullable): with TEXT. NONE where it was cancelled */
BaseQrFinding
app_scan_pixels_finish (GAsyncResult *result, char **text)
{
  gssize finding = g_task_propagate_int (G_TASK (result), NULL);

  *text = NULL;
  if (finding < 0)
    return BASE_QR_NONE;
  *text = g_steal_pointer (&((Scan *) g_task_get_task_data (G_TASK (result)))->text);
  return (BaseQrFinding) finding;
}
