/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gtk/gtk.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "media-call.h"
#include "media-clock.h"
#include "media-picture.h"
#include "udp-relay.h"

/* One call, measured, as JSON: `bench-visit bedside` is ours with a Chromium, `bench-visit
 * chromium` one between two Chromiums. tests/bench/bench_visit.py runs both by turns. */

static int width = 640, height = 360, seconds = 20, starts = 1, loss, delay_ms, kbps;
static gboolean with_window;

static GOptionEntry options[] = {
  { "width", 0, 0, G_OPTION_ARG_INT, &width, NULL, NULL },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, NULL, NULL },
  { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "measured, after it has settled", NULL },
  { "starts", 0, 0, G_OPTION_ARG_INT, &starts, "how often the call is begun anew first", NULL },
  { "loss", 0, 0, G_OPTION_ARG_INT, &loss, "percent each way", NULL },
  { "delay", 0, 0, G_OPTION_ARG_INT, &delay_ms, "ms each way", NULL },
  { "kbps", 0, 0, G_OPTION_ARG_INT, &kbps, "each way", NULL },
  { "window", 0, 0, G_OPTION_ARG_NONE, &with_window, "shows the patient in a window", NULL },
  { NULL },
};

/* What one end receives. */
typedef struct
{
  GArray *delays;        /* gint64 ms */
  GArray *frames, *gaps; /* guint: pictures, and ms of sound that was made up, each second */
  guint second_frames;   /* of the second under way */
  double concealed, last_concealed; /* samples of sound that a page made up */
  double holes, last_holes;         /* and how often it had to */
  GArray *skews;                    /* gint64 ms */
} Receiver;

typedef struct
{
  SoupServer *server;
  SoupWebsocketConnection *sockets[2]; /* clinic, patient */
  GSubprocess *browsers[2];
  char *profiles[2];
  guint ready, offers;
  UdpRelay *relay;
  MediaCall *call;
  GdkPaintable *picture;
  GtkWidget *window;
  Receiver ends[2];
  GArray *paintable_delays, *first_frames, *memory;
  gint64 started_us;
  int painted; /* atomic: of the picture that was handed to the window last */
  int gap_ms;  /* atomic: of the second under way */
  gint64 last_sound_us;
  GMutex lock;
  gboolean measuring, looked_for_decoder;
} Bench;

static Bench bench;

enum
{
  CLINIC,
  PATIENT
};

/* ---- signalling ---- */

static void
send_text (int end, const char *text)
{
  if (bench.sockets[end] != NULL)
    soup_websocket_connection_send_text (bench.sockets[end], text);
}

static void
send_node (int end, JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  send_text (end, text);
}

static void
say (const char *type, guint epoch, const char *name, const char *value, guint mline)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());
  g_autoptr (JsonNode) root = NULL;

  json_builder_add_string_value (json_builder_set_member_name (builder, "type"), type);
  json_builder_add_int_value (json_builder_set_member_name (builder, "epoch"), epoch);
  json_builder_add_int_value (json_builder_set_member_name (builder, "mline"), mline);
  json_builder_add_string_value (json_builder_set_member_name (builder, name), value);
  root = json_builder_get_root (json_builder_end_object (builder));
  send_node (PATIENT, root);
}

static char *
route (int from, const char *candidate)
{
  return bench.relay != NULL
             ? udp_relay_route (bench.relay, from == CLINIC ? UDP_RELAY_NEAR : UDP_RELAY_FAR,
                                candidate)
             : g_strdup (candidate);
}

static void
offer_cb (MediaCall *call, guint epoch, const char *sdp)
{
  say ("offer", epoch, "sdp", sdp, 0);
}

static void
candidate_cb (MediaCall *call, guint epoch, guint mline, const char *candidate)
{
  g_autofree char *told = route (CLINIC, candidate);

  if (told != NULL)
    say ("candidate", epoch, "candidate", told, mline);
}

