/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-channel.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "last-reference.h"
#include "media-patient.h"

/* The data channel of a whole call in one process: the clinic's end is a MediaCall's, the patient's
 * a webrtcbin's. */

#define SECONDS   60
#define FILE_SIZE (1024 * 1024)
#define CHUNK     (16 * 1024)

typedef struct
{
  MediaCall *call;
  MediaChannel *channel;
  MediaPatient *patient;
  guint opened, closed, lines, trusted, refused, trusted_at_open;
  GByteArray *taken;
  char *line;
  gint64 sent;
  GBytes *file;

  /* written on the patient's threads */
  GMutex lock;
  GObject *far; /* GstWebRTCDataChannel */
  GPtrArray *far_lines;
  gsize far_bytes;
} Fixture;

/* ---- the patient's page ---- */

static void
far_line_cb (GObject *channel, const char *line, Fixture *self)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->far_lines, g_strdup (line));
  g_mutex_unlock (&self->lock);
}

static void
far_bytes_cb (GObject *channel, GBytes *bytes, Fixture *self)
{
  g_mutex_lock (&self->lock);
  self->far_bytes += g_bytes_get_size (bytes);
  g_mutex_unlock (&self->lock);
}

static void
far_channel_cb (GstElement *webrtcbin, GObject *channel, Fixture *self)
{
  g_autofree char *label = NULL;

  g_object_get (channel, "label", &label, NULL);
  if (g_strcmp0 (label, MEDIA_CHANNEL_LABEL) != 0)
    return;
  g_signal_connect (channel, "on-message-string", G_CALLBACK (far_line_cb), self);
  g_signal_connect (channel, "on-message-data", G_CALLBACK (far_bytes_cb), self);
  g_mutex_lock (&self->lock);
  g_set_object (&self->far, channel);
  g_mutex_unlock (&self->lock);
}

/* After the patient's webrtcbin of this epoch was made. */
static void
offer_cb (Fixture *self)
{
  g_signal_connect (self->patient->webrtcbin, "on-data-channel", G_CALLBACK (far_channel_cb), self);
}

static void
far_send (Fixture *self, const char *line)
{
  gst_webrtc_data_channel_send_string_full (GST_WEBRTC_DATA_CHANNEL (self->far), line, NULL);
}

/* ---- the clinic ---- */

static void
open_cb (Fixture *self, gboolean open)
{
  if (!open)
    {
      self->closed++;
      return;
    }
  self->opened++;
  self->trusted_at_open = self->trusted;
  media_channel_send_line (self->channel, "hello");
}

static void
line_cb (Fixture *self, const char *line)
{
  self->lines++;
  g_set_str (&self->line, line);
}

static void
bytes_cb (Fixture *self, GBytes *bytes)
{
  g_byte_array_append (self->taken, g_bytes_get_data (bytes, NULL),
                       (guint) g_bytes_get_size (bytes));
}

static void
send_some (Fixture *self)
{
  while (self->file != NULL && self->sent < FILE_SIZE &&
         media_channel_get_waiting (self->channel) < 256 * 1024)
    {
      g_autoptr (GBytes) chunk = g_bytes_new_from_bytes (self->file, (gsize) self->sent, CHUNK);

      media_channel_send_bytes (self->channel, chunk);
      self->sent += CHUNK;
    }
}

static void
count (guint *counter)
{
  (*counter)++;
}

