/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-channel-message.h"

#include <string.h>

/* The lines of the data channel: a word, and members "name=value", whose values are escaped as in
 * an address. What comes is from anybody: a line has a length, a member comes once, and a type has
 * all of its members or is none. Members that are not known are passed over. */

#define MAX_MEMBERS 12

typedef enum
{
  HAS_NUMBER = 1 << 0,
  HAS_SIZE = 1 << 1,
  HAS_KIND = 1 << 2,
  HAS_HASH = 1 << 3,
  HAS_TEXT = 1 << 4,
  HAS_ID = 1 << 5,
  HAS_WHY = 1 << 6,
  HAS_ON = 1 << 7,
  HAS_AT = 1 << 8,
  HAS_OWN = 1 << 9,
} Member;

#define IS_OFFER (HAS_NUMBER | HAS_SIZE | HAS_KIND | HAS_HASH | HAS_TEXT)

static const struct
{
  const char *name;
  guint required, optional;
} types[] = {
  [MEDIA_CHANNEL_HELLO] = { "hello", 0, HAS_ID | HAS_ON },
  [MEDIA_CHANNEL_CHAT] = { "chat", HAS_ID | HAS_TEXT, HAS_AT | HAS_OWN },
  [MEDIA_CHANNEL_GOT] = { "got", HAS_ID, 0 },
  [MEDIA_CHANNEL_OFFER] = { "offer", IS_OFFER, 0 },
  [MEDIA_CHANNEL_CARD] = { "card", IS_OFFER, HAS_AT },
  [MEDIA_CHANNEL_MORE] = { "more", HAS_NUMBER | HAS_SIZE, 0 },
  [MEDIA_CHANNEL_DONE] = { "done", HAS_NUMBER, 0 },
  [MEDIA_CHANNEL_REFUSE] = { "refuse", HAS_NUMBER | HAS_WHY, 0 },
  [MEDIA_CHANNEL_CANCEL] = { "cancel", HAS_NUMBER, 0 },
  [MEDIA_CHANNEL_KEPT] = { "kept", HAS_NUMBER | HAS_ON, 0 },
  [MEDIA_CHANNEL_STOP] = { "stop", HAS_NUMBER, 0 },
};

static const char *const members[] = { "n",  "size", "kind", "hash", "text",
                                       "id", "why",  "on",   "at",   "own" };
static const char *const reasons[] = { NULL,   "size", "kind",     "content",
                                       "hash", "many", "declined", "order" };

void
media_channel_message_free (MediaChannelMessage *self)
{
  g_free (self->id);
  g_free (self->text);
  g_free (self->hash);
  g_free (self->at);
  g_free (self);
}

/* ---- reading ---- */

/* (transfer full) (nullable): at most @most bytes of UTF-8 without a NUL */
static char *
read_text (const char *value, gsize most)
{
  char *text = strlen (value) <= 3 * most ? g_uri_unescape_string (value, NULL) : NULL;

  if (text == NULL || strlen (text) > most || !g_utf8_validate (text, -1, NULL))
    g_clear_pointer (&text, g_free);
  return text;
}

static gboolean
read_count (const char *value, guint64 most, guint64 *count)
{
  return g_ascii_isdigit (*value) && g_ascii_string_to_unsigned (value, 10, 0, most, count, NULL);
}

static gboolean
read_flag (const char *value, gboolean *flag)
{
  *flag = g_str_equal (value, "1");
  return *flag || g_str_equal (value, "0");
}

static gboolean
read_hash (const char *value, char **hash)
{
  if (strspn (value, "0123456789abcdef") != 64 || value[64] != '\0')
    return FALSE;
  *hash = g_strdup (value);
  return TRUE;
}

static MediaWhy
why_from_id (const char *id)
{
  for (guint i = MEDIA_WHY_SIZE; i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (id, reasons[i]))
      return (MediaWhy) i;
  return MEDIA_WHY_NONE;
}

