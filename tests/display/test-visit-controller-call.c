/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-phone.h"
#include "visit-devices-dialog.h"
#include "visit-phone.h"
#include "visit-picture-window.h"
#include "visit-picture.h"
#include "visit-quality.h"
#include "visit-float.h"
#include "visit-view.h"

#include "visit-call-fixture.h"

static gboolean
state_is (Fixture *self, const char *action)
{
  g_autoptr (GVariant) state =
      g_action_group_get_action_state (G_ACTION_GROUP (self->window), action);

  return g_variant_get_boolean (state);
}

static void
flip (Fixture *self, const char *action)
{
  g_action_group_change_action_state (G_ACTION_GROUP (self->window), action,
                                      g_variant_new_boolean (!state_is (self, action)));
}

static gboolean
says_slate (gpointer data)
{
  return visit_controller_get_slate (((Fixture *) data)->controller) != NULL;
}

/* The chart keeps more than half of the window. */
static gboolean
leaves_room (gpointer data)
{
  GtkWidget *window = GTK_WIDGET (((Fixture *) data)->window);
  GtkWidget *picture = display_find_child (window, VISIT_TYPE_PICTURE);

  return picture != NULL && gtk_widget_get_mapped (picture) &&
         gtk_widget_get_width (picture) * 2 < gtk_widget_get_width (window);
}

/* Waiting, live, muted, camera off: each is said in words and told to the page. */
static void
test_switches (Fixture *self, gconstpointer data)
{
  shoot (self, "waiting");
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "visit-float"));
  go_live (self);
  g_assert_cmpstr (workspace_session_get_call_patient (self->display.session), ==, "jane");
  g_assert_true (display_spin (leaves_room, self));
  shoot (self, "live");
  flip (self, "visit-microphone");
  assert_received (self, "\"audio\":false");
  display_assert_label (self->window, "Your microphone is muted. The patient cannot hear you.");
  shoot (self, "muted");
  flip (self, "visit-microphone");
  flip (self, "visit-camera");
  g_assert_true (display_spin (says_slate, self));
  display_assert_label (self->window, "Your camera is off.");
  assert_received (self, "\"video\":false");
  shoot (self, "camera-off");
}

/* The test's microphone is a loud tone: a voice that nobody hears is noticed. */
static void
test_muted (Fixture *self, gconstpointer data)
{
  go_live (self);
  g_assert_null (display_find_label (GTK_WIDGET (self->window), "You are muted:"));
  flip (self, "visit-microphone");
  display_assert_label (self->window, "You are muted: the patient does not hear what you say.");
}

static gboolean
is_let_alone (gpointer data)
{
  Fixture *self = data;

  return self->controller->line->call == NULL ||
         media_call_get_state (self->controller->line->call) == MEDIA_CALL_ENDED;
}

static gboolean
check_hold (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) encounter = care_fixture_get (connection, "Encounter", "e1");
  const FhirElement *history = fhir_resource_path (encounter, "statusHistory");
  gboolean held = FALSE;

  fhir_element_foreach (item, history)
    held = held || g_strcmp0 (fhir_element_path_text (item, "status"), "onleave") == 0;
  g_assert_true (held);
  g_assert_cmpstr (fhir_resource_path_text (encounter, "status"), ==, "in-progress");
  return TRUE;
}

/* On hold nothing runs in either direction, and the same key goes on. */
static void
test_hold (Fixture *self, gconstpointer data)
{
  go_live (self);
  act (self, "visit-hold");
  wait_stage (self, VISIT_STAGE_ON_HOLD);
  assert_received (self, "\"hold\"");
  g_assert_true (display_spin (is_let_alone, self));
  g_assert_null (workspace_session_get_call_patient (self->display.session));
  g_assert_true (state_is (self, "visit-hold"));
  display_assert_label (self->window, "On hold: neither of you sees or hears the other.");
  shoot (self, "hold");
  act (self, "visit-hold");
  wait_stage (self, VISIT_STAGE_LIVE);
  g_assert_false (state_is (self, "visit-hold"));
  care_fixture_read (&self->display.care, check_hold);
}

/* Hanging up and calling again touch the call, and never the visit. */
static void
test_hang_up (Fixture *self, gconstpointer data)
{
  go_live (self);
  act (self, "visit-hang-up");
  wait_stage (self, VISIT_STAGE_NO_CALL);
  assert_received (self, "\"hangup\"");
  shoot (self, "hung-up");
  act (self, "visit-call");
  wait_stage (self, VISIT_STAGE_LIVE);
  media_patient_drop (self->patient);
  wait_stage (self, VISIT_STAGE_RECONNECTING);
  shoot (self, "reconnecting");
}

