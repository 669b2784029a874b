/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-fixture.h"
#include "media-sources.h"
#include "visit-controller-private.h"
#include "visit-devices.h"
#include "visit-line-private.h"
#include "visit-stand-ins.h"

#include <gst/gst.h>

/* A visit as the patient's window leads it, in every order in which people come, go, are cut off
 * and come back. Hub and media are stand-ins, the record is a real store, a minute passes when the
 * test says so. What may never be is judged when it happens: two calls, a call to a patient who is
 * not there or that no clinician asked for; what has to be, after each event. */

#define LONG       14
#define CHANCE     15
#define CHANCE_ALL 400

/* A the button that calls; H hold or go on; G hang up; F by phone or no more; E the outcome; L J
 * the patient's page goes, comes; P the patient hangs up; W the page wants a fresh connection; D R
 * the line to the hub breaks, is back; V pictures; X silence; Y the far side is not who it should
 * be; T a minute passes; K another clinician takes the visit; B take it back; O it ends elsewhere;
 * Q it is put on hold elsewhere; N the network is another */
static const char events[] = "AHGFELJPWDRVXYTKBOQN";

/* From where each pair of events is tried; the later ones for who asks for them. */
static const char *const beginnings[] = { "", "AV", "AVD", "A", "AVH", "F", "AVX", "AVK" };
#define QUICK 3

typedef struct
{
  CareFixture care;
  WorkspaceSession *session;
  MediaSources *sources;
  NetSession *net;
  WorkspacePatient *patient;
  VisitController *controller;
  char *id;
  GString *path;
  char *outcome; /* (nullable): what was chosen */
  gboolean over; /* elsewhere: whoever ends it here too reads that it is over */
  guint losses;
} Fixture;

static Fixture *current; /* of whom a write is */

