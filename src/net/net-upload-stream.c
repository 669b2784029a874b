/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-upload-stream.h"

#include <string.h>

/* A large body in small parts, each when it may go. */

struct _NetUploadStream
{
  GInputStream parent_instance;
  GBytes *bytes;
  gsize position;
  NetPace pace;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (NetUploadStream, net_upload_stream, G_TYPE_INPUT_STREAM)

static gssize
net_upload_stream_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  NetUploadStream *self = NET_UPLOAD_STREAM (stream);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &size);
  gsize part = MIN (MIN (count, (gsize) NET_UPLOAD_PART), size - self->position);

  if (part > 0)
    self->pace (self->position, size, cancellable, self->data);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  memcpy (buffer, bytes + self->position, part);
  self->position += part;
  return (gssize) part;
}

static void
net_upload_stream_finalize (GObject *object)
{
  g_clear_pointer (&NET_UPLOAD_STREAM (object)->bytes, g_bytes_unref);

  G_OBJECT_CLASS (net_upload_stream_parent_class)->finalize (object);
}

static void
net_upload_stream_class_init (NetUploadStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = net_upload_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = net_upload_stream_read;
}

static void
net_upload_stream_init (NetUploadStream *self)
{
}

GInputStream *
net_upload_stream_new (GBytes *bytes, NetPace pace, gpointer data)
{
  NetUploadStream *self = g_object_new (NET_TYPE_UPLOAD_STREAM, NULL);

  self->bytes = g_bytes_ref (bytes);
  self->pace = pace;
  self->data = data;
  return G_INPUT_STREAM (self);
}
