/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-transfer.h"

G_BEGIN_DECLS

struct _MediaTransfer
{
  GObject parent_instance;
  MediaTransferState state;
  gboolean incoming, card;
  guint number;
  char *name, *date, *hash;
  MediaFileKind kind;
  MediaWhy why;
  guint64 size;
  guint64 moved;   /* bytes that were sent, or came */
  guint64 granted; /* bytes that may have been sent by now */
  GByteArray *coming;
  GBytes *bytes;
};

MediaTransfer *media_transfer_new (gboolean incoming, guint number);
void media_transfer_move (MediaTransfer *self, MediaTransferState state);
void media_transfer_changed (MediaTransfer *self);
void media_transfer_begin_again (MediaTransfer *self);
gboolean media_transfer_complete (MediaTransfer *self);

G_END_DECLS
