/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-browser.h"

/* A call with a browser: both see and hear, through losses too, and nobody else is shown. */

static gboolean
both_see_60 (gpointer data)
{
  MediaBrowserCall *self = data;

  return self->clocked >= 60 && self->seen - self->base_seen >= 60 && self->peak > 0.05;
}

static gboolean
both_see_30_more (gpointer data)
{
  MediaBrowserCall *self = data;

  return self->clocked >= 30 && self->seen - self->base_seen >= 30;
}

static gboolean
clinic_sees_30 (gpointer data)
{
  MediaBrowserCall *self = data;

  return self->clocked >= 30 && self->seen < G_MAXINT32;
}

static gboolean
both_see_150_more (gpointer data)
{
  MediaBrowserCall *self = data;

  return self->clocked >= 150 && self->seen - self->base_seen >= 150;
}

static gboolean
is_refused (gpointer data)
{
  return ((MediaBrowserCall *) data)->refused > 0;
}

static gboolean
is_quiet (gpointer data)
{
  MediaBrowserCall *self = data;

  return self->peak < 0.0005;
}

static void
test_call (void)
{
  MediaBrowserCall *self = media_browser_call_new (media_test_sources_new (TRUE), NULL);
  media_browser_call_start (self);
  self->base_seen = 0; /* the first call */
  g_assert_true (media_test_wait (both_see_60, self, 30));
  g_assert_cmpint (media_call_get_state (self->call), ==, MEDIA_CALL_LIVE);
  g_test_message ("clinic read %u of %u frames, %" G_GINT64_FORMAT " ms at the median; "
                  "patient %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                  " ms; sound %.2f",
                  self->clocked, self->shown, media_browser_median (self->delays), self->seen,
                  self->frames, media_browser_median (self->their_delays), self->peak);
  media_call_set_microphone (self->call, FALSE);
  g_assert_true (media_test_wait (is_quiet, self, 20));
  media_call_renew (self->call, ++self->epoch);
  self->base_seen = self->seen;
  self->clocked = 0;
  g_assert_true (media_test_wait (both_see_30_more, self, 30));
  g_assert_cmpint (media_call_get_state (self->call), ==, MEDIA_CALL_LIVE);
  media_browser_call_free (self);
}

/* One packet in twenty lost, 100 ms there and back. */
static void
test_loss (void)
{
  MediaBrowserCall *self = media_browser_call_new (media_test_sources_new (TRUE), udp_relay_new ());
  const UdpRelayPath bad = { 5, 50, 0, FALSE };
  guint shown;
  gint64 frames;

  media_browser_call_start (self);
  g_assert_true (media_test_wait (clinic_sees_30, self, 30));
  udp_relay_set_path (self->relay, &bad);
  self->clocked = 0;
  shown = self->shown;
  self->base_seen = self->seen;
  frames = self->frames;
  g_assert_true (media_test_wait (both_see_150_more, self, 60));
  g_test_message ("the clinic read %u of %u, the patient %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                  self->clocked, self->shown - shown, self->seen - self->base_seen,
                  self->frames - frames);
  media_browser_call_free (self);
}

static void
test_wrong_fingerprint (void)
{
  MediaBrowserCall *self = media_browser_call_new (media_test_sources_new (TRUE), NULL);
  self->meddle = TRUE;
  media_browser_call_start (self);
  g_assert_true (media_test_wait (is_refused, self, 30));
  g_assert_cmpint (media_call_get_state (self->call), ==, MEDIA_CALL_REFUSED);
  g_assert_cmpuint (self->shown, ==, 0);
  g_assert_cmpuint (self->clocked, ==, 0);
  media_browser_call_free (self);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("BEDSIDE_TEST_CLOCK", "1", TRUE);
  gst_init (&argc, &argv);
  media_browser_open ();
  g_test_add_func ("/media/chromium/call", test_call);
  g_test_add_func ("/media/chromium/loss", test_loss);
  g_test_add_func ("/media/chromium/wrong-fingerprint", test_wrong_fingerprint);
  status = g_test_run ();
  media_browser_close ();
  return status;
}
