/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-channel-message.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static MediaChannelMessage *
parse (const char *line)
{
  g_autoptr (GError) error = NULL;
  MediaChannelMessage *message = media_channel_message_parse (line, &error);

  g_assert_no_error (error);
  return message;
}

static void
test_offer (void)
{
  g_autoptr (MediaChannelMessage) offer =
      parse ("offer n=7 size=2048 kind=pdf hash=" HASH " text=Brief%20M%C3%BCller.pdf later=1");
  g_autofree char *line = media_channel_message_write (offer);
  g_autoptr (MediaChannelMessage) again = parse (line);
  g_autoptr (MediaChannelMessage) odd =
      parse ("offer n=7 size=1 kind=exe hash=" HASH " text=virus.exe");

  g_assert_cmpint (offer->type, ==, MEDIA_CHANNEL_OFFER);
  g_assert_cmpuint (offer->number, ==, 7);
  g_assert_cmpuint (offer->size, ==, 2048);
  g_assert_cmpint (offer->kind, ==, MEDIA_FILE_PDF);
  g_assert_cmpstr (offer->text, ==, "Brief Müller.pdf");
  g_assert_cmpstr (again->text, ==, "Brief Müller.pdf");
  g_assert_cmpstr (again->hash, ==, HASH);
  /* it is a file, to be refused in words */
  g_assert_cmpint (odd->kind, ==, MEDIA_FILE_NONE);
}

static void
test_chat (void)
{
  MediaChannelMessage said = { .type = MEDIA_CHANNEL_CHAT,
                               .id = (char *) "a=b c",
                               .text = (char *) "2 < 3 & 50 %\n=\xf0\x9f\x98\x80" };
  g_autofree char *line = media_channel_message_write (&said);
  g_autoptr (MediaChannelMessage) read = parse (line);

  g_assert_cmpstr (read->id, ==, said.id);
  g_assert_cmpstr (read->text, ==, said.text);
  g_assert_false (read->own);
}

static void
test_bad_input (void)
{
  static const char *const bad[] = {
    "",
    " ",
    "offer",
    "unknown n=1",
    "Offer n=1 size=1 kind=pdf hash=" HASH " text=x",
    "offer n=1 size=1 kind=pdf text=x",
    "offer n=1 size=1 kind=pdf hash=ABC text=x",
    "offer n=1 size=1 kind=pdf hash=" HASH "0 text=x",
    "offer n=-1 size=1 kind=pdf hash=" HASH " text=x",
    "offer n=+1 size=1 kind=pdf hash=" HASH " text=x",
    "offer n=99999999999 size=1 kind=pdf hash=" HASH " text=x",
    "offer n=1 size=1e9 kind=pdf hash=" HASH " text=x",
    "offer n=1 size=99999999999999999999 kind=pdf hash=" HASH " text=x",
    "offer n=1 n=2 size=1 kind=pdf hash=" HASH " text=x",
    "chat id=1 text=",
    "chat id= text=x",
    "chat id=1 text=%00",
    "chat id=1 text=%ff",
    "chat id=1 text=%zz",
    "chat id=1 text",
    "refuse n=1 why=because",
    "kept n=1 on=2",
    "more n=1",
  };
  g_autofree char *many = g_strnfill (MEDIA_CHANNEL_MAX_CHAT + 1, 'x');
  g_autofree char *too_long = g_strconcat ("chat id=1 text=", many, NULL);
  g_autofree char *more = g_strnfill (MEDIA_CHANNEL_MAX_LINE, 'x');
  g_autofree char *giant = g_strconcat ("got id=1 x=", more, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad) + 2; i++)
    {
      const char *line = i < G_N_ELEMENTS (bad)    ? bad[i]
                         : i == G_N_ELEMENTS (bad) ? too_long
                                                   : giant;
      g_autoptr (GError) error = NULL;

      g_test_message ("%.60s", line);
      g_assert_null (media_channel_message_parse (line, &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/channel-message/offer", test_offer);
  g_test_add_func ("/media/channel-message/chat", test_chat);
  g_test_add_func ("/media/channel-message/bad-input", test_bad_input);
  return g_test_run ();
}
