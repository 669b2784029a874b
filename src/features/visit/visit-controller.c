/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-controller-private.h"

#include <glib/gi18n.h>

#include "care-visit-log.h"
#include "visit-files.h"
#include "visit-one-call.h"

/* One patient's visit as the pane shows it. The Encounter and the call are separate machines: this
 * object watches both and makes one stage and one sentence of them. Hanging up ends a call; only an
 * outcome ends a visit. */

#define SILENCE_SECONDS 5 /* of these and more the course of the visit tells */

enum
{
  SIGNAL_CHANGED,
  SIGNAL_FAILED,
  SIGNAL_NOTICE,
  SIGNAL_VOICE,
  SIGNAL_CHAT_ASKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VisitController, visit_controller, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (VisitStage,
                    visit_stage,
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_RECONNECTING, "reconnecting"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_ON_HOLD, "on-hold"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_NO_CALL, "no-call"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_PHONE, "phone"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_TAKEN, "taken"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (VISIT_STAGE_ENDED, "ended"))

void
visit_controller_update (VisitController *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);

  self->stage = visit_controller_work_out_stage (self);
  g_set_str (&self->sentence, visit_controller_work_out_sentence (self));
  visit_controller_watch_voice (self);
  visit_files_update (self);
  visit_one_call_tell (session);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
visit_controller_fail (VisitController *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error->message);
}

/* ---- the line ---- */

static void
line_hung_up_cb (VisitController *self)
{
  self->patient_left = TRUE;
  care_visit_hang_up_async (self->context, self->encounter, NULL, visit_controller_command_cb,
                            g_object_ref (self));
  visit_controller_update (self);
}

static void
line_lost_cb (VisitController *self)
{
  self->lost = TRUE;
  care_visit_mark_interrupted_async (self->context, self->encounter, NULL,
                                     visit_controller_command_cb, g_object_ref (self));
  visit_controller_update (self);
}

/* What both ends hardly notice is no news for a note. */
static void
line_came_back_cb (VisitController *self, guint seconds)
{
  g_autofree char *text = g_strdup_printf ("%u", seconds);

  if (seconds >= SILENCE_SECONDS)
    care_visit_log_async (self->context, self->encounter, CARE_VISIT_LOG_SILENCE, text,
                          visit_controller_command_cb, g_object_ref (self));
}

static void
line_refused_cb (VisitController *self, const char *reason)
{
  g_autofree char *reference = g_strconcat ("Encounter/", self->encounter, NULL);

  g_set_str (&self->refusal, reason);
  care_context_audit (self->context, "call-refused", workspace_patient_get_id (self->patient),
                      reference, reason);
  visit_controller_update (self);
}

static void
drop_line (VisitController *self)
{
  if (self->line == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->line, self);
  visit_line_close (self->line);
  g_clear_object (&self->line);
}

void
visit_controller_ensure_line (VisitController *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  const char *server = workspace_session_get_server (session);
  GObject *net = workspace_session_get_net (session);

  if (!visit_controller_is_open (self))
    drop_line (self);
  else if (self->line == NULL && !visit_controller_is_elsewhere (self) && server != NULL &&
           net != NULL)
    {
      self->line = visit_line_new (server, NET_SESSION (net), self->encounter);
      visit_line_set_session (self->line, session);
      g_signal_connect_swapped (self->line, "changed", G_CALLBACK (visit_controller_update), self);
      g_signal_connect_swapped (self->line, "hung-up", G_CALLBACK (line_hung_up_cb), self);
      g_signal_connect_swapped (self->line, "lost", G_CALLBACK (line_lost_cb), self);
      g_signal_connect_swapped (self->line, "came-back", G_CALLBACK (line_came_back_cb), self);
      g_signal_connect_swapped (self->line, "refused", G_CALLBACK (line_refused_cb), self);
      visit_controller_watch_people (self);
      visit_controller_watch_asked (self);
      visit_files_watch (self);
    }
}

