/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-transfers.h"

#include <glib/gi18n.h>
#include <string.h>

#include "media-transfers-private.h"

/* Files pass in chunks, each with the number of its file before it. Who receives says how many
 * bytes may come (credit), so that nobody can fill a memory faster than it is emptied; who sends
 * also looks at what the channel has not sent yet. A connection that ends begins a file again; it
 * is not resumed. */

#define LEAST_PER_TICK ((guint64) 2048)

enum
{
  CHANGED,
  OFFERED,
  STOPPED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaTransfers, media_transfers, G_TYPE_OBJECT)

void
media_transfers_say (MediaTransfers *self, const MediaChannelMessage *message)
{
  g_autofree char *line = media_channel_message_write (message);

  if (self->open)
    self->way.send_line (line, self->data);
}

void
media_transfers_say_word (MediaTransfers *self, MediaChannelMessageType type, guint number)
{
  media_transfers_say (self, &(MediaChannelMessage) { .type = type, .number = number });
}

void
media_transfers_refuse (MediaTransfers *self, guint number, MediaWhy why)
{
  media_transfers_say (self, &(MediaChannelMessage) {
                                 .type = MEDIA_CHANNEL_REFUSE, .number = number, .why = why });
}

MediaTransfer *
media_transfers_get (MediaTransfers *self, guint i)
{
  g_autoptr (MediaTransfer) transfer = g_list_model_get_item (G_LIST_MODEL (self->list), i);

  return transfer; /* the list holds it */
}

guint
media_transfers_count (MediaTransfers *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->list));
}

MediaTransfer *
media_transfers_find (MediaTransfers *self, gboolean incoming, guint number)
{
  for (guint i = 0; i < media_transfers_count (self); i++)
    {
      MediaTransfer *transfer = media_transfers_get (self, i);

      if (transfer->incoming == incoming && transfer->number == number)
        return transfer;
    }
  return NULL;
}

