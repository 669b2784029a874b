/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-cursor.h"

#include <string.h>

#include "base-id.h"
#include "fhir-resource.h"

/* A cursor as text is opaque to whoever follows a link: "number i123 sText n7", in base64url. It
 * holds nothing secret, and a made-up one asks at worst for another page. */

#define CURSOR_MAX_BYTES 4096

StoreCursor *
store_cursor_new (gint64 number, guint n_keys)
{
  StoreCursor *self = g_new0 (StoreCursor, 1);

  self->number = number;
  self->n_keys = n_keys;
  self->keys = g_new0 (StoreCursorKey, n_keys + 1);
  return self;
}

void
store_cursor_free (StoreCursor *self)
{
  for (guint i = 0; i < self->n_keys; i++)
    g_free (self->keys[i].text);
  g_free (self->keys);
  g_free (self);
}

char *
store_cursor_print (StoreCursor *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%" G_GINT64_FORMAT, self->number);
  for (guint i = 0; i < self->n_keys; i++)
    if (self->keys[i].text != NULL)
      g_string_append_printf (text, "\ns%s", self->keys[i].text);
    else
      g_string_append_printf (text, "\ni%" G_GINT64_FORMAT, self->keys[i].integer);
  g_string_append_printf (text, "\nn%" G_GINT64_FORMAT, self->sequence);
  return base_base64url ((const guint8 *) text->str, text->len);
}

static char *
decode (const char *text)
{
  g_autofree char *standard = g_strconcat (text, "===", NULL);
  g_autofree guchar *bytes = NULL;
  gsize length;

  standard[strlen (text) + (4 - strlen (text) % 4) % 4] = '\0';
  g_strdelimit (standard, "-", '+');
  g_strdelimit (standard, "_", '/');
  bytes = g_base64_decode (standard, &length);
  return g_utf8_validate_len ((char *) bytes, length, NULL) ? g_strndup ((char *) bytes, length)
                                                            : NULL;
}

static gboolean
read_key (StoreCursorKey *key, const char *part)
{
  if (*part == 's')
    {
      key->text = g_strdup (part + 1);
      return TRUE;
    }
  return *part == 'i' &&
         g_ascii_string_to_signed (part + 1, 10, G_MININT64, G_MAXINT64, &key->integer, NULL);
}

StoreCursor *
store_cursor_parse (const char *text, guint n_keys, GError **error)
{
  g_autofree char *plain = strlen (text) <= CURSOR_MAX_BYTES ? decode (text) : NULL;
  g_auto (GStrv) parts = plain != NULL ? g_strsplit (plain, "\n", -1) : NULL;
  g_autoptr (StoreCursor) self = store_cursor_new (0, n_keys);
  gboolean good =
      parts != NULL && g_strv_length (parts) == n_keys + 2 &&
      g_ascii_string_to_signed (parts[0], 10, 0, G_MAXINT64, &self->number, NULL) &&
      *parts[n_keys + 1] == 'n' &&
      g_ascii_string_to_signed (parts[n_keys + 1] + 1, 10, 0, G_MAXINT64, &self->sequence, NULL);

  for (guint i = 0; good && i < n_keys; i++)
    good = read_key (&self->keys[i], parts[i + 1]);
  if (good)
    return g_steal_pointer (&self);
  g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE,
               "This is no link to a next page of this search");
  return NULL;
}
