/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-span.h"

#include <string.h>

static void
skip_space (HubSpan *rest)
{
  while (rest->at < rest->end && g_ascii_isspace (*rest->at))
    rest->at++;
}

/* @at stands on the opening quote. Returns behind the closing one, or NULL. */
static const char *
skip_string (const char *at, const char *end)
{
  for (at++; at < end; at++)
    {
      at = memchr (at, '"', (gsize) (end - at));
      if (at == NULL)
        return NULL;
      const char *back = at;

      while (back[-1] == '\\')
        back--;
      if ((at - back) % 2 == 0)
        return at + 1;
    }
  return NULL;
}

/* Brackets are counted, not matched by kind: the parser that reads the piece later does that. No
 * recursion, so nesting costs nothing. */
static const char *
skip_brackets (const char *at, const char *end)
{
  /* What ends a run of characters that need no look: most of a file is such runs. */
  static const guint8 stops[256] = { ['"'] = 1, ['{'] = 1, ['}'] = 1, ['['] = 1, [']'] = 1 };
  gsize depth = 0;

  while (at != NULL && at < end)
    {
      char c;

      while (at < end && !stops[(guint8) *at])
        at++;
      if (at == end)
        break;
      c = *at;
      if (c == '"')
        {
          at = skip_string (at, end);
          continue;
        }
      at++;
      if (c == '{' || c == '[')
        depth++;
      else if ((c == '}' || c == ']') && --depth == 0)
        return at;
    }
  return NULL;
}

static const char *
skip_scalar (const char *at, const char *end)
{
  while (at < end && strchr (",]}: \t\r\n", *at) == NULL)
    at++;
  return at;
}

/**
 * hub_span_read:
 * @rest: (inout): moves behind the value
 * @value: (out): the next JSON value
 *
 * Returns: FALSE where no whole value stands there
 */
gboolean
hub_span_read (HubSpan *rest, HubSpan *value)
{
  const char *end;

  skip_space (rest);
  if (rest->at >= rest->end)
    return FALSE;
  if (*rest->at == '"')
    end = skip_string (rest->at, rest->end);
  else if (*rest->at == '{' || *rest->at == '[')
    end = skip_brackets (rest->at, rest->end);
  else
    end = skip_scalar (rest->at, rest->end);
  if (end == NULL || end == rest->at)
    return FALSE;
  *value = (HubSpan) { rest->at, end };
  rest->at = end;
  return TRUE;
}

/**
 * hub_span_open:
 * @value: (inout): an object or a list; moves behind its opening bracket
 */
gboolean
hub_span_open (HubSpan *value, char bracket)
{
  skip_space (value);
  if (value->at >= value->end || *value->at != bracket)
    return FALSE;
  value->at++;
  return TRUE;
}

gboolean
hub_span_next_item (HubSpan *list, HubSpan *value)
{
  skip_space (list);
  if (list->at < list->end && *list->at == ',')
    list->at++;
  skip_space (list);
  return list->at < list->end && *list->at != ']' && hub_span_read (list, value);
}

gboolean
hub_span_next_member (HubSpan *object, HubSpan *name, HubSpan *value)
{
  skip_space (object);
  if (object->at < object->end && *object->at == ',')
    object->at++;
  skip_space (object);
  if (object->at >= object->end || *object->at != '"' || !hub_span_read (object, name))
    return FALSE;
  skip_space (object);
  if (object->at >= object->end || *object->at != ':')
    return FALSE;
  object->at++;
  return hub_span_read (object, value);
}

/**
 * hub_span_is_string:
 * @text: of plain characters, without any that JSON escapes
 */
gboolean
hub_span_is_string (const HubSpan *value, const char *text)
{
  gsize length = strlen (text);

  return (gsize) (value->end - value->at) == length + 2 && *value->at == '"' &&
         memcmp (value->at + 1, text, length) == 0;
}

/**
 * hub_span_dup_string:
 *
 * Returns: (transfer full) (nullable): the text of a string, escaped slashes made plain; NULL for
 *   any other value
 */
char *
hub_span_dup_string (const HubSpan *value)
{
  GString *text;

  if (value->at == NULL || value->at >= value->end || *value->at != '"')
    return NULL;
  text = g_string_sized_new ((gsize) (value->end - value->at));
  for (const char *at = value->at + 1; at < value->end - 1; at++)
    if (*at != '\\' || at[1] != '/')
      g_string_append_c (text, *at);
  return g_string_free_and_steal (text);
}

gboolean
hub_span_is_blank (const HubSpan *rest)
{
  HubSpan copy = *rest;

  skip_space (&copy);
  return copy.at >= copy.end;
}
