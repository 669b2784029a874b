/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-tile.h"

#include <glib/gi18n.h>

#include "visit-consent-dialog.h"
#include "visit-one-call.h"
#include "visit-person-patience.h"

/* One guest or interpreter: their picture, who they are, how loud they are, and what may be done.
 */

#define LEVEL_MS 120

struct _VisitTile
{
  AdwBin parent_instance;

  VisitController *controller;
  VisitPerson *person;
  guint level_source;

  GtkWidget *picture_box;
  GtkPicture *picture;
  AdwAvatar *avatar;
  GtkLabel *title_label;
  GtkLabel *standing_label;
  GtkLevelBar *level_bar;
  GtkWidget *admit_button;
  GtkToggleButton *mute_button;
  GtkMenuButton *more_button;
};

G_DEFINE_FINAL_TYPE (VisitTile, visit_tile, ADW_TYPE_BIN)

static gboolean
level_cb (gpointer data)
{
  VisitTile *self = data;

  gtk_level_bar_set_value (self->level_bar, visit_person_take_level (self->person));
  return G_SOURCE_CONTINUE;
}

/* Each control says whose it is: a screen reader meets two of each. */
static void
name_parts (VisitTile *self, const char *title)
{
  const struct
  {
    GtkWidget *widget;
    const char *format;
  } parts[] = {
    /* Translators: %s is a person's name and role */
    { GTK_WIDGET (self->level_bar), _ ("Loudness of %s") },
    { GTK_WIDGET (self->mute_button), _ ("Mute %s for me") },
    { GTK_WIDGET (self->more_button), _ ("More about %s") },
  };
  g_autofree char *alternative = g_strdup_printf (_ ("Video of %s"), title);

  gtk_picture_set_alternative_text (self->picture, alternative);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *label = g_strdup_printf (parts[i].format, title);

      gtk_accessible_update_property (GTK_ACCESSIBLE (parts[i].widget),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
  /* its name is what is written on it */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->admit_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->mute_button), visit_person_is_muted (self->person)
                                                                   ? _ ("Hear Again")
                                                                   : _ ("Mute for Me"));
}

static void
update (VisitTile *self)
{
  CareVisitPersonState state = visit_person_get_state (self->person);
  gboolean present = visit_person_is_present (self->person);
  gboolean in = state == CARE_VISIT_PERSON_IN;
  gboolean live = visit_person_is_live (self->person);
  gboolean refused = visit_person_is_refused (self->person);
  gboolean again = refused || visit_person_is_given_up (self->person);
  gboolean alone = visit_controller_is_alone (self->controller) &&
                   visit_person_get_role (self->person) == CARE_VISIT_ROLE_GUEST;
  GdkPaintable *picture = live ? visit_person_get_picture (self->person) : NULL;
  gboolean muted = visit_person_is_muted (self->person);
  g_autofree char *title = visit_person_dup_title (self->person);
  g_autofree char *standing = visit_person_dup_standing (self->person);

  if (gtk_picture_get_paintable (self->picture) != picture)
    gtk_picture_set_paintable (self->picture, picture);
  gtk_widget_set_visible (self->picture_box, picture != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), picture == NULL);
  adw_avatar_set_text (self->avatar, visit_person_get_name (self->person));
  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->standing_label, standing);
  gtk_widget_set_visible (GTK_WIDGET (self->level_bar), live);
  gtk_widget_set_visible (GTK_WIDGET (self->mute_button), in);
  gtk_toggle_button_set_active (self->mute_button, muted);
  gtk_button_set_icon_name (GTK_BUTTON (self->mute_button),
                            muted ? "audio-volume-muted-symbolic" : "audio-volume-high-symbolic");
  /* while the patient is spoken with alone the guest is let in again by ending that */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tile.admit",
                                 present && !alone && (!in || again));
  gtk_widget_set_visible (self->admit_button, present && !alone && (!in || again));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tile.ask-quiet", present && live);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tile.hold", present && in);
  name_parts (self, title);
}

/* ---- actions ---- */

/* While it was asked about another call, their page may have gone. */
static void
go_admit (gpointer widget)
{
  VisitTile *self = VISIT_TILE (widget);

  if (self->person == NULL || !gtk_widget_get_visible (self->admit_button))
    return;
  if (visit_controller_knows_who_agreed (self->person))
    visit_controller_admit_person (self->controller, self->person);
  else
    visit_consent_dialog_ask (widget, self->controller, self->person);
}

static void
admit_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  visit_one_call_ask (VISIT_TILE (widget)->controller, VISIT_WISH_LET_IN, widget, go_admit, widget);
}

static void
ask_quiet_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  VisitTile *self = VISIT_TILE (widget);

  visit_people_ask_quiet (visit_controller_get_people (self->controller), self->person);
}

static void
hold_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  VisitTile *self = VISIT_TILE (widget);

  visit_people_hold (visit_controller_get_people (self->controller), self->person);
}

static void
dismiss_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  VisitTile *self = VISIT_TILE (widget);

  visit_people_dismiss (visit_controller_get_people (self->controller), self->person);
}

static void
mute_cb (VisitTile *self)
{
  gboolean muted = gtk_toggle_button_get_active (self->mute_button);

  if (muted != visit_person_is_muted (self->person))
    visit_person_set_muted (self->person, muted);
}

static void
visit_tile_dispose (GObject *object)
{
  VisitTile *self = VISIT_TILE (object);

  g_clear_handle_id (&self->level_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_TILE);
  g_clear_object (&self->person);
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (visit_tile_parent_class)->dispose (object);
}

static void
visit_tile_class_init (VisitTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_tile_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/visit/visit-tile.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitTile, name)
  CHILD (picture_box);
  CHILD (picture);
  CHILD (avatar);
  CHILD (title_label);
  CHILD (standing_label);
  CHILD (level_bar);
  CHILD (admit_button);
  CHILD (mute_button);
  CHILD (more_button);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, mute_cb);
  gtk_widget_class_install_action (widget_class, "tile.admit", NULL, admit_cb);
  gtk_widget_class_install_action (widget_class, "tile.ask-quiet", NULL, ask_quiet_cb);
  gtk_widget_class_install_action (widget_class, "tile.hold", NULL, hold_cb);
  gtk_widget_class_install_action (widget_class, "tile.dismiss", NULL, dismiss_cb);
}

static void
visit_tile_init (VisitTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * visit_tile_new:
 *
 * Returns: (transfer floating): the tile of @person
 */
GtkWidget *
visit_tile_new (VisitController *controller, VisitPerson *person)
{
  VisitTile *self = g_object_new (VISIT_TYPE_TILE, NULL);

  self->controller = g_object_ref (controller);
  self->person = g_object_ref (person);
  g_signal_connect_object (person, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->level_source = g_timeout_add (LEVEL_MS, level_cb, self);
  update (self);
  return GTK_WIDGET (self);
}
