/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-camera.h"

#include "care-document.h"
#include "display-fixture.h"
#include "media-plug.h"

/* The camera is a painted one, as in the tests of media; or there is none. */

typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient;
  MediaSources *sources;
  GtkWidget *window, *dialog;
  char *reference;
  const char *name;
  guint pages;
  gboolean sensitive;
} Fixture;

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  return TRUE;
}

static gboolean
has_summary (gpointer patient)
{
  return workspace_patient_get_summary (patient) != NULL;
}

static void
attached_cb (Fixture *self, const char *title, const char *reference)
{
  g_set_str (&self->reference, reference);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  if (data)
    g_unsetenv ("BEDSIDE_TEST_CLOCK");
  else
    g_setenv ("BEDSIDE_TEST_CLOCK", "1", TRUE);
  display_fixture_set_up (&self->display, NULL);
  care_fixture_write (&self->display.care, put_patient);
  self->patient = workspace_patient_new (self->display.session, "jane");
  g_assert_true (display_spin (has_summary, self->patient));
  self->sources = media_sources_new ();
  self->window = g_object_new (ADW_TYPE_WINDOW, NULL);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 900, 800);
  adw_window_set_content (ADW_WINDOW (self->window), gtk_label_new ("chart"));
  gtk_window_present (GTK_WINDOW (self->window));
  self->dialog = GTK_WIDGET (documents_camera_new (self->patient, self->sources));
  g_signal_connect_swapped (self->dialog, "attached", G_CALLBACK (attached_cb), self);
  adw_dialog_present (ADW_DIALOG (self->dialog), self->window);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  display_settle ();
  g_clear_object (&self->patient);
  g_clear_object (&self->sources);
  g_free (self->reference);
  display_fixture_tear_down (&self->display, NULL);
}

static GtkWidget *
child (Fixture *self, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (self->dialog, DOCUMENTS_TYPE_CAMERA, name));
}

static gboolean
can_press (gpointer data)
{
  Fixture *self = data;
  GtkWidget *button = child (self, self->name);

  return gtk_widget_get_mapped (button) && gtk_widget_is_sensitive (button);
}

static void
press (Fixture *self, const char *name)
{
  self->name = name;
  if (!display_spin (can_press, self))
    g_error ("%s cannot be pressed", name);
  g_signal_emit_by_name (child (self, name), "clicked");
}

static gboolean
is_attached (gpointer data)
{
  return ((Fixture *) data)->reference != NULL;
}

static void
page_size (Fixture *self, int *width, int *height)
{
  GdkPaintable *page = gtk_picture_get_paintable (GTK_PICTURE (child (self, "page_picture")));

  *width = gdk_paintable_get_intrinsic_width (page);
  *height = gdk_paintable_get_intrinsic_height (page);
}

static gboolean
read_document (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (CareDocument) document =
      care_document_load (connection, self->reference, self->display.care.clock, error);
  const char *wanted = self->pages == 1 ? "image/jpeg" : "application/pdf";
  const char *magic = self->pages == 1 ? "\xff\xd8" : "%PDF";

  g_assert_no_error (*error);
  g_assert_cmpstr (document->content_type, ==, wanted);
  g_assert_cmpstr (document->title, ==, "Referral letter");
  g_assert_nonnull (document->bytes);
  g_assert_false (document->damaged);
  g_assert_cmpint (document->kept, ==, self->sensitive);
  g_assert_cmpint (memcmp (g_bytes_get_data (document->bytes, NULL), magic, strlen (magic)), ==, 0);
  return TRUE;
}

static void
answer (Fixture *self, gboolean sensitive)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (
                                   child (self, sensitive ? "sensitive_check" : "ordinary_check")),
                               TRUE);
}

