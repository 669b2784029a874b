/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-transfers.h"

#include <string.h>

/* Files between two ends in one process, without a connection: what one says the other is told, in
 * order, when the test lets it through. The clinic's end is the real one; the patient's is the real
 * one too, or a stranger who says what he likes. */

typedef struct _End End;
struct _End
{
  MediaTransfers *transfers;
  End *other;
  GQueue post;   /* of GVariant: (b: is it a line, s or ay) */
  gsize waiting; /* what the channel has not sent yet, as it says */
  guint lines, chunks;
};

typedef struct
{
  End clinic, patient;
  guint offered, stopped;
} Fixture;

static void
send_line (const char *line, gpointer data)
{
  End *end = data;

  end->lines++;
  g_queue_push_tail (&end->post, g_variant_ref_sink (g_variant_new_string (line)));
}

static void
send_bytes (GBytes *bytes, gpointer data)
{
  End *end = data;

  end->chunks++;
  g_queue_push_tail (&end->post,
                     g_variant_ref_sink (
                         g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE)));
}

static gsize
get_waiting (gpointer data)
{
  return ((End *) data)->waiting;
}

static void
take_line (MediaTransfers *transfers, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaChannelMessage) message = media_channel_message_parse (line, &error);

  g_assert_no_error (error);
  media_transfers_take_message (transfers, message);
}

/* Hands over one letter. Returns: whether there was one */
static gboolean
deliver_one (End *end)
{
  g_autoptr (GVariant) letter = g_queue_pop_head (&end->post);
  g_autoptr (GBytes) bytes = NULL;

  if (letter == NULL)
    return FALSE;
  if (g_variant_is_of_type (letter, G_VARIANT_TYPE_STRING))
    take_line (end->other->transfers, g_variant_get_string (letter, NULL));
  else
    {
      bytes = g_variant_get_data_as_bytes (letter);
      media_transfers_take_bytes (end->other->transfers, bytes);
    }
  return TRUE;
}

static void
deliver (Fixture *fixture)
{
  while (deliver_one (&fixture->clinic) || deliver_one (&fixture->patient))
    ;
}

static void
count (guint *counter)
{
  (*counter)++;
}

static void
set_open (Fixture *fixture, gboolean open)
{
  g_queue_clear_full (&fixture->clinic.post, (GDestroyNotify) g_variant_unref);
  g_queue_clear_full (&fixture->patient.post, (GDestroyNotify) g_variant_unref);
  media_transfers_set_open (fixture->patient.transfers, open);
  media_transfers_set_open (fixture->clinic.transfers, open);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const MediaTransfersWay way = { send_line, send_bytes, get_waiting };

  fixture->clinic.other = &fixture->patient;
  fixture->patient.other = &fixture->clinic;
  fixture->clinic.transfers = media_transfers_new (&way, &fixture->clinic);
  fixture->patient.transfers = media_transfers_new (&way, &fixture->patient);
  g_signal_connect_swapped (fixture->clinic.transfers, "offered", G_CALLBACK (count),
                            &fixture->offered);
  g_signal_connect_swapped (fixture->clinic.transfers, "stopped", G_CALLBACK (count),
                            &fixture->stopped);
  set_open (fixture, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  set_open (fixture, FALSE);
  g_assert_finalize_object (fixture->clinic.transfers);
  g_assert_finalize_object (fixture->patient.transfers);
}

static GBytes *
make_pdf (gsize size)
{
  char *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (char) (i * 7 + i / 251);
  memcpy (bytes, "%PDF-1.7\n", MIN (size, 9));
  return g_bytes_new_take (bytes, size);
}

/* (transfer none): the newest one of an end */
static MediaTransfer *
last (End *end)
{
  GListModel *list = media_transfers_get_list (end->transfers);
  guint n = g_list_model_get_n_items (list);
  g_autoptr (MediaTransfer) transfer = n > 0 ? g_list_model_get_item (list, n - 1) : NULL;

  return transfer;
}

static MediaTransfer *
send (End *end, const char *name, GBytes *bytes)
{
  MediaWhy why;
  MediaTransfer *transfer = media_transfers_send (end->transfers, name, bytes, &why);

  g_assert_cmpint (why, ==, MEDIA_WHY_NONE);
  return transfer;
}

#define assert_state(transfer, wanted)                                                             \
  g_assert_cmpint (media_transfer_get_state (transfer), ==, MEDIA_TRANSFER_##wanted)

static void
test_both_ways (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) scan = make_pdf (1000 * 1000), leaflet = g_bytes_new_static ("Rest.", 5);
  MediaTransfer *sent = send (&fixture->patient, "scan.pdf", scan);
  MediaTransfer *given = send (&fixture->clinic, "advice", leaflet);

  deliver (fixture);
  assert_state (sent, DONE);
  assert_state (given, DONE);
  g_assert_cmpuint (fixture->offered, ==, 1);
  g_assert_cmpstr (media_transfer_get_name (last (&fixture->patient)), ==, "advice.txt");
  g_assert_true (g_bytes_equal (media_transfer_get_bytes (last (&fixture->patient)), leaflet));
  g_assert_cmpuint (fixture->patient.chunks, ==, 62);
}

/* Who draws the list is not told of each chunk; a row is. */
static void
test_quiet (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) scan = make_pdf (1000 * 1000);
  guint sender = 0, receiver = 0, row = 0, coming = 0;
  MediaTransfer *sent = send (&fixture->patient, "scan.pdf", scan);

  g_signal_connect_swapped (fixture->patient.transfers, "changed", G_CALLBACK (count), &sender);
  g_signal_connect_swapped (fixture->clinic.transfers, "changed", G_CALLBACK (count), &receiver);
  g_signal_connect_swapped (sent, "changed", G_CALLBACK (count), &row);
  g_assert_true (deliver_one (&fixture->patient)); /* the offer */
  g_signal_connect_swapped (last (&fixture->clinic), "changed", G_CALLBACK (count), &coming);
  deliver (fixture);
  assert_state (sent, DONE);
  assert_state (last (&fixture->clinic), DONE);
  g_assert_cmpuint (fixture->patient.chunks, ==, 62);
  g_assert_cmpuint (sender, ==, 2);   /* it runs, and is done */
  g_assert_cmpuint (receiver, ==, 2); /* it is offered, and done */
  g_assert_cmpuint (coming, ==, 62);
  g_assert_cmpuint (row, >, 2);
  g_signal_handlers_disconnect_by_data (fixture->patient.transfers, &sender);
  g_signal_handlers_disconnect_by_data (fixture->clinic.transfers, &receiver);
  g_signal_handlers_disconnect_by_data (sent, &row);
  g_signal_handlers_disconnect_by_data (last (&fixture->clinic), &coming);
}

