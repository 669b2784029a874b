/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-actions.h"
#include "visit-controller-private.h"
#include "visit-devices.h"
#include "visit-line-private.h"
#include "visit-picture.h"
#include "visit-stand-ins.h"
#include "visit-view.h"

#include "display-fixture.h"

/* What the clinician reads of a browser that never answers, that has no camera or microphone, and
 * that does not allow them; and that there is a way on. Hub and media are stand-ins. With
 * BEDSIDE_SHOTS=DIR each is painted. */

typedef struct
{
  DisplayFixture display;
  NetSession *net;
  MediaSources *sources;
  WorkspacePatient *patient;
  VisitController *controller;
  GtkWidget *window;
} Fixture;

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'},'subject':{'"
      "reference':'Patient/jane'},'extension':[{'url':'https://bedside.health/fhir/"
      "StructureDefinition/visit-callback-number','valueString':'+44 1632 960 714'},{'url':'https:"
      "//bedside.health/fhir/StructureDefinition/visit-device-test','extension':[{'url':'browser','"
      "valueString':'Chrome'},{'url':'camera','valueCode':'failed'},{'url':'camera-why','valueCode'"
      ":'denied'},{'url':'microphone','valueCode':'ok'}]}]}");
  return TRUE;
}

/* The patient chose to be rung, before anybody called. */
static gboolean
put_refusal (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'},'subject':{'"
      "reference':'Patient/jane'},'extension':[{'url':'https://bedside.health/fhir/"
      "StructureDefinition/visit-device-test','extension':[{'url':'camera','valueCode':'ok'},{'url'"
      ":'video','valueCode':'refused'},{'url':'browser','valueString':'Chrome'}]}]}");
  return TRUE;
}

static gboolean
stage_is (gpointer data)
{
  Fixture *self = ((gpointer *) data)[0];

  return (int) visit_controller_get_stage (self->controller) ==
         GPOINTER_TO_INT (((gpointer *) data)[1]);
}

static void
wait_stage (Fixture *self, VisitStage stage)
{
  if (!display_spin (stage_is, (gpointer[]) { self, GINT_TO_POINTER (stage) }))
    g_error ("stage %d, not %d: %s", visit_controller_get_stage (self->controller), stage,
             visit_controller_get_sentence (self->controller));
}

static void
load_style (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "data", "style", "style.css", NULL);
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_path (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  stand_ins = (VisitStandIns) { .patient_here = TRUE, .may_call = TRUE, .path = "media" };
  display_fixture_set_up (&self->display, data);
  self->sources = media_sources_new ();
  visit_devices_set (self->display.session, self->sources);
  self->net = net_session_new ("http://127.0.0.1:9", "secret");
  workspace_session_set_server (self->display.session, "http://127.0.0.1:9", self->net, NULL);
  care_fixture_write (&self->display.care, data != NULL ? put_refusal : put_visit);
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->controller = visit_controller_new (self->patient);
  self->window = g_object_new (GTK_TYPE_APPLICATION_WINDOW, NULL);
  visit_actions_add (self->controller, G_ACTION_MAP (self->window));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 420, 760);
  gtk_window_set_child (GTK_WINDOW (self->window), visit_view_new (self->controller));
  gtk_window_present (GTK_WINDOW (self->window));
  wait_stage (self, VISIT_STAGE_WAITING);
  stand_ins_open ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->controller);
  g_clear_object (&self->patient);
  display_settle ();
  workspace_session_set_server (self->display.session, NULL, NULL, NULL);
  g_clear_object (&self->net);
  display_fixture_tear_down (&self->display, data);
  g_clear_object (&self->sources);
}

static void
act (Fixture *self, const char *action)
{
  if (!g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), action))
    g_error ("%s is not enabled", action);
  g_action_group_activate_action (G_ACTION_GROUP (self->window), action, NULL);
}

static void
admit (Fixture *self)
{
  act (self, "visit-admit");
  wait_stage (self, VISIT_STAGE_CONNECTING);
}

/* ---- for people to look at ---- */