static void
attach (Fixture *self, guint pages)
{
  self->pages = pages;
  g_assert_cmpuint (documents_camera_get_n_pages (DOCUMENTS_CAMERA (self->dialog)), ==, pages);
  gtk_editable_set_text (GTK_EDITABLE (child (self, "name_row")), "Referral letter");
  /* not before somebody has said whether it is sensitive (hazard H22) */
  press (self, "attach_button");
  display_assert_label (self->dialog,
                        "Say first whether anything on the photographs is sensitive.");
  g_assert_null (self->reference);
  answer (self, self->sensitive);
  press (self, "attach_button");
  g_assert_true (display_spin (is_attached, self));
  care_fixture_read (&self->display.care, read_document);
}

/* Taken, taken again, turned, used: one picture of this patient, whose name stands above. */
static void
test_one_page (Fixture *self, gconstpointer data)
{
  int width, height, turned_width, turned_height;

  display_assert_label (self->dialog, "SMITH, Jane");
  press (self, "take_button");
  display_assert_label (self->dialog, "Page 1 of 1");
  press (self, "again_button");
  press (self, "take_button");
  display_assert_label (self->dialog, "Page 1 of 1");
  page_size (self, &width, &height);
  press (self, "rotate_button");
  page_size (self, &turned_width, &turned_height);
  g_assert_cmpint (width, >, height);
  g_assert_cmpint (turned_width, ==, height);
  g_assert_cmpint (turned_height, ==, width);
  attach (self, 1);
}

/* Pages can be added and removed; together they are one document. */
static void
test_several_pages (Fixture *self, gconstpointer data)
{
  press (self, "take_button");
  press (self, "next_button");
  press (self, "take_button");
  press (self, "next_button");
  press (self, "take_button");
  display_assert_label (self->dialog, "Page 3 of 3");
  press (self, "previous_button");
  display_assert_label (self->dialog, "Page 2 of 3");
  press (self, "remove_button");
  display_assert_label (self->dialog, "Page 2 of 2");
  attach (self, 2);
}

/* What was said of one page is not said of the next; what is sensitive is kept in the clinic. */
static void
test_sensitive (Fixture *self, gconstpointer data)
{
  g_assert_false (gtk_widget_get_mapped (child (self, "sensitive_group")));
  press (self, "take_button");
  display_assert_label (self->dialog, "Page 1 of 1");
  answer (self, FALSE);
  press (self, "next_button");
  press (self, "take_button");
  display_assert_label (self->dialog, "Page 2 of 2");
  self->sensitive = TRUE;
  attach (self, 2);
}

/* ---- several cameras ---- */

static gboolean
has_cameras (gpointer data)
{
  Fixture *self = data;

  return g_list_model_get_n_items (media_sources_get_cameras (self->sources)) ==
         GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (self->sources), "wanted"));
}

static void
wait_for_cameras (Fixture *self, guint n)
{
  g_object_set_data (G_OBJECT (self->sources), "wanted", GUINT_TO_POINTER (n));
  g_assert_true (display_spin (has_cameras, self));
}

static const char *
used_camera (Fixture *self)
{
  GObject *item = adw_combo_row_get_selected_item (ADW_COMBO_ROW (child (self, "camera_row")));

  return item ? gtk_string_object_get_string (GTK_STRING_OBJECT (item)) : NULL;
}

/* (transfer full): a later life of the dialog, and of the program. */
static GtkWidget *
open_again (Fixture *self)
{
  GtkWidget *dialog;

  g_object_unref (self->sources);
  self->sources = media_sources_new ();
  dialog = g_object_ref_sink (GTK_WIDGET (documents_camera_new (self->patient, self->sources)));
  media_sources_watch (self->sources);
  return self->dialog = dialog;
}