/* ---- the Encounter ---- */

typedef struct
{
  VisitController *self;
  guint number; /* one that was asked for later knows more */
} Load;

/* The visit was put on hold, or sent back to the waiting room, in another place: what the window
 * says then, that neither hears the other, is so here too. */
static void
heed_hold (VisitController *self, guint number)
{
  gboolean waits =
      self->facts->state == CARE_VISIT_ON_HOLD || self->facts->state == CARE_VISIT_WAITING;

  if (waits && self->admits == 0 && number > self->call_load && self->line != NULL &&
      visit_line_is_call_wanted (self->line))
    visit_line_hold (self->line);
}

void
visit_controller_begin_call (VisitController *self)
{
  self->call_load = self->loads; /* what was read before knows nothing of it */
  self->patient_left = FALSE;
  self->lost = FALSE;
  g_clear_pointer (&self->refusal, g_free);
  visit_controller_leave_phone (self);
  visit_controller_watch_devices (self);
  if (self->line != NULL)
    {
      visit_one_call_take (self);
      visit_line_call (self->line);
    }
  else
    g_signal_emit (self, signals[SIGNAL_FAILED], 0,
                   _ ("Video needs the connection to the hub. Ring the patient instead."));
  visit_controller_update (self);
}

/* The record says that the visit goes on, after what was asked for last: now the call begins. */
static void
begin_wished_call (VisitController *self, guint number)
{
  if (!self->calling || self->admits > 0 || number <= self->admit_load)
    return;
  self->calling = FALSE;
  if (self->facts->state == CARE_VISIT_IN_PROGRESS &&
      (self->line == NULL || !visit_line_is_displaced (self->line)))
    visit_controller_begin_call (self);
}

static void
facts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Load *load = user_data;
  g_autoptr (VisitController) self = load->self;
  g_autoptr (GError) error = NULL;
  VisitFacts *facts = visit_facts_load_finish (result, &error);

  if (facts == NULL)
    {
      visit_controller_fail (self, error);
      return;
    }
  if (load->number < self->shown_load)
    {
      visit_facts_free (facts);
      return;
    }
  self->shown_load = load->number;
  g_clear_pointer (&self->facts, visit_facts_free);
  self->facts = facts;
  visit_controller_ensure_line (self);
  heed_hold (self, load->number);
  begin_wished_call (self, load->number);
  visit_controller_sync_phone (self);
  visit_controller_update (self);
}

void
visit_controller_reload (VisitController *self)
{
  const char *encounter = workspace_patient_get_encounter (self->patient);
  Load *load;

  /* an ended visit is no longer "in progress" for the window, but its pane still says so */
  if (encounter != NULL && g_set_str (&self->encounter, encounter))
    {
      drop_line (self);
      g_clear_pointer (&self->refusal, g_free);
      self->patient_left = FALSE;
      self->lost = FALSE;
      self->taking = FALSE;
      self->calling = FALSE;
    }
  if (self->encounter == NULL)
    {
      visit_controller_update (self);
      return;
    }
  load = g_new0 (Load, 1);
  load->self = g_object_ref (self);
  load->number = ++self->loads;
  visit_facts_load_async (care_context_get_store (self->context), self->encounter,
                          self->cancellable, facts_cb, load);
}

static void
visit_controller_dispose (GObject *object)
{
  VisitController *self = VISIT_CONTROLLER (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->voice_source, g_source_remove);
  drop_line (self);
  if (self->patient != NULL)
    {
      WorkspaceSession *session = workspace_patient_get_session (self->patient);

      visit_one_call_remove (self);
      g_signal_handlers_disconnect_by_data (session, self);
      g_signal_handlers_disconnect_by_data (self->patient, self);
    }
  g_clear_object (&self->patient);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (visit_controller_parent_class)->dispose (object);
}

