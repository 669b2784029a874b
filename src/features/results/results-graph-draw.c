/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-graph-draw.h"
#include "workspace-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* The picture of a ResultsPlot. Series differ by colour, by the dash of their line and by their
 * name at its end; a flag differs by its shape; a converted reading is hollow; one that is not
 * final has a ring around it. */

#define RADIUS      4.0f
#define LANE_HEAD   24.0f /* above each lane: its unit and the names of its series */
#define DATE_HEIGHT 26.0f
#define BAR_HEIGHT  22.0f
#define EDGE        8.0f

/* From one end of a lane to the other. */
typedef struct
{
  const ResultsDrawing *drawing;
  const ResultsLane *lane;
  float top, bottom;
} Strip;

static const char *const colors[RESULTS_MAX_SERIES][2] = {
  /* on light, on dark ground */
  { "#1c71d8", "#78aeed" }, { "#813d9c", "#c991e1" }, { "#1f7a4d", "#5bc88d" },
  { "#9a5a00", "#e8b06a" }, { "#0e7490", "#67c6d8" }, { "#a2305f", "#ee8fb8" },
};

static GdkRGBA
color_of (const ResultsDrawing *self, guint index)
{
  GdkRGBA color;

  gdk_rgba_parse (&color, colors[index % RESULTS_MAX_SERIES][self->dark]);
  return color;
}

static float
x_of (const ResultsDrawing *self, gint64 time)
{
  double part =
      (double) (time - self->plot->start) / (double) (self->plot->end - self->plot->start);

  return self->left + (float) (part * (self->right - self->left));
}

static float
y_of (const Strip *strip, double value)
{
  const WorkspaceTrendScale *scale = &strip->lane->scale;
  double part = (value - scale->low) / (scale->high - scale->low);

  return strip->top + (float) ((1 - part) * (strip->bottom - strip->top));
}

static PangoLayout *
layout_of (const ResultsDrawing *self, const char *text, float *width)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (self->widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  int pixels = 0;

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.85));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &pixels, NULL);
  *width = (float) pixels;
  return layout;
}

/* @align: how much of the text stands left of @x; its middle is at @y. */
static float
draw_text (const ResultsDrawing *self,
           GtkSnapshot *snapshot,
           const GdkRGBA *color,
           const char *text,
           float x,
           float y,
           float align)
{
  float width = 0;
  g_autoptr (PangoLayout) layout = layout_of (self, text, &width);

  return workspace_text_draw (snapshot, layout, color, x, y, align);
}

/* ---- lanes ---- */

static void
draw_grid (const Strip *strip, GtkSnapshot *snapshot)
{
  const ResultsDrawing *self = strip->drawing;
  const WorkspaceTrendScale *scale = &strip->lane->scale;
  int lines = (int) CLAMP (round ((scale->high - scale->low) / scale->step), 1, 12);

  for (int i = 0; i <= lines; i++)
    {
      double value = scale->low + i * scale->step;
      g_autofree char *text =
          workspace_trend_dup_number (fabs (value) < scale->step / 1000 ? 0 : value);
      float y = y_of (strip, value);

      gtk_snapshot_append_color (snapshot, &self->grid,
                                 &GRAPHENE_RECT_INIT (self->left, y, self->right - self->left, 1));
      draw_text (self, snapshot, &self->dim, text, self->left - EDGE, y, 1);
    }
}

static const CareTrendPoint *
neighbour (const GArray *points, guint index, int direction)
{
  for (gint i = (gint) index + direction; i >= 0 && i < (gint) points->len; i += direction)
    if (g_array_index (points, CareTrendPoint, i).comparable)
      return &g_array_index (points, CareTrendPoint, i);
  return NULL;
}

