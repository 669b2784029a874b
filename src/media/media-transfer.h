/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "media-channel-message.h"

G_BEGIN_DECLS

typedef enum
{
  MEDIA_TRANSFER_WAITING, /* for the channel, or for its turn */
  MEDIA_TRANSFER_OFFERED, /* the other side has not said that it wants it */
  MEDIA_TRANSFER_RUNNING,
  MEDIA_TRANSFER_DONE, /* all of it is there, and is what was promised */
  MEDIA_TRANSFER_REFUSED,
  MEDIA_TRANSFER_CANCELLED,
  MEDIA_TRANSFER_LOST, /* the connection ended in the middle of it */
} MediaTransferState;

/**
 * MediaTransfer:
 *
 * One file on its way, or a card that is shown. Signal "changed" ().
 */
#define MEDIA_TYPE_TRANSFER (media_transfer_get_type ())
G_DECLARE_FINAL_TYPE (MediaTransfer, media_transfer, MEDIA, TRANSFER, GObject)

MediaTransferState media_transfer_get_state (MediaTransfer *self);
gboolean media_transfer_is_incoming (MediaTransfer *self);
gboolean media_transfer_is_card (MediaTransfer *self);
gboolean media_transfer_is_over (MediaTransfer *self);
guint media_transfer_get_number (MediaTransfer *self);
const char *media_transfer_get_name (MediaTransfer *self);
MediaFileKind media_transfer_get_kind (MediaTransfer *self);
MediaWhy media_transfer_get_why (MediaTransfer *self);
guint64 media_transfer_get_size (MediaTransfer *self);
guint64 media_transfer_get_moved (MediaTransfer *self);
GBytes *media_transfer_get_bytes (MediaTransfer *self);

G_END_DECLS