static void
shoot (Fixture *self, const char *name)
{
  const char *folder = g_getenv ("BEDSIDE_SHOTS");
  AdwStyleManager *style = adw_style_manager_get_default ();

  for (guint dark = 0; folder != NULL && dark < 2; dark++)
    {
      g_autofree char *path =
          g_strdup_printf ("%s/%s-%s.png", folder, name, dark ? "dark" : "light");
      g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (self->window);
      gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC;
      g_autoptr (GskRenderNode) node = NULL;
      g_autoptr (GdkTexture) texture = NULL;
      GtkSnapshot *snapshot = gtk_snapshot_new ();

      adw_style_manager_set_color_scheme (style, dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                      : ADW_COLOR_SCHEME_FORCE_LIGHT);
      display_spin (display_has_passed, &end);
      gtk_widget_queue_draw (self->window);
      end = g_get_monotonic_time () + G_USEC_PER_SEC / 4;
      display_spin (display_has_passed, &end);
      gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot),
                              gtk_widget_get_width (self->window),
                              gtk_widget_get_height (self->window));
      node = gtk_snapshot_free_to_node (snapshot);
      texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (self->window)),
                                             node, NULL);
      g_assert_true (gdk_texture_save_to_png (texture, path));
    }
}

/* ---- tests ---- */

static void
fire (guint source)
{
  g_assert_cmpuint (source, !=, 0);
  g_source_set_ready_time (g_main_context_find_source_by_id (NULL, source), 0);
}

static GtkWidget *
find_action (GtkWidget *widget, const char *action)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_BUTTON (widget) &&
      g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_action (child, action);

      if (found)
        return found;
    }
  return NULL;
}

static gboolean
button_is_shown (gpointer data)
{
  DisplayLabel *label = data;
  GtkWidget *button = find_action (label->widget, label->text);

  return button != NULL && gtk_widget_is_sensitive (button);
}

static void
assert_button (Fixture *self, const char *action)
{
  if (!display_spin (button_is_shown, &(DisplayLabel) { self->window, action }))
    g_error ("there is no button for %s", action);
}

/* Twelve seconds of nothing are said, a minute ends the call; the visit stays open, with both ways
 * on. */
static void
test_never_answers (Fixture *self, gconstpointer data)
{
  admit (self);
  display_assert_label (self->window, "Connecting…");
  fire (self->controller->line->answer_source);
  display_assert_label (self->window, "The patient's page does not answer the call.");
  shoot (self, "unanswered");
  fire (self->controller->line->answer_source);
  wait_stage (self, VISIT_STAGE_NO_CALL);
  display_assert_label (self->window, "The patient's page did not answer. Call again, or ring");
  assert_button (self, "win.visit-call");
  assert_button (self, "win.visit-phone");
  display_assert_label (self->window, "+44 1632 960 714");
  shoot (self, "gave-up");
  act (self, "visit-call");
  wait_stage (self, VISIT_STAGE_CONNECTING);
  display_assert_label (self->window, "Connecting…");
  g_assert_false (visit_line_gave_up (self->controller->line));
}

static gboolean
course_names_14_seconds (gpointer data)
{
  g_autofree char *course = visit_controller_dup_course (((Fixture *) data)->controller);

  return course && strstr (course, "Nothing had got through for 14 seconds.");
}

/* What was lost for a while stands in the course of the visit; a moment does not. */
static void
test_silence (Fixture *self, gconstpointer data)
{
  g_autofree char *course = NULL;

  admit (self);
  stand_ins_go_live ();
  wait_stage (self, VISIT_STAGE_LIVE);
  stand_ins_fall_silent ();
  wait_stage (self, VISIT_STAGE_RECONNECTING);
  self->controller->line->silent_since -= 2 * G_USEC_PER_SEC;
  stand_ins_go_live ();
  stand_ins_fall_silent ();
  wait_stage (self, VISIT_STAGE_RECONNECTING);
  self->controller->line->silent_since -= 14 * G_USEC_PER_SEC;
  stand_ins_go_live ();
  g_assert_true (display_spin (course_names_14_seconds, self));
  course = visit_controller_dup_course (self->controller);
  g_assert_null (strstr (course, "for 2 seconds"));
}

