/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-content.h"

#include <string.h>

/* What is in a file: first by how it begins, for senders declare what they like; then by what was
 * declared. */

static gboolean
begins (const char *data, gsize length, const char *with, gsize n)
{
  return length >= n && memcmp (data, with, n) == 0;
}

/* A PDF may have up to 1,024 bytes of something else before it. */
static gboolean
is_pdf (const char *data, gsize length)
{
  return g_strstr_len (data, (gssize) MIN (length, 1024), "%PDF-") != NULL;
}

static gboolean
is_image (const char *data, gsize length)
{
  return begins (data, length, "\x89PNG\r\n", 6) || begins (data, length, "\xff\xd8\xff", 3) ||
         begins (data, length, "GIF8", 4) || begins (data, length, "II*\0", 4) ||
         begins (data, length, "MM\0*", 4) ||
         (begins (data, length, "RIFF", 4) && length > 12 && memcmp (data + 8, "WEBP", 4) == 0);
}

static gboolean
is_xml (const char *data, gsize length)
{
  g_autofree char *start = g_strndup (data, MIN (length, 512));
  const char *at = g_str_has_prefix (start, "\xef\xbb\xbf") ? start + 3 : start;

  while (g_ascii_isspace (*at))
    at++;
  return g_str_has_prefix (at, "<?xml") || g_str_has_prefix (at, "<ClinicalDocument");
}

static gboolean
is_fhir (const char *data, gsize length, const char *type)
{
  g_autofree char *start = g_strndup (data, MIN (length, 512));

  return g_str_has_prefix (type, "application/fhir+json") ||
         (start[strspn (start, " \t\r\n")] == '{' && strstr (start, "\"resourceType\""));
}

/**
 * documents_content_of:
 * @content_type: (nullable): as it was declared
 */
DocumentsContent
documents_content_of (GBytes *bytes, const char *content_type)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *type = g_ascii_strdown (content_type ? content_type : "", -1);

  if (length == 0)
    return DOCUMENTS_CONTENT_OTHER;
  if (is_pdf (data, length))
    return DOCUMENTS_CONTENT_PDF;
  if (is_image (data, length))
    return DOCUMENTS_CONTENT_IMAGE;
  if (is_xml (data, length) || strstr (type, "xml"))
    return strstr (type, "html") ? DOCUMENTS_CONTENT_OTHER : DOCUMENTS_CONTENT_XML;
  if (is_fhir (data, length, type))
    return DOCUMENTS_CONTENT_FHIR;
  if (g_str_has_prefix (type, "text/plain") || g_str_has_prefix (type, "text/markdown") ||
      g_str_has_prefix (type, "text/csv"))
    return DOCUMENTS_CONTENT_TEXT;
  if (!*type && g_utf8_validate (data, (gssize) MIN (length, 64 * 1024), NULL))
    return DOCUMENTS_CONTENT_TEXT;
  return DOCUMENTS_CONTENT_OTHER;
}

static char *
dup_charset (const char *content_type)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("charset=\"?([A-Za-z0-9._:-]+)", G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return content_type && g_regex_match (regex, content_type, 0, &match)
             ? g_match_info_fetch (match, 1)
             : NULL;
}

/* Where a text is cut, no character is cut. */
static gsize
whole_characters (const char *data, gsize length)
{
  const char *end;

  if (g_utf8_validate (data, (gssize) length, &end) || length - (gsize) (end - data) > 3)
    return length;
  return (gsize) (end - data);
}

/* A line of a megabyte takes minutes to lay out, in which the window stands still. A longer line
 * goes on in the next one, as if it had been wrapped there. */
static char *
dup_with_short_lines (const char *text)
{
  GString *lines = g_string_sized_new (strlen (text) + 1);
  guint column = 0;

  for (const char *at = text; *at; at = g_utf8_next_char (at))
    {
      column = *at == '\n' ? 0 : column + 1;
      if (column > DOCUMENTS_LINE_MAX)
        {
          g_string_append_c (lines, '\n');
          column = 1;
        }
      g_string_append_len (lines, at, g_utf8_next_char (at) - at);
    }
  return g_string_free_and_steal (lines);
}

/**
 * documents_content_dup_text:
 * @is_guessed: (out): its characters had to be guessed: it is in no encoding that it says it is in
 * @is_cut: (out): there is more than DOCUMENTS_TEXT_MAX of it
 *
 * Returns: (transfer full): UTF-8 without characters that do anything, in lines that can be laid
 * out
 */
char *
documents_content_dup_text (GBytes *bytes,
                            const char *content_type,
                            gboolean *is_guessed,
                            gboolean *is_cut)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *charset = dup_charset (content_type), *text = NULL;

  *is_guessed = FALSE;
  *is_cut = length > DOCUMENTS_TEXT_MAX;
  length = MIN (length, DOCUMENTS_TEXT_MAX);
  if (charset && g_ascii_strcasecmp (charset, "utf-8") != 0)
    text = g_convert (data, (gssize) length, "UTF-8", charset, NULL, NULL, NULL);
  length = *is_cut ? whole_characters (data, length) : length;
  if (!text && g_utf8_validate (data, (gssize) length, NULL))
    text = g_strndup (data, length);
  if (!text)
    {
      *is_guessed = TRUE;
      text = g_convert_with_fallback (data, (gssize) length, "UTF-8", "WINDOWS-1252",
                                      "\xef\xbf\xbd", NULL, NULL, NULL);
    }
  if (!text)
    text = g_utf8_make_valid (data, (gssize) length);
  for (char *at = text; *at; at++)
    if (g_ascii_iscntrl (*at) && *at != '\n' && *at != '\t')
      *at = ' ';
  return dup_with_short_lines (text);
}