/* The range of a reading holds from half-way to the one before to half-way to the one after. */
static void
draw_band (const Strip *strip, GtkSnapshot *snapshot, const GArray *points, guint index)
{
  const ResultsDrawing *self = strip->drawing;
  const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, index);
  const CareTrendPoint *before = neighbour (points, index, -1);
  const CareTrendPoint *after = neighbour (points, index, 1);
  float x = x_of (self, point->time_us);
  float left = before ? (x_of (self, before->time_us) + x) / 2 : self->left;
  float right = after ? (x_of (self, after->time_us) + x) / 2 : self->right;
  float top = isnan (point->high) ? strip->top : y_of (strip, point->high);
  float bottom = isnan (point->low) ? strip->bottom : y_of (strip, point->low);

  left = MAX (left, self->left);
  right = MIN (right, self->right);
  if (point->comparable && point->has_range && right > left && bottom > top)
    gtk_snapshot_append_color (snapshot, &self->band,
                               &GRAPHENE_RECT_INIT (left, top, right - left, bottom - top));
}

static void
draw_line (const Strip *strip,
           GtkSnapshot *snapshot,
           const GArray *points,
           const GdkRGBA *color,
           guint index)
{
  static const float dashes[][2] = { { 0, 0 }, { 7, 4 }, { 2, 3 } };
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  const CareTrendPoint *last = NULL;

  for (guint i = 0; i < points->len; i++)
    {
      const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i);
      float x = x_of (strip->drawing, point->time_us);

      if (last && workspace_trend_joins (last, point))
        gsk_path_builder_line_to (builder, x, y_of (strip, point->value));
      else if (point->comparable)
        gsk_path_builder_move_to (builder, x, y_of (strip, point->value));
      last = point;
    }
  g_autoptr (GskPath) path = gsk_path_builder_free_to_path (g_steal_pointer (&builder));
  g_autoptr (GskStroke) stroke = gsk_stroke_new (1.75f);
  if (index % G_N_ELEMENTS (dashes) > 0)
    gsk_stroke_set_dash (stroke, dashes[index % G_N_ELEMENTS (dashes)], 2);
  gtk_snapshot_append_stroke (snapshot, path, stroke, color);
}

static GskPath *
shape_of (const CareTrendPoint *point, float x, float y, float radius)
{
  GskPathBuilder *builder = gsk_path_builder_new ();
  float up = point->flag[0] == 'H' ? -1 : 1;

  if (point->flag[0] == 'H' || point->flag[0] == 'L')
    {
      gsk_path_builder_move_to (builder, x, y + up * radius * 1.6f);
      gsk_path_builder_line_to (builder, x - radius * 1.4f, y - up * radius * 0.9f);
      gsk_path_builder_line_to (builder, x + radius * 1.4f, y - up * radius * 0.9f);
      gsk_path_builder_close (builder);
    }
  else
    gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT (x, y), radius);
  return gsk_path_builder_free_to_path (builder);
}

static void
draw_point (const Strip *strip,
            GtkSnapshot *snapshot,
            const CareTrendPoint *point,
            const GdkRGBA *color)
{
  const ResultsDrawing *self = strip->drawing;
  float x = x_of (self, point->time_us), y = y_of (strip, point->value);
  gboolean flagged = *point->flag && !g_str_equal (point->flag, "N");
  const GdkRGBA *ink = flagged ? &self->flag : color;

  if (x < self->left - RADIUS || x > self->right + RADIUS)
    return;
  g_autoptr (GskPath) path = shape_of (point, x, y, RADIUS);
  gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_WINDING,
                            point->converted ? &self->ground : ink);
  if (point->converted || point->not_final)
    {
      g_autoptr (GskPath) ring = shape_of (point, x, y, point->not_final ? RADIUS + 3 : RADIUS);
      g_autoptr (GskStroke) stroke = gsk_stroke_new (1.5f);
      gtk_snapshot_append_stroke (snapshot, ring, stroke, ink);
    }
}

/* Names stand above the lane, each with a piece of its line. */
static void
draw_head (const Strip *strip, GtkSnapshot *snapshot, guint first)
{
  const ResultsDrawing *self = strip->drawing;
  float x = self->left, y = strip->top - LANE_HEAD / 2 - 2;

  for (guint i = 0; i < strip->lane->series->len; i++)
    {
      const ResultsSeries *series = strip->lane->series->pdata[i];
      GdkRGBA color = color_of (self, first + i);

      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, y - 1.5f, 14, 3));
      x += 20;
      x += draw_text (self, snapshot, &self->text, series->name, x, y, 0) + 16;
    }
  if (*strip->lane->unit)
    draw_text (self, snapshot, &self->dim, strip->lane->unit, x, y, 0);
}

