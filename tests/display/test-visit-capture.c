/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-call-fixture.h"

#include "visit-capture-dialog.h"

/* One picture out of the call: asked, agreed to, looked at under the patient's name, kept or not.
 */

static GtkWidget *
find_dialog (Fixture *self)
{
  return display_find_child (GTK_WIDGET (self->window), VISIT_TYPE_CAPTURE_DIALOG);
}

static gboolean
is_open (gpointer data)
{
  return find_dialog (data) != NULL;
}

static gboolean
is_closed (gpointer data)
{
  return find_dialog (data) == NULL;
}

static guint
count_received (Fixture *self, const char *part)
{
  guint count = 0;

  for (guint i = 0; i < self->received->len; i++)
    count += strstr (self->received->pdata[i], part) != NULL;
  return count;
}

/* (transfer full): the id of the last request */
static char *
dup_request (Fixture *self)
{
  for (guint i = self->received->len; i > 0; i--)
    {
      const char *text = self->received->pdata[i - 1];
      const char *id = strstr (text, "\"id\":\"");

      if (strstr (text, "\"picture\"") != NULL && strstr (text, "\"on\":true") != NULL)
        return g_strndup (id + 6, strcspn (id + 6, "\""));
    }
  g_error ("nobody was asked for a picture");
}

static gboolean
is_asked (gpointer data)
{
  Fixture *self = ((gpointer *) data)[0];

  return is_open (self) &&
         count_received (self, "\"on\":true") > GPOINTER_TO_UINT (((gpointer *) data)[1]);
}

static gboolean
may_ask (gpointer data)
{
  return visit_controller_may_take_picture (((Fixture *) data)->controller);
}

static char *
ask (Fixture *self)
{
  guint before = count_received (self, "\"on\":true");

  g_assert_true (display_spin (may_ask, self));
  act (self, "visit-capture");
  if (!display_spin (is_asked, (gpointer[]) { self, GUINT_TO_POINTER (before) }))
    g_error ("nobody was asked for a picture");
  return dup_request (self);
}

static gboolean
has_chat (gpointer data)
{
  return g_list_model_get_n_items (visit_controller_get_chat (((Fixture *) data)->controller)) > 0;
}

/* What the far end said before has been taken, too. */
static void
chat (Fixture *self)
{
  soup_websocket_connection_send_text (
      self->far, "{\"type\":\"chat\",\"text\":\"after it\",\"from\":\"patient\"}");
  g_assert_true (display_spin (has_chat, self));
}

static void
answer (Fixture *self, const char *request, gboolean on, const char *rest)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"agree\",\"id\":\"%s\",\"on\":%s%s}",
                                           request, on ? "true" : "false", rest);

  soup_websocket_connection_send_text (self->far, text);
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && display_find_label (widget, label) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
press (Fixture *self, const char *label)
{
  GtkWidget *found;

  display_assert_label (find_dialog (self), label);
  found = find_button (find_dialog (self), label);
  g_assert_nonnull (found);
  g_assert_true (gtk_widget_is_sensitive (found));
  g_signal_emit_by_name (found, "clicked");
}

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  guint *count = ((gpointer *) data)[1];
  g_autoptr (GPtrArray) found =
      store_resource_list (connection, "jane", "DocumentReference", error);

  *count = found != NULL ? found->len : G_MAXUINT;
  return found != NULL;
}

static guint
count_kept (Fixture *self)
{
  guint count = 0;
  g_autoptr (GError) error = NULL;

  store_database_read (self->display.care.database, count_work, (gpointer[]) { self, &count },
                       &error);
  g_assert_no_error (error);
  return count;
}

static GdkPaintable *
find_picture (Fixture *self)
{
  GtkWidget *picture = display_find_child (find_dialog (self), GTK_TYPE_PICTURE);

  return gtk_picture_get_paintable (GTK_PICTURE (picture));
}

#define CONSENT ",\"consent\":\"Consent/c1\""

/* In as many pixels as came, and with the clock that the patient's camera paints on it. */
static void
assert_picture (Fixture *self)
{
  GdkPaintable *shown = find_picture (self);
  GdkPaintable *live = visit_controller_get_remote_picture (self->controller);
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *pixels;
  gsize size;
  guint8 least = 255, most = 0;

  g_assert_true (GDK_IS_TEXTURE (shown));
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (shown), ==,
                   gdk_paintable_get_intrinsic_width (live));
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (shown), ==,
                   gdk_paintable_get_intrinsic_height (live));
  bytes = gdk_texture_save_to_tiff_bytes (GDK_TEXTURE (shown));
  pixels = g_bytes_get_data (bytes, &size);
  for (gsize i = 4096; i < size - 4096; i++) /* the file has a head, and a foot */
    {
      least = MIN (least, pixels[i]);
      most = MAX (most, pixels[i]);
    }
  g_assert_cmpint (most - least, >, 40);
}

static void
test_kept (Fixture *self, gconstpointer data)
{
  g_autofree char *request = NULL;

  g_assert_false (
      g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "visit-capture"));
  go_live (self);
  request = ask (self);
  display_assert_label (self->window, "Asking the Patient");
  /* a second press asks for nothing */
  g_assert_false (
      g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "visit-capture"));
  answer (self, request, TRUE, CONSENT);
  display_assert_label (self->window, "Born ");
  display_assert_label (find_dialog (self), "SMITH");
  display_assert_label (find_dialog (self), "1961");
  assert_picture (self);
  shoot (self, "capture-preview");
  g_assert_cmpuint (count_kept (self), ==, 0);
  press (self, "Keep");
  g_assert_true (display_spin (is_closed, self));
  g_assert_cmpuint (count_kept (self), ==, 1);
  g_assert_cmpuint (count_received (self, "\"picture\""), ==, 1);
  g_assert_true (
      g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "visit-capture"));
}