static void
say_media (Fixture *self, const char *audio, const char *video, const char *more)
{
  g_autofree char *text =
      g_strdup_printf ("{\"type\":\"media\",\"audio\":%s,\"video\":%s%s}", audio, video, more);

  stand_ins_say (text);
}

/* Before the call: the device test. In the call: what the browser does not allow, and no picture of
 * before. */
static void
test_denied (Fixture *self, gconstpointer data)
{
  GtkWidget *picture;

  display_assert_label (self->window, "camera not allowed in the browser");
  shoot (self, "denied-waiting");
  admit (self);
  stand_ins_go_live ();
  say_media (self, "true", "false", ",\"no_video\":\"denied\"");
  display_assert_label (self->window, "The patient's browser does not allow the camera.");
  picture = display_find_child (self->window, GTK_TYPE_PICTURE);
  g_assert_cmpfloat (gtk_widget_get_opacity (picture), ==, 0);
  shoot (self, "denied");
  say_media (self, "true", "true", "");
  g_assert_null (visit_controller_get_no_picture (self->controller));
  g_assert_null (display_find_label (self->window, "does not allow the camera"));
  say_media (self, "false", "true", ",\"no_audio\":\"denied\"");
  display_assert_label (self->window, "The patient's browser does not allow the microphone.");
}

static void
test_no_camera (Fixture *self, gconstpointer data)
{
  admit (self);
  stand_ins_go_live ();
  say_media (self, "true", "false", ",\"no_video\":\"none\"");
  display_assert_label (self->window, "The patient has no camera. You hear them");
  say_media (self, "false", "false", ",\"no_video\":\"none\",\"no_audio\":\"none\"");
  display_assert_label (self->window, "The patient has no microphone. Ring them");
  display_assert_label (self->window, "The patient has no camera.");
  assert_button (self, "win.visit-phone");
  shoot (self, "no-devices");
  say_media (self, "true", "false", "");
  display_assert_label (self->window, "The patient's camera is off. You hear them.");
  /* a code of another version, or of somebody who tries: no picture, and no word of theirs */
  say_media (self, "true", "false", ",\"no_video\":\"<b>ring 999</b>\"");
  display_assert_label (self->window, "The patient's camera is off. You hear them.");
  /* who comes next says it anew */
  stand_ins_say ("{\"type\":\"peer\",\"present\":false}");
  g_assert_null (visit_controller_get_no_picture (self->controller));
}

static gboolean
is_written (gpointer data)
{
  return ((Fixture *) data)->controller->phone_writes == 0;
}

/* Who wants no video is rung, and never called: their page would not answer. The day's list admits
 * as the button does. Who calls all the same reads why nothing comes. */
static void
test_wants_phone (Fixture *self, gconstpointer data)
{
  stand_ins.may_call = FALSE;
  display_assert_label (self->window, "The patient asks to be rung: they want no video.");
  display_assert_label (self->window, "Admit by Phone");
  shoot (self, "wants-phone");
  visit_actions_admit (G_ACTION_MAP (self->window));
  wait_stage (self, VISIT_STAGE_PHONE);
  g_assert_true (display_spin (is_written, self));
  g_assert_cmpuint (stand_ins.starts, ==, 0);
  display_assert_label (self->window, "By phone since");
  act (self, "visit-phone");
  wait_stage (self, VISIT_STAGE_NO_CALL);
  stand_ins.may_call = TRUE;
  act (self, "visit-call");
  wait_stage (self, VISIT_STAGE_CONNECTING);
  display_assert_label (self->window,
                        "The patient asked to be rung, and their page takes no video");
  stand_ins_go_live ();
  wait_stage (self, VISIT_STAGE_LIVE);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  adw_init ();
  load_style ();
  ADD ("/visit/patient-media/never-answers", test_never_answers);
  ADD ("/visit/patient-media/denied", test_denied);
  ADD ("/visit/patient-media/no-camera", test_no_camera);
  ADD ("/visit/patient-media/silence", test_silence);
  g_test_add ("/visit/patient-media/wants-phone", Fixture, "refused", set_up, test_wants_phone,
              tear_down);
  return g_test_run ();
}