/* ---- waiting for the store ---- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;

  store_database_write_finish (STORE_DATABASE (source), result, &error);
  *(gboolean *) done = TRUE;
}

static gboolean
nothing (StoreConnection *connection, gpointer data, GError **error)
{
  return TRUE;
}

static gboolean
is_reading (Fixture *self)
{
  return self->controller != NULL && self->controller->shown_load != self->controller->loads;
}

/* What was asked of the store before has been answered, and what that asked for. */
static void
settle (Fixture *self)
{
  for (guint round = 0; round < 3; round++)
    {
      gboolean wrote = FALSE;

      store_database_write_async (self->care.database, BASE_LANE_PERSON, nothing, NULL, NULL, NULL,
                                  written_cb, &wrote);
      while (!wrote || is_reading (self))
        g_main_context_iteration (NULL, TRUE);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* ---- what others do ---- */

static gboolean
other_takes (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, current->care.other, current->id, error);
}

static gboolean
other_ends (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_end (connection, current->care.other, current->id, CARE_OUTCOME_SETTLED, NULL,
                         error);
}

static gboolean
other_holds (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_hold (connection, current->care.other, current->id, error);
}

static gboolean
elsewhere (Fixture *self, StoreWork work)
{
  g_autoptr (GError) error = care_fixture_try (&self->care, work);

  visit_controller_reload (self->controller);
  return error == NULL;
}

/* ---- time ---- */

static void
fire (guint source)
{
  if (source != 0)
    g_source_set_ready_time (g_main_context_find_source_by_id (NULL, source), 0);
}

static void
let_a_minute_pass (Fixture *self)
{
  VisitLine *line = self->controller->line;

  for (guint i = 0; line != NULL && i < 2; i++)
    {
      fire (line->give_up_source);
      fire (line->answer_source);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

/* ---- the events ---- */

static gboolean
is_ours (Fixture *self)
{
  VisitStage stage = visit_controller_get_stage (self->controller);

  return stage != VISIT_STAGE_NONE && stage != VISIT_STAGE_ENDED && stage != VISIT_STAGE_TAKEN;
}

/* As visit-actions enables it. */
static gboolean
is_admitted (Fixture *self)
{
  return is_ours (self) && visit_controller_get_stage (self->controller) != VISIT_STAGE_WAITING;
}

static void
press_call (Fixture *self)
{
  if (!is_ours (self) || visit_controller_is_patient_called (self->controller))
    return;
  stand_ins.may_call = TRUE;
  if (is_admitted (self))
    visit_controller_call (self->controller);
  else
    visit_controller_admit (self->controller);
}

static void
press_hold (Fixture *self)
{
  VisitStage stage = visit_controller_get_stage (self->controller);

  if (!is_admitted (self) || stage == VISIT_STAGE_PHONE)
    return;
  stand_ins.may_call = stage == VISIT_STAGE_ON_HOLD;
  visit_controller_toggle_hold (self->controller);
}

static void
press_hang_up (Fixture *self)
{
  if (!visit_controller_get_call_active (self->controller))
    return;
  stand_ins.may_call = FALSE;
  visit_controller_hang_up (self->controller);
}

static void
press_phone (Fixture *self)
{
  if (!is_ours (self))
    return;
  stand_ins.may_call = FALSE;
  visit_controller_phone (self->controller);
}

static void
press_end (Fixture *self)
{
  if (!is_ours (self))
    return;
  stand_ins.may_call = FALSE;
  if (!self->over)
    g_set_str (&self->outcome, "in-person");
  visit_controller_end (self->controller, CARE_OUTCOME_IN_PERSON, NULL);
}

static void
press_take (Fixture *self)
{
  if (visit_controller_get_stage (self->controller) != VISIT_STAGE_TAKEN)
    return;
  stand_ins.may_call = TRUE;
  visit_controller_take (self->controller);
}

static void
another_takes (Fixture *self)
{
  if (!stand_ins.open || !elsewhere (self, other_takes))
    return;
  stand_ins.may_call = FALSE;
  stand_ins_close (4001, FALSE);
}

static void
patient_is (gboolean here)
{
  if (stand_ins.patient_here == here)
    return;
  stand_ins.patient_here = here;
  stand_ins_say (here ? "{\"type\":\"peer\",\"present\":true}"
                      : "{\"type\":\"peer\",\"present\":false}");
}

static void
patient_hangs_up (void)
{
  if (!stand_ins.open || !stand_ins.patient_here || !stand_ins.told_call)
    return;
  stand_ins.told_call = FALSE;
  stand_ins.may_call = FALSE;
  stand_ins_say ("{\"type\":\"hangup\"}");
}

/* The line is made anew and the call does not wait for its own timers; a line that was given to
 * another is left alone. */
static void
network_changes (Fixture *self)
{
  VisitLine *line = self->controller->line;
  guint renewals = stand_ins.renewals, hurries = stand_ins.hurries;
  guint ours = line != NULL && !visit_line_is_displaced (line);

  if (line == NULL)
    return;
  g_signal_emit_by_name (line->path, "changed", "another network");
  if (stand_ins.renewals != renewals + ours)
    g_error ("%s: the line was renewed %u times", self->path->str, stand_ins.renewals - renewals);
  if (stand_ins.hurries != hurries + (ours && visit_line_is_call_wanted (line)))
    g_error ("%s: the call was hurried %u times", self->path->str, stand_ins.hurries - hurries);
}

static void
act (Fixture *self, char event)
{
  gboolean wanted = visit_controller_is_patient_called (self->controller);

  switch (event)
    {
    case 'A':
      press_call (self);
      break;
    case 'H':
      press_hold (self);
      break;
    case 'G':
      press_hang_up (self);
      break;
    case 'F':
      press_phone (self);
      break;
    case 'E':
      press_end (self);
      break;
    case 'L':
    case 'J':
      patient_is (event == 'J');
      break;
    case 'P':
      patient_hangs_up ();
      break;
    case 'W':
      if (stand_ins.patient_here)
        stand_ins_say ("{\"type\":\"renew\",\"epoch\":1}");
      break;
    case 'D':
      stand_ins_close (0, TRUE);
      break;
    case 'R':
      stand_ins_open ();
      break;
    case 'V':
      stand_ins_go_live ();
      break;
    case 'X':
      stand_ins_fall_silent ();
      break;
    case 'Y':
      stand_ins_refuse ();
      break;
    case 'T':
      let_a_minute_pass (self);
      if (wanted && !visit_controller_is_patient_called (self->controller))
        {
          stand_ins.may_call = FALSE;
          self->losses++;
        }
      break;
    case 'K':
      another_takes (self);
      break;
    case 'B':
      press_take (self);
      break;
    case 'N':
      network_changes (self);
      break;
    case 'O':
      if (elsewhere (self, other_ends))
        {
          stand_ins.may_call = FALSE;
          self->over = TRUE;
        }
      break;
    case 'Q':
      if (elsewhere (self, other_holds))
        stand_ins.may_call = FALSE;
      break;
    default:
      g_assert_not_reached ();
    }
}

/* ---- what has to be ---- */

typedef struct
{
  CareVisitState state;
  char *outcome;
} Record;

static gboolean
read_record (StoreConnection *connection, gpointer data, GError **error)
{
  Record *record = data;
  g_autoptr (FhirResource) visit = care_fixture_get (connection, "Encounter", current->id);

  record->state = care_visit_state_of (visit);
  fhir_element_foreach (item, fhir_resource_path (visit, "extension"))
    if (g_str_has_suffix (fhir_element_path_text (item, "url"), "/visit-outcome"))
      record->outcome = g_strdup (fhir_element_path_text (item, "valueCode"));
  return TRUE;
}

static gboolean
is_calling (VisitStage stage)
{
  return stage == VISIT_STAGE_CONNECTING || stage == VISIT_STAGE_LIVE ||
         stage == VISIT_STAGE_RECONNECTING;
}

static void
check_call (Fixture *self)
{
  VisitStage stage = visit_controller_get_stage (self->controller);
  gboolean wanted = visit_controller_is_patient_called (self->controller);
  gboolean voices =
      stage == VISIT_STAGE_LIVE || stage == VISIT_STAGE_RECONNECTING || stage == VISIT_STAGE_PHONE;
  gboolean said = workspace_session_get_call_patient (self->session) != NULL;

  if (!is_calling (stage) && (stand_ins.running != NULL || wanted))
    g_error ("%s: a call goes on at stage %d: %s", self->path->str, stage,
             visit_controller_get_sentence (self->controller));
  if (is_calling (stage) && !wanted)
    g_error ("%s: stage %d without a call", self->path->str, stage);
  if (voices != said)
    g_error ("%s: the other windows %s of a voice at stage %d", self->path->str,
             said ? "read" : "do not read", stage);
  /* who is not there is told when they come */
  if (stand_ins.open && stand_ins.told_call != wanted && (stand_ins.patient_here || !wanted))
    g_error ("%s: the page was told last that there is %s call", self->path->str,
             stand_ins.told_call ? "a" : "no");
  g_assert_cmpstr (visit_controller_get_sentence (self->controller), !=, NULL);
  g_assert_cmpstr (visit_controller_get_sentence (self->controller), !=, "");
}

static void
check_record (Fixture *self)
{
  Record record = { 0 };
  VisitStage stage = visit_controller_get_stage (self->controller);

  store_database_read (self->care.database, read_record, &record, NULL);
  if (self->outcome != NULL && record.state != CARE_VISIT_ENDED)
    g_error ("%s: the outcome was chosen, and the visit is in state %d", self->path->str,
             record.state);
  if (self->outcome != NULL && g_strcmp0 (record.outcome, self->outcome) != 0)
    g_error ("%s: the outcome is %s, and not %s", self->path->str, record.outcome, self->outcome);
  if ((stage == VISIT_STAGE_ENDED) != (record.state == CARE_VISIT_ENDED))
    g_error ("%s: stage %d of a visit in state %d", self->path->str, stage, record.state);
  if (is_calling (stage) && record.state != CARE_VISIT_IN_PROGRESS)
    g_error ("%s: stage %d of a visit in state %d", self->path->str, stage, record.state);
  if (record.state == CARE_VISIT_INTERRUPTED && self->losses == 0)
    g_error ("%s: interrupted, and nothing was lost", self->path->str);
  g_free (record.outcome);
}

static void
check (Fixture *self)
{
  check_call (self);
  check_record (self);
}

/* ---- running an order ---- */

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Encounter','id':'%s','status':'arrived','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/p'},'period':{'start':'2026-11-22T08:50:00Z'}}",
      current->id);

  care_fixture_put (connection, json);
  return TRUE;
}

static void
begin (Fixture *self)
{
  static guint count;

  self->id = g_strdup_printf ("e%u", count++);
  g_string_truncate (self->path, 0);
  self->losses = 0;
  self->over = FALSE;
  stand_ins = (VisitStandIns) { .patient_here = TRUE, .path = self->path->str };
  care_fixture_write (&self->care, put_visit);
  self->patient = workspace_patient_new (self->session, "p");
  while (g_strcmp0 (workspace_patient_get_encounter (self->patient), self->id) != 0)
    g_main_context_iteration (NULL, TRUE);
  self->controller = visit_controller_new (self->patient);
  settle (self);
  stand_ins_open ();
  settle (self);
}

static gboolean
end_visit (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GError) over = NULL;

  care_visit_end (connection, current->care.doctor, current->id, CARE_OUTCOME_SETTLED, NULL, &over);
  return TRUE;
}

