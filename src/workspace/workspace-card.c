/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-card.h"

#include <adwaita.h>
#include <string.h>

#define SCALE 2 /* to be read on a screen that is finer than this one */

struct _WorkspaceCard
{
  GObject parent_instance;

  char *patient_id;
  char *title;
  char *date;
  GBytes *bytes;
};

G_DEFINE_FINAL_TYPE (WorkspaceCard, workspace_card, G_TYPE_OBJECT)

static void
workspace_card_finalize (GObject *object)
{
  WorkspaceCard *self = WORKSPACE_CARD (object);

  g_free (self->patient_id);
  g_free (self->title);
  g_free (self->date);
  g_clear_pointer (&self->bytes, g_bytes_unref);

  G_OBJECT_CLASS (workspace_card_parent_class)->finalize (object);
}

static void
workspace_card_class_init (WorkspaceCardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workspace_card_finalize;
}

static void
workspace_card_init (WorkspaceCard *self)
{
}

/**
 * workspace_card_new:
 * @patient: whose it is
 * @date: (nullable): in words
 * @bytes: a PNG, a JPEG or a text in UTF-8
 */
WorkspaceCard *
workspace_card_new (WorkspacePatient *patient, const char *title, const char *date, GBytes *bytes)
{
  WorkspaceCard *self = g_object_new (WORKSPACE_TYPE_CARD, NULL);

  self->patient_id = g_strdup (workspace_patient_get_id (patient));
  self->title = g_strdup (title);
  self->date = g_strdup (date);
  self->bytes = g_bytes_ref (bytes);
  return self;
}

WorkspaceCard *
workspace_card_new_text (WorkspacePatient *patient,
                         const char *title,
                         const char *date,
                         const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return workspace_card_new (patient, title, date, bytes);
}

WorkspaceCard *
workspace_card_new_picture (WorkspacePatient *patient,
                            const char *title,
                            const char *date,
                            GdkTexture *texture)
{
  g_autoptr (GBytes) bytes = gdk_texture_save_to_png_bytes (texture);

  return workspace_card_new (patient, title, date, bytes);
}

/**
 * workspace_card_new_widget:
 * @widget: shown in a window
 *
 * Takes what @widget draws, and nothing that stands before or behind it.
 *
 * Returns: (transfer full) (nullable): NULL where it draws nothing
 */
WorkspaceCard *
workspace_card_new_widget (WorkspacePatient *patient,
                           const char *title,
                           const char *date,
                           GtkWidget *widget)
{
  float width = (float) gtk_widget_get_width (widget) * SCALE;
  float height = (float) gtk_widget_get_height (widget) * SCALE;
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GdkRGBA ground = dark ? (GdkRGBA) { 0.12f, 0.12f, 0.13f, 1 } : (GdkRGBA) { 1, 1, 1, 1 };
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, width, height);
  GtkNative *native = gtk_widget_get_native (widget);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (native == NULL || width < 1 || height < 1)
    return NULL;
  gtk_snapshot_append_color (snapshot, &ground, &area);
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), width, height);
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (native), node, &area);
  return workspace_card_new_picture (patient, title, date, texture);
}

const char *
workspace_card_get_patient_id (WorkspaceCard *self)
{
  return self->patient_id;
}

const char *
workspace_card_get_title (WorkspaceCard *self)
{
  return self->title;
}

/* (nullable) */
const char *
workspace_card_get_date (WorkspaceCard *self)
{
  return self->date;
}

/* (transfer none) */
GBytes *
workspace_card_get_bytes (WorkspaceCard *self)
{
  return self->bytes;
}
