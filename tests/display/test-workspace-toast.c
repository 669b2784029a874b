/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fits.h"

#include "workspace-toast.h"

/* What a toast says is read whole, whatever is in it, in the smallest window with text twice as
 * large. */

#define WIDTH  360
#define HEIGHT 740
#define LARGE  (96 * 2 * PANGO_SCALE)
#define LONG                                                                                       \
  "Amoxicillin <500 mg> & clavulanic acid was not sent: the pharmacy at 27 Anchor Close closed "   \
  "at "                                                                                            \
  "18:00, choose another one"

typedef struct
{
  GtkWidget *window;
  AdwToastOverlay *overlay;
} Screen;

static void
open_screen (Screen *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->window = g_object_new (ADW_TYPE_WINDOW, "width-request", WIDTH, NULL);
  self->overlay = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (self->overlay, page);
  adw_window_set_content (ADW_WINDOW (self->window), GTK_WIDGET (self->overlay));
  gtk_window_set_default_size (GTK_WINDOW (self->window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
test_whole (gconstpointer dpi)
{
  GtkSettings *settings = gtk_settings_get_default ();
  Screen screen;

  if (dpi)
    g_object_set (settings, "gtk-xft-dpi", GPOINTER_TO_INT (dpi), NULL);
  open_screen (&screen);
  adw_toast_overlay_add_toast (screen.overlay, workspace_toast_new (LONG));
  g_assert_true (display_spin (display_fits_is_whole, &(DisplayWhole) { screen.window, LONG }));
  gtk_window_destroy (GTK_WINDOW (screen.window));
  gtk_settings_reset_property (settings, "gtk-xft-dpi");
}

static void
test_undo (void)
{
  Screen screen;

  open_screen (&screen);
  workspace_toast_add (screen.overlay, LONG, "app.undo", "it");
  g_assert_true (display_spin (display_fits_is_whole, &(DisplayWhole) { screen.window, LONG }));
  display_assert_label (screen.window, "Undo");
  workspace_toast_add (NULL, LONG, NULL, NULL); /* nobody reads it */
  gtk_window_destroy (GTK_WINDOW (screen.window));
}

static void
test_say (void)
{
  GtkWidget *nowhere = g_object_ref_sink (gtk_label_new (NULL));
  Screen screen;

  open_screen (&screen);
  workspace_toast_say (adw_toast_overlay_get_child (screen.overlay), LONG);
  g_assert_true (display_spin (display_fits_is_whole, &(DisplayWhole) { screen.window, LONG }));
  workspace_toast_say (nowhere, LONG);
  g_object_unref (nowhere);
  gtk_window_destroy (GTK_WINDOW (screen.window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_data_func ("/workspace/toast/whole", NULL, test_whole);
  g_test_add_data_func ("/workspace/toast/whole-large", GINT_TO_POINTER (LARGE), test_whole);
  g_test_add_func ("/workspace/toast/undo", test_undo);
  g_test_add_func ("/workspace/toast/say", test_say);
  return g_test_run ();
}
