/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-line.h"

#include <glib/gi18n.h>

#include "results-band.h"
#include "results-plot.h"
#include "workspace-line-layout.h"
#include "workspace-list.h"
#include "workspace-trend-chart.h"

/**
 * ResultsLine:
 *
 * One result as a line of the list or of a panel: name, range and what is unusual at the left, a
 * sparkline or its place in the range, and at the right flag, value as sent, as preferred, and
 * date. What a correction replaced is crossed out beside it.
 */

#define VALUE_CHARS 11 /* as many as a day has: 09-Nov-2026 */

struct _ResultsLine
{
  GtkWidget parent_instance;

  GtkLabel *texts, *timer, *flag, *figures, *other;
  GtkWidget *left;
  ResultsBand *band;
  WorkspaceTrendChart *trend;
};

G_DEFINE_FINAL_TYPE (ResultsLine, results_line, GTK_TYPE_WIDGET)

static void
add_markup (GString *markup, const char *form, const char *text)
{
  g_autofree char *escaped = text && *text ? g_markup_escape_text (text, -1) : NULL;

  if (!escaped)
    return;
  if (markup->len)
    g_string_append_c (markup, '\n');
  g_string_append_printf (markup, form, escaped);
}

static void
show_markup (GtkLabel *label, const GString *markup)
{
  gtk_label_set_markup (label, markup->str);
  gtk_widget_set_visible (GTK_WIDGET (label), markup->len > 0);
}

static void
set_texts (ResultsLine *self, const CareResult *result)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  g_autofree char *badges = results_dup_badges (result);
  g_autofree char *range = result->range ? g_strdup_printf (_ ("Range %s"), result->range) : NULL;

  add_markup (markup, "<b>%s</b>", result->name);
  add_markup (markup, "<small>%s</small>", range);
  add_markup (markup, "<small><b>%s</b></small>", badges);
  if (result->state == CARE_RESULT_WITHHELD)
    add_markup (markup, "<small>%s</small>", result->note);
  show_markup (self->texts, markup);
}

static void
set_figures (ResultsLine *self, const CareResult *result)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  g_autofree char *value = results_dup_value (result);
  gboolean struck = result->state == CARE_RESULT_ERROR || result->state == CARE_RESULT_REPLACED;

  if (!struck)
    add_markup (markup, "<s>%s</s>", result->before);
  add_markup (markup, struck ? "<s>%s</s>" : result->value ? "<b>%s</b>" : "<i>%s</i>", value);
  show_markup (self->figures, markup);
  /* a short value stays with its unit on one line */
  gtk_label_set_width_chars (self->figures, MIN ((int) g_utf8_strlen (value, -1), VALUE_CHARS));
}

static void
set_flag (ResultsLine *self, const CareResult *result)
{
  const char *style = NULL;
  g_autofree char *flag = results_dup_flag (result, &style);
  const char *const styles[] = { "chip", "row-flag", style, NULL };

  gtk_label_set_label (self->flag, flag ? flag : "");
  gtk_widget_set_css_classes (GTK_WIDGET (self->flag), (const char **) styles);
  gtk_widget_set_visible (GTK_WIDGET (self->flag), flag != NULL);
}

/* ---- widget ---- */

static void
results_line_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (results_line_parent_class)->dispose (object);
}

static void
results_line_class_init (ResultsLineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = results_line_dispose;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "resultsline");
}

static GtkLabel *
make_label (float xalign, int width_chars)
{
  return g_object_new (GTK_TYPE_LABEL, "xalign", xalign, "wrap", TRUE, "wrap-mode",
                       PANGO_WRAP_WORD_CHAR, "width-chars", width_chars, "justify",
                       xalign > 0 ? GTK_JUSTIFY_RIGHT : GTK_JUSTIFY_LEFT, NULL);
}

/* By hand and not from a template, as WorkspaceRow: a chart has many lines. */
static void
results_line_init (ResultsLine *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkWidget *right = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing",
                                   2, "valign", GTK_ALIGN_CENTER, NULL);

  gtk_widget_set_layout_manager (widget, workspace_line_layout_new (12));
  gtk_widget_set_margin_start (widget, 12);
  gtk_widget_set_margin_end (widget, 12);
  gtk_widget_set_margin_top (widget, 8);
  gtk_widget_set_margin_bottom (widget, 8);
  self->left = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 2,
                             "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
  self->texts = make_label (0, 9);
  self->timer = make_label (0, 9);
  gtk_widget_add_css_class (GTK_WIDGET (self->timer), "results-timer");
  gtk_widget_set_visible (GTK_WIDGET (self->timer), FALSE);
  gtk_box_append (GTK_BOX (self->left), GTK_WIDGET (self->texts));
  gtk_box_append (GTK_BOX (self->left), GTK_WIDGET (self->timer));
  self->flag = g_object_new (GTK_TYPE_LABEL, "halign", GTK_ALIGN_END, NULL);
  self->figures = make_label (1, -1);
  gtk_label_set_max_width_chars (self->figures, 22);
  gtk_widget_add_css_class (GTK_WIDGET (self->figures), "numeric");
  self->other = make_label (1, VALUE_CHARS);
  gtk_label_set_max_width_chars (self->other, 22);
  gtk_widget_add_css_class (GTK_WIDGET (self->other), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->other), "dimmed");
  gtk_box_append (GTK_BOX (right), GTK_WIDGET (self->flag));
  gtk_box_append (GTK_BOX (right), GTK_WIDGET (self->figures));
  gtk_box_append (GTK_BOX (right), GTK_WIDGET (self->other));
  gtk_widget_set_parent (self->left, widget);
  gtk_widget_set_parent (right, widget);
}

