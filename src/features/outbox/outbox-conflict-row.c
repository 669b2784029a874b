/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-conflict-row.h"

#include <glib/gi18n.h>

struct _OutboxConflictRow
{
  AdwBin parent_instance;

  OutboxConflictElement *element;
  gboolean filling;

  GtkBox *heading;
  GtkLabel *name_label;
  GtkLabel *base_label;
  GtkWidget *choices;
  GtkCheckButton *mine_button;
  GtkLabel *mine_label;
  GtkCheckButton *theirs_button;
  GtkLabel *theirs_label;
};

G_DEFINE_FINAL_TYPE (OutboxConflictRow, outbox_conflict_row, ADW_TYPE_BIN)

static void
update (OutboxConflictRow *self)
{
  OutboxChoice choice = outbox_conflict_element_get_choice (self->element);

  self->filling = TRUE;
  gtk_check_button_set_active (self->mine_button, choice == OUTBOX_CHOICE_MINE);
  gtk_check_button_set_active (self->theirs_button, choice == OUTBOX_CHOICE_THEIRS);
  self->filling = FALSE;
}

static void
toggled_cb (OutboxConflictRow *self, GtkCheckButton *button)
{
  if (self->filling || !gtk_check_button_get_active (button))
    return;
  outbox_conflict_element_set_choice (self->element, button == self->mine_button
                                                         ? OUTBOX_CHOICE_MINE
                                                         : OUTBOX_CHOICE_THEIRS);
}

static void
outbox_conflict_row_dispose (GObject *object)
{
  OutboxConflictRow *self = OUTBOX_CONFLICT_ROW (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), OUTBOX_TYPE_CONFLICT_ROW);
  g_clear_object (&self->element);
  G_OBJECT_CLASS (outbox_conflict_row_parent_class)->dispose (object);
}

static void
outbox_conflict_row_class_init (OutboxConflictRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = outbox_conflict_row_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/outbox/outbox-conflict-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OutboxConflictRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, OutboxConflictRow, heading);
  gtk_widget_class_bind_template_child (widget_class, OutboxConflictRow, base_label);
  gtk_widget_class_bind_template_child (widget_class, OutboxConflictRow, choices);
  gtk_widget_class_bind_template_child (widget_class, OutboxConflictRow, mine_button);
  gtk_widget_class_bind_template_child (widget_class, OutboxConflictRow, mine_label);
  gtk_widget_class_bind_template_child (widget_class, OutboxConflictRow, theirs_button);
  gtk_widget_class_bind_template_child (widget_class, OutboxConflictRow, theirs_label);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
outbox_conflict_row_init (OutboxConflictRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
name_button (GtkCheckButton *button, const char *side, const char *value)
{
  g_autofree char *name = g_strdup_printf ("%s: %s", side, value);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* (transfer floating) */
GtkWidget *
outbox_conflict_row_new (OutboxConflictElement *element)
{
  OutboxConflictRow *self = g_object_new (OUTBOX_TYPE_CONFLICT_ROW, NULL);
  const char *label = outbox_conflict_element_get_label (element);
  const char *base = outbox_conflict_element_get_base (element);
  const char *mine = outbox_conflict_element_get_mine (element);
  const char *theirs = outbox_conflict_element_get_theirs (element);
  g_autofree char *before = base ? g_strdup_printf (_ ("Before: %s"), base) : NULL;

  self->element = g_object_ref (element);
  gtk_label_set_label (self->name_label, label);
  gtk_label_set_label (self->base_label, before ? before : "");
  gtk_widget_set_visible (GTK_WIDGET (self->base_label), before != NULL);
  gtk_label_set_label (self->mine_label, mine);
  gtk_label_set_label (self->theirs_label, theirs);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choices), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, before ? before : "",
                                  -1);
  name_button (self->mine_button, _ ("Mine"), mine);
  name_button (self->theirs_button, _ ("Theirs"), theirs);
  g_signal_connect_object (element, "notify::choice", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/* Below each other where there is no room beside each other. */
void
outbox_conflict_row_set_narrow (OutboxConflictRow *self, gboolean narrow)
{
  g_return_if_fail (OUTBOX_IS_CONFLICT_ROW (self));

  GtkOrientation orientation = narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->choices), orientation);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->heading), orientation);
  gtk_box_set_spacing (self->heading, narrow ? 0 : 12);
}
