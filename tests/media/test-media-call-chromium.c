/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "media-call.h"
#include "media-patient.h"
#include "udp-relay.h"

/* The clinic's MediaCall against a real Chromium, headless, on the loopback. */

typedef struct
{
  SoupServer *server;
  SoupWebsocketConnection *socket;
  GSubprocess *browser;
  char *profile;
} World;

typedef struct
{
  World *world;
  MediaSources *sources;
  MediaCall *call;
  UdpRelay *relay; /* NULL: a good network */
  gboolean meddle;
  guint shown, clocked, refused;
  GArray *delays;      /* ms, patient to clinic */
  gint64 frames, seen; /* at the patient: all, and with a readable clock */
  double peak;
  GArray *their_delays;
} Fixture;

static World world;
static Fixture *current;

/* ---- signalling ---- */

static void
send_message (Fixture *fixture, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);

  if (fixture->world->socket != NULL)
    soup_websocket_connection_send_text (fixture->world->socket, text);
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
offer_cb (MediaCall *call, guint epoch, const char *sdp, Fixture *fixture)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());

  add_string (builder, "type", "offer");
  add_int (builder, "epoch", epoch);
  add_string (builder, "sdp", sdp);
  json_builder_end_object (builder);
  send_message (fixture, builder);
}

static void
candidate_cb (MediaCall *call, guint epoch, guint mline, const char *line, Fixture *fixture)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());
  g_autofree char *told = fixture->relay != NULL
                              ? udp_relay_route (fixture->relay, UDP_RELAY_NEAR, line)
                              : g_strdup (line);

  if (told == NULL)
    return;
  add_string (builder, "type", "candidate");
  add_int (builder, "epoch", epoch);
  add_int (builder, "mline", mline);
  add_string (builder, "candidate", told);
  json_builder_end_object (builder);
  send_message (fixture, builder);
}

static void
take_answer (Fixture *fixture, JsonObject *message)
{
  g_autofree char *sdp = g_strdup (json_object_get_string_member (message, "sdp"));
  g_autoptr (GError) error = NULL;
  static const char mark[] = "a=fingerprint:sha-256 ";

  for (char *p = strstr (sdp, mark); fixture->meddle && p != NULL; p = strstr (p + 1, mark))
    p[strlen (mark)] = p[strlen (mark)] == 'A' ? 'B' : 'A';
  media_call_set_answer (fixture->call, (guint) json_object_get_int_member (message, "epoch"), sdp,
                         &error);
  g_assert_no_error (error);
}

static void
take_candidate (Fixture *fixture, JsonObject *message)
{
  const char *line = json_object_get_string_member (message, "candidate");
  g_autofree char *told = fixture->relay != NULL
                              ? udp_relay_route (fixture->relay, UDP_RELAY_FAR, line)
                              : g_strdup (line);

  if (told != NULL)
    media_call_add_candidate (fixture->call, (guint) json_object_get_int_member (message, "epoch"),
                              (guint) json_object_get_int_member (message, "mline"), told);
}