static void
take_report (Receiver *receiver, JsonObject *message)
{
  JsonArray *delays = json_object_get_array_member (message, "delays");
  guint count = json_array_get_length (delays);

  receiver->second_frames += count;
  receiver->concealed = json_object_get_double_member_with_default (message, "concealed", 0);
  receiver->holes = json_object_get_double_member_with_default (message, "holes", 0);
  if (!bench.measuring)
    return;
  for (guint i = 0; i < count; i++)
    {
      gint64 delay = json_array_get_int_element (delays, i);

      g_array_append_val (receiver->delays, delay);
    }
  if (json_object_has_member (message, "skew") && !json_object_get_null_member (message, "skew"))
    {
      gint64 skew = json_object_get_int_member (message, "skew");

      g_array_append_val (receiver->skews, skew);
    }
}

static void
take (int from, JsonObject *message)
{
  const char *type = json_object_get_string_member (message, "type");
  guint epoch = (guint) json_object_get_int_member_with_default (message, "epoch", 0);

  if (g_str_equal (type, "ready"))
    bench.ready++;
  else if (g_str_equal (type, "report"))
    take_report (&bench.ends[from], message);
  else if (bench.call != NULL && g_str_equal (type, "answer"))
    media_call_set_answer (bench.call, epoch, json_object_get_string_member (message, "sdp"), NULL);
  else if (bench.call != NULL && g_str_equal (type, "candidate"))
    media_call_add_candidate (bench.call, epoch,
                              (guint) json_object_get_int_member (message, "mline"),
                              json_object_get_string_member (message, "candidate"));
}

static void
message_cb (SoupWebsocketConnection *socket, int kind, GBytes *bytes, gpointer data)
{
  int from = GPOINTER_TO_INT (data);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *told = NULL;
  JsonNode *root;
  JsonObject *message;
  const char *type;

  if (!json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL),
                                   (gssize) g_bytes_get_size (bytes), NULL))
    return;
  root = json_parser_get_root (parser);
  message = json_node_get_object (root);
  type = json_object_get_string_member (message, "type");
  if (g_str_equal (type, "candidate"))
    {
      told = route (from, json_object_get_string_member (message, "candidate"));
      if (told == NULL)
        return;
      json_object_set_string_member (message, "candidate", told);
    }
  if (bench.call == NULL && !g_str_equal (type, "report") && !g_str_equal (type, "ready"))
    send_node (1 - from, root);
  else
    take (from, message);
}

/* ---- browsers and their pages ---- */

static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  gboolean is_module = g_str_equal (path, "/call.js") || g_str_equal (path, "/quality.js");
  g_autofree char *file =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), is_module ? "data/patient" : "tests/bench",
                        is_module ? path : "visit.html", NULL);
  g_autofree char *text = NULL;
  gsize length;

  if ((!is_module && !g_str_equal (path, "/")) || !g_file_get_contents (file, &text, &length, NULL))
    {
      soup_server_message_set_status (message, 404, NULL);
      return;
    }
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, is_module ? "text/javascript" : "text/html",
                                    SOUP_MEMORY_COPY, text, length);
}

static void
socket_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *socket,
           gpointer data)
{
  int end = g_str_has_suffix (path, "clinic") ? CLINIC : PATIENT;

  g_set_object (&bench.sockets[end], socket);
  soup_websocket_connection_set_max_incoming_payload_size (socket, 1 << 20);
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), GINT_TO_POINTER (end));
}

