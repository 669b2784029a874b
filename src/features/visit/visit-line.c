/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-line-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-said.h"

/* The hub has one clinician in a visit: who comes later takes the place, and the other is told. */
#define CLOSE_REPLACED 4001

enum
{
  SIGNAL_CHANGED,
  SIGNAL_HUNG_UP,
  SIGNAL_REFUSED,
  SIGNAL_LOST,
  SIGNAL_CAME_BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VisitLine, visit_line, G_TYPE_OBJECT)

void
visit_line_changed (VisitLine *self)
{
  visit_line_watch_asked (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Returns: FALSE where there is no connection, and the message is lost. */
gboolean
visit_line_send_message (VisitLine *self, const CareVisitMessage *message)
{
  g_autofree char *text = care_visit_message_serialise (message);

  return net_socket_send (self->socket, text);
}

void
visit_line_send_plain (VisitLine *self, CareVisitMessageType type)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (type);

  message->epoch = self->epoch;
  message->role = CARE_VISIT_ROLE_CLINICIAN;
  visit_line_send_message (self, message);
}

/* Without a connection it is said as soon as there is one: until then the patient's page thinks
 * that the call goes on. */
void
visit_line_say_call_over (VisitLine *self, CareVisitMessageType how)
{
  if (net_socket_is_open (self->socket))
    visit_line_send_plain (self, how);
  else
    self->unsaid = how;
}

/* ---- signalling ---- */

static void
patient_came (VisitLine *self, gboolean here)
{
  gboolean came = here && !self->patient_here;

  self->patient_here = here;
  if (!here)
    visit_patient_media_clear (&self->patient_media);
  if (came && self->call_wanted && visit_line_get_call_state (self) != MEDIA_CALL_LIVE)
    {
      visit_line_send_plain (self, CARE_SIGNAL_ADMIT);
      visit_line_begin_epoch (self);
    }
}

/* A page that comes again, while the hub had not noticed that it was gone, has not got the offer
 * that went to it meanwhile: it says so by its epoch. */
static void
peer_is (VisitLine *self, const CareVisitMessage *message)
{
  gboolean again = self->patient_here && message->present && self->call_wanted &&
                   self->answer_source != 0 && message->epoch < self->epoch;

  patient_came (self, message->present);
  if (again)
    visit_line_begin_epoch (self);
}

static void
take_message (VisitLine *self, const CareVisitMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (visit_people_take (self->people, message) || visit_asked_take (self->asked, message))
    return;
  switch (message->type)
    {
    case CARE_SIGNAL_PEER:
      peer_is (self, message);
      break;
    case CARE_SIGNAL_WAITING:
      patient_came (self, TRUE);
      break;
    case CARE_SIGNAL_ANSWER:
      if (message->epoch == self->epoch)
        visit_line_stop_waiting (self);
      if (self->call != NULL &&
          !media_call_set_answer (self->call, message->epoch, message->sdp, &error))
        g_debug ("The patient's answer was not taken: %s", error->message);
      break;
    case CARE_SIGNAL_CANDIDATE:
      if (self->call != NULL)
        media_call_add_candidate (self->call, message->epoch, message->mline, message->candidate);
      break;
    case CARE_SIGNAL_CHAT:
      visit_exchange_take_chat (self->exchange, message);
      break;
    case CARE_SIGNAL_HANGUP:
      if (self->call != NULL && self->call_wanted)
        {
          self->call_wanted = FALSE;
          visit_line_stop_waiting (self);
          media_call_stop (self->call);
          g_signal_emit (self, signals[SIGNAL_HUNG_UP], 0);
        }
      break;
    case CARE_SIGNAL_AWAY:
      g_set_str (&self->away, g_strcmp0 (message->reason, "back") == 0 ? NULL : message->reason);
      g_set_str (&self->away_at, message->at);
      break;
    case CARE_SIGNAL_PING:
      visit_line_send_plain (self, CARE_SIGNAL_PONG);
      break;
    case CARE_SIGNAL_RENEW:
      /* The page asks for a fresh connection. After a hang-up it is only told to the clinician: a
       * camera never goes live because the other side wishes it. */
      if (self->call_wanted && g_get_monotonic_time () - self->begun >= VISIT_RENEW_US)
        visit_line_begin_epoch (self);
      else if (!self->call_wanted)
        self->patient_asks = TRUE;
      break;
    case CARE_SIGNAL_ICE:
      visit_line_take_ice (self, message);
      break;
    case CARE_SIGNAL_HELLO:
      visit_people_await (self->people);
      break;
    case CARE_SIGNAL_MEDIA:
      visit_patient_media_take (&self->patient_media, message);
      break;
    case CARE_SIGNAL_PONG:
    case CARE_SIGNAL_ADMIT:
    case CARE_SIGNAL_HOLD:
    case CARE_SIGNAL_OFFER:
    case CARE_SIGNAL_SLATE:
    case CARE_SIGNAL_ENDED:
    case CARE_SIGNAL_PHONE:
    case CARE_SIGNAL_MEDICINES:
    case CARE_SIGNAL_ESTIMATE:
    case CARE_SIGNAL_WHO:
    case CARE_SIGNAL_DISTRUST:
    case CARE_SIGNAL_PERSON:
    case CARE_SIGNAL_CONNECT:
    case CARE_SIGNAL_PART:
    case CARE_SIGNAL_ALONE:
    case CARE_SIGNAL_DISMISS:
    case CARE_SIGNAL_QUIET:
    case CARE_SIGNAL_PICTURE:
    case CARE_SIGNAL_AGREE:
    case CARE_SIGNAL_MEASURE:
    case CARE_SIGNAL_MEASURED:
    case CARE_SIGNAL_TAKEN:
      break;
    case CARE_SIGNAL_REFUSED:
      g_debug ("The hub refused a message: %s", message->text);
      g_free (self->said);
      self->said = fhir_said_dup (message->text);
      g_set_str (&self->taker, message->by);
      break;
    }
  visit_line_changed (self);
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
  g_clear_pointer (&self->said, g_free);
  g_clear_pointer (&self->taker, g_free);
  self->shut = FALSE;
  visit_line_send_plain (self, CARE_SIGNAL_HELLO);
  if (self->unsaid != CARE_SIGNAL_HELLO)
    visit_line_send_plain (self, self->unsaid);
  self->unsaid = CARE_SIGNAL_HELLO;
  visit_people_say_again (self->people);
  visit_asked_say_again (self->asked);
  visit_exchange_hub_is_open (self->exchange);
  if (self->by_phone)
    visit_line_say_phone (self);
  visit_line_changed (self);
}

static void
socket_closed_cb (VisitLine *self, const char *sentence, gboolean again)
{
  self->patient_here = FALSE;
  self->shut = !again;
  if (self->said == NULL)
    g_set_str (&self->said, sentence);
  if (net_socket_get_close_code (self->socket) == CLOSE_REPLACED)
    {
      /* the patient is another's now: nothing may go on here, and nothing is said to the patient */
      self->displaced = TRUE;
      self->unsaid = CARE_SIGNAL_HELLO;
      visit_line_drop_call (self);
      visit_people_lose (self->people);
    }
  visit_line_changed (self);
}

/* ---- object ---- */

static void
visit_line_dispose (GObject *object)
{
  VisitLine *self = VISIT_LINE (object);

  visit_line_close (self);
  visit_line_drop_asked (self);
  visit_line_clear_ice (self);
  if (self->call != NULL)
    g_signal_handlers_disconnect_by_data (self->call, self);
  if (self->socket != NULL)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->path);
  if (self->people != NULL)
    g_signal_handlers_disconnect_by_data (self->people, self);
  g_clear_object (&self->people);
  g_clear_object (&self->call);
  g_clear_object (&self->socket);
  if (self->exchange != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->exchange, self);
      visit_exchange_close (self->exchange);
    }
  g_clear_object (&self->exchange);
  g_clear_object (&self->session);
  g_clear_object (&self->next_picture);
  g_clear_object (&self->remote_picture);
  g_clear_object (&self->self_picture);

  G_OBJECT_CLASS (visit_line_parent_class)->dispose (object);
}

