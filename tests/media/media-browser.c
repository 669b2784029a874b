/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-browser.h"

#include "last-reference.h"
#include "media-playout.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

typedef struct
{
  SoupServer *server;
  SoupWebsocketConnection *socket;
  GSubprocess *browser;
  char *profile;
} World;

static World world;
static MediaBrowserCall *current;

/* ---- signalling ---- */

static void
send_message (MediaBrowserCall *self, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);

  if (world.socket != NULL)
    soup_websocket_connection_send_text (world.socket, text);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
offer_cb (MediaCall *call, guint epoch, const char *sdp, MediaBrowserCall *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());

  add_string (builder, "type", "offer");
  add_int (builder, "epoch", epoch);
  add_string (builder, "sdp", sdp);
  json_builder_end_object (builder);
  send_message (self, builder);
}

static void
candidate_cb (MediaCall *call, guint epoch, guint mline, const char *line, MediaBrowserCall *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());
  g_autofree char *told =
      self->relay != NULL ? udp_relay_route (self->relay, UDP_RELAY_NEAR, line) : g_strdup (line);

  if (told == NULL)
    return;
  add_string (builder, "type", "candidate");
  add_int (builder, "epoch", epoch);
  add_int (builder, "mline", mline);
  add_string (builder, "candidate", told);
  json_builder_end_object (builder);
  send_message (self, builder);
}

static void
renew (MediaBrowserCall *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());

  self->renewals++;
  self->epoch++;
  add_string (builder, "type", "renew");
  add_int (builder, "epoch", self->epoch);
  json_builder_end_object (builder);
  send_message (self, builder);
  media_call_renew (self->call, self->epoch);
}

static void
take_answer (MediaBrowserCall *self, JsonObject *message)
{
  g_autofree char *sdp = g_strdup (json_object_get_string_member (message, "sdp"));
  g_autoptr (GError) error = NULL;
  static const char mark[] = "a=fingerprint:sha-256 ";

  g_assert_nonnull (strstr (sdp, MEDIA_PLAYOUT_URI)); /* pictures are shown at once */
  for (char *p = strstr (sdp, mark); self->meddle && p != NULL; p = strstr (p + 1, mark))
    p[strlen (mark)] = p[strlen (mark)] == 'A' ? 'B' : 'A';
  media_call_set_answer (self->call, (guint) json_object_get_int_member (message, "epoch"), sdp,
                         &error);
  g_assert_no_error (error);
}

static void
take_candidate (MediaBrowserCall *self, JsonObject *message)
{
  const char *line = json_object_get_string_member (message, "candidate");
  g_autofree char *told =
      self->relay != NULL ? udp_relay_route (self->relay, UDP_RELAY_FAR, line) : g_strdup (line);

  if (told != NULL)
    media_call_add_candidate (self->call, (guint) json_object_get_int_member (message, "epoch"),
                              (guint) json_object_get_int_member (message, "mline"), told);
}

MediaVerdict
media_browser_verdict (const char *id)
{
  for (int i = MEDIA_VERDICT_UNKNOWN; i <= MEDIA_VERDICT_LOST; i++)
    if (g_strcmp0 (id, media_verdict_to_id (i)) == 0)
      return i;
  return MEDIA_VERDICT_UNKNOWN;
}

static int
since_start_ms (MediaBrowserCall *self)
{
  return (int) ((g_get_monotonic_time () - self->started_us) / 1000);
}

static void
take_report (MediaBrowserCall *self, JsonObject *message)
{
  JsonArray *delays = json_object_get_array_member (message, "delays");

  self->frames = json_object_get_int_member (message, "frames");
  self->seen = json_object_get_int_member (message, "clocked");
  self->peak = json_object_get_double_member (message, "peak");
  self->verdict = media_browser_verdict (json_object_get_string_member (message, "verdict"));
  self->beat_ago_ms = json_object_get_int_member (message, "beatAgo");
  self->heard_ago_ms = json_object_get_int_member (message, "heardAgo");
  self->samples = json_object_get_double_member (message, "samples");
  self->concealed = json_object_get_double_member (message, "concealed");
  if (self->qualities > 0)
    {
      if (self->record != NULL)
        fprintf (self->record, "%d page %d %d %s\n", since_start_ms (self), self->beat_ago_ms,
                 self->heard_ago_ms, media_verdict_to_id (self->verdict));
      self->reports++;
      self->agreed += self->verdict == self->quality.verdict;
    }
  g_array_set_size (self->their_delays, 0);
  for (guint i = 0; i < json_array_get_length (delays); i++)
    {
      gint64 delay = json_array_get_int_element (delays, i);

      g_array_append_val (self->their_delays, delay);
    }
}