/* No more leaves than was asked for, and none while the channel is full. */
static void
test_back_pressure (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) scan = make_pdf (1000 * 1000);
  MediaTransfer *sent = send (&fixture->patient, "scan.pdf", scan);

  deliver_one (&fixture->patient);
  fixture->patient.waiting = MEDIA_TRANSFERS_WINDOW;
  deliver_one (&fixture->clinic);
  assert_state (sent, RUNNING);
  g_assert_cmpuint (media_transfer_get_moved (sent), ==, 0);
  fixture->patient.waiting = 0;
  media_transfers_drained (fixture->patient.transfers);
  g_assert_cmpuint (media_transfer_get_moved (sent), ==, MEDIA_TRANSFERS_WINDOW);
  media_transfers_drained (fixture->patient.transfers);
  g_assert_cmpuint (media_transfer_get_moved (sent), ==, MEDIA_TRANSFERS_WINDOW);
  deliver (fixture);
  assert_state (sent, DONE);
}

/* On a narrow path so much a second, and it comes to its end all the same. */
static void
test_rate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) scan = make_pdf (100 * 1000);
  MediaTransfer *sent = send (&fixture->patient, "scan.pdf", scan);
  gint64 now = G_USEC_PER_SEC;
  guint seconds = 0;

  media_transfers_set_rate (fixture->clinic.transfers, 20000);
  media_transfers_tick (fixture->clinic.transfers, now);
  deliver (fixture);
  g_assert_cmpuint (media_transfer_get_moved (sent), <=, 20000);
  while (media_transfer_get_state (sent) != MEDIA_TRANSFER_DONE && seconds++ < 20)
    {
      media_transfers_tick (fixture->clinic.transfers, now += G_USEC_PER_SEC);
      deliver (fixture);
    }
  g_assert_cmpuint (seconds, >=, 4);
  g_assert_cmpuint (seconds, <=, 8);
}

static void
offer (Fixture *fixture,
       guint number,
       const char *kind,
       guint64 size,
       const char *hash,
       const char *name)
{
  g_autofree char *line =
      g_strdup_printf ("offer n=%u kind=%s size=%" G_GUINT64_FORMAT " hash=%s text=%s", number,
                       kind, size, hash, name);

  take_line (fixture->clinic.transfers, line);
}

static void
send_chunk (Fixture *fixture, guint number, const char *text, gsize length)
{
  g_autoptr (GByteArray) chunk = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  guint32 head = GUINT32_TO_BE (number);

  g_byte_array_append (chunk, (const guint8 *) &head, sizeof head);
  g_byte_array_append (chunk, (const guint8 *) text, (guint) length);
  bytes = g_bytes_new (chunk->data, chunk->len);
  media_transfers_take_bytes (fixture->clinic.transfers, bytes);
}

