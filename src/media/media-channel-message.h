/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "media-file.h"

G_BEGIN_DECLS

/* One line of text on the visit's data channel: "offer n=7 size=2048 kind=pdf hash=… name=…". */
typedef enum
{
  MEDIA_CHANNEL_HELLO,  /* first, from the workstation: life; and back: fresh */
  MEDIA_CHANNEL_CHAT,   /* id, text; from the workstation also own, at */
  MEDIA_CHANNEL_GOT,    /* id: that message of chat arrived */
  MEDIA_CHANNEL_OFFER,  /* number, size, kind, hash, name: a file */
  MEDIA_CHANNEL_CARD,   /* the same, to be shown at once; name is its title, and at its date */
  MEDIA_CHANNEL_MORE,   /* number, size: so many bytes in all may have been sent by now */
  MEDIA_CHANNEL_DONE,   /* number: all of it arrived and is what was promised */
  MEDIA_CHANNEL_REFUSE, /* number, why: who receives does not want it, or cannot */
  MEDIA_CHANNEL_CANCEL, /* number: who sends takes it back */
  MEDIA_CHANNEL_KEPT,   /* number, on: whether it went into the chart */
  MEDIA_CHANNEL_STOP,   /* number: the card is shown no more; from either side */
} MediaChannelMessageType;

/* Why a file did not pass. */
typedef enum
{
  MEDIA_WHY_NONE,
  MEDIA_WHY_SIZE,     /* larger than may pass, or empty */
  MEDIA_WHY_KIND,     /* not one of the kinds that may pass */
  MEDIA_WHY_CONTENT,  /* its bytes are of another kind than was said */
  MEDIA_WHY_HASH,     /* its bytes are not those that were promised */
  MEDIA_WHY_MANY,     /* too many at once, or in one visit */
  MEDIA_WHY_DECLINED, /* the person does not want it */
  MEDIA_WHY_ORDER,    /* more bytes than were asked for */
} MediaWhy;

typedef struct
{
  MediaChannelMessageType type;
  guint number;
  guint64 size;
  MediaFileKind kind;
  MediaWhy why;
  gboolean on, own;
  char *id, *text; /* text: of chat; the name of a file; the title of a card */
  char *hash;      /* SHA-256, 64 hexadecimal digits in small letters */
  char *at;        /* chat: an instant; card: its date in words, or NULL */
} MediaChannelMessage;

#define MEDIA_CHANNEL_MAX_LINE ((gsize) 16 * 1024)
#define MEDIA_CHANNEL_MAX_CHAT ((gsize) 4000)
#define MEDIA_CHANNEL_MAX_MARK 64
#define MEDIA_CHANNEL_MAX_NAME ((gsize) 1000)

MediaChannelMessage *media_channel_message_parse (const char *line, GError **error);
char *media_channel_message_write (const MediaChannelMessage *self);
void media_channel_message_free (MediaChannelMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaChannelMessage, media_channel_message_free)

G_END_DECLS
