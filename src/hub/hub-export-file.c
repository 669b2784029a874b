/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-export-private.h"

#include "hub-gzip.h"
#include "hub-quirk.h"
#include "hub-reply.h"

/* One NDJSON file of an export, read from the store while it is sent: a piece is read and packed on
 * a thread of the store when the one before has gone out, so that neither memory nor disk ever
 * holds the file. */

#define PIECE_ROWS 200u

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  HubExportJob *job;
  guint type;
  gint64 after, sent;
  GConverter *packer; /* NULL: sent plain */
  GString *plain;     /* of one piece */
  GBytes *piece;
  gboolean reading, finished;
} Stream;

static void
stream_free (Stream *self)
{
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_object_unref (self->server);
  g_object_unref (self->message);
  hub_export_job_unref (self->job);
  g_clear_object (&self->packer);
  g_string_free (self->plain, TRUE);
  g_clear_pointer (&self->piece, g_bytes_unref);
  g_free (self);
}

/* A line for each: line ends in JSON are white space between its parts, never within a text. */
static void
add_line (const char *text, gpointer data)
{
  Stream *self = data;
  g_autofree char *changed = hub_quirk_change_text (text);
  gsize start = self->plain->len;

  g_string_append (self->plain, changed != NULL ? changed : text);
  for (gsize i = start; i < self->plain->len; i++)
    if (self->plain->str[i] == '\n' || self->plain->str[i] == '\r')
      self->plain->str[i] = ' ';
  g_string_append_c (self->plain, '\n');
  self->sent++;
}

/* Deletions come as Bundles that would do them: as many in a line as are read at once. */
static void
add_deletion (const char *type, const char *id, gpointer data)
{
  Stream *self = data;

  if (!hub_export_job_wants (self->job, type))
    return;
  g_string_append_printf (self->plain, "%s{\"request\":{\"method\":\"DELETE\",\"url\":\"%s/%s\"}}",
                          self->plain->len > 0 ? "," : "", type, id);
  self->sent++;
}

static gboolean
read_deletions (Stream *self, StoreConnection *connection, GError **error)
{
  if (!store_snapshot_walk_deleted (&self->job->place, connection, PIECE_ROWS, &self->after,
                                    add_deletion, self, error))
    return FALSE;
  if (self->plain->len > 0)
    {
      g_string_prepend (self->plain,
                        "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[");
      g_string_append (self->plain, "]}\n");
    }
  return TRUE;
}

/* The next resources of the type, one in a line. */
static gboolean
read_lines (Stream *self, StoreConnection *connection, GError **error)
{
  return store_snapshot_walk (&self->job->place, connection, self->job->types->pdata[self->type],
                              TRUE, PIECE_ROWS, &self->after, add_line, self, error);
}

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  Stream *self = data;

  g_string_truncate (self->plain, 0);
  if (!(self->type < self->job->types->len ? read_lines (self, connection, error)
                                           : read_deletions (self, connection, error)))
    return FALSE;
  self->piece = self->packer != NULL
                    ? hub_gzip_pack_piece (self->packer, self->plain, self->after < 0)
                    : g_bytes_new (self->plain->str, self->plain->len);
  return TRUE;
}

/* The head has gone out long ago, so all that can be said is that the file does not end here: the
 * connection is cut before the last chunk. */
static void
cut (Stream *self)
{
  GSocket *socket = soup_server_message_get_socket (self->message);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
  soup_message_body_complete (soup_server_message_get_response_body (self->message));
  soup_server_message_unpause (self->message);
}

static void
send_piece (Stream *self)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  if (g_bytes_get_size (self->piece) > 0)
    soup_message_body_append_bytes (body, self->piece);
  g_clear_pointer (&self->piece, g_bytes_unref);
  if (self->after < 0)
    {
      const char *what =
          self->type < self->job->types->len ? self->job->types->pdata[self->type] : "deleted";
      g_autofree char *detail =
          g_strdup_printf ("%s, %" G_GINT64_FORMAT " shown", what, self->sent);

      soup_message_body_complete (body);
      hub_server_audit (self->server, "export", self->job->user, NULL, NULL, detail);
    }
  soup_server_message_unpause (self->message);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Stream *self = data;
  g_autoptr (GError) error = NULL;
  gboolean good = store_database_read_finish (STORE_DATABASE (source), result, &error);

  self->reading = FALSE;
  if (self->finished)
    stream_free (self);
  else if (!good || self->job->cancelled)
    {
      if (!good)
        g_warning ("An export file was cut short: %s", error->message);
      cut (self);
    }
  else if (g_bytes_get_size (self->piece) == 0 && self->after >= 0) /* nothing of these patients */
    {
      g_clear_pointer (&self->piece, g_bytes_unref);
      self->reading = TRUE;
      store_database_read_async (self->job->store, read_work, self, NULL, NULL, read_cb, self);
    }
  else
    send_piece (self);
}

static void
read_next (Stream *self)
{
  self->reading = TRUE;
  soup_server_message_pause (self->message);
  store_database_read_async (self->job->store, read_work, self, NULL, NULL, read_cb, self);
}

static void
wrote_chunk_cb (SoupServerMessage *message, Stream *self)
{
  if (self->after >= 0 && !self->reading)
    read_next (self);
}

static void
finished_cb (SoupServerMessage *message, Stream *self)
{
  self->finished = TRUE;
  if (!self->reading)
    stream_free (self);
}

/**
 * hub_export_send_file:
 * @request: (transfer full): answered from here on
 * @type: which of the job's types; one past the last for what was deleted
 *
 * Sends the resources of one type, one in a line.
 */
void
hub_export_send_file (HubRequest *request, HubExportJob *job, guint type)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);
  Stream *self = g_new0 (Stream, 1);

  self->server = g_object_ref (request->server);
  self->message = g_object_ref (request->message);
  self->job = hub_export_job_ref (job);
  self->type = type;
  self->plain = g_string_new (NULL);
  if (hub_gzip_is_taken (self->message))
    {
      self->packer = hub_gzip_new_packer ();
      soup_message_headers_replace (headers, "Content-Encoding", "gzip");
    }
  soup_message_headers_replace (headers, "Vary", "Accept-Encoding");
  soup_message_headers_set_content_type (headers, "application/fhir+ndjson", NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (self->message), FALSE);
  soup_server_message_set_status (self->message, 200, NULL);
  g_signal_connect (self->message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), self);
  g_signal_connect (self->message, "finished", G_CALLBACK (finished_cb), self);
  read_next (self);
  hub_request_free (request);
}
