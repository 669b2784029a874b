/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-person-consent.h"

#include <glib/gi18n.h>

#include "media-call.h"
#include "media-hearing.h"
#include "media-picture.h"
#include "media-speaker.h"
#include "visit-devices.h"

/* Each person has a call of their own: its fingerprint is checked as the patient's is, and what
 * happens to one connection is nothing to the others. */

struct _VisitPerson
{
  GObject parent_instance;

  CareVisitRole role;
  CareVisitPersonState state;
  char *name, *number, *language, *relation;
  char *stun;
  GStrv turn;
  WorkspaceSession *session; /* (nullable): whose camera, microphone and speaker are used */
  MediaSources *sources;
  MediaCall *call;
  GstElement *hearing;        /* of the epoch that runs */
  GdkPaintable *next_picture; /* of the epoch that is being set up */
  GdkPaintable *picture;
  guint epoch;
  gint64 begun; /* monotonic: when the epoch was */
  guint clocks; /* read in pictures of a test */
  gboolean present, by_patient;
  gboolean wanted; /* the clinician is in the call with them */
  gboolean relay_only, muted, loopback, camera, microphone;
  gboolean sends_audio, sends_video;
};

enum
{
  CHANGED,
  OFFER,
  CANDIDATE,
  RENEW,
  REFUSED,
  LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VisitPerson, visit_person, G_TYPE_OBJECT)

