/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "media-transfers-private.h"

/* Files that come. Who sends them is told how many bytes may come, and what comes beyond that, of
 * another kind, or not as it was promised is refused and let go. */

#define MOST_RUNNING 3  /* incoming files at the same time */
#define MOST_OFFERS  60 /* that are looked at in one visit */
#define MOST_HELD    ((guint64) 100 * 1024 * 1024)

void
media_transfers_ask (MediaTransfers *self, MediaTransfer *transfer)
{
  guint64 wanted = MIN (transfer->moved + MEDIA_TRANSFERS_WINDOW, transfer->size);
  guint64 more = wanted > transfer->granted ? wanted - transfer->granted : 0;

  if (self->rate > 0)
    more = MIN (more, self->credit);
  if (more == 0 || (more < MEDIA_TRANSFERS_WINDOW / 2 &&
                    transfer->granted + more < transfer->size && self->rate == 0))
    return;
  self->credit -= MIN (self->credit, more);
  transfer->granted += more;
  media_transfers_say (self, &(MediaChannelMessage) { .type = MEDIA_CHANNEL_MORE,
                                                      .number = transfer->number,
                                                      .size = transfer->granted });
}

static void
fail (MediaTransfers *self, MediaTransfer *transfer, MediaWhy why)
{
  transfer->why = why;
  media_transfers_refuse (self, transfer->number, why);
  media_transfers_move (self, transfer, MEDIA_TRANSFER_REFUSED);
}

/* What lies here of files that came, or is promised to. */
static guint64
get_held (MediaTransfers *self, guint *running)
{
  guint64 held = 0;

  *running = 0;
  for (guint i = 0; i < media_transfers_count (self); i++)
    {
      MediaTransfer *transfer = media_transfers_get (self, i);

      if (transfer->incoming && transfer->state == MEDIA_TRANSFER_RUNNING)
        (*running)++;
      if (transfer->incoming &&
          (transfer->state == MEDIA_TRANSFER_RUNNING || transfer->bytes != NULL))
        held += transfer->size;
    }
  return held;
}

static MediaWhy
why_not (MediaTransfers *self, const MediaChannelMessage *message)
{
  guint running;
  guint64 held = get_held (self, &running);

  if (message->size == 0 || message->size > MEDIA_FILE_MAX)
    return MEDIA_WHY_SIZE;
  if (message->kind == MEDIA_FILE_NONE)
    return MEDIA_WHY_KIND;
  if (running >= MOST_RUNNING || held + message->size > MOST_HELD || self->offers >= MOST_OFFERS)
    return MEDIA_WHY_MANY;
  return MEDIA_WHY_NONE;
}

/* The number of a file that was lost may come again, and is then that file; another one's may not.
 */
void
media_transfers_take_offer (MediaTransfers *self, const MediaChannelMessage *message)
{
  MediaTransfer *before = media_transfers_find (self, TRUE, message->number);
  MediaWhy why = why_not (self, message);
  g_autoptr (MediaTransfer) transfer = NULL;

  if (before != NULL && before->state != MEDIA_TRANSFER_LOST)
    {
      if (before->state == MEDIA_TRANSFER_DONE && g_str_equal (before->hash, message->hash))
        media_transfers_say_word (self, MEDIA_CHANNEL_DONE, message->number);
      else if (before->state != MEDIA_TRANSFER_RUNNING)
        media_transfers_refuse (self, message->number,
                                before->why != MEDIA_WHY_NONE ? before->why : MEDIA_WHY_DECLINED);
      return;
    }
  self->offers = MIN (self->offers + 1, MOST_OFFERS);
  if (why != MEDIA_WHY_NONE)
    {
      media_transfers_refuse (self, message->number, why);
      return;
    }
  if (before != NULL)
    media_transfers_forget (self, before);
  transfer = media_transfer_new (TRUE, message->number);
  transfer->state = MEDIA_TRANSFER_RUNNING;
  transfer->size = message->size;
  transfer->kind = message->kind;
  transfer->hash = g_strdup (message->hash);
  transfer->name = media_file_clean_name (message->text, message->kind, _ ("File"));
  transfer->coming = g_byte_array_new ();
  g_list_store_append (self->list, transfer);
  g_signal_emit_by_name (self, "offered", transfer);
  media_transfers_ask (self, transfer);
  media_transfers_changed (self);
}

/**
 * media_transfers_take_bytes:
 * @bytes: from anybody; what belongs to no file that is coming is passed over
 */
void
media_transfers_take_bytes (MediaTransfers *self, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  MediaTransfer *transfer;
  guint32 number;

  if (!self->open || length <= MEDIA_TRANSFERS_HEAD)
    return;
  memcpy (&number, data, sizeof number);
  transfer = media_transfers_find (self, TRUE, GUINT32_FROM_BE (number));
  length -= MEDIA_TRANSFERS_HEAD;
  if (transfer == NULL || transfer->state != MEDIA_TRANSFER_RUNNING)
    return;
  if (length > transfer->granted - transfer->moved)
    {
      fail (self, transfer, MEDIA_WHY_ORDER);
      return;
    }
  g_byte_array_append (transfer->coming, data + MEDIA_TRANSFERS_HEAD, (guint) length);
  transfer->moved += length;
  if (transfer->moved < transfer->size)
    {
      media_transfers_ask (self, transfer);
      media_transfer_changed (transfer);
    }
  else if (!media_transfer_complete (transfer))
    fail (self, transfer, transfer->why);
  else
    {
      media_transfers_say_word (self, MEDIA_CHANNEL_DONE, transfer->number);
      media_transfers_move (self, transfer, MEDIA_TRANSFER_DONE);
    }
}