/* A visit that is left open would be found by the next. */
static void
finish (Fixture *self)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  VisitController *kept;

  care_fixture_write (&self->care, end_visit);
  settle (self);
  kept = self->controller;
  g_object_add_weak_pointer (G_OBJECT (self->controller), (gpointer *) &kept);
  g_clear_object (&self->controller);
  g_clear_object (&self->patient);
  /* whoever still waits for an answer of the store holds it for a moment */
  while (kept != NULL && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  settle (self);
  if (kept != NULL || stand_ins.running != NULL || stand_ins.socket != NULL)
    g_error ("%s: something goes on after the window closed", self->path->str);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->outcome, g_free);
}

/* @pace: after how many events the store answers; in between, nothing that was asked of it has. */
static void
run (Fixture *self, const char *order, gsize pace)
{
  begin (self);
  for (gsize i = 0; order[i] != '\0'; i++)
    {
      g_string_append_c (self->path, order[i]);
      stand_ins.path = self->path->str;
      base_clock_advance (self->care.clock, 60 * G_USEC_PER_SEC);
      act (self, order[i]);
      if ((i + 1) % pace != 0 && order[i + 1] != '\0')
        continue;
      settle (self);
      check (self);
    }
  finish (self);
}

static void
test_pairs (Fixture *self, gconstpointer data)
{
  const char *beginning = data;
  guint count = 0;

  for (const char *one = events; *one != '\0'; one++)
    for (const char *two = events; *two != '\0'; two++, count++)
      {
        g_autofree char *order = g_strdup_printf ("%s%c%c", beginning, *one, *two);

        run (self, order, 1);
      }
  g_test_message ("%u orders", count);
}

