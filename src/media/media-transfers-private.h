/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-transfer-private.h"
#include "media-transfers.h"

G_BEGIN_DECLS

struct _MediaTransfers
{
  GObject parent_instance;
  MediaTransfersWay way;
  gpointer data;
  GListStore *list;
  guint next, offers;
  gboolean open;
  guint64 rate;      /* bytes a second in each direction; 0: as fast as it goes */
  guint64 allowance; /* bytes that may be sent until the next tick; meant where there is a rate */
  guint64 credit;    /* bytes that may be asked for until then */
  gint64 ticked_us;
};

void media_transfers_say (MediaTransfers *self, const MediaChannelMessage *message);
void media_transfers_say_word (MediaTransfers *self, MediaChannelMessageType type, guint number);
void media_transfers_refuse (MediaTransfers *self, guint number, MediaWhy why);
guint media_transfers_count (MediaTransfers *self);
MediaTransfer *media_transfers_get (MediaTransfers *self, guint i);
MediaTransfer *media_transfers_find (MediaTransfers *self, gboolean incoming, guint number);
void media_transfers_changed (MediaTransfers *self);
void media_transfers_move (MediaTransfers *self, MediaTransfer *transfer, MediaTransferState state);

/* media-transfers-incoming.c */
void media_transfers_ask (MediaTransfers *self, MediaTransfer *transfer);
void media_transfers_take_offer (MediaTransfers *self, const MediaChannelMessage *message);

G_END_DECLS