/* A kind that is not known is a file all the same: it is refused in words, not passed over. */
static gboolean
read_member (MediaChannelMessage *self, Member member, const char *value)
{
  gboolean chat = self->type == MEDIA_CHANNEL_CHAT;
  guint64 number = 0;

  switch (member)
    {
    case HAS_NUMBER:
      if (!read_count (value, G_MAXINT32, &number))
        return FALSE;
      self->number = (guint) number;
      return TRUE;
    case HAS_SIZE:
      return read_count (value, G_MAXINT64, &self->size);
    case HAS_KIND:
      self->kind = media_file_kind_from_id (value);
      return TRUE;
    case HAS_HASH:
      return read_hash (value, &self->hash);
    case HAS_TEXT:
      self->text = read_text (value, chat ? MEDIA_CHANNEL_MAX_CHAT : MEDIA_CHANNEL_MAX_NAME);
      return self->text != NULL && (!chat || *self->text != '\0');
    case HAS_ID:
      self->id = read_text (value, MEDIA_CHANNEL_MAX_MARK);
      return self->id != NULL && *self->id != '\0';
    case HAS_WHY:
      self->why = why_from_id (value);
      return self->why != MEDIA_WHY_NONE;
    case HAS_ON:
      return read_flag (value, &self->on);
    case HAS_OWN:
      return read_flag (value, &self->own);
    case HAS_AT:
      self->at = read_text (value, MEDIA_CHANNEL_MAX_NAME);
      return self->at != NULL;
    }
  return FALSE;
}

static gboolean
read_members (MediaChannelMessage *self, char **words, GError **error)
{
  guint expected = types[self->type].required | types[self->type].optional, found = 0;

  for (gsize i = 1; words[i] != NULL; i++)
    {
      char *value = strchr (words[i], '=');
      guint member = 0;

      if (value != NULL)
        *value++ = '\0';
      for (guint m = 0; value != NULL && m < G_N_ELEMENTS (members); m++)
        if (g_str_equal (words[i], members[m]))
          member = 1u << m;
      if ((member & expected) == 0)
        continue;
      if ((member & found) != 0 || !read_member (self, (Member) member, value))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” of “%s” is wrong",
                       words[i], types[self->type].name);
          return FALSE;
        }
      found |= member;
    }
  if ((types[self->type].required & ~found) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” lacks a member",
               types[self->type].name);
  return FALSE;
}

/**
 * media_channel_message_parse:
 * @line: from anybody
 *
 * Returns: (transfer full) (nullable): what it says
 */
MediaChannelMessage *
media_channel_message_parse (const char *line, GError **error)
{
  g_auto (GStrv) words = NULL;

  if (strnlen (line, MEDIA_CHANNEL_MAX_LINE + 1) > MEDIA_CHANNEL_MAX_LINE)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "A line is too long");
      return NULL;
    }
  words = g_strsplit (line, " ", MAX_MEMBERS + 1);
  for (guint i = 0; i < G_N_ELEMENTS (types) && words[0] != NULL; i++)
    if (g_str_equal (words[0], types[i].name))
      {
        g_autoptr (MediaChannelMessage) self = g_new0 (MediaChannelMessage, 1);

        self->type = (MediaChannelMessageType) i;
        return read_members (self, words, error) ? g_steal_pointer (&self) : NULL;
      }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "No such message");
  return NULL;
}

/* ---- writing ---- */

static void
add (GString *line, const char *member, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (line, " %s=", member);
  g_string_append_uri_escaped (line, value, NULL, FALSE);
}

static void
add_count (GString *line, const char *member, guint64 count)
{
  g_string_append_printf (line, " %s=%" G_GUINT64_FORMAT, member, count);
}

/* (transfer full): the line that says it */
char *
media_channel_message_write (const MediaChannelMessage *self)
{
  guint has = types[self->type].required | types[self->type].optional;
  g_autoptr (GString) line = g_string_new (types[self->type].name);

  if (has & HAS_NUMBER)
    add_count (line, "n", self->number);
  if (has & HAS_SIZE)
    add_count (line, "size", self->size);
  if (has & HAS_KIND)
    add (line, "kind", media_file_kind_to_id (self->kind));
  if (has & HAS_HASH)
    add (line, "hash", self->hash);
  if (has & HAS_ID)
    add (line, "id", self->id);
  if (has & HAS_WHY)
    add (line, "why", reasons[self->why]);
  if (has & HAS_ON)
    add_count (line, "on", self->on ? 1 : 0);
  if (has & HAS_OWN)
    add_count (line, "own", self->own ? 1 : 0);
  if (has & HAS_AT)
    add (line, "at", self->at);
  if (has & HAS_TEXT)
    add (line, "text", self->text);
  return g_string_free_and_steal (g_steal_pointer (&line));
}