GtkWidget *
results_line_new (void)
{
  return g_object_new (RESULTS_TYPE_LINE, NULL);
}

void
results_line_set_result (ResultsLine *self, const CareResult *result, gint64 now)
{
  g_return_if_fail (RESULTS_IS_LINE (self));

  set_texts (self, result);
  set_figures (self, result);
  set_flag (self, result);
  results_line_tick (self, result, now);
  results_line_set_unit (self, result, NULL);
  results_line_set_trend (self, NULL, NULL);
  if (self->band)
    gtk_widget_set_visible (GTK_WIDGET (self->band), FALSE);
}

/* The date, and before it the value in the unit that is preferred. */
void
results_line_set_unit (ResultsLine *self, const CareResult *result, const char *ucum)
{
  g_return_if_fail (RESULTS_IS_LINE (self));

  g_autofree char *converted = care_result_dup_converted (result, ucum);
  g_autofree char *text = g_strdup_printf ("%s%s%s%s", converted ? "= " : "",
                                           converted ? converted : "", converted ? "\n" : "",
                                           result->date ? result->date : _ ("Date not recorded"));

  gtk_label_set_label (self->other, text);
}

/* @points: (nullable): CareTrendPoint; a line needs two of the same unit to show anything. */
void
results_line_set_trend (ResultsLine *self, GArray *points, GTimeZone *zone)
{
  g_return_if_fail (RESULTS_IS_LINE (self));

  workspace_trend_chart_show_in (&self->trend, self->left, points, NULL, zone);
}

/* Shows where the value lies in its range, in the place of the sparkline. */
void
results_line_show_band (ResultsLine *self, const CareResult *result)
{
  g_return_if_fail (RESULTS_IS_LINE (self));

  if (!self->band)
    {
      self->band = RESULTS_BAND (results_band_new ());
      gtk_widget_set_valign (GTK_WIDGET (self->band), GTK_ALIGN_CENTER);
      gtk_widget_insert_after (GTK_WIDGET (self->band), GTK_WIDGET (self), self->left);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->band), results_band_set_result (self->band, result));
}

/* A red item's own clock. */
void
results_line_tick (ResultsLine *self, const CareResult *result, gint64 now)
{
  g_return_if_fail (RESULTS_IS_LINE (self));

  g_autofree char *timer = results_dup_timer (result, now);

  gtk_label_set_label (self->timer, timer ? timer : "");
  gtk_widget_set_visible (GTK_WIDGET (self->timer), timer != NULL);
}

/* ---- in a list ---- */

/* Shows the ResultsItem of @list_item in its ResultsLine, with what is spoken of it. */
void
results_line_bind (GtkListItem *list_item, CareResults *results, gint64 now, GTimeZone *zone)
{
  ResultsLine *self = RESULTS_LINE (gtk_list_item_get_child (list_item));
  ResultsItem *item = gtk_list_item_get_item (list_item);
  const CareResult *result = results_item_get_result (item);
  g_autofree char *words = results_item_dup_words (item, now);
  const char *key =
      result->kind == CARE_RESULT_REPORT || !care_result_is_current (result) ? NULL : result->key;
  g_autoptr (GArray) points = NULL;

  /* a blood pressure is a panel: its sparkline is the first part's */
  if (result->parts && result->parts->len > 0 && key)
    key = ((CareResult *) result->parts->pdata[0])->key;
  points = key ? results_plot_dup_points (results, key, NULL) : NULL;
  results_line_set_result (self, result, now);
  results_line_set_unit (self, result, care_results_get_unit (results, result->key));
  results_line_set_trend (self, points, zone);
  gtk_list_item_set_accessible_label (list_item, words);
}

/* The title of the group and how many it has; red over what is critical. */
void
results_line_bind_header (GtkListHeader *header)
{
  ResultsGroup group = results_item_get_group (gtk_list_header_get_item (header));
  GtkWidget *shown = gtk_list_header_get_child (header);
  GtkWidget *label = shown ? shown : workspace_list_add_title (header);
  g_autofree char *text = g_strdup_printf ("%s · %u", results_item_get_group_title (group),
                                           gtk_list_header_get_n_items (header));

  gtk_label_set_label (GTK_LABEL (label), text);
  if (group == RESULTS_GROUP_CRITICAL)
    gtk_widget_add_css_class (label, "error");
  else
    gtk_widget_remove_css_class (label, "error");
}
