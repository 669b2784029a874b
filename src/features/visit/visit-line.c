/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-line.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-visit-message.h"
#include "net-socket.h"

/* After so long without a way back to the patient the phone number takes over. */
#define GIVE_UP_SECONDS 60

struct _VisitLine
{
  GObject parent_instance;

  NetSocket *socket;
  MediaCall *call;
  GtkStringList *chat;
  GHashTable *chat_ids;
  GdkPaintable *next_picture; /* of the epoch that is being set up */
  GdkPaintable *remote_picture;
  GdkPaintable *self_picture;
  char *quality;
  guint epoch;
  guint give_up_source;
  guint clocks;                /* read in pictures of a test's patient */
  CareVisitMessageType unsaid; /* the end of a call that no connection took; HELLO: nothing */
  gboolean loopback;
  gboolean patient_here;
  gboolean patient_asks; /* to be called again */
  gboolean call_wanted;
  gboolean microphone;
  gboolean camera;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_HUNG_UP,
  SIGNAL_REFUSED,
  SIGNAL_LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VisitLine, visit_line, G_TYPE_OBJECT)

static void
changed (VisitLine *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
send_message (VisitLine *self, const CareVisitMessage *message)
{
  g_autofree char *text = care_visit_message_serialise (message);

  net_socket_send (self->socket, text);
}

static void
send_plain (VisitLine *self, CareVisitMessageType type)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (type);

  message->epoch = self->epoch;
  message->role = CARE_VISIT_ROLE_CLINICIAN;
  send_message (self, message);
}

/* Without a connection it is said as soon as there is one: until then the patient's page thinks
 * that the call goes on. */
static void
say_call_over (VisitLine *self, CareVisitMessageType how)
{
  if (net_socket_is_open (self->socket))
    send_plain (self, how);
  else
    self->unsaid = how;
}

static void
send_media (VisitLine *self)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_MEDIA);

  message->audio = self->microphone;
  message->video = self->camera;
  send_message (self, message);
}

/* ---- the call ---- */

/* Must run on the main thread before the call: made in a streaming thread it has no paintable. With
 * the defaults most frames would be thrown away as late. */
static GstElement *
make_picture_sink (GdkPaintable **picture)
{
  GstElement *sink = gst_element_factory_make ("gtk4paintablesink", NULL);

  if (sink == NULL)
    return gst_element_factory_make ("fakesink", NULL);
  g_object_set (sink, "sync", FALSE, "qos", FALSE, "max-lateness", (gint64) -1, NULL);
  g_clear_object (picture);
  g_object_get (sink, "paintable", picture, NULL);
  return sink;
}

static GstElement *
make_remote_sink (gpointer data)
{
  return make_picture_sink (&VISIT_LINE (data)->next_picture);
}

static GstElement *
make_self_sink (gpointer data)
{
  return make_picture_sink (&VISIT_LINE (data)->self_picture);
}

static void
offer_cb (VisitLine *self, guint epoch, const char *sdp)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_OFFER);

  message->epoch = epoch;
  message->sdp = g_strdup (sdp);
  send_message (self, message);
}

static void
candidate_cb (VisitLine *self, guint epoch, guint mline, const char *candidate)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_CANDIDATE);

  message->epoch = epoch;
  message->mline = mline;
  message->candidate = g_strdup (candidate);
  send_message (self, message);
}

static void
stop_giving_up (VisitLine *self)
{
  g_clear_handle_id (&self->give_up_source, g_source_remove);
}

static gboolean
give_up_cb (gpointer data)
{
  VisitLine *self = data;

  self->give_up_source = 0;
  self->call_wanted = FALSE;
  media_call_stop (self->call);
  g_signal_emit (self, signals[SIGNAL_LOST], 0);
  changed (self);
  return G_SOURCE_REMOVE;
}

static void
state_cb (VisitLine *self, MediaCallState state)
{
  if (state == MEDIA_CALL_LIVE || state == MEDIA_CALL_ENDED || state == MEDIA_CALL_IDLE)
    stop_giving_up (self);
  else if (state == MEDIA_CALL_RECONNECTING && self->give_up_source == 0)
    self->give_up_source = g_timeout_add_seconds (GIVE_UP_SECONDS, give_up_cb, self);
  changed (self);
}

static void
first_frame_cb (VisitLine *self, guint epoch)
{
  g_set_object (&self->remote_picture, self->next_picture);
  changed (self);
}

static void
refused_cb (VisitLine *self, const char *reason)
{
  self->call_wanted = FALSE;
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, reason);
  changed (self);
}

