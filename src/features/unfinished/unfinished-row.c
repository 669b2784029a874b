/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unfinished-row.h"

#include <glib/gi18n.h>

#include "care-prescription-stage.h"
#include "workspace-prescription-state.h"
#include "workspace-time.h"

struct _UnfinishedRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title_label, *missing_label, *since_label, *stage_label, *excerpt_label;
  GtkButton *open_button, *discard_button;
};

G_DEFINE_FINAL_TYPE (UnfinishedRow, unfinished_row, GTK_TYPE_LIST_BOX_ROW)

static void
unfinished_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), UNFINISHED_TYPE_ROW);
  G_OBJECT_CLASS (unfinished_row_parent_class)->dispose (object);
}

static void
unfinished_row_class_init (UnfinishedRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = unfinished_row_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/unfinished/unfinished-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UnfinishedRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedRow, missing_label);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedRow, since_label);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedRow, stage_label);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedRow, excerpt_label);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedRow, open_button);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedRow, discard_button);
}

static void
unfinished_row_init (UnfinishedRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

/* A button of one line among many says of which. The target comes before the action: without one
 * the action does not fit. */
static void
set_button (GtkButton *button,
            const char *action,
            const char *spoken_form,
            const CareUnfinished *item,
            gboolean visible)
{
  g_autofree char *spoken =
      g_strdup_printf (spoken_form, item->title, item->patient_name ? item->patient_name : "");

  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", item->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  gtk_widget_set_visible (GTK_WIDGET (button), visible);
}

/* @now: µs since 1970 */
GtkWidget *
unfinished_row_new (const CareUnfinished *item, gint64 now)
{
  UnfinishedRow *self = g_object_new (UNFINISHED_TYPE_ROW, NULL);
  g_autofree char *span = workspace_time_span (now - item->since_us);
  g_autofree char *since = now - item->since_us < G_TIME_SPAN_MINUTE
                               ? g_strdup (_ ("Just now"))
                               : g_strdup_printf (_ ("%s old"), span);
  g_autofree char *excerpt = item->excerpt ? g_strdup_printf (_ ("“%s”"), item->excerpt) : NULL;
  const char *stage = care_prescription_stage_get_word (item->stage);
  g_autofree char *words =
      g_strdup_printf ("%s, %s%s%s, %s%s%s", item->title, stage ? stage : "", stage ? ", " : "",
                       item->missing, since, excerpt ? ", " : "", excerpt ? excerpt : "");

  set_text (self->title_label, item->title);
  set_text (self->missing_label, item->missing);
  set_text (self->since_label, since);
  workspace_prescription_state_show (self->stage_label, item->stage);
  set_text (self->excerpt_label, excerpt);
  set_button (self->open_button, "unfinished.open", _ ("Open: %s, %s"), item,
              care_unfinished_can_open (item));
  set_button (self->discard_button, "unfinished.discard", _ ("Discard: %s, %s"), item,
              item->is_draft);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  return GTK_WIDGET (self);
}
