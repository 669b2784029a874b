/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-camera.h"

#include "care-document.h"
#include "display-fixture.h"

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
  g_assert_cmpint (memcmp (g_bytes_get_data (document->bytes, NULL), magic, strlen (magic)), ==, 0);
  return TRUE;
}

static void
attach (Fixture *self, guint pages)
{
  self->pages = pages;
  g_assert_cmpuint (documents_camera_get_n_pages (DOCUMENTS_CAMERA (self->dialog)), ==, pages);
  gtk_editable_set_text (GTK_EDITABLE (child (self, "name_row")), "Referral letter");
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
    { "/documents/camera/close-asks", FALSE, test_close_asks },
    { "/documents/camera/no-camera", TRUE, test_no_camera },
  };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  adw_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].without), set_up, tests[i].test,
                tear_down);
  return g_test_run ();
}