static void
draw_lane (const Strip *strip, GtkSnapshot *snapshot, guint first)
{
  const ResultsDrawing *self = strip->drawing;
  graphene_rect_t clip = GRAPHENE_RECT_INIT (self->left - RADIUS * 2, strip->top - RADIUS * 2,
                                             self->right - self->left + RADIUS * 4,
                                             strip->bottom - strip->top + RADIUS * 4);

  draw_grid (strip, snapshot);
  draw_head (strip, snapshot, first);
  gtk_snapshot_push_clip (snapshot, &clip);
  for (guint i = 0; i < strip->lane->series->len; i++)
    {
      const ResultsSeries *series = strip->lane->series->pdata[i];
      GdkRGBA color = color_of (self, first + i);

      for (guint j = 0; j < series->points->len; j++)
        draw_band (strip, snapshot, series->points, j);
      draw_line (strip, snapshot, series->points, &color, i);
      for (guint j = 0; j < series->points->len; j++)
        if (g_array_index (series->points, CareTrendPoint, j).comparable)
          draw_point (strip, snapshot, &g_array_index (series->points, CareTrendPoint, j), &color);
    }
  gtk_snapshot_pop (snapshot);
}

/* ---- below ---- */

static void
draw_dates (const ResultsDrawing *self, GtkSnapshot *snapshot)
{
  int n = self->right - self->left > 420 ? 3 : 2;

  for (int i = 0; i < n; i++)
    {
      float part = (float) i / (float) (n - 1);
      gint64 time =
          self->plot->start + (gint64) (part * (double) (self->plot->end - self->plot->start));
      g_autofree char *date = workspace_trend_dup_date (time, self->plot->zone);
      float x = self->left + part * (self->right - self->left);

      gtk_snapshot_append_color (snapshot, &self->grid, &GRAPHENE_RECT_INIT (x, self->foot, 1, 5));
      draw_text (self, snapshot, &self->dim, date, x, self->foot + DATE_HEIGHT / 2 + 1, part);
    }
}

/* From its first day to its last; where the last is not known the bar fades out. */
static void
draw_bar (const ResultsDrawing *self, GtkSnapshot *snapshot, const CareMedicineSpan *span, float y)
{
  float left = MAX (x_of (self, span->start_us), self->left);
  float right = span->active ? self->right : MIN (x_of (self, span->end_us), self->right);
  GdkRGBA color = self->text, clear = self->text;

  color.alpha *= 0.16f;
  clear.alpha = 0;
  if (span->ends_open)
    right = MIN (left + 90, self->right);
  right = MAX (right, left + 3);
  if (span->ends_open)
    gtk_snapshot_append_linear_gradient (snapshot,
                                         &GRAPHENE_RECT_INIT (left, y, right - left,
                                                              BAR_HEIGHT - 4),
                                         &GRAPHENE_POINT_INIT (left, y),
                                         &GRAPHENE_POINT_INIT (right, y),
                                         (GskColorStop[]) { { 0, color }, { 1, clear } }, 2);
  else
    gtk_snapshot_append_color (snapshot, &color,
                               &GRAPHENE_RECT_INIT (left, y, right - left, BAR_HEIGHT - 4));
  /* the name stands on its bar, or left of it where it would leave the picture */
  float width = 0;
  g_autoptr (PangoLayout) layout = layout_of (self, span->name, &width);
  float x = MAX (MIN (left + 6, self->right - width - 2), self->left + 2);
  draw_text (self, snapshot, &self->text, span->name, x, y + (BAR_HEIGHT - 4) / 2, 0);
}