static void
message_cb (SoupWebsocketConnection *socket, int kind, GBytes *bytes, gpointer data)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *message;
  const char *type;

  if (current == NULL || !json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL),
                                                      g_bytes_get_size (bytes), NULL))
    return;
  message = json_node_get_object (json_parser_get_root (parser));
  type = json_object_get_string_member (message, "type");
  if (g_str_equal (type, "answer"))
    take_answer (current, message);
  else if (g_str_equal (type, "candidate"))
    take_candidate (current, message);
  else if (g_str_equal (type, "report"))
    take_report (current, message);
  else if (g_str_equal (type, "renew"))
    {
      if ((guint) json_object_get_int_member (message, "epoch") > current->epoch)
        renew (current);
    }
  else if (g_str_equal (type, "problem"))
    g_error ("the page says: %s", json_object_get_string_member (message, "text"));
}

/* ---- the browser and its page ---- */

static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  /* the patient's own code for the call, as the hub serves it */
  gboolean is_module = g_str_equal (path, "/call.js") || g_str_equal (path, "/quality.js");
  g_autofree char *file =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), is_module ? "data/patient" : "tests/media",
                        is_module ? path : "patient.html", NULL);
  g_autofree char *text = NULL;
  gsize length;

  if ((!is_module && !g_str_equal (path, "/")) || !g_file_get_contents (file, &text, &length, NULL))
    {
      soup_server_message_set_status (message, 404, NULL);
      return;
    }
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message,
                                    is_module ? "text/javascript" : "text/html; charset=utf-8",
                                    SOUP_MEMORY_COPY, text, length);
}

static void
socket_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *socket,
           gpointer data)
{
  g_set_object (&world.socket, socket);
  soup_websocket_connection_set_max_incoming_payload_size (socket, 1 << 20);
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), NULL);
}

static gboolean
page_is_there (gpointer data)
{
  return world.socket != NULL;
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

void
media_browser_open (void)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = NULL;
  g_autofree char *url = NULL, *profile = NULL;

  world.server = soup_server_new (NULL, NULL);
  soup_server_add_handler (world.server, NULL, page_cb, NULL, NULL);
  soup_server_add_websocket_handler (world.server, "/signal", NULL, NULL, socket_cb, NULL, NULL);
  soup_server_listen_local (world.server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (world.server);
  url = g_uri_to_string (uris->data);
  world.profile = g_dir_make_tmp ("bedside-chromium-XXXXXX", NULL);
  profile = g_strconcat ("--user-data-dir=", world.profile, NULL);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  world.browser =
      g_subprocess_launcher_spawn (launcher, &error, "chromium", "--headless=new", "--no-sandbox",
                                   "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                                   "--password-store=basic", "--disable-background-networking",
                                   "--disable-component-update", "--disable-sync",
                                   "--disable-background-timer-throttling",
                                   "--autoplay-policy=no-user-gesture-required",
                                   "--allow-loopback-in-peer-connection",
                                   "--use-fake-ui-for-media-stream",
                                   "--use-fake-device-for-media-stream=fps=30", profile, url, NULL);
  g_assert_no_error (error);
  g_assert_true (media_test_wait (page_is_there, NULL, 40));
}

static void
remove_folder (GFile *folder)
{
  g_autoptr (GFileEnumerator) children =
      g_file_enumerate_children (folder, "standard::name", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS,
                                 NULL, NULL);
  GFile *child;

  while (children != NULL && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) &&
         child != NULL)
    if (!g_file_delete (child, NULL, NULL))
      remove_folder (child);
  g_file_delete (folder, NULL, NULL);
}