/* Each key says what the picture is now; below sound alone there is nothing, and what was chosen
 * holds for the next call too, until Bedside chooses again. */
static void
test_rungs (Fixture *self, gconstpointer data)
{
  g_assert_false (
      g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "visit-rung-down"));
  go_live (self);
  g_assert_cmpint (visit_controller_get_chosen_rung (self->controller), ==, VISIT_RUNG_AUTOMATIC);
  visit_line_choose_rung (self->controller->line, MEDIA_RUNG_SD);
  act (self, "visit-rung-down");
  display_assert_label (self->window, "Pictures are small now, so that the sound has room.");
  g_assert_cmpint (visit_controller_get_chosen_rung (self->controller), ==, MEDIA_RUNG_THUMBNAIL);
  act (self, "visit-rung-down");
  g_assert_cmpint (visit_controller_get_chosen_rung (self->controller), ==, MEDIA_RUNG_AUDIO);
  act (self, "visit-rung-down");
  display_assert_label (self->window, "Sound alone is the least.");
  g_assert_cmpint (visit_controller_get_chosen_rung (self->controller), ==, MEDIA_RUNG_AUDIO);
  act (self, "visit-rung-up");
  g_assert_cmpint (visit_controller_get_chosen_rung (self->controller), ==, MEDIA_RUNG_THUMBNAIL);
  act (self, "visit-hang-up");
  wait_stage (self, VISIT_STAGE_NO_CALL);
  act (self, "visit-call");
  g_assert_cmpint (visit_controller_get_chosen_rung (self->controller), ==, MEDIA_RUNG_THUMBNAIL);
  act (self, "visit-rung-automatic");
  display_assert_label (self->window, "Bedside chooses the size of the pictures");
  g_assert_cmpint (visit_controller_get_chosen_rung (self->controller), ==, VISIT_RUNG_AUTOMATIC);
}

static gboolean
waits_for_answer (gpointer data)
{
  return ((Fixture *) data)->controller->line->answer_source != 0;
}

static gboolean
is_not_wanted (gpointer data)
{
  return !((Fixture *) data)->controller->line->call_wanted;
}

/* The patient hangs up before the page has answered: nothing is given up a minute later. */
static void
test_hung_up_unanswered (Fixture *self, gconstpointer data)
{
  act (self, "visit-admit");
  g_assert_true (display_spin (has_call, self));
  soup_websocket_connection_send_text (self->far, "{\"type\":\"peer\",\"present\":true}");
  g_assert_true (display_spin (waits_for_answer, self));
  soup_websocket_connection_send_text (self->far, "{\"type\":\"hangup\"}");
  g_assert_true (display_spin (is_not_wanted, self));
  g_assert_false (waits_for_answer (self));
}

static gboolean
has_tile (gpointer data)
{
  return visit_float_find (GTK_WINDOW (((Fixture *) data)->window)) != NULL;
}

static gboolean
has_no_tile (gpointer data)
{
  return !has_tile (data);
}

static void
assert_corner (VisitFloat *tile, GtkAlign across, GtkAlign down)
{
  g_assert_cmpint (gtk_widget_get_halign (GTK_WIDGET (tile)), ==, across);
  g_assert_cmpint (gtk_widget_get_valign (GTK_WIDGET (tile)), ==, down);
}

/* The tile floats over the chart's page, goes round its corners and back to the pane. */
static void
test_tile (Fixture *self, gconstpointer data)
{
  VisitFloat *tile;
  GtkWidget *pages;

  go_live (self);
  act (self, "visit-float");
  g_assert_true (display_spin (has_tile, self));
  tile = visit_float_find (GTK_WINDOW (self->window));
  display_assert_label (self->window, "The picture is over the chart.");
  g_assert_nonnull (display_find_child (GTK_WIDGET (tile), VISIT_TYPE_PICTURE));
  pages = gtk_widget_get_ancestor (GTK_WIDGET (tile), GTK_TYPE_OVERLAY);
  g_assert_true (GTK_IS_STACK (gtk_overlay_get_child (GTK_OVERLAY (pages))));
  assert_corner (tile, GTK_ALIGN_END, GTK_ALIGN_END);
  shoot (self, "tile");
  act (self, "visit-float-corner");
  assert_corner (tile, GTK_ALIGN_START, GTK_ALIGN_END);
  act (self, "visit-float-corner");
  assert_corner (tile, GTK_ALIGN_START, GTK_ALIGN_START);
  act (self, "visit-float-corner");
  assert_corner (tile, GTK_ALIGN_END, GTK_ALIGN_START);
  act (self, "visit-float-corner");
  assert_corner (tile, GTK_ALIGN_END, GTK_ALIGN_END);
  act (self, "visit-hang-up");
  g_assert_true (display_spin (has_no_tile, self));
  act (self, "visit-call");
  g_assert_true (display_spin (has_tile, self));
  act (self, "visit-float");
  g_assert_true (display_spin (has_no_tile, self));
  g_assert_null (display_find_label (GTK_WIDGET (self->window), "The picture is over the chart."));
}