static void
take_report (Fixture *fixture, JsonObject *message)
{
  JsonArray *delays = json_object_get_array_member (message, "delays");

  fixture->frames = json_object_get_int_member (message, "frames");
  fixture->seen = json_object_get_int_member (message, "clocked");
  fixture->peak = json_object_get_double_member (message, "peak");
  g_array_set_size (fixture->their_delays, 0);
  for (guint i = 0; i < json_array_get_length (delays); i++)
    {
      gint64 delay = json_array_get_int_element (delays, i);

      g_array_append_val (fixture->their_delays, delay);
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
  g_autofree char *file =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "tests/media/patient.html", NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (!g_str_equal (path, "/") || !g_file_get_contents (file, &text, &length, NULL))
    {
      soup_server_message_set_status (message, 404, NULL);
      return;
    }
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, text,
                                    length);
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

static void
open_browser (void)
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
                                   "--disable-background-networking", "--disable-component-update",
                                   "--disable-sync", "--disable-background-timer-throttling",
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

static void
close_browser (void)
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
  g_atomic_int_inc (&((Fixture *) data)->shown);
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
clock_cb (MediaCall *call, gint64 painted, Fixture *fixture)
{
  gint64 delay = (guint32) (g_get_real_time () / 1000) - (guint32) painted;

  fixture->clocked++;
  g_array_append_val (fixture->delays, delay);
}

static void
quality_cb (MediaCall *call, MediaQuality *quality, Fixture *fixture)
{
  g_autofree char *text = media_quality_dup_text (quality);

  g_test_message ("%s", text);
}

static void
refused_cb (MediaCall *call, const char *reason, Fixture *fixture)
{
  fixture->refused++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->world = &world;
  fixture->delays = g_array_new (FALSE, FALSE, sizeof (gint64));
  fixture->their_delays = g_array_new (FALSE, FALSE, sizeof (gint64));
  fixture->sources = MEDIA_SOURCES (media_test_sources_new (TRUE));
  fixture->call = media_call_new (fixture->sources, make_screen, fixture, NULL);
  media_call_set_speaker (fixture->call, make_speaker, fixture, NULL);
  media_call_set_loopback (fixture->call, TRUE);
  g_signal_connect (fixture->call, "offer", G_CALLBACK (offer_cb), fixture);
  g_signal_connect (fixture->call, "candidate", G_CALLBACK (candidate_cb), fixture);
  g_signal_connect (fixture->call, "remote-clock", G_CALLBACK (clock_cb), fixture);
  g_signal_connect (fixture->call, "refused", G_CALLBACK (refused_cb), fixture);
  g_signal_connect (fixture->call, "quality", G_CALLBACK (quality_cb), fixture);
  current = fixture;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  current = NULL;
  media_call_stop (fixture->call);
  g_assert_finalize_object (fixture->call);
  g_assert_finalize_object (fixture->sources);
  g_clear_pointer (&fixture->relay, udp_relay_free);
  g_array_unref (fixture->delays);
  g_array_unref (fixture->their_delays);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static gint64
median (GArray *values)
{
  g_array_sort (values, compare);
  return values->len > 0 ? g_array_index (values, gint64, values->len / 2) : -1;
}

/* ---- tests ---- */

static gint64 base_seen;

static gboolean
both_see_60 (gpointer data)
{
  Fixture *fixture = data;

  return fixture->clocked >= 60 && fixture->seen - base_seen >= 60 && fixture->peak > 0.05;
}

static gboolean
both_see_30_more (gpointer data)
{
  Fixture *fixture = data;

  return fixture->clocked >= 30 && fixture->seen - base_seen >= 30;
}

static gboolean
clinic_sees_30 (gpointer data)
{
  Fixture *fixture = data;

  return fixture->clocked >= 30 && fixture->seen < G_MAXINT32;
}

static gboolean
both_see_150_more (gpointer data)
{
  Fixture *fixture = data;

  return fixture->clocked >= 150 && fixture->seen - base_seen >= 150;
}

static gboolean
is_refused (gpointer data)
{
  return ((Fixture *) data)->refused > 0;
}

static gboolean
is_quiet (gpointer data)
{
  Fixture *fixture = data;

  return fixture->peak < 0.0005;
}

static void
test_call (Fixture *fixture, gconstpointer data)
{
  base_seen = 0;
  media_call_start (fixture->call, 1);
  g_assert_true (media_test_wait (both_see_60, fixture, 30));
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_LIVE);
  g_test_message ("clinic read %u of %u frames, %" G_GINT64_FORMAT " ms at the median; "
                  "patient %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                  " ms; sound %.2f",
                  fixture->clocked, fixture->shown, median (fixture->delays), fixture->seen,
                  fixture->frames, median (fixture->their_delays), fixture->peak);
  media_call_set_microphone (fixture->call, FALSE);
  g_assert_true (media_test_wait (is_quiet, fixture, 20));
  media_call_renew (fixture->call, 2);
  base_seen = fixture->seen;
  fixture->clocked = 0;
  g_assert_true (media_test_wait (both_see_30_more, fixture, 30));
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_LIVE);
}

/* One packet in twenty lost, 100 ms there and back. */
static void
test_loss (Fixture *fixture, gconstpointer data)
{
  const UdpRelayPath bad = { 5, 50, 0, FALSE };
  guint shown;
  gint64 frames;

  fixture->relay = udp_relay_new ();
  base_seen = fixture->seen = G_MAXINT32; /* until the page's next report */
  media_call_start (fixture->call, 3);
  g_assert_true (media_test_wait (clinic_sees_30, fixture, 30));
  udp_relay_set_path (fixture->relay, &bad);
  fixture->clocked = 0;
  shown = fixture->shown;
  base_seen = fixture->seen;
  frames = fixture->frames;
  g_assert_true (media_test_wait (both_see_150_more, fixture, 60));
  g_test_message ("the clinic read %u of %u, the patient %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                  fixture->clocked, fixture->shown - shown, fixture->seen - base_seen,
                  fixture->frames - frames);
}

static void
test_wrong_fingerprint (Fixture *fixture, gconstpointer data)
{
  fixture->meddle = TRUE;
  media_call_start (fixture->call, 4);
  g_assert_true (media_test_wait (is_refused, fixture, 30));
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_REFUSED);
  g_assert_cmpuint (fixture->shown, ==, 0);
  g_assert_cmpuint (fixture->clocked, ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("BEDSIDE_TEST_CLOCK", "1", TRUE);
  gst_init (&argc, &argv);
  open_browser ();
  g_test_add ("/media/chromium/call", Fixture, NULL, set_up, test_call, tear_down);
  g_test_add ("/media/chromium/loss", Fixture, NULL, set_up, test_loss, tear_down);
  g_test_add ("/media/chromium/wrong-fingerprint", Fixture, NULL, set_up, test_wrong_fingerprint,
              tear_down);
  status = g_test_run ();
  close_browser ();
  return status;
}
