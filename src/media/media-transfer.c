/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-transfer-private.h"

static guint changed_signal;

G_DEFINE_FINAL_TYPE (MediaTransfer, media_transfer, G_TYPE_OBJECT)

static void
media_transfer_finalize (GObject *object)
{
  MediaTransfer *self = MEDIA_TRANSFER (object);

  g_free (self->name);
  g_free (self->date);
  g_free (self->hash);
  g_clear_pointer (&self->coming, g_byte_array_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  G_OBJECT_CLASS (media_transfer_parent_class)->finalize (object);
}

static void
media_transfer_class_init (MediaTransferClass *class)
{
  G_OBJECT_CLASS (class)->finalize = media_transfer_finalize;
  changed_signal = g_signal_new ("changed", MEDIA_TYPE_TRANSFER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
media_transfer_init (MediaTransfer *self)
{
}

MediaTransfer *
media_transfer_new (gboolean incoming, guint number)
{
  MediaTransfer *self = g_object_new (MEDIA_TYPE_TRANSFER, NULL);

  self->incoming = incoming;
  self->number = number;
  return self;
}

void
media_transfer_changed (MediaTransfer *self)
{
  g_signal_emit (self, changed_signal, 0);
}

/* What did not arrive whole is nothing and is not kept; nor is what the other side has now. */
void
media_transfer_move (MediaTransfer *self, MediaTransferState state)
{
  self->state = state;
  if (media_transfer_is_over (self))
    g_clear_pointer (&self->coming, g_byte_array_unref);
  if (self->incoming ? state != MEDIA_TRANSFER_DONE : !self->card && media_transfer_is_over (self))
    g_clear_pointer (&self->bytes, g_bytes_unref);
  media_transfer_changed (self);
}

/* From the first byte: nothing is known of what the other side has of it. */
void
media_transfer_begin_again (MediaTransfer *self)
{
  self->moved = self->granted = 0;
  media_transfer_move (self, self->incoming ? MEDIA_TRANSFER_LOST : MEDIA_TRANSFER_WAITING);
}

/* All bytes are here. Returns: whether they are what was promised; why not stands in @self */
gboolean
media_transfer_complete (MediaTransfer *self)
{
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&self->coming));
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  if (!g_str_equal (hash, self->hash))
    self->why = MEDIA_WHY_HASH;
  else if (media_file_kind_of_bytes (bytes) != self->kind)
    self->why = MEDIA_WHY_CONTENT;
  else
    self->bytes = g_steal_pointer (&bytes);
  return self->bytes != NULL;
}

MediaTransferState
media_transfer_get_state (MediaTransfer *self)
{
  return self->state;
}

gboolean
media_transfer_is_incoming (MediaTransfer *self)
{
  return self->incoming;
}

gboolean
media_transfer_is_card (MediaTransfer *self)
{
  return self->card;
}

/* Whether nothing more comes of it by itself. */
gboolean
media_transfer_is_over (MediaTransfer *self)
{
  return self->state >= MEDIA_TRANSFER_DONE;
}

guint
media_transfer_get_number (MediaTransfer *self)
{
  return self->number;
}

/* As it may be shown: cleaned where it came from somebody. */
const char *
media_transfer_get_name (MediaTransfer *self)
{
  return self->name;
}

MediaFileKind
media_transfer_get_kind (MediaTransfer *self)
{
  return self->kind;
}

MediaWhy
media_transfer_get_why (MediaTransfer *self)
{
  return self->why;
}

guint64
media_transfer_get_size (MediaTransfer *self)
{
  return self->size;
}

guint64
media_transfer_get_moved (MediaTransfer *self)
{
  return self->moved;
}

/* (transfer none) (nullable): NULL while it has not all come */
GBytes *
media_transfer_get_bytes (MediaTransfer *self)
{
  return self->bytes;
}
