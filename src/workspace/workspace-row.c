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
  GtkWidget parent_instance;

  CareRow *row;
  gboolean compact;

  /* Made when first needed: a chart has many lines, and most have few of these. */
  GtkWidget *texts;
  GtkWidget *figures;
  GtkWidget *line; /* in figures: flag and value */
  GtkLabel *title_label;
  GtkLabel *subtitle_label;
  GtkLabel *detail_label;
  GtkLabel *flag_label;
  GtkLabel *value_label;
  GtkLabel *date_label;
  WorkspaceTrendChart *trend;
};

G_DEFINE_FINAL_TYPE (WorkspaceRow, workspace_row, GTK_TYPE_WIDGET)

/* ---- parts ---- */

static GtkLabel *
make_label (float xalign, const char *const *styles)
{
  return g_object_new (GTK_TYPE_LABEL, "xalign", xalign, "css-classes", styles, NULL);
}

static GtkLabel *
make_text (const char *const *styles)
{
  return g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "css-classes", styles, NULL);
}

static GtkWidget *
make_box (GtkOrientation orientation, int spacing)
{
  return g_object_new (GTK_TYPE_BOX, "orientation", orientation, "spacing", spacing, NULL);
}

static GtkWidget *
get_figures (WorkspaceRow *self)
{
  if (!self->figures)
    {
      self->figures = make_box (GTK_ORIENTATION_VERTICAL, 2);
      gtk_widget_set_valign (self->figures, GTK_ALIGN_CENTER);
      gtk_widget_insert_before (self->figures, GTK_WIDGET (self), NULL);
    }
  return self->figures;
}

