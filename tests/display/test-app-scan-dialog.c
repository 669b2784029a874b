/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-scan-dialog.h"

#include <glib/gstdio.h>
#include <string.h>

#include "app-autostart-row.h"
#include "base-qr.h"
#include "display-find.h"
#include "fake-portal.h"

/* A code that is held before the camera, or that is in a picture; and a switch that shows what the
 * system answered. */

/* ---- a camera that sees one picture ---- */

#define TEST_TYPE_VIEW (test_view_get_type ())
G_DECLARE_FINAL_TYPE (TestView, test_view, TEST, VIEW, MediaSources)

struct _TestView
{
  MediaSources parent_instance;
  char *path; /* of a PNG; NULL: there is no camera */
};

G_DEFINE_FINAL_TYPE (TestView, test_view, MEDIA_TYPE_SOURCES)

static GstElement *
make_camera (MediaSources *sources, GError **error)
{
  const char *path = TEST_VIEW (sources)->path;
  g_autofree char *line =
      g_strdup_printf ("filesrc location=%s ! pngdec ! imagefreeze is-live=true ! videoconvert",
                       path);

  if (path)
    return gst_parse_bin_from_description (line, TRUE, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No camera is connected here.");
  return NULL;
}

static void
test_view_finalize (GObject *object)
{
  g_free (TEST_VIEW (object)->path);
  G_OBJECT_CLASS (test_view_parent_class)->finalize (object);
}

static void
test_view_class_init (TestViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_view_finalize;
  MEDIA_SOURCES_CLASS (klass)->make_camera = make_camera;
}

static void
test_view_init (TestView *self)
{
}

/* ---- pictures ---- */

/* (transfer full): a PNG; @text: (nullable): of the code in it */
static GBytes *
make_png (const char *text)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 480, 360);
  g_autoptr (GBytes) modules = NULL;
  guint width = 0, scale;
  char *data;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0xf0f0f0ff);
  if (text)
    {
      modules = base_qr_new (text, &width);
      scale = 300 / (width + 8);
      for (guint y = 0; y < width; y++)
        for (guint x = 0; x < width; x++)
          if (((const guint8 *) g_bytes_get_data (modules, NULL))[y * width + x])
            {
              g_autoptr (GdkPixbuf) module =
                  gdk_pixbuf_new_subpixbuf (pixbuf, (int) (60 + x * scale), (int) (30 + y * scale),
                                            (int) scale, (int) scale);

              gdk_pixbuf_fill (module, 0x101010ff);
            }
    }
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", NULL, NULL));
  return g_bytes_new_take (data, length);
}

typedef struct
{
  char *folder;
  TestView *view;
  GtkWidget *window;
  AppScanDialog *dialog;
  char *server;
} Fixture;

static void
found_cb (Fixture *fixture, const char *server)
{
  g_set_str (&fixture->server, server);
}

/* @text: (nullable): of the code that the camera sees; "": it sees none; NULL: there is no camera
 */
static void
show (Fixture *fixture, const char *text)
{
  fixture->view = g_object_new (TEST_TYPE_VIEW, NULL);
  if (text)
    {
      g_autoptr (GBytes) png = make_png (*text ? text : NULL);

      fixture->view->path = g_build_filename (fixture->folder, "view.png", NULL);
      g_assert_true (g_file_set_contents (fixture->view->path, g_bytes_get_data (png, NULL),
                                          (gssize) g_bytes_get_size (png), NULL));
    }
  fixture->dialog = app_scan_dialog_new (MEDIA_SOURCES (fixture->view));
  g_signal_connect_swapped (fixture->dialog, "found", G_CALLBACK (found_cb), fixture);
  adw_dialog_present (ADW_DIALOG (fixture->dialog), fixture->window);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bedside-scan-XXXXXX", NULL);
  fixture->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 800);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "view.png", NULL);

  gtk_window_destroy (GTK_WINDOW (fixture->window));
  display_settle ();
  g_clear_object (&fixture->view);
  g_unlink (path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->server);
}

static void
press (Fixture *fixture, const char *text)
{
  g_signal_emit_by_name (display_wait_for (fixture->window, display_is_button, text), "clicked");
}

/* What the camera sees is read out, and nothing happens before somebody wants it. */
static void
test_camera (Fixture *fixture, gconstpointer data)
{
  show (fixture, "bedside:connect?server=https://hub.example/fhir");
  display_assert_label (fixture->window, "https://hub.example/fhir");
  display_assert_label (fixture->window, "Nothing was opened");
  g_assert_null (fixture->server);
  press (fixture, "Use This Address");
  g_assert_cmpstr (fixture->server, ==, "https://hub.example/fhir");
}