static void
draw_medicines (const ResultsDrawing *self, GtkSnapshot *snapshot)
{
  guint more = 0;
  g_autoptr (GPtrArray) medicines = results_plot_dup_medicines (self->plot, &more);
  float y = self->foot + DATE_HEIGHT + 4;

  for (guint i = 0; i < medicines->len; i++, y += BAR_HEIGHT)
    draw_bar (self, snapshot, medicines->pdata[i], y);
  if (medicines->len == 0)
    draw_text (self, snapshot, &self->dim, _ ("No medicines with dates in this time"), self->left,
               y + BAR_HEIGHT / 2 - 2, 0);
  else if (more > 0)
    {
      g_autofree char *text =
          g_strdup_printf (ngettext ("and %u more medicine", "and %u more medicines", more), more);
      draw_text (self, snapshot, &self->dim, text, self->left, y + BAR_HEIGHT / 2 - 2, 0);
    }
}

/* ---- whole ---- */

/* How much height is below the lanes: room for dates, and for as many bars as the whole time has.
 */
int
results_drawing_get_foot (const ResultsPlot *plot, gboolean medicines)
{
  guint n = plot && medicines ? care_results_get_medicines (plot->results)->len : 0;

  if (!medicines)
    return (int) DATE_HEIGHT;
  return (int) (DATE_HEIGHT + 8 + BAR_HEIGHT * (float) MAX (1, MIN (n, RESULTS_MAX_MEDICINE + 1)));
}

static void
measure_colors (ResultsDrawing *self)
{
  gtk_widget_get_color (self->widget, &self->text);
  self->dark = self->text.red > 0.6f;
  self->dim = self->grid = self->text;
  self->dim.alpha *= 0.72f;
  self->grid.alpha *= 0.14f;
  gdk_rgba_parse (&self->band, self->dark ? "rgba(87,227,137,0.13)" : "rgba(46,194,126,0.15)");
  gdk_rgba_parse (&self->flag, self->dark ? "rgb(255,163,72)" : "rgb(198,70,0)");
  gdk_rgba_parse (&self->ground, self->dark ? "rgb(36,36,40)" : "rgb(255,255,255)");
}

static float
widest_label (const ResultsDrawing *self)
{
  float widest = 20;

  for (guint i = 0; i < self->plot->lanes->len; i++)
    {
      const WorkspaceTrendScale *scale = &((ResultsLane *) self->plot->lanes->pdata[i])->scale;
      const double values[] = { scale->low, scale->high, scale->low + scale->step };

      for (gsize j = 0; j < G_N_ELEMENTS (values); j++)
        {
          g_autofree char *text = workspace_trend_dup_number (values[j]);
          float width = 0;
          g_autoptr (PangoLayout) layout = layout_of (self, text, &width);
          widest = MAX (widest, width);
        }
    }
  return widest;
}

void
results_drawing_measure (ResultsDrawing *self)
{
  float width = (float) gtk_widget_get_width (self->widget);
  float height = (float) gtk_widget_get_height (self->widget);

  measure_colors (self);
  self->left = widest_label (self) + EDGE * 2;
  self->right = MAX (width - EDGE * 2, self->left + 40);
  self->foot = height - (float) results_drawing_get_foot (self->plot, self->medicines);
  self->lane_height = self->foot / (float) self->plot->lanes->len;
}

static Strip
strip_of (const ResultsDrawing *self, guint lane)
{
  float top = (float) lane * self->lane_height;

  return (Strip) { self, self->plot->lanes->pdata[lane], top + LANE_HEAD,
                   top + self->lane_height - EDGE };
}

/* Where the middle of @point stands in its lane. After results_drawing_measure (). */
void
results_drawing_place (
    const ResultsDrawing *self, guint lane, const CareTrendPoint *point, float *x, float *y)
{
  Strip strip = strip_of (self, lane);

  *x = x_of (self, point->time_us);
  *y = y_of (&strip, point->value);
}

void
results_drawing_draw (ResultsDrawing *self, GtkSnapshot *snapshot)
{
  guint first = 0;

  for (guint i = 0; i < self->plot->lanes->len; i++)
    {
      Strip strip = strip_of (self, i);

      draw_lane (&strip, snapshot, first);
      first += strip.lane->series->len;
    }
  draw_dates (self, snapshot);
  if (self->medicines)
    draw_medicines (self, snapshot);
}
