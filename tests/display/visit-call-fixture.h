/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-patient.h"
#include "visit-controller-private.h"
#include "visit-devices.h"
#include "visit-line-private.h"

#include <libsoup/soup.h>

#include "display-fixture.h"

G_BEGIN_DECLS

/* A whole call in the patient's window: the hub is a socket of the test, the patient a webrtcbin
 * in this process, the devices are test sources. With BEDSIDE_SHOTS=DIR each state is painted. */

typedef struct
{
  DisplayFixture display;
  SoupServer *server;
  SoupWebsocketConnection *far, *second_far; /* of the visits e1 and e2 */
  GPtrArray *received;                       /* what the hub was sent */
  MediaSources *sources;
  WorkspacePatientWindow *window;
  VisitController *controller; /* of the window */
  MediaPatient *patient, *second_patient;
} Fixture;

static inline void
message_cb (SoupWebsocketConnection *far, int type, GBytes *bytes, Fixture *self)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_ptr_array_add (self->received, g_strndup (text, length));
  /* a busy machine loses the line and makes it anew: who was there still is */
  if (strstr (self->received->pdata[self->received->len - 1], "\"hello\"") != NULL &&
      (far == self->second_far ? self->second_patient : self->patient) != NULL)
    soup_websocket_connection_send_text (far, "{\"type\":\"peer\",\"present\":true}");
}

static inline void
accepted_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             SoupWebsocketConnection *far,
             gpointer data)
{
  Fixture *self = data;

  g_set_object (strstr (path, "/e2/") != NULL ? &self->second_far : &self->far, far);
  g_signal_connect (far, "message", G_CALLBACK (message_cb), self);
}

static inline void
start_hub (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) net = NULL;
  g_autofree char *url = NULL;
  GSList *uris;

  self->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_websocket_handler (self->server, "/visit", NULL, NULL, accepted_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  net = net_session_new (url, "secret");
  workspace_session_set_server (self->display.session, url, net, NULL);
}

static inline gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'},'subject':{'"
      "reference':'Patient/jane'},'reasonCode':[{'text':'Sore throat'}],'extension':[{'url':'"
      "https://bedside.health/fhir/StructureDefinition/visit-stated-location','valueString':'27 "
      "Anchor Close, Westhaven'},{'url':'https://bedside.health/fhir/StructureDefinition/"
      "visit-callback-number','valueString':'+44 1632 960 714'},{'url':'https://bedside.health/"
      "fhir/StructureDefinition/visit-waiting-since','valueInstant':'2026-11-22T08:50:00Z'}]}");
  return TRUE;
}

static inline gboolean
stage_is (gpointer data)
{
  Fixture *self = ((gpointer *) data)[0];

  return (int) visit_controller_get_stage (self->controller) ==
         GPOINTER_TO_INT (((gpointer *) data)[1]);
}

static inline void
wait_stage (Fixture *self, VisitStage stage)
{
  if (!display_spin (stage_is, (gpointer[]) { self, GINT_TO_POINTER (stage) }))
    g_error ("stage %d, not %d: %s", visit_controller_get_stage (self->controller), stage,
             visit_controller_get_sentence (self->controller));
}

static inline gboolean
is_received (gpointer data)
{
  Fixture *self = ((gpointer *) data)[0];
  const char *part = ((gpointer *) data)[1];

  for (guint i = 0; i < self->received->len; i++)
    if (strstr (self->received->pdata[i], part) != NULL)
      return TRUE;
  return FALSE;
}

static inline void
assert_received (Fixture *self, const char *part)
{
  if (!display_spin (is_received, (gpointer[]) { self, (gpointer) part }))
    g_error ("the hub was not sent %s", part);
}