static GtkWindow *
find_picture_window (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *item = windows; item != NULL; item = item->next)
    if (VISIT_IS_PICTURE_WINDOW (item->data))
      return item->data;
  return NULL;
}

static gboolean
has_picture_window (gpointer data)
{
  GtkWindow *window = find_picture_window ();

  return window != NULL && gtk_widget_get_mapped (GTK_WIDGET (window));
}

static gboolean
has_no_picture_window (gpointer data)
{
  return find_picture_window () == NULL;
}

static gboolean
is_full (gpointer data)
{
  return has_picture_window (NULL) && gtk_window_is_fullscreen (find_picture_window ());
}

/* A window of its own: closing it brings the picture back, the end of the call closes it. */
static void
test_pop_out (Fixture *self, gconstpointer data)
{
  go_live (self);
  act (self, "visit-pop-out");
  g_assert_true (display_spin (has_picture_window, NULL));
  g_assert_nonnull (strstr (gtk_window_get_title (find_picture_window ()), "SMITH, Jane"));
  display_assert_label (self->window, "The picture is in a window of its own.");
  shoot_window (find_picture_window (), "pop-out");
  shoot (self, "popped-out");
  gtk_window_close (find_picture_window ());
  g_assert_true (display_spin (has_no_picture_window, NULL));
  g_assert_cmpint (visit_controller_get_picture_place (self->controller), ==, VISIT_PLACE_PANE);
  g_assert_cmpint (visit_controller_get_stage (self->controller), ==, VISIT_STAGE_LIVE);
  act (self, "visit-full-screen");
  g_assert_true (display_spin (is_full, NULL));
  shoot_window (find_picture_window (), "full-screen");
  act (self, "visit-full-screen");
  g_assert_true (display_spin (has_no_picture_window, NULL));
  act (self, "visit-pop-out");
  g_assert_true (display_spin (has_picture_window, NULL));
  act (self, "visit-hang-up");
  g_assert_true (display_spin (has_no_picture_window, NULL));
  g_assert_cmpint (visit_controller_get_picture_place (self->controller), ==, VISIT_PLACE_PANE);
}

static gboolean
check_phone (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) encounter = care_fixture_get (connection, "Encounter", "e1");

  g_assert_nonnull (care_visit_phone_get_end (encounter));
  g_assert_null (care_visit_phone_get_since (encounter));
  return TRUE;
}

static gboolean
is_written (gpointer data)
{
  return ((Fixture *) data)->controller->phone_writes == 0;
}

/* By phone: the call with pictures ends, the page is told, the other windows say whose voice is
 * heard; the same key marks the end, and video comes back at will. */
static void
test_phone (Fixture *self, gconstpointer data)
{
  gint64 end;

  go_live (self);
  visit_controller_phone (self->controller);
  assert_received (self, "\"phone\",\"on\":true");
  wait_stage (self, VISIT_STAGE_PHONE);
  display_assert_label (self->window, "By phone since 09:00.");
  g_assert_cmpstr (workspace_session_get_call_patient (self->display.session), ==, "jane");
  g_assert_true (display_spin (is_let_alone, self));
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "visit-hold"));
  g_assert_true (state_is (self, "visit-phone"));
  shoot (self, "phone");
  act (self, "visit-phone");
  wait_stage (self, VISIT_STAGE_NO_CALL);
  assert_received (self, "\"phone\",\"on\":false");
  g_assert_true (display_spin (is_written, self));
  g_assert_null (workspace_session_get_call_patient (self->display.session));
  care_fixture_read (&self->display.care, check_phone);
  g_assert_cmpint (visit_controller_get_phone (self->controller, &end), !=, 0);
  visit_controller_phone (self->controller);
  wait_stage (self, VISIT_STAGE_PHONE);
  g_assert_true (display_spin (is_written, self));
  act (self, "visit-call");
  wait_stage (self, VISIT_STAGE_LIVE);
  g_assert_true (display_spin (is_written, self));
  care_fixture_read (&self->display.care, check_phone);
}

static void
test_number (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *typed, *uri;
  } numbers[] = {
    { "+44 1632 960 714", "tel:+441632960714" },
    { "(01632) 960-714", "tel:01632960714" },
    { "01632 960714 ext 5", "tel:01632960714" },
    { "٠١٦٣٢ ٩٦٠", "tel:01632960" },
    { "555+1", "tel:5551" },
    { "ask reception", NULL },
    { "12", NULL },
    { "", NULL },
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *uri = visit_phone_dup_uri (numbers[i].typed);

      g_assert_cmpstr (uri, ==, numbers[i].uri);
    }
}

