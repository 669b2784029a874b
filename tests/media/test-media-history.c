/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-history.h"

#include <string.h>

static void
add (MediaHistory *history, double seconds, int kbps)
{
  MediaQuality quality = { .out = { .kbps = kbps }, .rung = MEDIA_RUNG_SD };

  media_history_add (history, &quality, (gint64) (seconds * G_USEC_PER_SEC));
}

static void
count_cb (MediaHistory *history, guint *count)
{
  (*count)++;
}

static void
test_five_minutes (void)
{
  g_autoptr (MediaHistory) history = media_history_new ();
  guint changed = 0;

  g_signal_connect (history, "changed", G_CALLBACK (count_cb), &changed);
  for (int i = 0; i < 1000; i++)
    add (history, 10 + i, i);
  g_assert_cmpuint (media_history_get_length (history), ==, 300);
  g_assert_cmpint (media_history_get (history, 0)->quality.out.kbps, ==, 700);
  g_assert_cmpint (media_history_get (history, 299)->quality.out.kbps, ==, 999);
  g_assert_cmpuint (changed, ==, 1000);
  add (history, 1009.2, 5); /* a verdict that changed within the second */
  g_assert_cmpuint (media_history_get_length (history), ==, 300);
  g_assert_cmpint (media_history_get (history, 299)->quality.out.kbps, ==, 5);
  add (history, 5000, 6); /* after a pause only what is of the last five minutes is left */
  g_assert_cmpuint (media_history_get_length (history), ==, 1);
}

static void
test_text (void)
{
  g_autoptr (MediaHistory) history = media_history_new ();
  g_autofree char *empty = media_history_dup_text (history), *text = NULL;

  g_assert_nonnull (strstr (empty, "figures of a call"));
  add (history, 10, 111);
  add (history, 11, 222);
  text = media_history_dup_text (history);
  g_assert_nonnull (strstr (text, "\n  1: unknown sd/phone rtt 0 silent 0 out 0.0 0 111 "));
  g_assert_nonnull (strstr (text, "\n  0: unknown sd/phone rtt 0 silent 0 out 0.0 0 222 "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/history/five-minutes", test_five_minutes);
  g_test_add_func ("/media/history/text", test_text);
  return g_test_run ();
}
