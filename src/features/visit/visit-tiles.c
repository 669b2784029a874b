/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-tiles.h"

#include <glib/gi18n.h>

#include "visit-tile.h"

/* The tiles of guest and interpreter below the patient's picture, as many in a row as there is room
 * for. Nothing stands here while nobody has come. */

struct _VisitTiles
{
  AdwBin parent_instance;

  VisitController *controller;
  VisitPeople *people; /* whose tiles are shown */

  AdwWrapBox *box;
  GtkWidget *alone_box;
  GtkLabel *alone_label;
  GtkToggleButton *alone_button;
};

G_DEFINE_FINAL_TYPE (VisitTiles, visit_tiles, ADW_TYPE_BIN)

static void
fill (VisitTiles *self)
{
  guint count = self->people != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->people)) : 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    adw_wrap_box_remove (self->box, child);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (VisitPerson) person = g_list_model_get_item (G_LIST_MODEL (self->people), i);

      adw_wrap_box_append (self->box, visit_tile_new (self->controller, person));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), count > 0);
}

static void
update (VisitTiles *self)
{
  VisitPeople *people = visit_controller_get_people (self->controller);
  gboolean alone = people != NULL && visit_people_is_alone (people);

  if (people != self->people)
    {
      if (self->people != NULL)
        g_signal_handlers_disconnect_by_data (self->people, self);
      g_set_object (&self->people, people);
      if (people != NULL)
        g_signal_connect_object (people, "items-changed", G_CALLBACK (fill), self,
                                 G_CONNECT_SWAPPED);
      fill (self);
    }
  gtk_widget_set_visible (self->alone_box,
                          alone ||
                              (people != NULL && visit_people_has (people, CARE_VISIT_ROLE_GUEST)));
  gtk_label_set_label (self->alone_label,
                       !alone ? ""
                       : visit_people_is_alone_by_patient (people)
                           ? _ ("The patient asked to speak alone. The guest hears and sees "
                                "nothing, and is not told who asked.")
                           : _ ("You speak with the patient alone. The guest hears and sees "
                                "nothing."));
}

static void
visit_tiles_dispose (GObject *object)
{
  VisitTiles *self = VISIT_TILES (object);

  if (self->people != NULL)
    g_signal_handlers_disconnect_by_data (self->people, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_TILES);
  g_clear_object (&self->people);
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (visit_tiles_parent_class)->dispose (object);
}

static void
visit_tiles_class_init (VisitTilesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_tiles_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/visit/visit-tiles.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitTiles, name)
  CHILD (box);
  CHILD (alone_box);
  CHILD (alone_label);
  CHILD (alone_button);
#undef CHILD
}

static void
visit_tiles_init (VisitTiles *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
visit_tiles_set_controller (VisitTiles *self, VisitController *controller)
{
  self->controller = g_object_ref (controller);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
