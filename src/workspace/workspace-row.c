/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "workspace-line-layout.h"
#include "workspace-text.h"
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

  GtkLabel *texts; /* title, subtitle and detail */

  /* Made when first needed: a chart has many lines, and most have few of these. */
  GtkLabel *figures; /* value and date */
  GtkBox *flagged;   /* holds flag and figures */
  GtkLabel *flag_label;
  WorkspaceTrendChart *trend;
};

G_DEFINE_FINAL_TYPE (WorkspaceRow, workspace_row, GTK_TYPE_WIDGET)

/* ---- parts ---- */

/* How a part of a label looks. A chart has some thirty lines, and a widget for each part of each of
 * them took a third of the time to its first picture. */
typedef enum
{
  LOOK_PLAIN = 0,
  LOOK_BOLD = 1 << 0,
  LOOK_VALUE = 1 << 1,
  LOOK_SMALL = 1 << 2,
  LOOK_FIGURES = 1 << 3, /* digits of one width */
} Look;

static void
insert (PangoAttrList *attributes, PangoAttribute *attribute, gsize start, gsize end)
{
  attribute->start_index = (guint) start;
  attribute->end_index = (guint) end;
  pango_attr_list_insert (attributes, attribute);
}

#define LONG_VALUE 22 /* characters, as many as a line of figures has */

/* Adds a line, if there is one to add. As the platform's "caption" and "dimmed" where small. */
static void
add_line (GString *text, PangoAttrList *attributes, const char *line, guint look)
{
  gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  gsize start = text->len + (text->len > 0), end;

  if (!line || !*line)
    return;
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
  end = text->len;
  workspace_text_keep_dates (attributes, line, end - strlen (line));
  if (look & (LOOK_BOLD | LOOK_VALUE))
    insert (attributes, pango_attr_weight_new (look & LOOK_BOLD ? 700 : 600), start, end);
  if (look & LOOK_FIGURES)
    insert (attributes, pango_attr_font_features_new ("tnum=1"), start, end);
  if (look & LOOK_SMALL)
    {
      insert (attributes, pango_attr_scale_new (0.82), start, end);
      insert (attributes, pango_attr_foreground_alpha_new (contrast ? 0xe666 : 0x8ccc), start, end);
    }
}

static void
set_lines (GtkLabel *label, const GString *text, PangoAttrList *attributes)
{
  gtk_label_set_label (label, text->str);
  gtk_label_set_attributes (label, attributes);
  gtk_widget_set_visible (GTK_WIDGET (label), text->len > 0);
}

static GtkWidget *
make_figures (void)
{
  return g_object_new (GTK_TYPE_LABEL, "xalign", 1.0f, "wrap", TRUE, "max-width-chars", LONG_VALUE,
                       "justify", GTK_JUSTIFY_RIGHT, NULL);
}

static void
set_texts (WorkspaceRow *self, const char *title, const char *subtitle, const char *detail)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  add_line (text, attributes, title, LOOK_BOLD);
  add_line (text, attributes, subtitle, LOOK_PLAIN);
  add_line (text, attributes, detail, LOOK_SMALL);
  set_lines (self->texts, text, attributes);
}

/* What is sent with many decimals ("152.11204503344257/92.25980066347138 mmHg") may go to the next
 * line after the stroke, and never within a number. */
static char *
dup_breakable (const char *value)
{
  g_autoptr (GString) text = g_string_new (value);

  g_string_replace (text, "/", "/\u200b", 0);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
set_figures (WorkspaceRow *self, const char *value, const char *date)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  gboolean is_long = value && g_utf8_strlen (value, -1) > LONG_VALUE;
  g_autofree char *breakable = is_long ? dup_breakable (value) : NULL;

  add_line (text, attributes, breakable ? breakable : value, LOOK_VALUE | LOOK_FIGURES);
  add_line (text, attributes, date, LOOK_SMALL | LOOK_FIGURES);
  if (!self->figures && text->len == 0)
    return;
  if (!self->figures)
    {
      self->figures = GTK_LABEL (make_figures ());
      gtk_widget_insert_before (GTK_WIDGET (self->figures), GTK_WIDGET (self), NULL);
    }
  set_lines (self->figures, text, attributes);
  /* A short value stays with its unit on one line. */
  gtk_label_set_width_chars (self->figures, value ? MIN ((int) g_utf8_strlen (value, -1), 11) : -1);
}

/* The flag stands beside a value, above it in a card, and above a date alone. After set_figures ().
 */