static void
quality_cb (VisitLine *self, const MediaQuality *quality)
{
  g_autofree char *sentence = media_quality_dup_sentence (quality);

  if (g_set_str (&self->quality, sentence))
    changed (self);
}

static void
slate_cb (VisitLine *self, const char *sentence)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_SLATE);

  message->on = sentence != NULL;
  send_message (self, message);
  changed (self);
}

/* A test's patient paints the time into its picture: what was read of it stands in the log. */
static void
remote_clock_cb (VisitLine *self, gint64 ms)
{
  gint32 delay = (gint32) ((guint32) (g_get_real_time () / 1000) - (guint32) ms);

  if (++self->clocks % 30 == 0)
    g_message ("remote clock: %u read, %d ms old", self->clocks, delay);
}

/* A fresh peer connection with an epoch that no older message belongs to. */
static void
begin_epoch (VisitLine *self)
{
  MediaCallState state = media_call_get_state (self->call);

  self->epoch++;
  if (state == MEDIA_CALL_IDLE || state == MEDIA_CALL_ENDED || state == MEDIA_CALL_REFUSED)
    media_call_start (self->call, self->epoch);
  else
    {
      send_plain (self, CARE_SIGNAL_RENEW);
      media_call_renew (self->call, self->epoch);
    }
}

static void
needs_renew_cb (VisitLine *self, const char *reason)
{
  g_debug ("Renewing the call: %s", reason);
  if (self->call_wanted && self->patient_here)
    begin_epoch (self);
}

/* GStreamer is heavy: nothing of it is made before somebody is called. */
static void
ensure_call (VisitLine *self)
{
  g_autoptr (MediaSources) sources = NULL;

  if (self->call != NULL)
    return;
  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  sources = media_sources_new ();
  media_sources_watch (sources);
  self->call = media_call_new (sources, make_remote_sink, self, NULL);
  media_call_set_self_view (self->call, make_self_sink, self, NULL);
  media_call_set_loopback (self->call, self->loopback);
  media_call_set_microphone (self->call, self->microphone);
  media_call_set_camera (self->call, self->camera);
  g_signal_connect_swapped (self->call, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect_swapped (self->call, "candidate", G_CALLBACK (candidate_cb), self);
  g_signal_connect_swapped (self->call, "state", G_CALLBACK (state_cb), self);
  g_signal_connect_swapped (self->call, "first-frame", G_CALLBACK (first_frame_cb), self);
  g_signal_connect_swapped (self->call, "refused", G_CALLBACK (refused_cb), self);
  g_signal_connect_swapped (self->call, "needs-renew", G_CALLBACK (needs_renew_cb), self);
  g_signal_connect_swapped (self->call, "quality", G_CALLBACK (quality_cb), self);
  g_signal_connect_swapped (self->call, "slate", G_CALLBACK (slate_cb), self);
  g_signal_connect_swapped (self->call, "remote-clock", G_CALLBACK (remote_clock_cb), self);
}

/* ---- signalling ---- */

static void
patient_came (VisitLine *self, gboolean here)
{
  gboolean came = here && !self->patient_here;

  self->patient_here = here;
  if (came && self->call_wanted && visit_line_get_call_state (self) != MEDIA_CALL_LIVE)
    {
      send_plain (self, CARE_SIGNAL_ADMIT);
      begin_epoch (self);
    }
}

static void
take_chat (VisitLine *self, const CareVisitMessage *message)
{
  /* the hub repeats what it does not know to have arrived */
  if (message->id != NULL && !g_hash_table_add (self->chat_ids, g_strdup (message->id)))
    return;
  g_autofree char *line =
      g_strdup_printf (message->role == CARE_VISIT_ROLE_CLINICIAN ? _ ("You: %s")
                                                                  : _ ("Patient: %s"),
                       message->text);

  gtk_string_list_append (self->chat, line);
}

static void
take_message (VisitLine *self, const CareVisitMessage *message)
{
  g_autoptr (GError) error = NULL;

  switch (message->type)
    {
    case CARE_SIGNAL_PEER:
      patient_came (self, message->present);
      break;
    case CARE_SIGNAL_WAITING:
      patient_came (self, TRUE);
      break;
    case CARE_SIGNAL_ANSWER:
      if (self->call != NULL &&
          !media_call_set_answer (self->call, message->epoch, message->sdp, &error))
        g_debug ("The patient's answer was not taken: %s", error->message);
      break;
    case CARE_SIGNAL_CANDIDATE:
      if (self->call != NULL)
        media_call_add_candidate (self->call, message->epoch, message->mline, message->candidate);
      break;
    case CARE_SIGNAL_CHAT:
      take_chat (self, message);
      break;
    case CARE_SIGNAL_HANGUP:
      if (self->call != NULL && self->call_wanted)
        {
          self->call_wanted = FALSE;
          media_call_stop (self->call);
          g_signal_emit (self, signals[SIGNAL_HUNG_UP], 0);
        }
      break;
    case CARE_SIGNAL_PING:
      send_plain (self, CARE_SIGNAL_PONG);
      break;
    case CARE_SIGNAL_RENEW:
      /* The page asks for a fresh connection. After a hang-up it is only told to the clinician: a
       * camera never goes live because the other side wishes it. */
      if (self->call_wanted)
        begin_epoch (self);
      else
        self->patient_asks = TRUE;
      break;
    case CARE_SIGNAL_HELLO:
    case CARE_SIGNAL_MEDIA:
    case CARE_SIGNAL_PONG:
    case CARE_SIGNAL_ADMIT:
    case CARE_SIGNAL_HOLD:
    case CARE_SIGNAL_OFFER:
    case CARE_SIGNAL_SLATE:
    case CARE_SIGNAL_ENDED:
    case CARE_SIGNAL_MEDICINES:
      break;
    case CARE_SIGNAL_REFUSED:
      g_debug ("The hub refused a message: %s", message->text);
      break;
    }
  changed (self);
}

static void
socket_message_cb (VisitLine *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareVisitMessage) message = care_visit_message_parse (text, -1, &error);

  if (message == NULL)
    g_debug ("The hub sent what is no message: %s", error->message);
  else
    take_message (self, message);
}