static GtkWidget *
get_line (WorkspaceRow *self)
{
  if (!self->line)
    {
      self->line = make_box (GTK_ORIENTATION_HORIZONTAL, 8);
      gtk_widget_set_halign (self->line, GTK_ALIGN_END);
      gtk_box_prepend (GTK_BOX (get_figures (self)), self->line);
    }
  return self->line;
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

/* Whether there is a label to set: it is there already, or @text asks for it. */
static gboolean
is_wanted (const GtkLabel *label, const char *text)
{
  return label || (text && *text);
}

static void
set_subtitle (WorkspaceRow *self, const char *text)
{
  static const char *const styles[] = { NULL };

  if (!is_wanted (self->subtitle_label, text))
    return;
  if (!self->subtitle_label)
    {
      self->subtitle_label = make_text (styles);
      gtk_label_set_wrap_mode (self->subtitle_label, PANGO_WRAP_WORD_CHAR);
      gtk_box_insert_child_after (GTK_BOX (self->texts), GTK_WIDGET (self->subtitle_label),
                                  GTK_WIDGET (self->title_label));
    }
  set_text (self->subtitle_label, text);
}

static void
set_detail (WorkspaceRow *self, const char *text)
{
  static const char *const styles[] = { "caption", "dimmed", NULL };

  if (!is_wanted (self->detail_label, text))
    return;
  if (!self->detail_label)
    {
      self->detail_label = make_text (styles);
      gtk_box_append (GTK_BOX (self->texts), GTK_WIDGET (self->detail_label));
    }
  set_text (self->detail_label, text);
}

static void
set_value (WorkspaceRow *self, const char *text)
{
  static const char *const styles[] = { "field-value", "numeric", NULL };

  if (!is_wanted (self->value_label, text))
    return;
  if (!self->value_label)
    {
      self->value_label = make_label (1, styles);
      gtk_label_set_wrap (self->value_label, TRUE);
      gtk_label_set_max_width_chars (self->value_label, 22);
      gtk_label_set_justify (self->value_label, GTK_JUSTIFY_RIGHT);
      gtk_box_append (GTK_BOX (get_line (self)), GTK_WIDGET (self->value_label));
    }
  set_text (self->value_label, text);
}

static void
set_date (WorkspaceRow *self, const char *text)
{
  static const char *const styles[] = { "caption", "dimmed", "numeric", NULL };

  if (!is_wanted (self->date_label, text))
    return;
  if (!self->date_label)
    {
      self->date_label = make_label (1, styles);
      gtk_box_append (GTK_BOX (get_figures (self)), GTK_WIDGET (self->date_label));
    }
  set_text (self->date_label, text);
}

static void
set_flag (WorkspaceRow *self, const char *text, const char *style)
{
  const char *const styles[] = { "chip", "row-flag", style, NULL };

  if (!is_wanted (self->flag_label, text))
    return;
  if (!self->flag_label)
    {
      self->flag_label = GTK_LABEL (gtk_label_new (NULL));
      gtk_box_prepend (GTK_BOX (get_line (self)), GTK_WIDGET (self->flag_label));
    }
  gtk_widget_set_css_classes (GTK_WIDGET (self->flag_label), (const char **) styles);
  set_text (self->flag_label, text);
}

/* ---- words ---- */

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

/* ---- object ---- */

static void
workspace_row_dispose (GObject *object)
{
  WorkspaceRow *self = WORKSPACE_ROW (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_clear_object (&self->row);
  G_OBJECT_CLASS (workspace_row_parent_class)->dispose (object);
}

static void
workspace_row_class_init (WorkspaceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "carerow");
}

/* By hand and not from a template: a template is read anew for each of a chart's many lines. */
static void
workspace_row_init (WorkspaceRow *self)
{
  static const char *const styles[] = { "row-title", NULL };
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (widget)), 12);
  gtk_widget_set_margin_start (widget, 12);
  gtk_widget_set_margin_end (widget, 12);
  gtk_widget_set_margin_top (widget, 8);
  gtk_widget_set_margin_bottom (widget, 8);
  self->texts = make_box (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_hexpand (self->texts, TRUE);
  gtk_widget_set_valign (self->texts, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->texts, widget);
  self->title_label = make_text (styles);
  gtk_label_set_wrap_mode (self->title_label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (self->title_label, 9);
  gtk_box_append (GTK_BOX (self->texts), GTK_WIDGET (self->title_label));
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
  if (self->trend)
    gtk_widget_set_visible (GTK_WIDGET (self->trend), FALSE);
  if (!row)
    return;
  set_text (self->title_label, care_row_get_title (row));
  set_subtitle (self, care_row_get_text (row, CARE_ROW_SUBTITLE));
  gboolean in_range =
      care_row_get_text (row, CARE_ROW_VALUE) && !care_row_get_text (row, CARE_ROW_FLAG);
  const char *style = NULL;
  g_autofree char *date = dup_date (self);
  g_autofree char *flag = dup_flag (row, &style);
  set_detail (self, self->compact && in_range ? NULL : care_row_get_text (row, CARE_ROW_DETAIL));
  set_value (self, care_row_get_text (row, CARE_ROW_VALUE));
  set_date (self, date);
  set_flag (self, flag, style);
  if (self->line)
    gtk_widget_set_visible (self->line, flag || care_row_get_text (row, CARE_ROW_VALUE));
  if (self->figures)
    gtk_widget_set_visible (self->figures, flag || date || care_row_get_text (row, CARE_ROW_VALUE));
}

/* @points: (nullable): CareTrendPoint; a line needs two of the same unit to show anything. */
void
workspace_row_set_trend (WorkspaceRow *self, GArray *points, GTimeZone *zone)
{
  g_return_if_fail (WORKSPACE_IS_ROW (self));

  WorkspaceTrendScale scale;
  gboolean drawn = points && workspace_trend_scale (points, &scale) && scale.drawn > 1;
  if (drawn && !self->trend)
    {
      self->trend = WORKSPACE_TREND_CHART (workspace_trend_chart_new ());
      workspace_trend_chart_set_compact (self->trend, TRUE);
      gtk_widget_set_valign (GTK_WIDGET (self->trend), GTK_ALIGN_CENTER);
      gtk_widget_insert_after (GTK_WIDGET (self->trend), GTK_WIDGET (self), self->texts);
    }
  if (self->trend)
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