/* It stays at the camera, and says why. */
static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  show (fixture, "https://clinic.example@evil.example");
  display_assert_label (fixture->window, "This is not the address of a server");
  g_assert_null (fixture->server);
}

static void
test_no_camera (Fixture *fixture, gconstpointer data)
{
  show (fixture, NULL);
  display_assert_label (fixture->window, "No camera is connected here.");
  display_wait_for (fixture->window, display_is_button, "Try Again");
}

/* The same from a file, by the program that draws documents. */
static void
test_picture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) garbage = g_bytes_new_static ("GIF89a is none", 14);
  g_autoptr (GBytes) empty = make_png (NULL), code = make_png ("https://hub.example");
  g_autoptr (GBytes) giant = NULL;
  guint8 *bomb = g_memdup2 (g_bytes_get_data (empty, NULL), g_bytes_get_size (empty));

  show (fixture, NULL);
  app_scan_dialog_read (fixture->dialog, garbage);
  display_assert_label (fixture->window, "cannot be read as a picture");
  app_scan_dialog_read (fixture->dialog, empty);
  display_assert_label (fixture->window, "no QR code in this picture");
  /* a picture that says that it is 65,535 pixels high and wide */
  memcpy (bomb + 16, "\0\0\xff\xff\0\0\xff\xff", 8);
  giant = g_bytes_new_take (bomb, g_bytes_get_size (empty));
  app_scan_dialog_read (fixture->dialog, giant);
  display_assert_label (fixture->window, "cannot be read as a picture");
  app_scan_dialog_read (fixture->dialog, code);
  display_assert_label (fixture->window, "https://hub.example");
  g_assert_null (fixture->server);
  press (fixture, "Use This Address");
  g_assert_cmpstr (fixture->server, ==, "https://hub.example");
}

/* ---- the switch ---- */

static void
test_autostart_row (Fixture *fixture, gconstpointer data)
{
  FakePortal portal = { 0 };
  GtkWidget *row = adw_switch_row_new ();
  GtkWidget *list = gtk_list_box_new ();
  g_autoptr (AppAutostart) autostart = NULL;
  g_autofree char *kept = g_build_filename (fixture->folder, "at-login", NULL);
  g_auto (GVariantDict) results = G_VARIANT_DICT_INIT (NULL);

  fake_portal_set_up (&portal);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  adw_window_set_content (ADW_WINDOW (fixture->window), list);
  autostart = app_autostart_new_at (fixture->folder, fixture->folder, portal.ours, TRUE);
  app_autostart_row_bind (ADW_SWITCH_ROW (row), autostart);
  g_assert_false (adw_switch_row_get_active (ADW_SWITCH_ROW (row)));
  display_assert_label (fixture->window, "so that patients can reach it before Bedside is opened");
  /* wished for, and refused: it goes back, and says why */
  portal.mood = FAKE_PORTAL_REFUSE;
  adw_switch_row_set_active (ADW_SWITCH_ROW (row), TRUE);
  g_assert_false (gtk_widget_get_sensitive (row));
  display_assert_label (fixture->window, "The system does not let Bedside start at login");
  g_assert_false (adw_switch_row_get_active (ADW_SWITCH_ROW (row)));
  g_assert_true (gtk_widget_get_sensitive (row));
  g_assert_cmpuint (portal.asked, ==, 1);
  portal.mood = FAKE_PORTAL_GRANT;
  g_variant_dict_insert (&results, "autostart", "b", TRUE);
  portal.results = g_variant_ref_sink (g_variant_dict_end (&results));
  adw_switch_row_set_active (ADW_SWITCH_ROW (row), TRUE);
  display_assert_label (fixture->window, "so that patients can reach it before Bedside is opened");
  g_assert_true (adw_switch_row_get_active (ADW_SWITCH_ROW (row)));
  g_assert_cmpuint (portal.asked, ==, 2);
  g_unlink (kept);
  adw_window_set_content (ADW_WINDOW (fixture->window), NULL);
  fake_portal_settle (&portal);
  fake_portal_tear_down (&portal);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  gst_init (&argc, &argv);
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/app/scan-dialog/camera", test_camera);
  ADD ("/app/scan-dialog/hostile", test_hostile);
  ADD ("/app/scan-dialog/no-camera", test_no_camera);
  ADD ("/app/scan-dialog/picture", test_picture);
  ADD ("/app/autostart-row/true-to-the-answer", test_autostart_row);
#undef ADD
  return g_test_run ();
}
