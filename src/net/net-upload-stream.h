/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Called in the sending thread before each part of a large body; may block for a moment, so that
 * something more urgent has the line for itself. */
typedef void (*NetPace) (gsize position, gsize size, GCancellable *cancellable, gpointer data);

/* Bytes of a part: at 1 Mbit/s one takes an eighth of a second. */
#define NET_UPLOAD_PART (16 * 1024)

#define NET_TYPE_UPLOAD_STREAM (net_upload_stream_get_type ())
G_DECLARE_FINAL_TYPE (NetUploadStream, net_upload_stream, NET, UPLOAD_STREAM, GInputStream)

GInputStream *net_upload_stream_new (GBytes *bytes, NetPace pace, gpointer data);

G_END_DECLS
