/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-row.h"

#include <glib/gi18n.h>

#include "workspace-trend-chart.h"

/**
 * WorkspaceRow:
 *
 * One line of a clinical list, the same everywhere: name, what it says, and at the right value,
 * flag and date. Nothing is cut off: text wraps (CUI medication line rules). A flag is a word and a
 * shape besides its colour. The whole line is said as one sentence to those who hear it.
 */

struct _WorkspaceRow
{
  AdwBin parent_instance;

  CareRow *row;
  gboolean compact;

  GtkLabel *title_label;
  GtkLabel *subtitle_label;
  GtkLabel *detail_label;
  GtkLabel *flag_label;
  GtkLabel *value_label;
  GtkLabel *date_label;
  WorkspaceTrendChart *trend;
};

G_DEFINE_FINAL_TYPE (WorkspaceRow, workspace_row, ADW_TYPE_BIN)

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

/* What the chip says: a reading's flag, an allergy's risk, where a prescription is. */
static char *
dup_flag (CareRow *row, const char **style)
{
  const char *flag = care_row_get_text (row, CARE_ROW_FLAG);
  const char *severity = care_row_get_text (row, CARE_ROW_SEVERITY);
  const char *status = care_row_get_text (row, CARE_ROW_STATUS);

  *style = "chip-amber";
  if (flag)
    {
      g_autofree char *words = workspace_trend_flag_words (flag);
      if (words && strlen (flag) > 1)
        *style = "chip-red";
      return words ? g_strdup_printf ("%s %s",
                                      flag[0] == 'H'   ? "▲"
                                      : flag[0] == 'L' ? "▼"
                                                       : "●",
                                      words)
                   : NULL;
    }
  if (g_strcmp0 (status, "not-sent") == 0)
    {
      *style = "chip-red";
      return g_strdup (_ ("NOT SENT: TELL THE PATIENT"));
    }
  if (g_strcmp0 (severity, "high") == 0)
    {
      *style = "chip-red";
      return g_strdup (_ ("high risk"));
    }
  if (g_strcmp0 (severity, "unable-to-assess") == 0)
    return g_strdup (_ ("risk not known"));
  if (severity && !g_str_equal (severity, "low"))
    return g_strdup (severity);
  return NULL;
}

/* The day alone where the hour says nothing: of a medicine, and where there is little room. */
static char *
dup_date (WorkspaceRow *self)
{
  const char *date = care_row_get_text (self->row, CARE_ROW_DATE);
  const char *reference = care_row_get_reference (self->row);
  gboolean medicine = reference && g_str_has_prefix (reference, "Medication");
  const char *space = date ? strchr (date, ' ') : NULL;

  return space && (self->compact || medicine) ? g_strndup (date, (gsize) (space - date))
                                              : g_strdup (date);
}

static void
update_flag (WorkspaceRow *self)
{
  const char *style = NULL;
  g_autofree char *flag = dup_flag (self->row, &style);

  gtk_widget_remove_css_class (GTK_WIDGET (self->flag_label), "chip-amber");
  gtk_widget_remove_css_class (GTK_WIDGET (self->flag_label), "chip-red");
  gtk_widget_add_css_class (GTK_WIDGET (self->flag_label), style);
  set_text (self->flag_label, flag);
}

static void
workspace_row_dispose (GObject *object)
{
  WorkspaceRow *self = WORKSPACE_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_ROW);
  g_clear_object (&self->row);
  G_OBJECT_CLASS (workspace_row_parent_class)->dispose (object);
}

static void
workspace_row_class_init (WorkspaceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_TREND_CHART);
  G_OBJECT_CLASS (klass)->dispose = workspace_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceRow, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceRow, flag_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceRow, value_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceRow, date_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceRow, trend);
  gtk_widget_class_set_css_name (widget_class, "carerow");
}

static void
workspace_row_init (WorkspaceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
workspace_row_new (void)
{
  return g_object_new (WORKSPACE_TYPE_ROW, NULL);
}

/* Before the row: less beside what matters, for a card among several. */
void
workspace_row_set_compact (WorkspaceRow *self, gboolean compact)
{
  g_return_if_fail (WORKSPACE_IS_ROW (self));

  self->compact = compact;
}

/* Shows @row; a line of a list is used again for another row. */
void
workspace_row_set_row (WorkspaceRow *self, CareRow *row)
{
  g_return_if_fail (WORKSPACE_IS_ROW (self));

  g_set_object (&self->row, row);
  gtk_widget_set_visible (GTK_WIDGET (self->trend), FALSE);
  if (!row)
    return;
  set_text (self->title_label, care_row_get_title (row));
  set_text (self->subtitle_label, care_row_get_text (row, CARE_ROW_SUBTITLE));
  gboolean in_range =
      care_row_get_text (row, CARE_ROW_VALUE) && !care_row_get_text (row, CARE_ROW_FLAG);
  g_autofree char *date = dup_date (self);
  set_text (self->detail_label,
            self->compact && in_range ? NULL : care_row_get_text (row, CARE_ROW_DETAIL));
  set_text (self->value_label, care_row_get_text (row, CARE_ROW_VALUE));
  set_text (self->date_label, date);
  update_flag (self);
}

/* @points: (nullable): CareTrendPoint; a line needs two of the same unit to show anything. */
void
workspace_row_set_trend (WorkspaceRow *self, GArray *points, GTimeZone *zone)
{
  g_return_if_fail (WORKSPACE_IS_ROW (self));

  WorkspaceTrendScale scale;
  gboolean drawn = points && workspace_trend_scale (points, &scale) && scale.drawn > 1;
  gtk_widget_set_visible (GTK_WIDGET (self->trend), drawn);
  if (drawn)
    workspace_trend_chart_set_points (self->trend, points, care_row_get_title (self->row), zone);
}

/* (transfer full): the line as one sentence. */
char *
workspace_row_dup_words (CareRow *row)
{
  static const CareRowProperty parts[] = { CARE_ROW_VALUE, CARE_ROW_SUBTITLE, CARE_ROW_DETAIL,
                                           CARE_ROW_DATE };
  const char *style = NULL;
  g_autofree char *flag = dup_flag (row, &style);
  g_autoptr (GString) words = g_string_new (care_row_get_title (row));

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *text = care_row_get_text (row, parts[i]);
      if (text && *text)
        g_string_append_printf (words, ", %s", text);
      if (i == 0 && flag)
        g_string_append_printf (words, ", %s", flag);
    }
  return g_string_free_and_steal (g_steal_pointer (&words));
}