static void
visit_line_finalize (GObject *object)
{
  VisitLine *self = VISIT_LINE (object);

  g_weak_ref_clear (&self->next_sink);
  g_weak_ref_clear (&self->remote_sink);
  g_free (self->quality);
  g_clear_object (&self->history);
  g_free (self->said);
  g_free (self->taker);
  g_free (self->away);
  g_free (self->away_at);
  visit_patient_media_clear (&self->patient_media);

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
  /* what was lost is heard again, after so many seconds */
  signals[SIGNAL_CAME_BACK] = g_signal_new ("came-back", VISIT_TYPE_LINE, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
visit_line_init (VisitLine *self)
{
  g_weak_ref_init (&self->next_sink, NULL);
  g_weak_ref_init (&self->remote_sink, NULL);
  visit_line_make_asked (self);
  self->exchange = visit_exchange_new ((VisitExchangeHub) visit_line_send_message, self);
  g_signal_connect_swapped (self->exchange, "changed", G_CALLBACK (visit_line_changed), self);
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
  self->people = visit_people_new (self->loopback);
  g_signal_connect_swapped (self->people, "send", G_CALLBACK (visit_line_send_message), self);
  g_signal_connect_swapped (self->people, "changed", G_CALLBACK (visit_line_changed), self);
  self->socket = net_socket_new (url, net);
  net_socket_set_max_payload (self->socket, CARE_VISIT_MAX_FRAME);
  g_signal_connect_swapped (self->socket, "open", G_CALLBACK (socket_open_cb), self);
  g_signal_connect_swapped (self->socket, "message", G_CALLBACK (socket_message_cb), self);
  g_signal_connect_swapped (self->socket, "closed", G_CALLBACK (socket_closed_cb), self);
  visit_line_watch_network (self);
  net_socket_open (self->socket);
  return self;
}

void
visit_line_close (VisitLine *self)
{
  visit_line_drop_call (self);
  if (self->people != NULL)
    visit_people_lose (self->people);
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

/* (nullable): a code of CARE_SIGNAL_AWAY; @since: (out): an instant. */
const char *
visit_line_get_away (VisitLine *self, const char **since)
{
  *since = self->away_at;
  return self->away;
}

gboolean
visit_line_is_patient_asking (VisitLine *self)
{
  return self->patient_asks && self->patient_here;
}

/* (transfer none): what is written and sent both ways */
VisitExchange *
visit_line_get_exchange (VisitLine *self)
{
  return self->exchange;
}

/**
 * visit_line_get_people:
 *
 * Returns: (transfer none): the guest and the interpreter
 */
VisitPeople *
visit_line_get_people (VisitLine *self)
{
  return self->people;
}

/* (nullable): why the patient is not seen, and not heard, as their page says. */
const char *
visit_line_get_no_picture (VisitLine *self)
{
  return visit_patient_media_say_picture (&self->patient_media);
}

const char *
visit_line_get_no_sound (VisitLine *self)
{
  return visit_patient_media_say_sound (&self->patient_media);
}

/**
 * visit_line_is_displaced:
 *
 * Returns: whether the hub gave the visit to somebody else, or to another window
 */
gboolean
visit_line_is_displaced (VisitLine *self)
{
  return self->displaced;
}

/**
 * visit_line_get_taker:
 *
 * Returns: (nullable): the name of who has the visit instead; NULL where that is not known
 */
const char *
visit_line_get_taker (VisitLine *self)
{
  return self->displaced ? self->taker : NULL;
}

/**
 * visit_line_take_back:
 *
 * Opens the line again after another took it: now the other one is told.
 */
void
visit_line_take_back (VisitLine *self)
{
  if (!self->displaced)
    return;
  self->displaced = FALSE;
  net_socket_close (self->socket);
  net_socket_open (self->socket);
  visit_line_changed (self);
}

/* Nobody else hears and sees the clinician meanwhile: they wait aside until they are let in again.
 */
void
visit_line_hold (VisitLine *self)
{
  visit_line_drop_call (self);
  visit_people_hold_all (self->people);
  visit_line_say_call_over (self, CARE_SIGNAL_HOLD);
  visit_line_changed (self);
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
  self->gave_up = FALSE;
  self->unsaid = CARE_SIGNAL_HELLO;
  self->patient_asks = FALSE;
  visit_line_ensure_call (self);
  visit_line_send_plain (self, CARE_SIGNAL_ADMIT);
  if (self->patient_here)
    visit_line_begin_epoch (self);
  visit_people_call (self->people);
  visit_line_changed (self);
}

void
visit_line_hang_up (VisitLine *self)
{
  if (!self->call_wanted)
    {
      /* nobody but the others is in the call: the patient waits on, undisturbed */
      visit_people_hold_all (self->people);
      return;
    }
  visit_line_drop_call (self);
  visit_people_hang_up (self->people);
  visit_line_say_call_over (self, CARE_SIGNAL_HANGUP);
  visit_line_changed (self);
}

void
visit_line_end (VisitLine *self)
{
  visit_line_hang_up (self);
  visit_people_hang_up (self->people);
  visit_line_send_plain (self, CARE_SIGNAL_ENDED);
}
