/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-id.h"
#include "hub-gzip.h"
#include "hub-patient-private.h"
#include "hub-patient-resources.h"
#include "hub-reply.h"

/* The files of the patient's pages. They are the same for everybody, so a browser may keep them and
 * ask whether they changed: a page that is loaded anew in the middle of a call is there at once.
 * Nothing that is said of a patient is kept, or packed. */

#define RESOURCES "/health/bedside/patient/"

typedef struct
{
  GBytes *plain, *packed;
  char *tag;
} File;

static void
file_free (gpointer data)
{
  File *file = data;

  g_bytes_unref (file->plain);
  g_bytes_unref (file->packed);
  g_free (file->tag);
  g_free (file);
}

static const char *
content_type_of (const char *name)
{
  if (g_str_has_suffix (name, ".js"))
    return "text/javascript; charset=utf-8";
  if (g_str_has_suffix (name, ".css"))
    return "text/css; charset=utf-8";
  if (g_str_has_suffix (name, ".svg"))
    return "image/svg+xml";
  return "text/html; charset=utf-8";
}

/**
 * hub_patient_find_file:
 *
 * Returns: (transfer full) (nullable): what the page @name holds
 */
GBytes *
hub_patient_find_file (const char *name)
{
  g_autofree char *path = g_strconcat (RESOURCES, name, NULL);

  return g_resource_lookup_data (hub_patient_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 NULL);
}

/* Packed once. For the main loop, where the handlers are. */
static File *
load (const char *name)
{
  static GHashTable *files;
  g_autoptr (GBytes) plain = NULL;
  File *file;

  if (files == NULL)
    files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_free);
  file = g_hash_table_lookup (files, name);
  plain = file == NULL ? hub_patient_find_file (name) : NULL;
  if (file == NULL && plain != NULL)
    {
      g_autofree char *digest =
          base_sha256_hex (g_bytes_get_data (plain, NULL), (gssize) g_bytes_get_size (plain));

      file = g_new0 (File, 1);
      file->packed = hub_gzip_pack (plain);
      file->plain = g_steal_pointer (&plain);
      file->tag = g_strdup_printf ("\"%.32s\"", digest);
      g_hash_table_insert (files, g_strdup (name), file);
    }
  return file;
}

void
hub_patient_reply_file (SoupServerMessage *message, guint status, const char *name)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *kept =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "If-None-Match");
  File *file = load (name);

  if (file == NULL)
    {
      hub_reply_text (message, 404, "text/plain", g_strdup ("There is nothing here\n"));
      return;
    }
  soup_message_headers_replace (headers, "Vary", "Accept-Encoding");
  /* A page has a link's secret in its address, and stays out of every cache. */
  if (!g_str_has_suffix (name, ".html"))
    {
      soup_message_headers_replace (headers, "Cache-Control", "no-cache");
      soup_message_headers_replace (headers, "ETag", file->tag);
    }
  if (!g_str_has_suffix (name, ".html") && g_strcmp0 (kept, file->tag) == 0)
    {
      soup_server_message_set_status (message, 304, NULL);
      return;
    }
  soup_message_headers_replace (headers, "Content-Type", content_type_of (name));
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), file->plain);
  if (hub_gzip_is_taken (message))
    hub_gzip_set_answer (message, file->packed);
  soup_server_message_set_status (message, status, NULL);
}