static gboolean
has_dialog (gpointer data)
{
  return display_find_child (GTK_WIDGET (((Fixture *) data)->window), VISIT_TYPE_DEVICES_DIALOG) !=
         NULL;
}

static gboolean
is_speaking (gpointer data)
{
  return visit_controller_get_voice (((Fixture *) data)->controller) > 0.05;
}

/* What is plugged in is listed by name; a device that goes is told in the window. */
static void
test_devices (Fixture *self, gconstpointer data)
{
  go_live (self);
  act (self, "visit-devices");
  g_assert_true (display_spin (has_dialog, self));
  display_assert_label (self->window, "None is connected");
  shoot (self, "devices");
  {
    GtkWidget *label = display_find_label (GTK_WIDGET (self->window), "Take out echo");
    GtkWidget *row = gtk_widget_get_ancestor (label, ADW_TYPE_SWITCH_ROW);

    g_assert_true (adw_switch_row_get_active (ADW_SWITCH_ROW (row)));
    adw_switch_row_set_active (ADW_SWITCH_ROW (row), FALSE);
    g_assert_cmpuint (media_sources_get_cleaning (self->sources), ==,
                      MEDIA_VOICE_NOISE | MEDIA_VOICE_GAIN);
    g_assert_null (visit_controller_get_silence (self->controller));
  }
  self->controller->voice = 0; /* the microphone is opened anew, and goes on */
  g_assert_true (display_spin (is_speaking, self));
  g_signal_emit_by_name (self->sources, "notice", "The camera “A <b>” is gone.");
  display_assert_label (self->window, "The camera “A <b>” is gone.");
}

/* At 360 px the visit is a strip that needs no scrolling, and most of the window is the chart's. */
static void
test_narrow (Fixture *self, gconstpointer data)
{
  GtkWidget *picture, *pane;

  go_live (self);
  picture = display_find_child (GTK_WIDGET (self->window), VISIT_TYPE_PICTURE);
  pane = gtk_widget_get_ancestor (picture, GTK_TYPE_SCROLLED_WINDOW);
  g_assert_nonnull (pane);
  shoot (self, "narrow");
  {
    GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (pane));

    /* what the shell lets a visit have above the chart is 320 */
    g_assert_cmpfloat (gtk_adjustment_get_upper (down), <=, 300);
  }
  g_assert_cmpint (gtk_widget_get_height (pane), <, 300);
  act (self, "visit-float");
  g_assert_true (display_spin (has_tile, self));
  shoot (self, "narrow-tile");
}

/* What height is left below the visit is the note's: the visit asks for none of it. */
static void
test_room (Fixture *self, gconstpointer data)
{
  go_live (self);
  g_assert_false (
      gtk_widget_compute_expand (display_find_child (GTK_WIDGET (self->window), VISIT_TYPE_VIEW),
                                 GTK_ORIENTATION_VERTICAL));
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
#define NARROW(path, test)                                                                         \
  g_test_add (path, Fixture, GINT_TO_POINTER (360), set_up, test, tear_down)

/* Who has no microphone is not taken for one who is muted, nor for one who says nothing. */
static void
test_no_devices (Fixture *self, gconstpointer data)
{
  g_autoptr (MediaSources) none = MEDIA_SOURCES (media_test_sources_new (FALSE));

  visit_devices_set (self->display.session, none);
  go_live (self);
  assert_received (self, "\"audio\":false,\"video\":true,\"no_audio\":\"none\"");
  act (self, "visit-microphone");
  assert_received (self, "\"audio\":false,\"video\":true}");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  adw_init ();
  load_style ();
  ADD ("/visit/call/switches", test_switches);
  ADD ("/visit/call/muted", test_muted);
  ADD ("/visit/call/hold", test_hold);
  ADD ("/visit/call/hang-up", test_hang_up);
  ADD ("/visit/call/rungs", test_rungs);
  ADD ("/visit/call/hung-up-unanswered", test_hung_up_unanswered);
  ADD ("/visit/call/tile", test_tile);
  ADD ("/visit/call/pop-out", test_pop_out);
  ADD ("/visit/call/phone", test_phone);
  ADD ("/visit/call/number", test_number);
  ADD ("/visit/call/devices", test_devices);
  ADD ("/visit/call/room", test_room);
  ADD ("/visit/call/no-devices", test_no_devices);
  NARROW ("/visit/call/narrow", test_narrow);
  return g_test_run ();
}
