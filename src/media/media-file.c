/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-file.h"

#include <string.h>

/* What a file that a stranger sends is, by its bytes, and what it may be called. Neither its name
 * nor what was said of it is believed. */

static const struct
{
  const char *id, *mime, *ending, *other_ending, *magic;
  gsize magic_length;
} kinds[] = {
  [MEDIA_FILE_NONE] = { NULL, NULL, NULL, NULL, NULL, 0 },
  [MEDIA_FILE_PDF] = { "pdf", "application/pdf", ".pdf", NULL, "%PDF-", 5 },
  [MEDIA_FILE_JPEG] = { "jpeg", "image/jpeg", ".jpg", ".jpeg", "\xff\xd8\xff", 3 },
  [MEDIA_FILE_PNG] = { "png", "image/png", ".png", NULL, "\x89PNG\r\n\x1a\n", 8 },
  [MEDIA_FILE_TEXT] = { "text", "text/plain", ".txt", ".text", NULL, 0 },
};

/* Returns: MEDIA_FILE_NONE for what is no kind */
MediaFileKind
media_file_kind_from_id (const char *id)
{
  for (guint i = MEDIA_FILE_PDF; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (id, kinds[i].id) == 0)
      return (MediaFileKind) i;
  return MEDIA_FILE_NONE;
}

const char *
media_file_kind_to_id (MediaFileKind kind)
{
  return kinds[kind].id;
}

const char *
media_file_kind_to_mime (MediaFileKind kind)
{
  return kinds[kind].mime;
}

static gboolean
is_text (const char *data, gsize size)
{
  if (!g_utf8_validate_len (data, size, NULL))
    return FALSE;
  for (gsize i = 0; i < size; i++)
    if (((guchar) data[i] < ' ' && strchr ("\t\n\r\f", data[i]) == NULL) || data[i] == 0x7f ||
        data[i] == '\0')
      return FALSE;
  return TRUE;
}

/**
 * media_file_kind_of_bytes:
 *
 * Returns: what the bytes are, whatever they are called; MEDIA_FILE_NONE for what may not pass
 */
MediaFileKind
media_file_kind_of_bytes (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (size == 0)
    return MEDIA_FILE_NONE;
  for (guint i = MEDIA_FILE_PDF; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].magic != NULL && size > kinds[i].magic_length &&
        memcmp (data, kinds[i].magic, kinds[i].magic_length) == 0)
      return (MediaFileKind) i;
  return is_text (data, size) ? MEDIA_FILE_TEXT : MEDIA_FILE_NONE;
}

/* Marks that turn text around, hide in it, or break a line: with them a name can be shown as
 * another one. */
static gboolean
is_plain (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
      return FALSE;
    default:
      return c != 0x115f && c != 0x1160 && c != 0x3164 && c != 0xffa0; /* fillers, seen by nobody */
    }
}

/**
 * media_file_clean_line:
 * @characters: as many are kept
 *
 * Returns: (transfer full): what can be seen of one line of @text, maybe nothing
 */
char *
media_file_clean_line (const char *text, gsize characters)
{
  g_autoptr (GString) clean = g_string_new (NULL);
  gsize kept = 0;

  for (const char *p = text; *p != '\0' && kept < characters; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        c = ' ';
      if (!is_plain (c) || (c == ' ' && (clean->len == 0 || clean->str[clean->len - 1] == ' ')))
        continue;
      g_string_append_unichar (clean, c);
      kept++;
    }
  return g_strstrip (g_string_free_and_steal (g_steal_pointer (&clean)));
}

static const char *
after_path (const char *name)
{
  const char *slash = strrchr (name, '/');
  const char *backslash = strrchr (name, '\\');

  if (slash == NULL || (backslash != NULL && backslash > slash))
    slash = backslash;
  return slash != NULL ? slash + 1 : name;
}

static void
cut_ending (char *name, const char *ending)
{
  gsize length = strlen (name), end = ending != NULL ? strlen (ending) : 0;

  if (end > 0 && length >= end && g_ascii_strcasecmp (name + length - end, ending) == 0)
    name[length - end] = '\0';
}

/**
 * media_file_clean_name:
 * @name: UTF-8, from anybody
 * @nameless: what it is called where nothing of @name is left
 *
 * Returns: (transfer full): a name without a path and without marks that nobody sees, with the
 *   ending of its kind
 */
char *
media_file_clean_name (const char *name, MediaFileKind kind, const char *nameless)
{
  g_autofree char *clean = media_file_clean_line (after_path (name), 4096);
  g_autofree char *short_name = NULL;

  cut_ending (clean, kinds[kind].ending);
  cut_ending (clean, kinds[kind].other_ending);
  while (*clean == '.' || *clean == ' ')
    memmove (clean, clean + 1, strlen (clean));
  short_name = media_file_clean_line (clean, MEDIA_FILE_MAX_NAME);
  return g_strconcat (*short_name != '\0' ? short_name : nameless,
                      kinds[kind].ending != NULL ? kinds[kind].ending : "", NULL);
}
