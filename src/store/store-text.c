/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-text.h"

#include <string.h>

/* What comes in is what is stored, byte for byte, but for meta.versionId and meta.lastUpdated. So
 * the text is not written anew: these two are cut out of it and set into it. The text was parsed
 * before it comes here, so it is JSON; what is looked for is only where its members stand. */

typedef struct
{
  const char *key, *key_end; /* between the quotes */
  const char *value, *value_end;
} Member;

static const char *
skip_space (const char *p)
{
  while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
    p++;
  return p;
}

/* @p stands on the opening quote. Returns what follows the closing one. */
static const char *
skip_string (const char *p)
{
  for (p++; *p != '"' && *p != '\0'; p++)
    if (*p == '\\' && p[1] != '\0')
      p++;
  return *p == '"' ? p + 1 : p;
}

static const char *
skip_value (const char *p)
{
  int depth = 0;

  for (;;)
    {
      if (*p == '"')
        p = skip_string (p);
      else if (*p == '{' || *p == '[')
        depth++, p++;
      else if (*p == '}' || *p == ']')
        depth--, p++;
      else if (depth == 0)
        return p + strcspn (p, ",]} \n\r\t");
      else
        p += strcspn (p, "\"{}[]");
      if (depth == 0 || *p == '\0')
        return p;
    }
}

/* Walks the members of an object. *@p stands on its brace at first; FALSE at its end. */
static gboolean
next_member (const char **p, Member *out)
{
  const char *at = skip_space (*p + (**p == '{' || **p == ','));

  if (*at != '"')
    return FALSE;
  out->key = at + 1;
  at = skip_string (at);
  out->key_end = at - 1;
  at = skip_space (at);
  out->value = skip_space (at + 1); /* past the colon */
  out->value_end = skip_value (out->value);
  *p = skip_space (out->value_end);
  return TRUE;
}

static gboolean
hex_is (const char *p, const char *end, char letter)
{
  return end - p >= 6 && p[0] == '\\' && p[1] == 'u' && p[2] == '0' && p[3] == '0' &&
         g_ascii_xdigit_value (p[4]) * 16 + g_ascii_xdigit_value (p[5]) == letter;
}

/* Whether a key reads @name; a letter may be written as \u00XX. */
static gboolean
key_is (const Member *member, const char *name)
{
  const char *p = member->key;

  for (; *name != '\0' && p < member->key_end; name++)
    if (*p == *name)
      p++;
    else if (hex_is (p, member->key_end, *name))
      p += 6;
    else
      return FALSE;
  return *name == '\0' && p == member->key_end;
}

/* The members of @meta but the two, with nothing before the first nor after the last. */
static void
append_rest_of_meta (GString *out, const char *meta)
{
  const char *p = meta;
  Member member;
  gboolean first = TRUE;

  if (*meta != '{')
    return;
  while (next_member (&p, &member))
    {
      if (key_is (&member, "versionId") || key_is (&member, "lastUpdated"))
        continue;
      if (!first)
        g_string_append_c (out, ',');
      g_string_append_len (out, member.key - 1, member.value_end - member.key + 1);
      first = FALSE;
    }
}

static void
append_meta (GString *out, const char *meta, const char *version, const char *updated)
{
  g_string_append_c (out, '{');
  if (version != NULL)
    g_string_append_printf (out, "\"versionId\":\"%s\",\"lastUpdated\":\"%s\"", version, updated);
  if (meta != NULL)
    {
      gsize before = out->len;

      append_rest_of_meta (out, meta);
      if (out->len > before && version != NULL)
        g_string_insert_c (out, (gssize) before, ',');
    }
  g_string_append_c (out, '}');
}

/**
 * store_text_stamp:
 * @text: a resource
 * @version, @updated: what meta is to say
 *
 * Returns: (transfer full): @text with meta.versionId and meta.lastUpdated set, else as it was
 */
char *
store_text_stamp (const char *text, const char *version, const char *updated)
{
  GString *out = g_string_sized_new (strlen (text) + 96);
  const char *start = skip_space (text), *p = start, *after = NULL;
  Member member;

  while (next_member (&p, &member))
    {
      if (key_is (&member, "meta"))
        {
          g_string_append_len (out, text, member.value - text);
          append_meta (out, member.value, version, updated);
          g_string_append (out, member.value_end);
          return g_string_free_and_steal (out);
        }
      if (key_is (&member, "id") || (after == NULL && key_is (&member, "resourceType")))
        after = member.value_end;
    }
  g_string_append_len (out, text, after - text);
  g_string_append (out, ",\"meta\":");
  append_meta (out, NULL, version, updated);
  g_string_append (out, after);
  return g_string_free_and_steal (out);
}

static void
append_compact (GString *out, const char *p, const char *end)
{
  while (p < end)
    {
      const char *next = p;

      if (*p == '"')
        next = skip_string (p);
      else
        next += strcspn (p, "\" \n\r\t");
      next = MIN (next, end);
      g_string_append_len (out, p, next - p);
      p = next == end || *next == '"' ? next : skip_space (next);
    }
}

/**
 * store_text_canonical:
 *
 * Two versions say the same where this is the same: without white space between values, without the
 * version and time of meta, and without a meta that held nothing else.
 *
 * Returns: (transfer full): that text
 */
char *
store_text_canonical (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));
  const char *p = skip_space (text);
  Member member;

  g_string_append_c (out, '{');
  while (next_member (&p, &member))
    {
      gsize before = out->len;

      if (key_is (&member, "meta"))
        {
          g_autoptr (GString) meta = g_string_new (NULL);

          append_meta (meta, member.value, NULL, NULL);
          if (strcmp (meta->str, "{}") == 0)
            continue;
          g_string_append (out, "\"meta\":");
          append_compact (out, meta->str, meta->str + meta->len);
        }
      else
        append_compact (out, member.key - 1, member.value_end);
      if (before > 1)
        g_string_insert_c (out, (gssize) before, ',');
    }
  g_string_append_c (out, '}');
  return g_string_free_and_steal (out);
}