static void
test_discarded (Fixture *self, gconstpointer data)
{
  g_autofree char *request = NULL;

  go_live (self);
  request = ask (self);
  answer (self, request, TRUE, CONSENT);
  display_assert_label (self->window, "Born ");
  press (self, "Discard");
  g_assert_true (display_spin (is_closed, self));
  g_assert_cmpuint (count_kept (self), ==, 0);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *request = NULL;

  go_live (self);
  request = ask (self);
  answer (self, request, FALSE, CONSENT);
  display_assert_label (self->window, "The Patient Said No");
  shoot (self, "capture-refused");
  press (self, "Close");
  g_assert_true (display_spin (is_closed, self));
  g_assert_cmpint (visit_controller_get_stage (self->controller), ==, VISIT_STAGE_LIVE);
  g_assert_cmpuint (count_kept (self), ==, 0);
}

/* What is agreed to is one request: an older one, given up, opens nothing. */
static void
test_late (Fixture *self, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  go_live (self);
  first = ask (self);
  press (self, "Cancel");
  g_assert_true (display_spin (is_closed, self));
  assert_received (self, "\"on\":false");
  answer (self, first, TRUE, CONSENT);
  second = ask (self);
  g_assert_cmpstr (first, !=, second);
  answer (self, first, TRUE, CONSENT);
  chat (self);
  display_assert_label (self->window, "Asking the Patient");
  answer (self, second, TRUE, CONSENT);
  display_assert_label (self->window, "Born ");
}

/* An agreement that is not on record is none. */
static void
test_not_on_record (Fixture *self, gconstpointer data)
{
  g_autofree char *request = NULL;

  go_live (self);
  request = ask (self);
  answer (self, request, TRUE, "");
  display_assert_label (self->window, "could not be put on record");
  shoot (self, "capture-problem");
  g_assert_null (visit_asked_get_consent (visit_controller_get_asked (self->controller)));
}

static void
test_patient_leaves (Fixture *self, gconstpointer data)
{
  g_autofree char *request = NULL, *again = NULL;
  VisitAsked *asked;
  guint before;

  go_live (self);
  request = ask (self);
  soup_websocket_connection_send_text (self->far, "{\"type\":\"peer\",\"present\":false}");
  display_assert_label (self->window, "The patient has left the call");
  assert_received (self, "\"on\":false");
  answer (self, request, TRUE, CONSENT);
  chat (self);
  asked = visit_controller_get_asked (self->controller);
  g_assert_cmpint (visit_asked_get_picture (asked), ==, VISIT_ASKED_FAILED);
  g_assert_null (visit_asked_get_consent (asked));
  g_assert_null (display_find_label (find_dialog (self), "Born "));
  display_assert_label (self->window, "The patient has left the call");
  before = count_received (self, "\"on\":true");
  press (self, "Ask Again");
  if (!display_spin (is_asked, (gpointer[]) { self, GUINT_TO_POINTER (before) }))
    g_error ("nobody was asked again");
  again = dup_request (self);
  g_assert_cmpstr (request, !=, again);
}

/* The picture comes from the patient's call: without it there is none, whoever else is there. */
static void
test_only_out_of_this_call (Fixture *self, gconstpointer data)
{
  g_autoptr (MediaStill) still = NULL;

  g_assert_null (visit_controller_take_still (self->controller));
  go_live (self);
  still = visit_controller_take_still (self->controller);
  g_assert_nonnull (still);
  g_clear_pointer (&still, media_still_free);
  soup_websocket_connection_send_text (
      self->far,
      "{\"type\":\"person\",\"role\":\"guest\",\"present\":true,\"state\":\"in\",\"name\":"
      "\"Bert\"}");
  display_assert_label (self->window, "Bert, guest");
  visit_controller_hang_up (self->controller);
  g_assert_null (visit_controller_take_still (self->controller));
  g_assert_false (
      g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "visit-capture"));
}

static void
test_narrow (Fixture *self, gconstpointer data)
{
  g_autofree char *request = NULL;

  go_live (self);
  request = ask (self);
  answer (self, request, TRUE, CONSENT);
  display_assert_label (self->window, "Born ");
  shoot (self, "capture-preview");
}

static void
test_asking (Fixture *self, gconstpointer data)
{
  go_live (self);
  g_free (ask (self));
  display_assert_label (self->window, "Asking the Patient");
  shoot (self, "capture-asking");
}

static gboolean
has_come_again (gpointer data)
{
  return count_received (data, "\"hello\"") > 1;
}

/* Both ends of the line and of the call are in this process: on a busy machine a pong comes late,
 * and a line that was cut for that is not what is tested here. */
static void
set_up_calmly (Fixture *self, gconstpointer data)
{
  NetSocket *socket;

  set_up (self, data);
  socket = self->controller->line->socket;
  net_socket_set_eager (socket, FALSE);
  net_socket_renew (socket);
  g_assert_true (display_spin (has_come_again, self));
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up_calmly, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  adw_init ();
  load_style ();
  ADD ("/visit/capture/kept", test_kept);
  ADD ("/visit/capture/discarded", test_discarded);
  ADD ("/visit/capture/refused", test_refused);
  ADD ("/visit/capture/late", test_late);
  ADD ("/visit/capture/not-on-record", test_not_on_record);
  ADD ("/visit/capture/patient-leaves", test_patient_leaves);
  ADD ("/visit/capture/only-out-of-this-call", test_only_out_of_this_call);
  g_test_add ("/visit/capture/narrow", Fixture, GINT_TO_POINTER (360), set_up_calmly, test_narrow,
              tear_down);
  ADD ("/visit/capture/asking", test_asking);
  return g_test_run ();
}