static void
socket_open_cb (VisitLine *self)
{
  send_plain (self, CARE_SIGNAL_HELLO);
  if (self->unsaid != CARE_SIGNAL_HELLO)
    send_plain (self, self->unsaid);
  self->unsaid = CARE_SIGNAL_HELLO;
  changed (self);
}

static void
socket_closed_cb (VisitLine *self, const char *sentence, gboolean again)
{
  self->patient_here = FALSE;
  changed (self);
}

/* ---- object ---- */

static void
visit_line_dispose (GObject *object)
{
  VisitLine *self = VISIT_LINE (object);

  visit_line_close (self);
  if (self->call != NULL)
    g_signal_handlers_disconnect_by_data (self->call, self);
  if (self->socket != NULL)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->call);
  g_clear_object (&self->socket);
  g_clear_object (&self->chat);
  g_clear_object (&self->next_picture);
  g_clear_object (&self->remote_picture);
  g_clear_object (&self->self_picture);

  G_OBJECT_CLASS (visit_line_parent_class)->dispose (object);
}

static void
visit_line_finalize (GObject *object)
{
  VisitLine *self = VISIT_LINE (object);

  g_free (self->quality);
  g_hash_table_unref (self->chat_ids);

  G_OBJECT_CLASS (visit_line_parent_class)->finalize (object);
}

static void
visit_line_class_init (VisitLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = visit_line_dispose;
  object_class->finalize = visit_line_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VISIT_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_HUNG_UP] = g_signal_new ("hung-up", VISIT_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", VISIT_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_LOST] = g_signal_new ("lost", VISIT_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
}

static void
visit_line_init (VisitLine *self)
{
  self->chat = gtk_string_list_new (NULL);
  self->chat_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->microphone = TRUE;
  self->camera = TRUE;
  /* grows across restarts of the program, so that no message of a former life fits */
  self->epoch = (guint) (g_get_real_time () / G_USEC_PER_SEC) & 0x3fffffff;
}

/**
 * visit_line_new:
 * @server: the hub's root, http(s)
 *
 * Returns: (transfer full): an opening line to the patient of @encounter_id
 */
VisitLine *
visit_line_new (const char *server, NetSession *net, const char *encounter_id)
{
  VisitLine *self = g_object_new (VISIT_TYPE_LINE, NULL);
  g_autofree char *url =
      g_strdup_printf ("ws%s/visit/%s/signal", server + strlen ("http"), encounter_id);
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);

  self->loopback = uri != NULL && g_strcmp0 (g_uri_get_host (uri), "127.0.0.1") == 0;
  self->socket = net_socket_new (url, net);
  net_socket_set_max_payload (self->socket, CARE_VISIT_MAX_FRAME);
  g_signal_connect_swapped (self->socket, "open", G_CALLBACK (socket_open_cb), self);
  g_signal_connect_swapped (self->socket, "message", G_CALLBACK (socket_message_cb), self);
  g_signal_connect_swapped (self->socket, "closed", G_CALLBACK (socket_closed_cb), self);
  net_socket_open (self->socket);
  return self;
}