static void
serve (void)
{
  g_autoptr (GError) error = NULL;

  bench.server = soup_server_new (NULL, NULL);
  soup_server_add_handler (bench.server, NULL, page_cb, NULL, NULL);
  soup_server_add_websocket_handler (bench.server, "/signal", NULL, NULL, socket_cb, NULL, NULL);
  if (!soup_server_listen_local (bench.server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("%s", error->message);
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
open_browser (int end)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = soup_server_get_uris (bench.server);
  g_autofree char *profile = NULL, *url = NULL;

  bench.profiles[end] = g_dir_make_tmp ("bedside-bench-chromium-XXXXXX", NULL);
  profile = g_strconcat ("--user-data-dir=", bench.profiles[end], NULL);
  url = g_strdup_printf ("http://127.0.0.1:%d/?role=%s&width=%d&height=%d",
                         g_uri_get_port (uris->data), end == CLINIC ? "clinic" : "patient", width,
                         height);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  bench.browsers[end] =
      g_subprocess_launcher_spawn (launcher, &error, "chromium", "--headless=new", "--no-sandbox",
                                   "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                                   "--password-store=basic", "--disable-background-networking",
                                   "--disable-component-update", "--disable-sync",
                                   "--disable-background-timer-throttling",
                                   "--autoplay-policy=no-user-gesture-required",
                                   "--allow-loopback-in-peer-connection",
                                   "--use-fake-ui-for-media-stream",
                                   "--use-fake-device-for-media-stream=fps=30", profile, url, NULL);
  if (bench.browsers[end] == NULL)
    g_error ("%s", error->message);
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
close_browsers (void)
{
  for (int end = CLINIC; end <= PATIENT; end++)
    if (bench.browsers[end] != NULL)
      {
        g_autoptr (GFile) profile = g_file_new_for_path (bench.profiles[end]);

        g_subprocess_send_signal (bench.browsers[end], SIGTERM);
        g_subprocess_wait (bench.browsers[end], NULL, NULL);
        remove_folder (profile);
      }
}

/* ---- processor and memory ---- */

/* ms of a process and of all below it. */
static double
tree_cpu_ms (int root)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  g_autoptr (GHashTable) parents = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) ticks = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer key, value;
  const char *name;
  double sum = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_strdup_printf ("/proc/%s/stat", name), *text = NULL;
      unsigned long user, system;
      int parent;
      const char *rest;

      if (!g_ascii_isdigit (*name) || !g_file_get_contents (file, &text, NULL, NULL) ||
          (rest = strrchr (text, ')')) == NULL ||
          sscanf (rest, ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &parent, &user,
                  &system) != 3)
        continue;
      g_hash_table_insert (parents, GINT_TO_POINTER (atoi (name)), GINT_TO_POINTER (parent));
      g_hash_table_insert (ticks, GINT_TO_POINTER (atoi (name)), GSIZE_TO_POINTER (user + system));
    }
  g_hash_table_iter_init (&iter, ticks);
  while (g_hash_table_iter_next (&iter, &key, &value))
    for (gpointer pid = key; pid != NULL; pid = g_hash_table_lookup (parents, pid))
      if (GPOINTER_TO_INT (pid) == root)
        {
          sum += (double) GPOINTER_TO_SIZE (value) * 1000 / (double) sysconf (_SC_CLK_TCK);
          break;
        }
  return sum;
}

static double
browser_cpu_ms (int end)
{
  return bench.browsers[end] != NULL
             ? tree_cpu_ms (atoi (g_subprocess_get_identifier (bench.browsers[end])))
             : 0;
}

static double
own_cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static guint
resident_kb (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) ||
      (line = strstr (text, "VmRSS:")) == NULL)
    return 0;
  return (guint) atoi (line + strlen ("VmRSS:"));
}

/* ---- our end ---- */

#define BENCH_TYPE_SOURCES (bench_sources_get_type ())
G_DECLARE_FINAL_TYPE (BenchSources, bench_sources, BENCH, SOURCES, MediaSources)
struct _BenchSources
{
  MediaSources parent_instance;
};
G_DEFINE_FINAL_TYPE (BenchSources, bench_sources, MEDIA_TYPE_SOURCES)

static GstPadProbeReturn
paint_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstVideoInfo video;
  GstVideoFrame frame;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (caps != NULL && gst_video_info_from_caps (&video, caps) &&
      gst_video_frame_map (&frame, &video, buffer, GST_MAP_READWRITE))
    {
      media_clock_paint (&frame, media_clock_now ());
      gst_video_frame_unmap (&frame);
    }
  return GST_PAD_PROBE_OK;
}

static GstElement *
bench_sources_make_camera (MediaSources *sources, GError **error)
{
  g_autofree char *description = g_strdup_printf (
      "videotestsrc is-live=true pattern=checkers-8 horizontal-speed=3 ! "
      "video/x-raw,format=I420,width=%d,height=%d,framerate=30/1 ! identity name=paint",
      width, height);
  GstElement *bin = gst_parse_bin_from_description (description, TRUE, NULL);
  g_autoptr (GstElement) paint = gst_bin_get_by_name (GST_BIN (bin), "paint");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (paint, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, paint_probe, NULL, NULL);
  return bin;
}

