/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-mail.h"

#include <string.h>

/* A message as RFC 5322 and MIME have it: one part of UTF-8 text in base64, so that no line of it
 * is too long, begins with a dot or is changed on the way. Nothing that comes from the records
 * stands in a header as it is: a name or subject is an encoded word, and addresses were checked
 * (care_channel_dup_valid). */

#define WORD_BYTES 42 /* of text in an encoded word: 75 characters with all around it */

/* The longest beginning of @text up to WORD_BYTES that cuts no character. */
static gsize
fitting (const char *text)
{
  gsize length = strlen (text);

  if (length <= WORD_BYTES)
    return length;
  length = WORD_BYTES;
  while (length > 0 && ((guchar) text[length] & 0xc0) == 0x80)
    length--;
  return length;
}

static gboolean
is_plain (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && *at != ' ')
      return FALSE;
  return strlen (text) <= WORD_BYTES;
}

/**
 * hub_notify_mail_encode_word:
 *
 * Returns: (transfer full): @text for a header, as in RFC 2047, folded where it is long
 */
char *
hub_notify_mail_encode_word (const char *text)
{
  GString *out;

  if (is_plain (text))
    return g_strdup (text);
  out = g_string_new (NULL);
  while (*text != '\0')
    {
      gsize length = fitting (text);
      g_autofree char *word = g_base64_encode ((const guchar *) text, length);

      g_string_append_printf (out, "%s=?UTF-8?B?%s?=", out->len > 0 ? "\r\n " : "", word);
      text += length;
    }
  return g_string_free_and_steal (out);
}

/* The names of days and months are English in a mail, wherever it is written. */
static char *
dup_date (gint64 written)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (written / G_USEC_PER_SEC);

  return g_strdup_printf ("%s, %02d %s %04d %02d:%02d:%02d +0000",
                          days[g_date_time_get_day_of_week (date) - 1],
                          g_date_time_get_day_of_month (date),
                          months[g_date_time_get_month (date) - 1], g_date_time_get_year (date),
                          g_date_time_get_hour (date), g_date_time_get_minute (date),
                          g_date_time_get_second (date));
}

static void
append_base64 (GString *out, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *crlf = g_strjoinv ("\r\n", lines);
  g_autofree char *encoded = g_base64_encode ((const guchar *) crlf, strlen (crlf));

  for (const char *at = encoded; *at != '\0'; at += MIN (strlen (at), 76))
    g_string_append_printf (out, "%.76s\r\n", at);
}

/**
 * hub_notify_mail:
 * @from: a checked address
 * @name: (nullable): who it belongs to
 *
 * The Message-ID comes from the notice's id, so that one mail that is sent twice is known as one.
 *
 * Returns: (transfer full): the mail, header and body, with CRLF at each line's end
 */
char *
hub_notify_mail (const HubNotice *notice, const char *from, const char *name)
{
  GString *out = g_string_new (NULL);
  g_autofree char *date = dup_date (notice->written);
  g_autofree char *subject = hub_notify_mail_encode_word (notice->subject);
  g_autofree char *sender = name != NULL ? hub_notify_mail_encode_word (name) : NULL;

  g_string_append_printf (out, "Date: %s\r\n", date);
  g_string_append_printf (out, "From: %s%s<%s>\r\n", sender != NULL ? sender : "",
                          sender != NULL ? " " : "", from);
  g_string_append_printf (out, "To: <%s>\r\n", notice->to);
  g_string_append_printf (out, "Message-ID: <%s@%s>\r\n", notice->id, strchr (from, '@') + 1);
  g_string_append_printf (out, "Subject: %s\r\n", subject);
  g_string_append_printf (out,
                          "Content-Language: %s\r\n"
                          "Auto-Submitted: auto-generated\r\n"
                          "MIME-Version: 1.0\r\n"
                          "Content-Type: text/plain; charset=utf-8\r\n"
                          "Content-Transfer-Encoding: base64\r\n\r\n",
                          notice->language);
  append_base64 (out, notice->text);
  return g_string_free_and_steal (out);
}