/* What the clinic said last; (transfer full) */
static char *
said (Fixture *fixture)
{
  GVariant *letter = g_queue_peek_tail (&fixture->clinic.post);

  return letter != NULL ? g_variant_dup_string (letter, NULL) : NULL;
}

static void
assert_said (Fixture *fixture, const char *line)
{
  g_autofree char *found = said (fixture);

  g_assert_cmpstr (found, ==, line);
}

#define HASH          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HASH_OF_HELLO "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969"

/* Nothing is kept of what is too large, of no kind, not what was promised, or more than was asked
 * for; each says why. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  GListModel *list = media_transfers_get_list (fixture->clinic.transfers);

  offer (fixture, 1, "pdf", MEDIA_FILE_MAX + 1, HASH, "big");
  assert_said (fixture, "refuse n=1 why=size");
  offer (fixture, 2, "pdf", 0, HASH, "empty");
  assert_said (fixture, "refuse n=2 why=size");
  offer (fixture, 3, "exe", 5, HASH, "virus");
  assert_said (fixture, "refuse n=3 why=kind");
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  offer (fixture, 4, "text", 5, HASH, "damaged");
  assert_said (fixture, "more n=4 size=5");
  send_chunk (fixture, 4, "Hello", 5);
  assert_said (fixture, "refuse n=4 why=hash");
  g_assert_null (media_transfer_get_bytes (last (&fixture->clinic)));
  offer (fixture, 5, "pdf", 5, HASH_OF_HELLO, "disguised");
  send_chunk (fixture, 5, "Hello", 5);
  assert_said (fixture, "refuse n=5 why=content");
  g_assert_null (media_transfer_get_bytes (last (&fixture->clinic)));
  offer (fixture, 6, "text", 5, HASH_OF_HELLO, "longer");
  send_chunk (fixture, 6, "Hello Hello", 11);
  assert_said (fixture, "refuse n=6 why=order");
  assert_state (last (&fixture->clinic), REFUSED);
  send_chunk (fixture, 6, "Hello", 5);
  g_assert_null (media_transfer_get_bytes (last (&fixture->clinic)));
}

/* Many at once, many in all, more than the memory is for; chunks of nothing. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  GListModel *list = media_transfers_get_list (fixture->clinic.transfers);

  for (guint n = 1; n <= 3; n++)
    offer (fixture, n, "pdf", MEDIA_FILE_MAX, HASH, "part");
  offer (fixture, 4, "pdf", 5, HASH, "fourth");
  assert_said (fixture, "refuse n=4 why=many");
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 3);
  for (guint n = 1; n <= 3; n++)
    media_transfers_take_message (fixture->clinic.transfers,
                                  &(MediaChannelMessage) { .type = MEDIA_CHANNEL_CANCEL,
                                                           .number = n });
  for (guint n = 5; n < 200; n++)
    {
      offer (fixture, n, "text", 5, HASH_OF_HELLO, "again");
      send_chunk (fixture, n, "Hello", 5);
    }
  assert_said (fixture, "refuse n=199 why=many");
  g_assert_cmpuint (g_list_model_get_n_items (list), <=, 60);
  send_chunk (fixture, 9999, "Hello", 5);
  send_chunk (fixture, 5, "", 0);
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  offer (fixture, 1, "pdf", 5, HASH, "..%2F..%2F%E2%80%AEfdp.exe");
  g_assert_cmpstr (media_transfer_get_name (last (&fixture->clinic)), ==, "fdp.exe.pdf");
}

/* Either side ends it. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) scan = make_pdf (1000 * 1000);
  MediaTransfer *sent = send (&fixture->patient, "scan.pdf", scan);

  deliver_one (&fixture->patient);
  media_transfers_cancel (fixture->clinic.transfers, last (&fixture->clinic));
  deliver (fixture);
  assert_state (sent, REFUSED);
  g_assert_cmpint (media_transfer_get_why (sent), ==, MEDIA_WHY_DECLINED);
  sent = send (&fixture->patient, "scan.pdf", scan);
  deliver_one (&fixture->patient);
  deliver_one (&fixture->clinic);
  media_transfers_cancel (fixture->patient.transfers, sent);
  deliver (fixture);
  assert_state (last (&fixture->clinic), CANCELLED);
  g_assert_null (media_transfer_get_bytes (last (&fixture->clinic)));
}

/* A connection that ends in the middle: it begins again with the next one, once. */
static void
test_connection_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) scan = make_pdf (1000 * 1000);
  MediaTransfer *sent = send (&fixture->patient, "scan.pdf", scan);

  for (guint i = 0; i < 10; i++)
    {
      deliver_one (&fixture->patient);
      deliver_one (&fixture->clinic);
    }
  g_assert_cmpuint (media_transfer_get_moved (last (&fixture->clinic)), >, 0);
  set_open (fixture, FALSE);
  assert_state (sent, WAITING);
  assert_state (last (&fixture->clinic), LOST);
  set_open (fixture, TRUE);
  deliver (fixture);
  assert_state (sent, DONE);
  g_assert_cmpuint (g_list_model_get_n_items (media_transfers_get_list (fixture->clinic.transfers)),
                    ==, 1);
  g_assert_true (g_bytes_equal (media_transfer_get_bytes (last (&fixture->clinic)), scan));
}