static void
visit_controller_finalize (GObject *object)
{
  VisitController *self = VISIT_CONTROLLER (object);

  g_clear_pointer (&self->facts, visit_facts_free);
  g_free (self->encounter);
  g_free (self->sentence);
  g_free (self->taken_sentence);
  g_free (self->away_sentence);
  g_free (self->refusal);
  g_free (self->phone_sentence);

  G_OBJECT_CLASS (visit_controller_parent_class)->finalize (object);
}

static void
visit_controller_class_init (VisitControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = visit_controller_dispose;
  object_class->finalize = visit_controller_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VISIT_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", VISIT_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_NOTICE] = g_signal_new ("notice", VISIT_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_VOICE] = g_signal_new ("voice", VISIT_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHAT_ASKED] = g_signal_new ("chat-asked", VISIT_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
visit_controller_init (VisitController *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * visit_controller_new:
 *
 * Returns: (transfer full): the controller of @patient's visit, which follows the store by itself
 */
VisitController *
visit_controller_new (WorkspacePatient *patient)
{
  VisitController *self = g_object_new (VISIT_TYPE_CONTROLLER, NULL);
  WorkspaceSession *session = workspace_patient_get_session (patient);

  self->patient = g_object_ref (patient);
  self->context = g_object_ref (workspace_session_get_context (session));
  visit_one_call_add (self);
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (visit_controller_reload), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::server", G_CALLBACK (visit_controller_reload), self,
                           G_CONNECT_SWAPPED);
  visit_controller_reload (self);
  return self;
}

WorkspacePatient *
visit_controller_get_patient (VisitController *self)
{
  return self->patient;
}

VisitStage
visit_controller_get_stage (VisitController *self)
{
  return self->stage;
}

const char *
visit_controller_get_sentence (VisitController *self)
{
  return self->sentence;
}

const char *
visit_controller_get_encounter (VisitController *self)
{
  return self->encounter;
}

const char *
visit_controller_get_quality (VisitController *self)
{
  return self->line != NULL ? visit_line_get_quality (self->line) : NULL;
}

const char *
visit_controller_get_slate (VisitController *self)
{
  return self->line != NULL ? visit_line_get_slate (self->line) : NULL;
}

gboolean
visit_controller_get_patient_here (VisitController *self)
{
  return self->line != NULL && visit_line_is_patient_here (self->line);
}

/**
 * visit_controller_get_call_active:
 *
 * Returns: whether closing the window would cut somebody off
 */
gboolean
visit_controller_get_call_active (VisitController *self)
{
  return self->line != NULL && (visit_line_is_call_wanted (self->line) ||
                                visit_people_is_calling (visit_line_get_people (self->line)));
}

/**
 * visit_controller_is_patient_called:
 *
 * Returns: whether the patient is in the call, or is called; others may be in a call without them
 */
gboolean
visit_controller_is_patient_called (VisitController *self)
{
  return self->line != NULL && visit_line_is_call_wanted (self->line);
}

/**
 * visit_controller_is_talking:
 *
 * Returns: whether a call runs, with pictures or by phone
 */
gboolean
visit_controller_is_talking (VisitController *self)
{
  return visit_controller_get_call_active (self) || visit_controller_is_by_phone (self);
}

GListModel *
visit_controller_get_chat (VisitController *self)
{
  return self->line != NULL ? visit_exchange_get_chat (visit_line_get_exchange (self->line)) : NULL;
}

GdkPaintable *
visit_controller_get_remote_picture (VisitController *self)
{
  return self->line != NULL ? visit_line_get_remote_picture (self->line) : NULL;
}

GdkPaintable *
visit_controller_get_self_picture (VisitController *self)
{
  return self->line != NULL ? visit_line_get_self_picture (self->line) : NULL;
}

gboolean
visit_controller_get_microphone (VisitController *self)
{
  return self->line == NULL || visit_line_get_microphone (self->line);
}

gboolean
visit_controller_get_camera (VisitController *self)
{
  return self->line == NULL || visit_line_get_camera (self->line);
}