static void
set_flag (WorkspaceRow *self, const char *text, const char *style, gboolean beside)
{
  const char *const styles[] = { "chip", "row-flag", style, NULL };

  if (!self->flag_label && !text)
    return;
  if (!self->flag_label)
    {
      self->flagged = g_object_new (GTK_TYPE_BOX, "valign", GTK_ALIGN_CENTER, NULL);
      /* not as a property, which would keep a reference of its own for ever */
      gtk_widget_set_layout_manager (GTK_WIDGET (self->flagged), workspace_line_layout_new (8));
      self->flag_label =
          g_object_new (GTK_TYPE_LABEL, "halign", GTK_ALIGN_END, "valign", GTK_ALIGN_CENTER, "wrap",
                        TRUE, "justify", GTK_JUSTIFY_RIGHT, "max-width-chars", 26, NULL);
      gtk_box_append (self->flagged, GTK_WIDGET (self->flag_label));
      gtk_widget_insert_before (GTK_WIDGET (self->flagged), GTK_WIDGET (self), NULL);
    }
  if (self->figures && gtk_widget_get_parent (GTK_WIDGET (self->figures)) == GTK_WIDGET (self))
    {
      g_object_ref (self->figures);
      gtk_widget_unparent (GTK_WIDGET (self->figures));
      gtk_box_append (self->flagged, GTK_WIDGET (self->figures));
      g_object_unref (self->figures);
    }
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->flagged),
                                  beside ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_label_set_label (self->flag_label, text ? text : "");
  gtk_widget_set_css_classes (GTK_WIDGET (self->flag_label), (const char **) styles);
  gtk_widget_set_visible (GTK_WIDGET (self->flag_label), text != NULL);
}

/* ---- words ---- */

/* What the chip says: a reading's flag, an allergy's risk, where a prescription is, on what sources
 * differ. */
static char *
dup_flag (CareRow *row, const char **style)
{
  const char *flag = care_row_get_text (row, CARE_ROW_FLAG);
  const char *severity = care_row_get_text (row, CARE_ROW_SEVERITY);
  const char *status = care_row_get_text (row, CARE_ROW_STATUS);
  const char *mark = care_row_get_text (row, CARE_ROW_MARK);

  *style = "chip-amber";
  if (mark)
    {
      *style = g_str_has_prefix (mark, "?") ? "chip-plain" : "chip-amber";
      return g_strdup (mark);
    }
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

/* With whether somebody still has to look at it. */
static char *
dup_subtitle (CareRow *row)
{
  const char *subtitle = care_row_get_text (row, CARE_ROW_SUBTITLE);
  const char *review = care_row_get_text (row, CARE_ROW_REVIEW);

  return subtitle && review ? g_strdup_printf ("%s, %s", subtitle, review)
                            : g_strdup (subtitle ? subtitle : review);
}

/* The day alone where the hour says nothing: of a medicine, and where there is little room. Of a
 * visit to come it says the most. */
static char *
dup_date (WorkspaceRow *self)
{
  const char *date = care_row_get_text (self->row, CARE_ROW_DATE);
  const char *reference = care_row_get_reference (self->row);
  gboolean medicine = reference && g_str_has_prefix (reference, "Medication");
  gboolean booking = reference && g_str_has_prefix (reference, "Appointment/");
  const char *space = date && !booking ? strchr (date, ' ') : NULL;

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
  gtk_widget_class_set_css_name (widget_class, "carerow");
}

/* By hand and not from a template: a template is read anew for each of a chart's many lines. */
static void
workspace_row_init (WorkspaceRow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_set_layout_manager (widget, workspace_line_layout_new (12));
  gtk_widget_set_margin_start (widget, 12);
  gtk_widget_set_margin_end (widget, 12);
  gtk_widget_set_margin_top (widget, 8);
  gtk_widget_set_margin_bottom (widget, 8);
  self->texts = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                              PANGO_WRAP_WORD_CHAR, "width-chars", 9, "hexpand", TRUE, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->texts), widget);
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
  const char *value = care_row_get_text (row, CARE_ROW_VALUE), *style = NULL;
  g_autofree char *date = dup_date (self);
  g_autofree char *flag = dup_flag (row, &style), *subtitle = dup_subtitle (row);
  gboolean in_range = value && !care_row_get_text (row, CARE_ROW_FLAG);
  set_texts (self, care_row_get_title (row), subtitle,
             self->compact && in_range ? NULL : care_row_get_text (row, CARE_ROW_DETAIL));
  set_figures (self, value, date);
  set_flag (self, flag, style, value && *value && !self->compact);
}

/* @points: (nullable): CareTrendPoint; a line needs two of the same unit to show anything. */
void
workspace_row_set_trend (WorkspaceRow *self, GArray *points, GTimeZone *zone)
{
  g_return_if_fail (WORKSPACE_IS_ROW (self));

  workspace_trend_chart_show_in (&self->trend, GTK_WIDGET (self->texts), points,
                                 care_row_get_title (self->row), zone);
}

/* (transfer full): the line as one sentence. */
char *
workspace_row_dup_words (CareRow *row)
{
  static const CareRowProperty parts[] = { CARE_ROW_VALUE, CARE_ROW_SUBTITLE, CARE_ROW_REVIEW,
                                           CARE_ROW_DETAIL, CARE_ROW_DATE };
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