static GstElement *
make_sink (gpointer data)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (sink, "async", FALSE, NULL);
  return sink;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (MediaSources) sources = MEDIA_SOURCES (media_test_sources_new (TRUE));

  g_mutex_init (&self->lock);
  self->far_lines = g_ptr_array_new_with_free_func (g_free);
  self->taken = g_byte_array_new ();
  self->call = media_call_new (sources, make_sink, self, NULL);
  self->channel = media_channel_new ();
  self->patient = media_patient_new (self->call);
  media_call_set_speaker (self->call, make_sink, self, NULL);
  media_call_set_loopback (self->call, TRUE);
  g_signal_connect_swapped (self->call, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect_swapped (self->call, "trusted", G_CALLBACK (count), &self->trusted);
  g_signal_connect_swapped (self->call, "refused", G_CALLBACK (count), &self->refused);
  g_signal_connect_swapped (self->channel, "open", G_CALLBACK (open_cb), self);
  g_signal_connect_swapped (self->channel, "line", G_CALLBACK (line_cb), self);
  g_signal_connect_swapped (self->channel, "bytes", G_CALLBACK (bytes_cb), self);
  g_signal_connect_swapped (self->channel, "drained", G_CALLBACK (send_some), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  media_call_stop (self->call);
  media_patient_free (self->patient);
  g_signal_handlers_disconnect_by_data (self->channel, self);
  g_clear_object (&self->far);
  last_reference_drop (self->call);
  last_reference_drop (self->channel);
  g_byte_array_unref (self->taken);
  g_ptr_array_unref (self->far_lines);
  g_clear_pointer (&self->file, g_bytes_unref);
  g_free (self->line);
  g_mutex_clear (&self->lock);
}

static gboolean
is_open (gpointer data)
{
  Fixture *self = data;
  gboolean there;

  g_mutex_lock (&self->lock);
  there = self->far != NULL && self->far_lines->len > 0;
  g_mutex_unlock (&self->lock);
  return there && media_channel_is_open (self->channel);
}

static gboolean
has_line (gpointer data)
{
  return ((Fixture *) data)->lines > 0;
}

static gboolean
has_all (gpointer data)
{
  Fixture *self = data;
  gboolean all;

  g_mutex_lock (&self->lock);
  all = self->far_bytes == FILE_SIZE;
  g_mutex_unlock (&self->lock);
  return all && self->taken->len == FILE_SIZE;
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *) data)->closed > 0;
}

static void
open_call (Fixture *self, guint epoch)
{
  media_call_set_channel (self->call, self->channel);
  media_call_start (self->call, epoch);
  g_assert_true (media_test_wait (is_open, self, SECONDS));
}

static void
fill (Fixture *self)
{
  guint8 *bytes = g_malloc (FILE_SIZE);

  for (gsize i = 0; i < FILE_SIZE; i++)
    bytes[i] = (guint8) (i * 31 + i / 4093);
  self->file = g_bytes_new_take (bytes, FILE_SIZE);
}

/* Lines and a megabyte each way, whole and in order, paced by what the channel has not sent yet. */
static void
test_both_ways (Fixture *self, gconstpointer data)
{
  open_call (self, 1);
  g_assert_cmpuint (self->trusted_at_open, ==, 1);
  fill (self);
  send_some (self);
  for (gsize at = 0; at < FILE_SIZE; at += CHUNK)
    {
      g_autoptr (GBytes) chunk = g_bytes_new_from_bytes (self->file, at, CHUNK);

      gst_webrtc_data_channel_send_data_full (GST_WEBRTC_DATA_CHANNEL (self->far), chunk, NULL);
    }
  far_send (self, "chat id=1 text=Gr%C3%BC%C3%9Fe");
  g_assert_true (media_test_wait (has_all, self, SECONDS));
  g_assert_true (media_test_wait (has_line, self, SECONDS));
  g_assert_cmpstr (self->line, ==, "chat id=1 text=Gr%C3%BC%C3%9Fe");
  g_assert_cmpmem (self->taken->data, self->taken->len, g_bytes_get_data (self->file, NULL),
                   FILE_SIZE);
  g_assert_cmpint (self->sent, ==, FILE_SIZE);
}

static char *
change_fingerprint (char *sdp)
{
  char *colon = strstr (sdp, "a=fingerprint:sha-256 ");

  for (; colon != NULL; colon = strstr (colon + 1, "a=fingerprint:sha-256 "))
    colon[22] = colon[22] == '0' ? '1' : '0';
  return sdp;
}

/* Who is not who signalling said is sent nothing, and heard nothing of. */
static void
test_not_trusted (Fixture *self, gconstpointer data)
{
  self->patient->alter = change_fingerprint;
  media_call_set_channel (self->call, self->channel);
  media_call_start (self->call, 1);
  while (self->refused == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->opened, ==, 0);
  g_assert_false (media_channel_is_open (self->channel));
  g_mutex_lock (&self->lock);
  g_assert_cmpuint (self->far_lines->len, ==, 0);
  g_mutex_unlock (&self->lock);
}

