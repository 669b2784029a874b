/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-transfer.h"

G_BEGIN_DECLS

#define MEDIA_TRANSFERS_CHUNK  ((gsize) 16 * 1024)
#define MEDIA_TRANSFERS_WINDOW ((guint64) 256 * 1024) /* bytes that may be under way */
#define MEDIA_TRANSFERS_HEAD   ((gsize) 4)            /* the number before the bytes of a chunk */

/* How lines and bytes leave. */
typedef struct
{
  void (*send_line) (const char *line, gpointer data);
  void (*send_bytes) (GBytes *bytes, gpointer data);
  gsize (*get_waiting) (gpointer data); /* bytes that were given and have not left yet */
} MediaTransfersWay;

/**
 * MediaTransfers:
 *
 * The files of one visit, both ways, over a channel that comes and goes. Main thread only.
 *
 * Signals: "changed" () when a file comes, goes on or is over; "offered" (MediaTransfer *) when one
 * begins to come; "stopped" (MediaTransfer *) when the other side takes a card away
 */
#define MEDIA_TYPE_TRANSFERS (media_transfers_get_type ())
G_DECLARE_FINAL_TYPE (MediaTransfers, media_transfers, MEDIA, TRANSFERS, GObject)

MediaTransfers *media_transfers_new (const MediaTransfersWay *way, gpointer data);
GListModel *media_transfers_get_list (MediaTransfers *self);
void media_transfers_set_open (MediaTransfers *self, gboolean open);
void media_transfers_set_rate (MediaTransfers *self, guint64 bytes_per_second);
void media_transfers_tick (MediaTransfers *self, gint64 now_us);
void media_transfers_drained (MediaTransfers *self);
gboolean media_transfers_take_message (MediaTransfers *self, const MediaChannelMessage *message);
void media_transfers_take_bytes (MediaTransfers *self, GBytes *bytes);

MediaTransfer *
media_transfers_send (MediaTransfers *self, const char *name, GBytes *bytes, MediaWhy *why);
MediaTransfer *media_transfers_show (
    MediaTransfers *self, const char *title, const char *date, GBytes *bytes, MediaWhy *why);
MediaTransfer *media_transfers_get_card (MediaTransfers *self);
void media_transfers_show_again (MediaTransfers *self);
void media_transfers_cancel (MediaTransfers *self, MediaTransfer *transfer);
void media_transfers_tell_kept (MediaTransfers *self, MediaTransfer *transfer, gboolean kept);
void media_transfers_let_go (MediaTransfers *self, MediaTransfer *transfer);
void media_transfers_forget (MediaTransfers *self, MediaTransfer *transfer);

G_END_DECLS