void
visit_line_close (VisitLine *self)
{
  stop_giving_up (self);
  self->call_wanted = FALSE;
  if (self->call != NULL)
    media_call_stop (self->call);
  if (self->socket != NULL)
    net_socket_close (self->socket);
}

gboolean
visit_line_is_connected (VisitLine *self)
{
  return net_socket_is_open (self->socket);
}

gboolean
visit_line_is_patient_here (VisitLine *self)
{
  return self->patient_here;
}

gboolean
visit_line_is_patient_asking (VisitLine *self)
{
  return self->patient_asks && self->patient_here;
}

MediaCallState
visit_line_get_call_state (VisitLine *self)
{
  return self->call != NULL ? media_call_get_state (self->call) : MEDIA_CALL_IDLE;
}

/**
 * visit_line_is_call_wanted:
 *
 * Returns: whether a call was started and neither side hung up, whatever the path does
 */
gboolean
visit_line_is_call_wanted (VisitLine *self)
{
  return self->call_wanted;
}

const char *
visit_line_get_quality (VisitLine *self)
{
  return visit_line_get_call_state (self) == MEDIA_CALL_LIVE ? self->quality : NULL;
}

const char *
visit_line_get_slate (VisitLine *self)
{
  return self->call != NULL ? media_call_get_slate (self->call) : NULL;
}

GListModel *
visit_line_get_chat (VisitLine *self)
{
  return G_LIST_MODEL (self->chat);
}

GdkPaintable *
visit_line_get_remote_picture (VisitLine *self)
{
  return self->call_wanted ? self->remote_picture : NULL;
}

GdkPaintable *
visit_line_get_self_picture (VisitLine *self)
{
  return self->call_wanted ? self->self_picture : NULL;
}

void
visit_line_admit (VisitLine *self)
{
  send_plain (self, CARE_SIGNAL_ADMIT);
}

void
visit_line_hold (VisitLine *self)
{
  self->call_wanted = FALSE;
  stop_giving_up (self);
  if (self->call != NULL)
    media_call_stop (self->call);
  say_call_over (self, CARE_SIGNAL_HOLD);
  changed (self);
}

/**
 * visit_line_call:
 *
 * Calls the patient; where the patient's page is not connected, as soon as it is.
 */
void
visit_line_call (VisitLine *self)
{
  if (self->call_wanted)
    return;
  self->call_wanted = TRUE;
  self->unsaid = CARE_SIGNAL_HELLO;
  self->patient_asks = FALSE;
  ensure_call (self);
  send_plain (self, CARE_SIGNAL_ADMIT);
  if (self->patient_here)
    begin_epoch (self);
  changed (self);
}

void
visit_line_hang_up (VisitLine *self)
{
  self->call_wanted = FALSE;
  stop_giving_up (self);
  if (self->call != NULL)
    media_call_stop (self->call);
  say_call_over (self, CARE_SIGNAL_HANGUP);
  changed (self);
}

void
visit_line_end (VisitLine *self)
{
  visit_line_hang_up (self);
  send_plain (self, CARE_SIGNAL_ENDED);
}

/**
 * visit_line_send_chat:
 *
 * Returns: FALSE where there is no connection: keep the text
 */
gboolean
visit_line_send_chat (VisitLine *self, const char *text)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_CHAT);

  if (!visit_line_is_connected (self))
    return FALSE;
  message->role = CARE_VISIT_ROLE_CLINICIAN;
  message->text = g_strdup (text);
  message->id = g_uuid_string_random ();
  send_message (self, message);
  take_chat (self, message);
  changed (self);
  return TRUE;
}

void
visit_line_set_microphone (VisitLine *self, gboolean on)
{
  self->microphone = on;
  if (self->call != NULL)
    media_call_set_microphone (self->call, on);
  send_media (self);
  changed (self);
}

void
visit_line_set_camera (VisitLine *self, gboolean on)
{
  self->camera = on;
  if (self->call != NULL)
    media_call_set_camera (self->call, on);
  send_media (self);
  changed (self);
}

gboolean
visit_line_get_microphone (VisitLine *self)
{
  return self->microphone;
}

gboolean
visit_line_get_camera (VisitLine *self)
{
  return self->camera;
}