/* A fresh connection has a fresh channel; the old one says nothing more. */
static void
test_renewed (Fixture *self, gconstpointer data)
{
  open_call (self, 1);
  g_mutex_lock (&self->lock);
  g_clear_object (&self->far);
  g_ptr_array_set_size (self->far_lines, 0);
  g_mutex_unlock (&self->lock);
  media_call_renew (self->call, 2);
  g_assert_cmpuint (self->closed, ==, 1);
  g_assert_true (media_test_wait (is_open, self, SECONDS));
  g_assert_cmpuint (self->opened, ==, 2);
  far_send (self, "got id=1");
  g_assert_true (media_test_wait (has_line, self, SECONDS));
}

static gboolean
is_live (gpointer data)
{
  Fixture *self = data;

  return self->trusted > 0 && media_call_get_frames (self->call) > 30;
}

/* A call that was given no channel, as a guest's, makes none. */
static void
test_guest (Fixture *self, gconstpointer data)
{
  GObject *own = NULL;

  media_call_start (self->call, 1);
  g_assert_true (media_test_wait (is_live, self, SECONDS));
  g_signal_emit_by_name (self->patient->webrtcbin, "create-data-channel", MEDIA_CHANNEL_LABEL, NULL,
                         &own);
  g_assert_nonnull (own);
  for (guint i = 0; i < 50; i++)
    g_main_context_iteration (NULL, TRUE);
  gst_webrtc_data_channel_send_string_full (GST_WEBRTC_DATA_CHANNEL (own), "chat id=1 text=x",
                                            NULL);
  for (guint i = 0; i < 50; i++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->opened + self->lines, ==, 0);
  g_mutex_lock (&self->lock);
  g_assert_null (self->far);
  g_mutex_unlock (&self->lock);
  g_object_unref (own);
}

static gboolean
is_foreign_open (gpointer channel)
{
  GstWebRTCDataChannelState state;

  g_object_get (channel, "ready-state", &state, NULL);
  return state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN;
}

static gboolean
has_last (gpointer data)
{
  return g_strcmp0 (((Fixture *) data)->line, "got id=last") == 0;
}

/* One that the other side opens is nobody's, even where there is one, and of the same name. */
static void
test_foreign (Fixture *self, gconstpointer data)
{
  GObject *own = NULL;

  open_call (self, 1);
  g_signal_emit_by_name (self->patient->webrtcbin, "create-data-channel", MEDIA_CHANNEL_LABEL, NULL,
                         &own);
  g_assert_nonnull (own);
  g_assert_true (media_test_wait (is_foreign_open, own, SECONDS));
  gst_webrtc_data_channel_send_string_full (GST_WEBRTC_DATA_CHANNEL (own), "chat id=1 text=x",
                                            NULL);
  far_send (self, "got id=1");
  g_assert_true (media_test_wait (has_line, self, SECONDS));
  far_send (self, "got id=last");
  g_assert_true (media_test_wait (has_last, self, SECONDS));
  g_assert_cmpuint (self->lines, ==, 2);
  g_assert_cmpuint (self->opened, ==, 1);
  g_object_unref (own);
}

/* More lines than anybody was asked for: the channel is closed, and the call goes on. */
static void
test_flood (Fixture *self, gconstpointer data)
{
  open_call (self, 1);
  for (guint i = 0; i < 20000; i++)
    far_send (self, "chat id=1 text=x");
  g_usleep (G_USEC_PER_SEC); /* the main thread is busy, and they wait for it */
  g_assert_true (media_test_wait (is_closed, self, SECONDS));
  g_assert_cmpuint (self->lines, <, 20000);
  g_assert_cmpint (media_call_get_state (self->call), ==, MEDIA_CALL_LIVE);
}

#define TEST(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  TEST ("/media/channel/both-ways", test_both_ways);
  TEST ("/media/channel/not-trusted", test_not_trusted);
  TEST ("/media/channel/renewed", test_renewed);
  TEST ("/media/channel/guest", test_guest);
  TEST ("/media/channel/foreign", test_foreign);
  TEST ("/media/channel/flood", test_flood);
  return g_test_run ();
}