/* By name, remembered apart from the camera of visits; one alone is no question. */
static void
test_cameras (Fixture *self, gconstpointer data)
{
  g_autoptr (GSettings) settings = g_settings_new ("health.bedside.Workstation");
  g_autoptr (GstDevice) face = NULL, desk = NULL, face_again = NULL, desk_again = NULL;
  g_autoptr (GtkWidget) again = NULL;

  g_unsetenv ("BEDSIDE_TEST_CLOCK");
  media_sources_watch (self->sources);
  face = media_plug_in ("Video/Source", "face", "Face Camera");
  wait_for_cameras (self, 1);
  g_assert_false (gtk_widget_get_visible (child (self, "camera_row")));
  desk = media_plug_in ("Video/Source", "desk", "Desk <Camera>");
  wait_for_cameras (self, 2);
  g_assert_true (gtk_widget_get_visible (child (self, "camera_row")));
  g_assert_cmpstr (used_camera (self), ==, "Face Camera");
  adw_combo_row_set_selected (ADW_COMBO_ROW (child (self, "camera_row")), 1);
  g_assert_cmpstr (used_camera (self), ==, "Desk <Camera>");
  press (self, "take_button"); /* it is live */

  media_plug_out (desk);
  media_plug_out (face);
  wait_for_cameras (self, 0);
  again = open_again (self);
  face_again = media_plug_in ("Video/Source", "face", "Face Camera");
  desk_again = media_plug_in ("Video/Source", "usb-7", "Desk <Camera>");
  wait_for_cameras (self, 2);
  g_assert_cmpstr (used_camera (self), ==, "Desk <Camera>");
  media_plug_out (desk_again);
  wait_for_cameras (self, 1);
  g_assert_cmpstr (used_camera (self), ==, "Face Camera");
  g_assert_true (gtk_widget_get_visible (child (self, "camera_row")));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (child (self, "camera_row"))), ==,
                   "“Desk &lt;Camera&gt;” is not connected");
  {
    g_autofree char *kept = g_settings_get_string (settings, "document-camera");
    g_autofree char *visits = g_settings_get_string (settings, "visit-camera");

    g_assert_cmpstr (kept, ==, "Desk <Camera>");
    g_assert_cmpstr (visits, ==, "");
  }
  media_plug_out (face_again);
}

/* What was photographed is not thrown away by closing. */
static void
test_close_asks (Fixture *self, gconstpointer data)
{
  g_assert_true (adw_dialog_get_can_close (ADW_DIALOG (self->dialog)));
  press (self, "take_button");
  display_assert_label (self->dialog, "Page 1 of 1");
  adw_dialog_close (ADW_DIALOG (self->dialog));
  display_assert_label (self->window, "Discard the Photographs?");
  g_assert_cmpuint (documents_camera_get_n_pages (DOCUMENTS_CAMERA (self->dialog)), ==, 1);
}

/* No camera: a sentence that says what to do, and a way to try again. */
static void
test_no_camera (Fixture *self, gconstpointer data)
{
  display_assert_label (self->dialog,
                        "No camera is connected to this computer. Plug one in or switch it on");
  g_assert_false (gtk_widget_get_sensitive (child (self, "take_button")));
  g_setenv ("BEDSIDE_TEST_CLOCK", "1", TRUE);
  g_signal_emit_by_name (self->sources, "camera-changed");
  press (self, "take_button");
  display_assert_label (self->dialog, "Page 1 of 1");
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    gboolean without;
    void (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/documents/camera/one-page", FALSE, test_one_page },
    { "/documents/camera/several-pages", FALSE, test_several_pages },
    { "/documents/camera/sensitive", FALSE, test_sensitive },
    { "/documents/camera/cameras", FALSE, test_cameras },
    { "/documents/camera/close-asks", FALSE, test_close_asks },
    { "/documents/camera/no-camera", TRUE, test_no_camera },
  };

  g_autofree char *schemas = g_build_filename (g_getenv ("BEDSIDE_BUILD"), "data", NULL);

  g_test_init (&argc, &argv, NULL);
  g_setenv ("GSETTINGS_SCHEMA_DIR", schemas, TRUE); /* the camera that was chosen is remembered */
  gst_init (&argc, &argv);
  media_plug_register ();
  adw_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].without), set_up, tests[i].test,
                tear_down);
  return g_test_run ();
}