static void
changed (VisitPerson *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static MediaCallState
call_state_of (VisitPerson *self)
{
  return self->call != NULL ? media_call_get_state (self->call) : MEDIA_CALL_IDLE;
}

/* ---- the call ---- */

static GstElement *
make_picture (gpointer data)
{
  return media_picture_new ((GObject **) &VISIT_PERSON (data)->next_picture);
}

static GstElement *
make_speaker (gpointer data)
{
  VisitPerson *self = data;
  GstElement *hearing = media_hearing_new (media_speaker_new (self->sources));

  gst_clear_object (&self->hearing);
  self->hearing = gst_object_ref_sink (hearing);
  media_hearing_set_muted (hearing, self->muted);
  return hearing;
}

static void
offer_cb (VisitPerson *self, guint epoch, const char *sdp)
{
  g_signal_emit (self, signals[OFFER], 0, epoch, sdp);
}

static void
candidate_cb (VisitPerson *self, guint epoch, guint mline, const char *candidate)
{
  g_signal_emit (self, signals[CANDIDATE], 0, epoch, mline, candidate);
}

static void
first_frame_cb (VisitPerson *self)
{
  g_set_object (&self->picture, self->next_picture);
  changed (self);
}

static void
refused_cb (VisitPerson *self, const char *reason)
{
  self->wanted = FALSE;
  g_signal_emit (self, signals[REFUSED], 0, reason);
  changed (self);
}

/* A test's person paints the time into their picture: what was read of it stands in the log. */
static void
clock_cb (VisitPerson *self)
{
  if (++self->clocks % 30 == 0)
    g_message ("%s clock: %u read", care_visit_role_name (self->role), self->clocks);
}

static gboolean
should_call (VisitPerson *self)
{
  return self->wanted && self->present && self->state == CARE_VISIT_PERSON_IN;
}

static void
begin_epoch (VisitPerson *self)
{
  MediaCallState state = media_call_get_state (self->call);

  self->epoch++;
  self->begun = g_get_monotonic_time ();
  if (state == MEDIA_CALL_IDLE || state == MEDIA_CALL_ENDED || state == MEDIA_CALL_REFUSED)
    media_call_start (self->call, self->epoch);
  else
    {
      g_signal_emit (self, signals[RENEW], 0, self->epoch);
      media_call_renew (self->call, self->epoch);
    }
}

static void
needs_renew_cb (VisitPerson *self, const char *reason)
{
  g_debug ("Renewing the call with the %s: %s", care_visit_role_name (self->role), reason);
  if (should_call (self))
    begin_epoch (self);
}

/* GStreamer is heavy: nothing of it is made before somebody is let in. */
static void
ensure_call (VisitPerson *self)
{
  if (self->call != NULL)
    return;
  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  if (self->session != NULL)
    self->sources = g_object_ref (visit_devices_get (self->session));
  else
    {
      self->sources = media_sources_new ();
      media_sources_watch (self->sources);
    }
  self->call = media_call_new (self->sources, make_picture, self, NULL);
  media_call_set_speaker (self->call, make_speaker, self, NULL);
  media_call_set_loopback (self->call, self->loopback);
  media_call_set_ice (self->call, self->stun, (const char *const *) self->turn, self->relay_only);
  media_call_set_microphone (self->call, self->microphone);
  media_call_set_camera (self->call, self->camera);
  g_signal_connect_swapped (self->call, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect_swapped (self->call, "candidate", G_CALLBACK (candidate_cb), self);
  g_signal_connect_swapped (self->call, "state", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->call, "first-frame", G_CALLBACK (first_frame_cb), self);
  g_signal_connect_swapped (self->call, "refused", G_CALLBACK (refused_cb), self);
  g_signal_connect_swapped (self->call, "needs-renew", G_CALLBACK (needs_renew_cb), self);
  g_signal_connect_swapped (self->call, "remote-clock", G_CALLBACK (clock_cb), self);
}

/* Who is aside, or gone, hears and sees nothing from here at once. A page that is away for a moment
 * keeps its connection, which does not need the hub. */
static void
settle (VisitPerson *self, gboolean came)
{
  gboolean runs = visit_person_is_calling (self);

  if (!self->wanted || self->state != CARE_VISIT_PERSON_IN)
    {
      if (runs)
        media_call_stop (self->call);
      g_clear_object (&self->picture);
    }
  else if (self->present && (!runs || (came && !visit_person_is_live (self))))
    {
      ensure_call (self);
      begin_epoch (self);
    }
  changed (self);
}

/* ---- object ---- */

static void
visit_person_dispose (GObject *object)
{
  VisitPerson *self = VISIT_PERSON (object);

  if (self->call != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->call, self);
      media_call_stop (self->call);
    }
  g_clear_object (&self->call);
  g_clear_object (&self->sources);
  g_clear_object (&self->session);
  gst_clear_object (&self->hearing);
  g_clear_object (&self->next_picture);
  g_clear_object (&self->picture);
  G_OBJECT_CLASS (visit_person_parent_class)->dispose (object);
}

static void
visit_person_finalize (GObject *object)
{
  VisitPerson *self = VISIT_PERSON (object);

  g_free (self->stun);
  g_strfreev (self->turn);
  g_free (self->name);
  g_free (self->number);
  g_free (self->language);
  g_free (self->relation);
  G_OBJECT_CLASS (visit_person_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, guint count, GType a, GType b, GType c)
{
  return g_signal_new (name, VISIT_TYPE_PERSON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       count, a, b, c);
}

static void
visit_person_class_init (VisitPersonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = visit_person_dispose;
  G_OBJECT_CLASS (klass)->finalize = visit_person_finalize;
  signals[CHANGED] = new_signal ("changed", 0, G_TYPE_NONE, G_TYPE_NONE, G_TYPE_NONE);
  signals[OFFER] = new_signal ("offer", 2, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_NONE);
  signals[CANDIDATE] = new_signal ("candidate", 3, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_STRING);
  signals[RENEW] = new_signal ("renew", 1, G_TYPE_UINT, G_TYPE_NONE, G_TYPE_NONE);
  signals[LOST] = new_signal ("lost", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  signals[REFUSED] = new_signal ("refused", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
}

static void
visit_person_init (VisitPerson *self)
{
  self->camera = self->microphone = TRUE;
  self->sends_audio = self->sends_video = TRUE;
  self->epoch = (guint) (g_get_real_time () / G_USEC_PER_SEC) & 0x3fffffff;
}

/**
 * visit_person_new:
 * @role: guest or interpreter
 * @loopback: whether the hub is on this computer, and so the page may be
 */
VisitPerson *
visit_person_new (CareVisitRole role, gboolean loopback)
{
  VisitPerson *self = g_object_new (VISIT_TYPE_PERSON, NULL);

  self->role = role;
  self->loopback = loopback;
  return self;
}

/* ---- what the hub tells ---- */

/* Who waits was let in by nobody, and another name is another person: nothing that was decided
 * about the last one holds for them. */
static void
forget_the_last (VisitPerson *self, const CareVisitMessage *message)
{
  gboolean waits_again =
      message->state == CARE_VISIT_PERSON_WAITING && self->state != CARE_VISIT_PERSON_WAITING;

  if (!waits_again && g_strcmp0 (self->name, message->name) == 0 &&
      g_strcmp0 (self->number, message->number) == 0 &&
      self->by_patient == (g_strcmp0 (message->by, "patient") == 0))
    return;
  visit_person_forget (self);
  self->wanted = FALSE;
  self->sends_audio = self->sends_video = TRUE;
  g_clear_object (&self->picture);
  self->muted = FALSE;
  if (self->hearing != NULL)
    media_hearing_set_muted (self->hearing, FALSE);
  if (visit_person_is_calling (self))
    media_call_stop (self->call);
}

void
visit_person_take (VisitPerson *self, const CareVisitMessage *message)
{
  gboolean came = message->present && !self->present;

  forget_the_last (self, message);
  self->present = message->present;
  self->state = message->state;
  g_set_str (&self->name, message->name);
  g_set_str (&self->number, message->number);
  g_set_str (&self->language, message->language);
  g_set_str (&self->relation, message->relation);
  self->by_patient = g_strcmp0 (message->by, "patient") == 0;
  settle (self, came);
}

void
visit_person_take_media (VisitPerson *self, const CareVisitMessage *message)
{
  self->sends_audio = message->audio;
  self->sends_video = message->video;
  changed (self);
}

void
visit_person_take_answer (VisitPerson *self, const CareVisitMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (self->call != NULL &&
      !media_call_set_answer (self->call, message->epoch, message->sdp, &error))
    g_debug ("The %s's answer was not taken: %s", care_visit_role_name (self->role),
             error->message);
}

void
visit_person_take_candidate (VisitPerson *self, const CareVisitMessage *message)
{
  if (self->call != NULL)
    media_call_add_candidate (self->call, message->epoch, message->mline, message->candidate);
}

/* Their page asks for a fresh connection; nobody's camera goes live because the other side wishes
 * it, and none is built over and over because a page asks in a loop. */
void
visit_person_renew (VisitPerson *self)
{
  if (should_call (self) && self->call != NULL &&
      g_get_monotonic_time () - self->begun >= VISIT_RENEW_US)
    begin_epoch (self);
}

/**
 * visit_person_hurry:
 *
 * As media_call_hurry(): the path may be another one now.
 */
void
visit_person_hurry (VisitPerson *self)
{
  if (visit_person_is_calling (self))
    media_call_hurry (self->call);
}

/* ---- what the clinician does ---- */

/**
 * visit_person_set_wanted:
 * @wanted: whether the clinician is in the call with them, as soon as they are let in
 */
void
visit_person_set_wanted (VisitPerson *self, gboolean wanted)
{
  self->wanted = wanted;
  settle (self, FALSE);
}

/* Whose devices a call uses. */
void
visit_person_set_session (VisitPerson *self, WorkspaceSession *session)
{
  g_set_object (&self->session, session);
}

void
visit_person_set_devices (VisitPerson *self, gboolean camera, gboolean microphone)
{
  self->camera = camera;
  self->microphone = microphone;
  if (self->call == NULL)
    return;
  media_call_set_camera (self->call, camera);
  media_call_set_microphone (self->call, microphone);
}

/**
 * visit_person_set_ice:
 *
 * As media_call_set_ice().
 */
void
visit_person_set_ice (VisitPerson *self,
                      const char *stun,
                      const char *const *turn,
                      gboolean relay_only)
{
  g_set_str (&self->stun, stun);
  g_strfreev (self->turn);
  self->turn = g_strdupv ((GStrv) turn);
  self->relay_only = relay_only;
  if (self->call != NULL)
    media_call_set_ice (self->call, stun, turn, relay_only);
}

/**
 * visit_person_set_muted:
 * @muted: whether the person is not heard here; the patient still hears them
 */
void
visit_person_set_muted (VisitPerson *self, gboolean muted)
{
  self->muted = muted;
  if (self->hearing != NULL)
    media_hearing_set_muted (self->hearing, muted);
  changed (self);
}

/**
 * visit_person_take_level:
 *
 * Returns: how loud the person was since the last time, from 0 to 1
 */
double
visit_person_take_level (VisitPerson *self)
{
  return self->hearing != NULL && visit_person_is_live (self)
             ? media_hearing_take_level (self->hearing)
             : 0;
}

CareVisitRole
visit_person_get_role (VisitPerson *self)
{
  return self->role;
}

gboolean
visit_person_is_present (VisitPerson *self)
{
  return self->present;
}

CareVisitPersonState
visit_person_get_state (VisitPerson *self)
{
  return self->state;
}

/**
 * visit_person_is_calling:
 *
 * Returns: whether a call with them runs, connected or not
 */
gboolean
visit_person_is_calling (VisitPerson *self)
{
  MediaCallState state = call_state_of (self);

  return state == MEDIA_CALL_CONNECTING || state == MEDIA_CALL_CHECKING ||
         state == MEDIA_CALL_LIVE || state == MEDIA_CALL_RECONNECTING;
}

gboolean
visit_person_is_live (VisitPerson *self)
{
  return call_state_of (self) == MEDIA_CALL_LIVE;
}

gboolean
visit_person_is_refused (VisitPerson *self)
{
  return call_state_of (self) == MEDIA_CALL_REFUSED;
}

const char *
visit_person_get_name (VisitPerson *self)
{
  return self->name;
}

const char *
visit_person_get_number (VisitPerson *self)
{
  return self->number;
}

const char *
visit_person_get_language (VisitPerson *self)
{
  return self->language;
}

const char *
visit_person_get_relation (VisitPerson *self)
{
  return self->relation;
}

gboolean
visit_person_is_invited_by_patient (VisitPerson *self)
{
  return self->by_patient;
}

gboolean
visit_person_is_muted (VisitPerson *self)
{
  return self->muted;
}

GdkPaintable *
visit_person_get_picture (VisitPerson *self)
{
  return self->sends_video ? self->picture : NULL;
}

static const char *
standing_of (VisitPerson *self)
{
  if (!self->present)
    return _ ("Not connected");
  if (visit_person_is_refused (self))
    return _ ("Refused: could not prove who they are. Nothing was shown.");
  switch (self->state)
    {
    case CARE_VISIT_PERSON_WAITING:
      return self->by_patient ? _ ("Waits to be let in; the patient invited them")
                              : _ ("Waits to be let in");
    case CARE_VISIT_PERSON_ASIDE:
      return _ ("Aside: hears and sees nothing");
    case CARE_VISIT_PERSON_IN:
      break;
    }
  switch (call_state_of (self))
    {
    case MEDIA_CALL_LIVE:
      return !self->sends_audio   ? _ ("Muted")
             : !self->sends_video ? _ ("Camera is off")
             : self->muted        ? _ ("Muted for you")
                                  : NULL;
    case MEDIA_CALL_RECONNECTING:
      return _ ("Reconnecting…");
    case MEDIA_CALL_REFUSED:
    case MEDIA_CALL_IDLE:
    case MEDIA_CALL_CONNECTING:
    case MEDIA_CALL_CHECKING:
    case MEDIA_CALL_ENDED:
      break;
    }
  return self->wanted ? _ ("Connecting…") : _ ("Not in a call");
}

/**
 * visit_person_dup_standing:
 *
 * Returns: (transfer full): who they are to the patient, and how they stand now
 */
char *
visit_person_dup_standing (VisitPerson *self)
{
  g_autofree char *details = visit_person_dup_details (self);
  const char *standing = standing_of (self);

  if (standing == NULL)
    return g_steal_pointer (&details);
  /* Translators: who a person is to the patient, and how they stand in the call */
  return g_strdup_printf (_ ("%1$s · %2$s"), details, standing);
}