static inline void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, data);
  self->received = g_ptr_array_new_with_free_func (g_free);
  self->sources = MEDIA_SOURCES (media_test_sources_new (TRUE));
  visit_devices_set (self->display.session, self->sources);
  start_hub (self);
  care_fixture_write (&self->display.care, put_visit);
  self->window = workspace_patient_window_new (NULL, self->display.session, "jane");
  gtk_window_set_default_size (GTK_WINDOW (self->window),
                               data != NULL ? GPOINTER_TO_INT (data) : 1200, 800);
  gtk_window_present (GTK_WINDOW (self->window));
  self->controller = g_object_get_data (G_OBJECT (self->window), "visit-controller");
  wait_stage (self, VISIT_STAGE_WAITING);
  assert_received (self, "hello");
}

static inline void
act (Fixture *self, const char *action)
{
  if (!g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), action))
    g_error ("%s is not enabled", action);
  g_action_group_activate_action (G_ACTION_GROUP (self->window), action, NULL);
}

static inline gboolean
has_call (gpointer data)
{
  Fixture *self = data;

  return self->controller->line != NULL && self->controller->line->call != NULL;
}

static inline gboolean
is_shown (gpointer data)
{
  return visit_controller_get_remote_picture (((Fixture *) data)->controller) != NULL;
}

static inline gboolean
is_line_open (gpointer data)
{
  Fixture *self = data;

  return visit_line_is_connected (self->controller->line) &&
         soup_websocket_connection_get_state (self->far) == SOUP_WEBSOCKET_STATE_OPEN;
}

/* The patient is admitted and both see each other. */
static inline void
go_live (Fixture *self)
{
  act (self, "visit-admit");
  g_assert_true (display_spin (has_call, self));
  self->patient = media_patient_new (self->controller->line->call);
  g_assert_true (display_spin (is_line_open, self));
  soup_websocket_connection_send_text (self->far, "{\"type\":\"peer\",\"present\":true}");
  wait_stage (self, VISIT_STAGE_LIVE);
  /* a busy machine decodes its first picture late */
  g_assert_true (display_spin (is_shown, self) || display_spin (is_shown, self));
}

static inline void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->controller->line != NULL)
    visit_line_drop_call (self->controller->line);
  g_clear_pointer (&self->patient, media_patient_free);
  visit_controller_set_picture_place (self->controller, VISIT_PLACE_PANE);
  gtk_window_destroy (GTK_WINDOW (self->window));
  display_settle ();
  g_clear_object (&self->far);
  g_clear_object (&self->second_far);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->received, g_ptr_array_unref);
  workspace_session_set_server (self->display.session, NULL, NULL, NULL);
  display_fixture_tear_down (&self->display, data);
  g_clear_object (&self->sources);
}

/* ---- for people to look at ---- */

static inline void
paint (GtkWidget *window, GdkPaintable *paintable, const char *folder, const char *name)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *path = NULL;
  int width = gtk_widget_get_width (window), height = gtk_widget_get_height (window);

  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  path = g_strdup_printf ("%s/%s-%d.png", folder, name, width);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

static inline void
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

static inline void
shoot_window (gpointer window, const char *name)
{
  const char *folder = g_getenv ("BEDSIDE_SHOTS");
  AdwStyleManager *style = adw_style_manager_get_default ();

  for (guint dark = 0; folder != NULL && dark < 2; dark++)
    {
      g_autofree char *file = g_strdup_printf ("%s-%s", name, dark ? "dark" : "light");
      g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
      gint64 end;

      adw_style_manager_set_color_scheme (style, dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                      : ADW_COLOR_SCHEME_FORCE_LIGHT);
      end = g_get_monotonic_time () + G_USEC_PER_SEC;
      display_spin (display_has_passed, &end);
      gtk_widget_queue_draw (window);
      display_spin (display_has_passed,
                    (gint64[]) { g_get_monotonic_time () + G_USEC_PER_SEC / 4 });
      paint (window, paintable, folder, file);
    }
}

static inline void
shoot (Fixture *self, const char *name)
{
  shoot_window (self->window, name);
}

G_END_DECLS