static GstElement *
bench_sources_make_microphone (MediaSources *sources, GError **error)
{
  return gst_parse_bin_from_description (
      "audiotestsrc is-live=true samplesperbuffer=960 freq=440 volume=0.3", TRUE, NULL);
}

static void
bench_sources_class_init (BenchSourcesClass *class)
{
  MEDIA_SOURCES_CLASS (class)->make_camera = bench_sources_make_camera;
  MEDIA_SOURCES_CLASS (class)->make_microphone = bench_sources_make_microphone;
}

static void
bench_sources_init (BenchSources *self)
{
}

/* What the decoder has to make up is told it as gaps; a run of them is a hole. */
static GstPadProbeReturn
gap_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  static int run;
  GstClockTime duration = 0;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    run = 0;
  else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_GAP)
    {
      gst_event_parse_gap (GST_PAD_PROBE_INFO_EVENT (info), NULL, &duration);
      if (GST_CLOCK_TIME_IS_VALID (duration))
        run += (int) (duration / GST_MSECOND);
      if (run > g_atomic_int_get (&bench.gap_ms))
        g_atomic_int_set (&bench.gap_ms, run);
    }
  return GST_PAD_PROBE_OK;
}

static void
watch_decoder (GstPad *pad)
{
  g_autoptr (GstElement) top = gst_pad_get_parent_element (pad);
  g_autoptr (GstIterator) all = NULL;
  GValue item = G_VALUE_INIT;

  for (GstObject *parent; (parent = gst_object_get_parent (GST_OBJECT (top))) != NULL;)
    {
      gst_object_unref (top);
      top = GST_ELEMENT (parent);
    }
  all = gst_bin_iterate_recurse (GST_BIN (top));
  while (gst_iterator_next (all, &item) == GST_ITERATOR_OK)
    {
      GstElement *element = g_value_get_object (&item);
      GstElementFactory *factory = gst_element_get_factory (element);

      if (factory != NULL && g_str_equal (GST_OBJECT_NAME (factory), "opusdec"))
        {
          g_autoptr (GstPad) sink = gst_element_get_static_pad (element, "sink");

          gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_BUFFER,
                             gap_probe, NULL, NULL);
        }
      g_value_reset (&item);
    }
  g_value_unset (&item);
}

/* A jitter buffer holds sound back for a lost packet and lets it go in a burst, which is heard as
 * nothing: only a longer silence is a hole. */
#define HELD_US (700 * 1000)

static GstPadProbeReturn
sound_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&bench.lock);
  if (bench.last_sound_us != 0 && now - bench.last_sound_us > HELD_US)
    g_atomic_int_set (&bench.gap_ms, (int) ((now - bench.last_sound_us) / 1000 - 20));
  bench.last_sound_us = now;
  if (!bench.looked_for_decoder)
    {
      bench.looked_for_decoder = TRUE;
      watch_decoder (pad);
    }
  g_mutex_unlock (&bench.lock);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_speaker (gpointer data)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "async", FALSE, NULL);
  bench.looked_for_decoder = FALSE;
  bench.last_sound_us = 0;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, sound_probe, NULL, NULL);
  return sink;
}

static GstPadProbeReturn
shown_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo video;
  GstVideoFrame frame;
  guint32 ms;

  if (caps == NULL || !gst_video_info_from_caps (&video, caps) ||
      !gst_video_frame_map (&frame, &video, GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  if (media_clock_read (&frame, &ms))
    g_atomic_int_set (&bench.painted, (int) ms);
  gst_video_frame_unmap (&frame);
  return GST_PAD_PROBE_OK;
}

static void
invalidated_cb (GdkPaintable *picture)
{
  guint32 painted = (guint32) g_atomic_int_get (&bench.painted);
  gint64 delay = (gint32) (media_clock_now () - painted);

  if (bench.measuring && painted != 0)
    g_array_append_val (bench.paintable_delays, delay);
}

static GstElement *
make_screen (gpointer data)
{
  g_autoptr (GstPad) pad = NULL;
  GstElement *sink;

  if (!with_window)
    {
      sink = gst_element_factory_make ("fakesink", NULL);
      g_object_set (sink, "async", FALSE, NULL);
      return sink;
    }
  sink = media_picture_new ((GObject **) &bench.picture);
  if (bench.picture == NULL)
    g_error ("gtk4paintablesink is not installed");
  g_signal_connect (bench.picture, "invalidate-contents", G_CALLBACK (invalidated_cb), NULL);
  gtk_window_set_child (GTK_WINDOW (bench.window), gtk_picture_new_for_paintable (bench.picture));
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, shown_probe, NULL, NULL);
  return sink;
}