void
media_transfers_changed (MediaTransfers *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

void
media_transfers_move (MediaTransfers *self, MediaTransfer *transfer, MediaTransferState state)
{
  media_transfer_move (transfer, state);
  media_transfers_changed (self);
}

/* ---- sending ---- */

static void
offer (MediaTransfers *self, MediaTransfer *transfer)
{
  MediaChannelMessage message = {
    .type = transfer->card ? MEDIA_CHANNEL_CARD : MEDIA_CHANNEL_OFFER,
    .number = transfer->number,
    .size = transfer->size,
    .kind = transfer->kind,
    .hash = transfer->hash,
    .text = transfer->name,
    .at = transfer->date,
  };

  media_transfers_say (self, &message);
  media_transfers_move (self, transfer, MEDIA_TRANSFER_OFFERED);
}

static void
send_chunk (MediaTransfers *self, MediaTransfer *transfer, guint64 length)
{
  const guint8 *bytes = g_bytes_get_data (transfer->bytes, NULL);
  guint8 *chunk = g_malloc (MEDIA_TRANSFERS_HEAD + length);
  guint32 number = GUINT32_TO_BE (transfer->number);
  g_autoptr (GBytes) message = NULL;

  memcpy (chunk, &number, sizeof number);
  memcpy (chunk + MEDIA_TRANSFERS_HEAD, bytes + transfer->moved, length);
  message = g_bytes_new_take (chunk, MEDIA_TRANSFERS_HEAD + length);
  transfer->moved += length;
  if (self->rate > 0)
    self->allowance -= MIN (self->allowance, length);
  self->way.send_bytes (message, self->data);
}

static void
pump_one (MediaTransfers *self, MediaTransfer *transfer)
{
  gboolean moved = FALSE;

  while (self->open && transfer->state == MEDIA_TRANSFER_RUNNING &&
         transfer->moved < MIN (transfer->granted, transfer->size) &&
         (self->rate == 0 || self->allowance > 0) &&
         self->way.get_waiting (self->data) < MEDIA_TRANSFERS_WINDOW)
    {
      send_chunk (self, transfer,
                  MIN (MEDIA_TRANSFERS_CHUNK,
                       MIN (transfer->granted, transfer->size) - transfer->moved));
      moved = TRUE;
    }
  if (moved)
    media_transfer_changed (transfer); /* each chunk; of the list nothing changes */
}

/* A card first: somebody speaks about it. */
static void
pump (MediaTransfers *self)
{
  for (int card = 1; card >= 0; card--)
    for (guint i = 0; i < media_transfers_count (self); i++)
      {
        MediaTransfer *transfer = media_transfers_get (self, i);

        if (!transfer->incoming && transfer->card == card)
          pump_one (self, transfer);
      }
}

/* One file at a time is offered; a card at once. */
static void
offer_next (MediaTransfers *self)
{
  gboolean busy = FALSE;

  for (guint i = 0; self->open && i < media_transfers_count (self); i++)
    {
      MediaTransfer *transfer = media_transfers_get (self, i);
      gboolean waits = transfer->state == MEDIA_TRANSFER_WAITING;

      if (transfer->incoming || media_transfer_is_over (transfer))
        continue;
      if (waits && (transfer->card || !busy))
        offer (self, transfer);
      busy = busy || !transfer->card;
    }
}

static void
take_more (MediaTransfers *self, MediaTransfer *transfer, guint64 granted)
{
  if (transfer->state != MEDIA_TRANSFER_OFFERED && transfer->state != MEDIA_TRANSFER_RUNNING)
    return;
  transfer->granted = MAX (transfer->granted, granted);
  if (transfer->state == MEDIA_TRANSFER_OFFERED)
    media_transfers_move (self, transfer, MEDIA_TRANSFER_RUNNING);
  pump (self);
}

/* ---- what the other side says ---- */

static void
take_done (MediaTransfers *self, MediaTransfer *transfer)
{
  if (transfer->moved < transfer->size && transfer->state != MEDIA_TRANSFER_OFFERED)
    return;
  transfer->moved = transfer->size;
  media_transfers_move (self, transfer, MEDIA_TRANSFER_DONE);
  offer_next (self);
}

static void
take_refusal (MediaTransfers *self, MediaTransfer *transfer, MediaWhy why)
{
  transfer->why = why;
  media_transfers_move (self, transfer, MEDIA_TRANSFER_REFUSED);
  offer_next (self);
}

/* Of a card that is shown no more nothing is kept. */
static void
take_stop (MediaTransfers *self, guint number)
{
  MediaTransfer *found = media_transfers_find (self, FALSE, number);
  g_autoptr (MediaTransfer) card = found != NULL && found->card ? g_object_ref (found) : NULL;

  if (card == NULL)
    return;
  media_transfer_move (card, MEDIA_TRANSFER_CANCELLED);
  media_transfers_forget (self, card);
  g_signal_emit (self, signals[STOPPED], 0, card);
}

/**
 * media_transfers_take_message:
 * @message: from anybody
 *
 * Returns: whether it was about files
 */
gboolean
media_transfers_take_message (MediaTransfers *self, const MediaChannelMessage *message)
{
  MediaTransfer *own = media_transfers_find (self, FALSE, message->number);
  MediaTransfer *theirs = media_transfers_find (self, TRUE, message->number);

  switch (message->type)
    {
    case MEDIA_CHANNEL_OFFER:
      media_transfers_take_offer (self, message);
      return TRUE;
    case MEDIA_CHANNEL_MORE:
      if (own != NULL)
        take_more (self, own, message->size);
      return TRUE;
    case MEDIA_CHANNEL_DONE:
      if (own != NULL && !media_transfer_is_over (own))
        take_done (self, own);
      return TRUE;
    case MEDIA_CHANNEL_REFUSE:
      if (own != NULL && !media_transfer_is_over (own))
        take_refusal (self, own, message->why);
      return TRUE;
    case MEDIA_CHANNEL_CANCEL:
      if (theirs != NULL && !media_transfer_is_over (theirs))
        media_transfers_move (self, theirs, MEDIA_TRANSFER_CANCELLED);
      return TRUE;
    case MEDIA_CHANNEL_STOP:
      take_stop (self, message->number);
      return TRUE;
    case MEDIA_CHANNEL_CARD: /* only a clinician shows something */
    case MEDIA_CHANNEL_KEPT:
      return TRUE;
    case MEDIA_CHANNEL_HELLO:
    case MEDIA_CHANNEL_CHAT:
    case MEDIA_CHANNEL_GOT:
      break;
    }
  return FALSE;
}

/* ---- the object ---- */

static void
media_transfers_finalize (GObject *object)
{
  g_clear_object (&MEDIA_TRANSFERS (object)->list);
  G_OBJECT_CLASS (media_transfers_parent_class)->finalize (object);
}

static void
media_transfers_class_init (MediaTransfersClass *class)
{
  G_OBJECT_CLASS (class)->finalize = media_transfers_finalize;
  signals[CHANGED] = g_signal_new ("changed", MEDIA_TYPE_TRANSFERS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[OFFERED] = g_signal_new ("offered", MEDIA_TYPE_TRANSFERS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, MEDIA_TYPE_TRANSFER);
  signals[STOPPED] = g_signal_new ("stopped", MEDIA_TYPE_TRANSFERS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, MEDIA_TYPE_TRANSFER);
}

/* Numbers of a program that was started again must not be those of its former life. */
static void
media_transfers_init (MediaTransfers *self)
{
  self->list = g_list_store_new (MEDIA_TYPE_TRANSFER);
  self->next = (guint) g_random_int_range (1, G_MAXINT32 / 2);
}

MediaTransfers *
media_transfers_new (const MediaTransfersWay *way, gpointer data)
{
  MediaTransfers *self = g_object_new (MEDIA_TYPE_TRANSFERS, NULL);

  self->way = *way;
  self->data = data;
  return self;
}

/* (transfer none) (element-type MediaTransfer): oldest first */
GListModel *
media_transfers_get_list (MediaTransfers *self)
{
  return G_LIST_MODEL (self->list);
}

static gboolean
is_shown (MediaTransfer *transfer)
{
  return transfer->card && transfer->state == MEDIA_TRANSFER_DONE;
}

/**
 * media_transfers_set_open:
 *
 * Whether there is a channel. What was on its way is lost, and what is sent is offered again; so is
 * what is shown, which the other side takes away when its channel closes.
 */
void
media_transfers_set_open (MediaTransfers *self, gboolean open)
{
  if (self->open == open)
    return;
  self->open = open;
  for (guint i = 0; i < media_transfers_count (self); i++)
    {
      MediaTransfer *transfer = media_transfers_get (self, i);

      if (!media_transfer_is_over (transfer) || (open && is_shown (transfer)))
        media_transfer_begin_again (transfer);
    }
  offer_next (self);
  media_transfers_changed (self);
}

/**
 * media_transfers_set_rate:
 * @bytes_per_second: at most in each direction, so that sound and picture are not pushed aside; 0:
 *   there is room
 */
void
media_transfers_set_rate (MediaTransfers *self, guint64 bytes_per_second)
{
  self->rate = bytes_per_second;
}

/**
 * media_transfers_tick:
 *
 * To be called about twice a second.
 */
void
media_transfers_tick (MediaTransfers *self, gint64 now_us)
{
  gint64 span = CLAMP (now_us - self->ticked_us, 0, G_USEC_PER_SEC);

  self->ticked_us = now_us;
  self->allowance = self->credit =
      MAX (self->rate * (guint64) span / G_USEC_PER_SEC, LEAST_PER_TICK);
  pump (self);
  for (guint i = 0; i < media_transfers_count (self); i++)
    if (media_transfers_get (self, i)->incoming &&
        media_transfers_get (self, i)->state == MEDIA_TRANSFER_RUNNING)
      media_transfers_ask (self, media_transfers_get (self, i));
}

/* The channel has room again. */
void
media_transfers_drained (MediaTransfers *self)
{
  pump (self);
}

/* ---- what a person does ---- */

/* (transfer none) (nullable): what is shown at the other side, or is on its way there */
MediaTransfer *
media_transfers_get_card (MediaTransfers *self)
{
  for (guint i = 0; i < media_transfers_count (self); i++)
    if (media_transfers_get (self, i)->card)
      return media_transfers_get (self, i);
  return NULL;
}

static MediaTransfer *
add (MediaTransfers *self, gboolean card, const char *name, GBytes *bytes, MediaWhy *why)
{
  g_autoptr (MediaTransfer) transfer = media_transfer_new (FALSE, self->next++);

  transfer->size = g_bytes_get_size (bytes);
  transfer->kind = media_file_kind_of_bytes (bytes);
  *why = MEDIA_WHY_NONE;
  if (transfer->size == 0 || transfer->size > MEDIA_FILE_MAX)
    *why = MEDIA_WHY_SIZE;
  else if (transfer->kind == MEDIA_FILE_NONE)
    *why = MEDIA_WHY_KIND;
  if (*why != MEDIA_WHY_NONE)
    return NULL;
  transfer->card = card;
  transfer->name = g_strdup (name);
  transfer->bytes = g_bytes_ref (bytes);
  transfer->hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_list_store_append (self->list, transfer);
  return transfer;
}

/**
 * media_transfers_send:
 * @why: (out): why it may not be sent, where it may not
 *
 * Returns: (transfer none) (nullable): the file on its way; it waits for the channel
 */
MediaTransfer *
media_transfers_send (MediaTransfers *self, const char *name, GBytes *bytes, MediaWhy *why)
{
  g_autofree char *clean =
      media_file_clean_name (name, media_file_kind_of_bytes (bytes), _ ("File"));
  MediaTransfer *transfer = add (self, FALSE, clean, bytes, why);

  if (transfer != NULL)
    offer_next (self);
  media_transfers_changed (self);
  return transfer;
}

/**
 * media_transfers_show:
 * @date: (nullable): of what is shown, in words
 * @bytes: a picture or a text
 *
 * Shows one thing at the other side; what was shown before goes.
 *
 * Returns: (transfer none) (nullable): the card
 */
MediaTransfer *
media_transfers_show (
    MediaTransfers *self, const char *title, const char *date, GBytes *bytes, MediaWhy *why)
{
  g_autofree char *clean = media_file_clean_line (title, MEDIA_CHANNEL_MAX_NAME / 4);
  MediaTransfer *card;

  if (media_file_kind_of_bytes (bytes) == MEDIA_FILE_PDF)
    {
      *why = MEDIA_WHY_KIND;
      return NULL;
    }
  if (media_transfers_get_card (self) != NULL)
    media_transfers_cancel (self, media_transfers_get_card (self));
  card = add (self, TRUE, clean, bytes, why);
  if (card != NULL)
    {
      card->date = g_strdup (date);
      offer_next (self);
    }
  media_transfers_changed (self);
  return card;
}

/**
 * media_transfers_cancel:
 *
 * Takes back what is sent, declines what comes, takes a card away.
 */
void
media_transfers_cancel (MediaTransfers *self, MediaTransfer *transfer)
{
  g_autoptr (MediaTransfer) held = g_object_ref (transfer);

  if (!transfer->card && media_transfer_is_over (transfer))
    return;
  if (transfer->incoming)
    media_transfers_refuse (self, transfer->number, MEDIA_WHY_DECLINED);
  else
    media_transfers_say_word (self, transfer->card ? MEDIA_CHANNEL_STOP : MEDIA_CHANNEL_CANCEL,
                              transfer->number);
  media_transfer_move (transfer, MEDIA_TRANSFER_CANCELLED);
  if (transfer->card)
    media_transfers_forget (self, transfer);
  offer_next (self);
  media_transfers_changed (self);
}

/**
 * media_transfers_show_again:
 *
 * The other side's page was loaded anew, and has nothing of what it was shown.
 */
void
media_transfers_show_again (MediaTransfers *self)
{
  MediaTransfer *card = media_transfers_get_card (self);

  if (card == NULL || !self->open || !is_shown (card))
    return;
  media_transfer_begin_again (card);
  offer_next (self);
}

/* The other side reads what became of what it sent. */
void
media_transfers_tell_kept (MediaTransfers *self, MediaTransfer *transfer, gboolean kept)
{
  media_transfers_say (self, &(MediaChannelMessage) { .type = MEDIA_CHANNEL_KEPT,
                                                      .number = transfer->number,
                                                      .on = kept });
}

/* Lets the bytes go; that there was a file stays known. */
void
media_transfers_let_go (MediaTransfers *self, MediaTransfer *transfer)
{
  g_clear_pointer (&transfer->bytes, g_bytes_unref);
  media_transfer_changed (transfer);
  media_transfers_changed (self);
}

/**
 * media_transfers_forget:
 *
 * Lets the bytes go, and the line about them.
 */
void
media_transfers_forget (MediaTransfers *self, MediaTransfer *transfer)
{
  guint position;

  if (g_list_store_find (self->list, transfer, &position))
    g_list_store_remove (self->list, position);
  media_transfers_changed (self);
}
