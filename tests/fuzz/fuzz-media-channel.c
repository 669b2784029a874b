/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "media-transfers.h"

/* What a patient's page sends over the data channel: lines, and behind a line that begins with "!"
 * bytes. What is read can be written and read again, and files stay within their limits. */

static void
nowhere (const char *line, gpointer data)
{
  g_assert_true (g_utf8_validate (line, -1, NULL));
  g_assert_cmpuint (strlen (line), <=, MEDIA_CHANNEL_MAX_LINE);
}

static void
nothing (GBytes *bytes, gpointer data)
{
}

static gsize
none (gpointer data)
{
  return 0;
}

static void
read_again (const MediaChannelMessage *message)
{
  g_autofree char *line = media_channel_message_write (message);
  g_autoptr (MediaChannelMessage) again = NULL;
  g_autoptr (GError) error = NULL;

  if (message->kind == MEDIA_FILE_NONE && message->hash != NULL)
    return; /* of an unknown kind: nobody writes it */
  again = media_channel_message_parse (line, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->type, ==, message->type);
  g_assert_cmpuint (again->number, ==, message->number);
  g_assert_cmpuint (again->size, ==, message->size);
  g_assert_cmpstr (again->text, ==, message->text);
  g_assert_cmpstr (again->id, ==, message->id);
  g_assert_cmpstr (again->hash, ==, message->hash);
}

static void
check (MediaTransfers *transfers)
{
  GListModel *list = media_transfers_get_list (transfers);
  guint64 held = 0;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MediaTransfer) transfer = g_list_model_get_item (list, i);
      const char *name = media_transfer_get_name (transfer);

      g_assert_true (g_utf8_validate (name, -1, NULL));
      g_assert_null (strchr (name, '/'));
      g_assert_cmpuint (media_transfer_get_moved (transfer), <=,
                        media_transfer_get_size (transfer));
      if (media_transfer_get_bytes (transfer) != NULL)
        held += media_transfer_get_size (transfer);
    }
  g_assert_cmpuint (held, <=, 100u << 20);
  g_assert_cmpuint (g_list_model_get_n_items (list), <=, 60);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const MediaTransfersWay way = { nowhere, nothing, none };
  g_autoptr (MediaTransfers) transfers = media_transfers_new (&way, NULL);
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 200);

  media_transfers_set_open (transfers, TRUE);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MediaChannelMessage) message = NULL;

      if (lines[i][0] == '!')
        {
          g_autoptr (GBytes) bytes = g_bytes_new (lines[i] + 1, strlen (lines[i] + 1));

          media_transfers_take_bytes (transfers, bytes);
          continue;
        }
      message = media_channel_message_parse (lines[i], &error);
      g_assert_true ((message == NULL) == (error != NULL));
      if (message != NULL)
        {
          read_again (message);
          media_transfers_take_message (transfers, message);
        }
    }
  check (transfers);
  return 0;
}