void
media_browser_close (void)
{
  g_autoptr (GFile) profile = g_file_new_for_path (world.profile);

  g_subprocess_send_signal (world.browser, SIGTERM);
  g_subprocess_wait (world.browser, NULL, NULL);
  g_clear_object (&world.socket);
  g_clear_object (&world.browser);
  soup_server_disconnect (world.server);
  g_clear_object (&world.server);
  remove_folder (profile);
  g_clear_pointer (&world.profile, g_free);
}

/* ---- the clinic ---- */

static GstPadProbeReturn
shown_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_atomic_int_inc (&((MediaBrowserCall *) data)->shown);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_screen (gpointer data)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "async", FALSE, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, shown_probe, data, NULL);
  return sink;
}

static GstElement *
make_speaker (gpointer data)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (sink, "async", FALSE, NULL);
  return sink;
}

static void
clock_cb (MediaCall *call, gint64 painted, MediaBrowserCall *self)
{
  gint64 delay = (guint32) (g_get_real_time () / 1000) - (guint32) painted;

  self->clocked++;
  g_array_append_val (self->delays, delay);
}

static void
quality_cb (MediaCall *call, MediaQuality *quality, MediaBrowserCall *self)
{
  g_autofree char *text = media_quality_dup_text (quality);

  self->quality = *quality;
  self->qualities++;
  self->said[quality->verdict]++;
  self->shown_there[self->verdict]++;
  g_test_message ("%s; %s", text, media_verdict_to_id (self->verdict));
  if (self->record != NULL)
    fprintf (self->record, "%d quality %s\n", since_start_ms (self), text);
}

static void
refused_cb (MediaCall *call, const char *reason, MediaBrowserCall *self)
{
  self->refused++;
}

static void
needs_renew_cb (MediaCall *call, const char *reason, MediaBrowserCall *self)
{
  g_test_message ("renewed: %s", reason);
  renew (self);
}

/**
 * media_browser_call_new:
 * @sources: (transfer full): what the clinic films
 * @relay: (transfer full) (nullable): the network; NULL a good one
 */
MediaBrowserCall *
media_browser_call_new (MediaTestSources *sources, UdpRelay *relay)
{
  static guint epoch; /* the page passes over older ones */
  MediaBrowserCall *self = g_new0 (MediaBrowserCall, 1);

  self->epoch = epoch += 100;
  self->relay = relay;
  self->delays = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->their_delays = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->sources = MEDIA_SOURCES (sources);
  self->call = media_call_new (self->sources, make_screen, self, NULL);
  media_call_set_speaker (self->call, make_speaker, self, NULL);
  media_call_set_loopback (self->call, TRUE);
  g_signal_connect (self->call, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect (self->call, "candidate", G_CALLBACK (candidate_cb), self);
  g_signal_connect (self->call, "remote-clock", G_CALLBACK (clock_cb), self);
  g_signal_connect (self->call, "refused", G_CALLBACK (refused_cb), self);
  g_signal_connect (self->call, "quality", G_CALLBACK (quality_cb), self);
  g_signal_connect (self->call, "needs-renew", G_CALLBACK (needs_renew_cb), self);
  current = self;
  return self;
}

void
media_browser_call_free (MediaBrowserCall *self)
{
  current = NULL;
  media_call_stop (self->call);
  last_reference_drop (self->call);
  last_reference_drop (self->sources);
  g_clear_pointer (&self->relay, udp_relay_free);
  g_array_unref (self->delays);
  g_array_unref (self->their_delays);
  g_free (self);
}

void
media_browser_call_start (MediaBrowserCall *self)
{
  self->base_seen = self->seen = G_MAXINT32; /* until the page's next report */
  self->started_us = g_get_monotonic_time ();
  media_call_start (self->call, self->epoch);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

gint64
media_browser_median (GArray *values)
{
  g_array_sort (values, compare);
  return values->len > 0 ? g_array_index (values, gint64, values->len / 2) : -1;
}