static void
clock_cb (MediaCall *call, gint64 painted)
{
  gint64 delay = (gint32) (media_clock_now () - (guint32) painted);

  bench.ends[CLINIC].second_frames++;
  if (bench.measuring)
    g_array_append_val (bench.ends[CLINIC].delays, delay);
}

static void
first_frame_cb (MediaCall *call, guint epoch)
{
  double ms = (double) (g_get_monotonic_time () - bench.started_us) / 1000;

  g_array_append_val (bench.first_frames, ms);
}

/* ---- running ---- */

static gboolean
expire (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
pass (double time)
{
  gboolean expired = FALSE;

  g_timeout_add ((guint) (time * 1000), expire, &expired);
  while (!expired)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_until (const guint *counter, guint least, const char *what)
{
  for (int i = 0; *counter < least; i++)
    {
      if (i > 1200)
        g_error ("not within 60 s: %s", what);
      pass (0.05);
    }
}

static gboolean
second_cb (gpointer data)
{
  guint memory = resident_kb ();

  for (int i = CLINIC; i <= PATIENT; i++)
    {
      Receiver *end = &bench.ends[i];
      guint gap = i == CLINIC && bench.call != NULL
                      ? (guint) g_atomic_int_exchange (&bench.gap_ms, 0)
                      : (guint) (MAX (end->concealed - end->last_concealed, 0) / 48 /
                                 MAX (end->holes - end->last_holes, 1));

      if (bench.measuring)
        {
          g_array_append_val (end->frames, end->second_frames);
          g_array_append_val (end->gaps, gap);
        }
      end->second_frames = 0;
      end->last_concealed = end->concealed;
      end->last_holes = end->holes;
    }
  if (bench.measuring)
    g_array_append_val (bench.memory, memory);
  return G_SOURCE_CONTINUE;
}

static void
begin_ours (void)
{
  g_autoptr (MediaSources) sources = g_object_new (BENCH_TYPE_SOURCES, NULL);

  bench.call = media_call_new (sources, make_screen, NULL, NULL);
  media_call_set_speaker (bench.call, make_speaker, NULL, NULL);
  media_call_set_loopback (bench.call, TRUE);
  media_call_set_rung (bench.call, height >= 720 ? MEDIA_RUNG_HD : MEDIA_RUNG_SD);
  g_signal_connect (bench.call, "offer", G_CALLBACK (offer_cb), NULL);
  g_signal_connect (bench.call, "candidate", G_CALLBACK (candidate_cb), NULL);
  g_signal_connect (bench.call, "remote-clock", G_CALLBACK (clock_cb), NULL);
  g_signal_connect (bench.call, "first-frame", G_CALLBACK (first_frame_cb), NULL);
  for (int i = 0; i < starts; i++)
    {
      bench.started_us = g_get_monotonic_time ();
      media_call_start (bench.call, (guint) i + 1);
      wait_until (&bench.first_frames->len, (guint) i + 1, "the first picture");
      pass (0.3);
    }
}

static void
add_array (JsonBuilder *builder, const char *name, GArray *values, char kind)
{
  json_builder_begin_array (json_builder_set_member_name (builder, name));
  for (guint i = 0; i < values->len; i++)
    if (kind == 'd')
      json_builder_add_double_value (builder, g_array_index (values, double, i));
    else
      json_builder_add_int_value (builder, kind == 'u' ? g_array_index (values, guint, i)
                                                       : g_array_index (values, gint64, i));
  json_builder_end_array (builder);
}

static void
print_results (double cpu[2])
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  for (int i = CLINIC; i <= PATIENT; i++)
    {
      json_builder_begin_object (
          json_builder_set_member_name (builder, i == CLINIC ? "clinic" : "patient"));
      json_builder_add_double_value (json_builder_set_member_name (builder, "cpu_percent"), cpu[i]);
      add_array (builder, "delays", bench.ends[i].delays, 'i');
      add_array (builder, "frames", bench.ends[i].frames, 'u');
      add_array (builder, "gaps", bench.ends[i].gaps, 'u');
      add_array (builder, "skews", bench.ends[i].skews, 'i');
      json_builder_end_object (builder);
    }
  add_array (builder, "paintable_delays", bench.paintable_delays, 'i');
  add_array (builder, "first_frames", bench.first_frames, 'd');
  add_array (builder, "memory_kb", bench.memory, 'u');
  root = json_builder_get_root (json_builder_end_object (builder));
  text = json_to_string (root, FALSE);
  puts (text);
}

static void
prepare (void)
{
  for (int i = CLINIC; i <= PATIENT; i++)
    bench.ends[i] = (Receiver) {
      .delays = g_array_new (FALSE, FALSE, sizeof (gint64)),
      .frames = g_array_new (FALSE, FALSE, sizeof (guint)),
      .gaps = g_array_new (FALSE, FALSE, sizeof (guint)),
      .skews = g_array_new (FALSE, FALSE, sizeof (gint64)),
    };
  bench.paintable_delays = g_array_new (FALSE, FALSE, sizeof (gint64));
  bench.first_frames = g_array_new (FALSE, FALSE, sizeof (double));
  bench.memory = g_array_new (FALSE, FALSE, sizeof (guint));
  if (loss > 0 || delay_ms > 0 || kbps > 0)
    bench.relay = udp_relay_new ();
  if (with_window)
    {
      gtk_init ();
      bench.window = gtk_window_new ();
      gtk_window_set_default_size (GTK_WINDOW (bench.window), 660, 520);
      gtk_window_present (GTK_WINDOW (bench.window));
    }
}

static void
measure (gboolean ours)
{
  const UdpRelayPath path = { loss, (guint) delay_ms, (guint) kbps * 1000 };
  double cpu[2], began;

  if (bench.relay != NULL)
    udp_relay_set_path (bench.relay, &path);
  pass (bench.relay != NULL ? 5 : height >= 720 ? 15 : 4);
  for (int i = CLINIC; i <= PATIENT; i++)
    cpu[i] = i == CLINIC && ours ? own_cpu_ms () : browser_cpu_ms (i);
  began = (double) g_get_monotonic_time ();
  bench.measuring = TRUE;
  pass (seconds);
  bench.measuring = FALSE;
  began = ((double) g_get_monotonic_time () - began) / 1000;
  for (int i = CLINIC; i <= PATIENT; i++)
    cpu[i] = 100 * ((i == CLINIC && ours ? own_cpu_ms () : browser_cpu_ms (i)) - cpu[i]) / began;
  print_results (cpu);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("bedside|chromium");
  g_autoptr (GError) error = NULL;
  gboolean ours;

  g_setenv ("BEDSIDE_TEST_CLOCK", "1", TRUE);
  gst_init (NULL, NULL);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    g_error ("%s", error != NULL ? error->message : "bedside or chromium?");
  ours = g_str_equal (argv[1], "bedside");
  prepare ();
  serve ();
  open_browser (PATIENT);
  if (!ours)
    open_browser (CLINIC);
  wait_until (&bench.ready, ours ? 1 : 2, "the pages");
  g_timeout_add (1000, second_cb, NULL);
  if (ours)
    begin_ours ();
  else
    {
      send_text (CLINIC, "{\"type\":\"begin\"}");
      wait_until (&bench.ends[CLINIC].second_frames, 1, "the first picture");
    }
  measure (ours);
  if (bench.call != NULL)
    media_call_stop (bench.call);
  g_clear_object (&bench.call);
  close_browsers ();
  return 0;
}