/* The last word got lost: what is here already is not sent twice. */
static void
test_word_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) leaflet = g_bytes_new_static ("Rest.", 5);
  MediaTransfer *sent = send (&fixture->patient, "a.txt", leaflet);

  deliver_one (&fixture->patient);
  deliver_one (&fixture->clinic);
  deliver_one (&fixture->patient);
  assert_state (last (&fixture->clinic), DONE);
  set_open (fixture, FALSE);
  set_open (fixture, TRUE);
  deliver (fixture);
  assert_state (sent, DONE);
  g_assert_cmpuint (fixture->patient.chunks, ==, 1);
  g_assert_cmpuint (fixture->offered, ==, 1);
}

/* One thing is shown at a time, before files; the patient may end it; a page that was loaded anew
 * is shown it again. A patient shows nothing. */
static void
test_card (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("Potassium 4.1", 13), pdf = make_pdf (100);
  MediaWhy why;
  MediaTransfer *card =
      media_transfers_show (fixture->clinic.transfers, "Potassium", "12-Mar-2026", text, &why);
  g_autofree char *stop = g_strdup_printf ("stop n=%u", media_transfer_get_number (card));
  g_autofree char *done = g_strdup_printf ("done n=%u", media_transfer_get_number (card));
  g_autofree char *first = said (fixture);

  g_assert_nonnull (strstr (first, "card n="));
  g_assert_nonnull (strstr (first, "at=12-Mar-2026"));
  g_assert_true (media_transfers_get_card (fixture->clinic.transfers) == card);
  take_line (fixture->clinic.transfers, done);
  assert_state (card, DONE);
  media_transfers_show_again (fixture->clinic.transfers);
  assert_state (card, OFFERED);
  take_line (fixture->clinic.transfers, done);
  assert_state (card, DONE);
  media_transfers_set_open (fixture->clinic.transfers, FALSE);
  assert_state (card, DONE);
  media_transfers_set_open (fixture->clinic.transfers, TRUE);
  assert_state (card, OFFERED); /* the page took it away */
  take_line (fixture->clinic.transfers, stop);
  g_assert_null (media_transfers_get_card (fixture->clinic.transfers));
  g_assert_cmpuint (fixture->stopped, ==, 1);
  take_line (fixture->clinic.transfers, stop);
  g_assert_cmpuint (fixture->stopped, ==, 1);
  g_assert_null (media_transfers_show (fixture->clinic.transfers, "Letter", NULL, pdf, &why));
  g_assert_cmpint (why, ==, MEDIA_WHY_KIND);
  take_line (fixture->clinic.transfers, "card n=5 size=5 kind=text hash=" HASH " text=x");
  g_assert_cmpuint (fixture->offered, ==, 0);
}

static void
test_own_limits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) giant = make_pdf (MEDIA_FILE_MAX + 1), program = g_bytes_new ("MZ\x90\0", 4),
                     empty = g_bytes_new (NULL, 0);
  MediaWhy why;

  g_assert_null (media_transfers_send (fixture->clinic.transfers, "a.pdf", giant, &why));
  g_assert_cmpint (why, ==, MEDIA_WHY_SIZE);
  g_assert_null (media_transfers_send (fixture->clinic.transfers, "a.pdf", program, &why));
  g_assert_cmpint (why, ==, MEDIA_WHY_KIND);
  g_assert_null (media_transfers_send (fixture->clinic.transfers, "a.pdf", empty, &why));
  g_assert_cmpint (why, ==, MEDIA_WHY_SIZE);
}

#define TEST(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/media/transfers/both-ways", test_both_ways);
  TEST ("/media/transfers/quiet", test_quiet);
  TEST ("/media/transfers/back-pressure", test_back_pressure);
  TEST ("/media/transfers/rate", test_rate);
  TEST ("/media/transfers/refused", test_refused);
  TEST ("/media/transfers/flood", test_flood);
  TEST ("/media/transfers/names", test_names);
  TEST ("/media/transfers/cancel", test_cancel);
  TEST ("/media/transfers/connection-lost", test_connection_lost);
  TEST ("/media/transfers/word-lost", test_word_lost);
  TEST ("/media/transfers/card", test_card);
  TEST ("/media/transfers/own-limits", test_own_limits);
  return g_test_run ();
}
