/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-stand-ins.h"

VisitStandIns stand_ins;

/* ---- the call ---- */

/* What the stand-in does not have is the real one's, which finds an object full of nothing. */
struct _MediaCall
{
  GObject parent_instance;
  char nothing[4096];
  MediaCallState state;
  guint epoch;
  gboolean was_live;
};

G_DEFINE_FINAL_TYPE (MediaCall, media_call, G_TYPE_OBJECT)

static void
set_state (MediaCall *self, MediaCallState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit_by_name (self, "state", state);
}

static void
media_call_dispose (GObject *object)
{
  if (stand_ins.running == MEDIA_CALL (object))
    stand_ins.running = NULL;
  G_OBJECT_CLASS (media_call_parent_class)->dispose (object);
}

static void
new_signal (const char *name, guint count, GType a, GType b, GType c)
{
  g_signal_new (name, MEDIA_TYPE_CALL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, count,
                a, b, c);
}

static void
media_call_class_init (MediaCallClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_call_dispose;
  new_signal ("offer", 2, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_NONE);
  new_signal ("candidate", 3, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_STRING);
  new_signal ("state", 1, MEDIA_TYPE_CALL_STATE, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("refused", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("first-frame", 1, G_TYPE_UINT, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("needs-renew", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("quality", 1, G_TYPE_POINTER, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("slate", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("no-relay", 0, G_TYPE_NONE, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("silence", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("remote-clock", 1, G_TYPE_INT64, G_TYPE_NONE, G_TYPE_NONE);
  new_signal ("trusted", 0, G_TYPE_NONE, G_TYPE_NONE, G_TYPE_NONE);
}

static void
media_call_init (MediaCall *self)
{
}

MediaCall *
media_call_new (MediaSources *sources,
                MediaSinkFactory make_remote_sink,
                gpointer data,
                GDestroyNotify destroy)
{
  return g_object_new (MEDIA_TYPE_CALL, NULL);
}

static void
begin (MediaCall *self, guint epoch)
{
  if (!stand_ins.may_call)
    g_error ("%s: a call that nobody asked for", stand_ins.path);
  if (!stand_ins.open || !stand_ins.patient_here)
    g_error ("%s: a patient is called who is not there", stand_ins.path);
  if (epoch <= self->epoch)
    g_error ("%s: epoch %u after %u", stand_ins.path, epoch, self->epoch);
  self->epoch = epoch;
  stand_ins.running = self;
  stand_ins.starts++;
  g_signal_emit_by_name (self, "offer", epoch, "v=0");
}

void
media_call_start (MediaCall *self, guint epoch)
{
  if (stand_ins.running != NULL)
    g_error ("%s: two calls", stand_ins.path);
  self->was_live = FALSE;
  set_state (self, MEDIA_CALL_CONNECTING);
  begin (self, epoch);
}

void
media_call_renew (MediaCall *self, guint epoch)
{
  if (stand_ins.running != NULL && stand_ins.running != self)
    g_error ("%s: two calls", stand_ins.path);
  set_state (self, self->was_live ? MEDIA_CALL_RECONNECTING : MEDIA_CALL_CONNECTING);
  begin (self, epoch);
}

void
media_call_stop (MediaCall *self)
{
  if (stand_ins.running == self)
    stand_ins.running = NULL;
  set_state (self, MEDIA_CALL_ENDED);
}

gboolean
media_call_set_answer (MediaCall *self, guint epoch, const char *sdp, GError **error)
{
  return TRUE;
}

void
media_call_add_candidate (MediaCall *self, guint epoch, guint mline, const char *candidate)
{
}

void
media_call_set_self_view (MediaCall *self,
                          MediaSinkFactory make_sink,
                          gpointer data,
                          GDestroyNotify destroy)
{
}

void
media_call_set_speaker (MediaCall *self,
                        MediaSinkFactory make_sink,
                        gpointer data,
                        GDestroyNotify destroy)
{
}

void
media_call_set_ice (MediaCall *self, const char *stun, const char *const *turn, gboolean relay_only)
{
}

void
media_call_set_loopback (MediaCall *self, gboolean loopback)
{
}

void
media_call_hurry (MediaCall *self)
{
  stand_ins.hurries++;
}

void
media_call_set_microphone (MediaCall *self, gboolean on)
{
}

void
media_call_set_camera (MediaCall *self, gboolean on)
{
}

void
media_call_set_rung (MediaCall *self, MediaRung highest)
{
}

MediaCallState
media_call_get_state (MediaCall *self)
{
  return self->state;
}

guint
media_call_get_epoch (MediaCall *self)
{
  return self->epoch;
}

const char *
media_call_get_slate (MediaCall *self)
{
  return NULL;
}

const char *
media_call_get_silence (MediaCall *self)
{
  return NULL;
}

double
media_call_take_voice_level (MediaCall *self)
{
  return 0;
}

/* The page's answer, and the first picture. */
void
stand_ins_go_live (void)
{
  MediaCall *self = stand_ins.running;
  g_autofree char *answer = NULL;

  if (self == NULL || self->state == MEDIA_CALL_LIVE || !stand_ins.open || !stand_ins.patient_here)
    return;
  answer =
      g_strdup_printf ("{\"type\":\"answer\",\"epoch\":%u,\"sdp\":\"v=0\\r\\n\"}", self->epoch);
  stand_ins_say (answer);
  self->was_live = TRUE;
  set_state (self, MEDIA_CALL_LIVE);
  g_signal_emit_by_name (self, "first-frame", self->epoch);
}

void
stand_ins_fall_silent (void)
{
  if (stand_ins.running == NULL || stand_ins.running->state != MEDIA_CALL_LIVE)
    return;
  set_state (stand_ins.running, MEDIA_CALL_RECONNECTING);
  g_signal_emit_by_name (stand_ins.running, "needs-renew", "silence");
}

/* The far side is not who signalling said. */
void
stand_ins_refuse (void)
{
  g_autoptr (MediaCall) self = NULL;

  if (stand_ins.running == NULL)
    return;
  self = g_object_ref (stand_ins.running);
  stand_ins.running = NULL;
  stand_ins.may_call = FALSE;
  set_state (self, MEDIA_CALL_REFUSED);
  g_signal_emit_by_name (self, "refused", "another certificate");
}

/* ---- the hub ---- */

struct _NetSocket
{
  GObject parent_instance;
  char nothing[4096];
  guint close_code;
};

G_DEFINE_FINAL_TYPE (NetSocket, net_socket, G_TYPE_OBJECT)

static void
net_socket_class_init (NetSocketClass *class)
{
  g_signal_new ("open", NET_TYPE_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("message", NET_TYPE_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("closed", NET_TYPE_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
net_socket_init (NetSocket *self)
{
}

NetSocket *
net_socket_new (const char *url, NetSession *session)
{
  return g_object_new (NET_TYPE_SOCKET, NULL);
}

void
net_socket_open (NetSocket *self)
{
  if (stand_ins.socket != NULL)
    g_error ("%s: two lines to the hub", stand_ins.path);
  stand_ins.socket = self;
}

void
net_socket_close (NetSocket *self)
{
  if (stand_ins.socket != self)
    return;
  stand_ins.socket = NULL;
  stand_ins.open = FALSE;
}

gboolean
net_socket_send (NetSocket *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareVisitMessage) message = care_visit_message_parse (text, -1, &error);

  if (stand_ins.socket != self || !stand_ins.open)
    return FALSE;
  g_assert_no_error (error);
  if (message->type == CARE_SIGNAL_OFFER || message->type == CARE_SIGNAL_ADMIT)
    stand_ins.told_call = TRUE;
  else if (message->type == CARE_SIGNAL_HANGUP || message->type == CARE_SIGNAL_HOLD ||
           message->type == CARE_SIGNAL_ENDED ||
           (message->type == CARE_SIGNAL_PHONE && message->on))
    stand_ins.told_call = FALSE;
  return TRUE;
}

gboolean
net_socket_is_open (NetSocket *self)
{
  return stand_ins.socket == self && stand_ins.open;
}

guint
net_socket_get_close_code (NetSocket *self)
{
  return self->close_code;
}

void
net_socket_set_max_payload (NetSocket *self, gsize bytes)
{
}

void
net_socket_set_eager (NetSocket *self, gboolean eager)
{
}

void
net_socket_wake (NetSocket *self)
{
}

void
net_socket_renew (NetSocket *self)
{
  stand_ins.renewals++;
}

/* The line that wants to be open is; the hub says who is there. */
void
stand_ins_open (void)
{
  g_autofree char *peer = g_strdup_printf ("{\"type\":\"peer\",\"present\":%s}",
                                           stand_ins.patient_here ? "true" : "false");

  if (stand_ins.socket == NULL || stand_ins.open)
    return;
  stand_ins.open = TRUE;
  stand_ins.socket->close_code = 0;
  g_signal_emit_by_name (stand_ins.socket, "open");
  stand_ins_say ("{\"type\":\"hello\"}");
  stand_ins_say (peer);
}

void
stand_ins_close (guint code, gboolean again)
{
  NetSocket *socket = stand_ins.socket;

  if (socket == NULL || !stand_ins.open)
    return;
  stand_ins.open = FALSE;
  socket->close_code = code;
  if (!again)
    stand_ins.socket = NULL;
  g_signal_emit_by_name (socket, "closed", "The connection was lost.", again);
}

void
stand_ins_say (const char *text)
{
  if (stand_ins.socket != NULL && stand_ins.open)
    g_signal_emit_by_name (stand_ins.socket, "message", text);
}