/* Two keys in a row, before the record has answered to the first. */
static void
test_at_once (Fixture *self, gconstpointer data)
{
  const char *keys = g_test_slow () ? "AHGFEKBOQPDR" : "AHGFEQ";

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    for (const char *one = keys; *one != '\0'; one++)
      for (const char *two = keys; *two != '\0'; two++)
        {
          begin (self);
          for (const char *event = beginnings[i]; *event != '\0'; event++)
            {
              g_string_append_c (self->path, *event);
              act (self, *event);
              settle (self);
            }
          g_string_append_printf (self->path, "(%c%c)", *one, *two);
          stand_ins.path = self->path->str;
          act (self, *one);
          act (self, *two);
          settle (self);
          check (self);
          finish (self);
        }
}

static void
test_long (Fixture *self, gconstpointer data)
{
  char order[LONG + 1] = { 0 };
  guint turns = g_test_slow () ? CHANCE_ALL : CHANCE;

  for (guint turn = 0; turn < turns; turn++)
    {
      for (gsize i = 0; i < LONG; i++)
        /* the ends only at the end: else most of them are over at once */
        do
          order[i] = events[g_test_rand_int_range (0, (gint32) strlen (events))];
        while (i + 1 < LONG && strchr ("EO", order[i]) != NULL);
      run (self, order, 1);
    }
}

/* ---- set-up ---- */

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith',"
                                "'given':['Jane']}],'birthDate':'1961-03-12'}");
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, NULL);
  current = self;
  care_fixture_write (&self->care, put_patient);
  self->path = g_string_new (NULL);
  self->session = workspace_session_new (self->care.doctor);
  self->sources = media_sources_new ();
  visit_devices_set (self->session, self->sources);
  self->net = net_session_new ("http://127.0.0.1:9", "secret");
  workspace_session_set_server (self->session, "http://127.0.0.1:9", self->net, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  workspace_session_set_server (self->session, NULL, NULL, NULL);
  g_clear_object (&self->session);
  g_clear_object (&self->sources);
  g_clear_object (&self->net);
  /* four hold it: the fixture and its three contexts; whoever else does waits for an answer */
  while (G_OBJECT (self->care.database)->ref_count > 4 && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  g_assert_cmpint (G_OBJECT (self->care.database)->ref_count, <=, 4);
  g_string_free (self->path, TRUE);
  care_fixture_tear_down (&self->care, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  for (gsize i = 0; i < (g_test_slow () ? G_N_ELEMENTS (beginnings) : QUICK); i++)
    {
      g_autofree char *name = g_strdup_printf ("/visit/controller-order/pairs-after-%s",
                                               *beginnings[i] != '\0' ? beginnings[i] : "nothing");

      g_test_add (name, Fixture, beginnings[i], set_up, test_pairs, tear_down);
    }
  g_test_add ("/visit/controller-order/at-once", Fixture, NULL, set_up, test_at_once, tear_down);
  g_test_add ("/visit/controller-order/long", Fixture, NULL, set_up, test_long, tear_down);
  return g_test_run ();
}
