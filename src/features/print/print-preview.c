/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print-preview.h"

#include <glib/gi18n.h>

#include "print-job.h"

/* Drawn by the code that draws the printed page. A page is a picture only while it is on the
 * screen: a note of forty pages costs no more than one of two. */

#define SCALE 2.0 /* pixels a point: sharp where the text of a page can be read */

struct _PrintPreview
{
  AdwBin parent_instance;

  GtkPageSetup *setup;
  GListStore *pages; /* GtkStringObject: number of the page, from 0 */
  GtkListView *list;
  PrintLayout *layout;
};

G_DEFINE_FINAL_TYPE (PrintPreview, print_preview, ADW_TYPE_BIN)

static GdkTexture *
draw_page (PrintPreview *self, guint page)
{
  int width = (int) (gtk_page_setup_get_paper_width (self->setup, GTK_UNIT_POINTS) * SCALE);
  int height = (int) (gtk_page_setup_get_paper_height (self->setup, GTK_UNIT_POINTS) * SCALE);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cairo = cairo_create (surface);
  g_autoptr (GBytes) bytes = NULL;
  int stride = cairo_image_surface_get_stride (surface);

  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_scale (cairo, SCALE, SCALE);
  cairo_translate (cairo, gtk_page_setup_get_left_margin (self->setup, GTK_UNIT_POINTS),
                   gtk_page_setup_get_top_margin (self->setup, GTK_UNIT_POINTS));
  print_layout_draw (self->layout, cairo, page);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) stride * (gsize) height);
  cairo_surface_destroy (surface);
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8X8, bytes, (gsize) stride);
#else
  return gdk_memory_texture_new (width, height, GDK_MEMORY_X8R8G8B8, bytes, (gsize) stride);
#endif
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, PrintPreview *self)
{
  GtkWidget *picture = gtk_picture_new ();

  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_widget_add_css_class (picture, "card");
  gtk_widget_set_margin_top (picture, 6);
  gtk_widget_set_margin_bottom (picture, 6);
  gtk_widget_set_margin_start (picture, 6);
  gtk_widget_set_margin_end (picture, 6);
  gtk_list_item_set_child (item, picture);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_selectable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, PrintPreview *self)
{
  guint page = gtk_list_item_get_position (item);
  GtkPicture *picture = GTK_PICTURE (gtk_list_item_get_child (item));
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *text = NULL, *label = NULL;

  if (!self->layout || page >= print_layout_get_n_pages (self->layout))
    return;
  texture = draw_page (self, page);
  text = print_layout_dup_text (self->layout, page);
  label = g_strdup_printf (_ ("Page %u of %u"), page + 1, print_layout_get_n_pages (self->layout));
  gtk_picture_set_paintable (picture, GDK_PAINTABLE (texture));
  gtk_picture_set_alternative_text (picture, text);
  gtk_list_item_set_accessible_label (item, label);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, PrintPreview *self)
{
  gtk_picture_set_paintable (GTK_PICTURE (gtk_list_item_get_child (item)), NULL);
}

static void
print_preview_dispose (GObject *object)
{
  PrintPreview *self = PRINT_PREVIEW (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_object (&self->layout);
  g_clear_object (&self->setup);
  g_clear_object (&self->pages);
  G_OBJECT_CLASS (print_preview_parent_class)->dispose (object);
}

static void
print_preview_class_init (PrintPreviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = print_preview_dispose;
}

static void
print_preview_init (PrintPreview *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkSelectionModel *selection;

  self->setup = print_page_setup_new ();
  self->pages = g_list_store_new (GTK_TYPE_STRING_OBJECT);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  selection =
      GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->pages))));
  self->list = GTK_LIST_VIEW (gtk_list_view_new (selection, factory));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Pages as they will be printed"), -1);
  /* as high as a page is at this width: a picture that can shrink needs nothing at the least */
  gtk_scrollable_set_vscroll_policy (GTK_SCROLLABLE (self->list), GTK_SCROLL_NATURAL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), scrolled);
}

void
print_preview_show (PrintPreview *self, const CarePaper *paper, const PrintStamp *stamp)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());

  /* a point is a point whatever the screen */
  pango_cairo_context_set_resolution (context, 72);
  g_list_store_remove_all (self->pages);
  g_clear_object (&self->layout);
  self->layout = print_layout_new (paper, stamp, context,
                                   gtk_page_setup_get_page_width (self->setup, GTK_UNIT_POINTS),
                                   gtk_page_setup_get_page_height (self->setup, GTK_UNIT_POINTS));
  g_object_unref (context);
  for (guint i = 0; i < print_layout_get_n_pages (self->layout); i++)
    {
      g_autoptr (GtkStringObject) page = gtk_string_object_new ("");
      g_list_store_append (self->pages, page);
    }
}

guint
print_preview_get_n_pages (PrintPreview *self)
{
  return self->layout ? print_layout_get_n_pages (self->layout) : 0;
}
