/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timeline-row.h"

#include "workspace-row.h"

/* By hand and not from a template, as WorkspaceRow: a list makes some hundred of them. */

struct _TimelineRow
{
  GtkWidget parent_instance;

  GtkImage *icon;
  WorkspaceRow *line;
};

G_DEFINE_FINAL_TYPE (TimelineRow, timeline_row, GTK_TYPE_WIDGET)

static const char *const icons[CARE_N_TIMELINE_KINDS] = {
  "bedside-visits-symbolic",     "bedside-results-symbolic",
  "bedside-problems-symbolic",   "bedside-allergies-symbolic",
  "bedside-medicines-symbolic",  "text-x-generic-symbolic",
  "mail-unread-symbolic",        "bedside-immunizations-symbolic",
  "bedside-procedures-symbolic", "checkbox-checked-symbolic",
  "view-more-symbolic",
};

static void
timeline_row_dispose (GObject *object)
{
  TimelineRow *self = TIMELINE_ROW (object);

  g_clear_pointer ((GtkWidget **) &self->icon, gtk_widget_unparent);
  g_clear_pointer ((GtkWidget **) &self->line, gtk_widget_unparent);
  G_OBJECT_CLASS (timeline_row_parent_class)->dispose (object);
}

static void
timeline_row_class_init (TimelineRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = timeline_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

/* The picture says nothing to those who hear: the line of the list is said in words. */
static void
timeline_row_init (TimelineRow *self)
{
  self->icon =
      g_object_new (GTK_TYPE_IMAGE, "valign", GTK_ALIGN_START, "margin-start", 12, "margin-top", 11,
                    "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), "dimmed");
  gtk_widget_set_parent (GTK_WIDGET (self->icon), GTK_WIDGET (self));
  self->line = WORKSPACE_ROW (workspace_row_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->line), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->line), GTK_WIDGET (self));
}

GtkWidget *
timeline_row_new (void)
{
  return g_object_new (TIMELINE_TYPE_ROW, NULL);
}

void
timeline_row_set_row (TimelineRow *self, CareRow *row, CareTimelineKind kind)
{
  g_return_if_fail (TIMELINE_IS_ROW (self));

  gtk_image_set_from_icon_name (self->icon, icons[kind]);
  workspace_row_set_row (self->line, row);
}
