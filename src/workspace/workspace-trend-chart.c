/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-trend-chart.h"

#include <math.h>

#include "workspace-line-layout.h"
#include "workspace-text.h"

/**
 * WorkspaceTrendChart:
 *
 * Readings over time. A line joins only readings of the same code and unit; each reading is judged
 * against the reference range it came with, and the band behind it is that range, so it may step;
 * where a reading came without one there is no band and no flag (H15). Flags have a shape besides
 * their colour. The picture is said in words as its accessible description. Compact: a sparkline
 * without letters.
 */

#define POINT_RADIUS   4.0f
#define COMPACT_RADIUS 2.5f
#define LINE_WIDTH     1.5f
/* A point's triangle, in radii: peak and foot from the reading, half of the base. */
#define TRIANGLE_PEAK 1.5f
#define TRIANGLE_FOOT 0.8f
#define TRIANGLE_BASE 1.3f

struct _WorkspaceTrendChart
{
  GtkWidget parent_instance;

  GArray *points;
  GTimeZone *zone;
  gboolean compact;
};

typedef enum
{
  PROP_COMPACT = 1,
} WorkspaceTrendChartProperty;

static GParamSpec *properties[PROP_COMPACT + 1];

G_DEFINE_FINAL_TYPE (WorkspaceTrendChart, workspace_trend_chart, GTK_TYPE_WIDGET)

/* What one drawing needs to know. */
typedef struct
{
  WorkspaceTrendScale scale;
  graphene_rect_t area;
  GdkRGBA text, dim, grid, band, line, flag;
} Drawing;

static float
x_of (const Drawing *drawing, gint64 time)
{
  double part =
      (double) (time - drawing->scale.start) / (double) (drawing->scale.end - drawing->scale.start);

  return drawing->area.origin.x + (float) (part * drawing->area.size.width);
}

static float
y_of (const Drawing *drawing, double value)
{
  double part = (value - drawing->scale.low) / (drawing->scale.high - drawing->scale.low);

  return drawing->area.origin.y + (float) ((1 - part) * drawing->area.size.height);
}

static void
with_alpha (GdkRGBA *color, float alpha)
{
  color->alpha *= alpha;
}

static void
get_colors (WorkspaceTrendChart *self, Drawing *drawing)
{
  gtk_widget_get_color (GTK_WIDGET (self), &drawing->text);
  drawing->dim = drawing->grid = drawing->text;
  with_alpha (&drawing->dim, 0.7f);
  with_alpha (&drawing->grid, 0.15f);
  drawing->line = drawing->text;
  with_alpha (&drawing->line, 0.75f);
  /* Green says "in range" and amber "out of it"; the shape of the point says it too. */
  gdk_rgba_parse (&drawing->band, "rgba(46,194,126,0.16)");
  gdk_rgba_parse (&drawing->flag, "rgb(198,70,0)");
  if (drawing->text.red > 0.6f)
    gdk_rgba_parse (&drawing->flag, "rgb(255,163,72)");
}

static const CareTrendPoint *
neighbour (const GArray *points, guint index, int direction)
{
  for (gint i = (gint) index + direction; i >= 0 && i < (gint) points->len; i += direction)
    {
      const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i);
      if (point->comparable)
        return point;
    }
  return NULL;
}

static gboolean
same_range (const CareTrendPoint *a, const CareTrendPoint *b)
{
  return a->has_range == b->has_range && (a->low == b->low || (isnan (a->low) && isnan (b->low))) &&
         (a->high == b->high || (isnan (a->high) && isnan (b->high)));
}

/* From @first to @last, which have one range: one rectangle, with no seam between readings. */
static void
draw_band (
    GtkSnapshot *snapshot, const Drawing *drawing, const GArray *points, guint first, guint last)
{
  const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, first);
  const CareTrendPoint *end = &g_array_index (points, CareTrendPoint, last);
  const CareTrendPoint *before = neighbour (points, first, -1);
  const CareTrendPoint *after = neighbour (points, last, 1);
  float left = drawing->area.origin.x, right = left + drawing->area.size.width;
  float top = drawing->area.origin.y, bottom = top + drawing->area.size.height;

  if (!point->has_range)
    return;
  if (before)
    left = (x_of (drawing, before->time_us) + x_of (drawing, point->time_us)) / 2;
  if (after)
    right = (x_of (drawing, after->time_us) + x_of (drawing, end->time_us)) / 2;
  if (!isnan (point->high))
    top = y_of (drawing, point->high);
  if (!isnan (point->low))
    bottom = y_of (drawing, point->low);
  gtk_snapshot_append_color (snapshot, &drawing->band,
                             &GRAPHENE_RECT_INIT (left, top, right - left, bottom - top));
}

/* The range of a reading holds from half-way to the one before to half-way to the one after. */
static void
draw_bands (GtkSnapshot *snapshot, const Drawing *drawing, const GArray *points)
{
  int first = -1, last = -1;

  for (guint i = 0; i < points->len; i++)
    {
      const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i);

      if (!point->comparable)
        continue;
      if (first >= 0 && !same_range (&g_array_index (points, CareTrendPoint, first), point))
        {
          draw_band (snapshot, drawing, points, (guint) first, (guint) last);
          first = -1;
        }
      first = first < 0 ? (int) i : first;
      last = (int) i;
    }
  if (first >= 0)
    draw_band (snapshot, drawing, points, (guint) first, (guint) last);
}

/* A sparkline is drawn of rectangles only: on a computer that draws without a graphics card each
 * kind of shape costs the first frame of a window a shader, and these are used anyway. */
static void
draw_segment (GtkSnapshot *snapshot,
              const GdkRGBA *color,
              const graphene_point_t *from,
              const graphene_point_t *to,
              float width)
{
  float x = to->x - from->x, y = to->y - from->y;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, from);
  gtk_snapshot_rotate (snapshot, (float) (atan2 (y, x) * 180 / G_PI));
  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT (0, -width / 2, hypotf (x, y), width));
  gtk_snapshot_restore (snapshot);
}

static void
draw_compact_line (GtkSnapshot *snapshot, const Drawing *drawing, const GArray *points)
{
  const CareTrendPoint *last = NULL;

  for (guint i = 0; i < points->len; i++)
    {
      const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i);

      if (last && workspace_trend_joins (last, point))
        draw_segment (snapshot, &drawing->line,
                      &GRAPHENE_POINT_INIT (x_of (drawing, last->time_us),
                                            y_of (drawing, last->value)),
                      &GRAPHENE_POINT_INIT (x_of (drawing, point->time_us),
                                            y_of (drawing, point->value)),
                      LINE_WIDTH);
      last = point;
    }
}

static void
draw_line (GtkSnapshot *snapshot, const Drawing *drawing, const GArray *points)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  const CareTrendPoint *last = NULL;

  for (guint i = 0; i < points->len; i++)
    {
      const CareTrendPoint *point = &g_array_index (points, CareTrendPoint, i);
      if (last && workspace_trend_joins (last, point))
        gsk_path_builder_line_to (builder, x_of (drawing, point->time_us),
                                  y_of (drawing, point->value));
      else if (point->comparable)
        gsk_path_builder_move_to (builder, x_of (drawing, point->time_us),
                                  y_of (drawing, point->value));
      last = point;
    }
  g_autoptr (GskPath) path = gsk_path_builder_free_to_path (g_steal_pointer (&builder));
  g_autoptr (GskStroke) stroke = gsk_stroke_new (LINE_WIDTH);
  gtk_snapshot_append_stroke (snapshot, path, stroke, &drawing->line);
}

static gboolean
is_flagged (const CareTrendPoint *point)
{
  return *point->flag && !g_str_equal (point->flag, "N");
}

static gboolean
is_triangle (const CareTrendPoint *point)
{
  return point->flag[0] == 'H' || point->flag[0] == 'L';
}

/* In slices a pixel high, each wider than the one nearer to the peak. */
static void
draw_compact_triangle (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float up)
{
  float half = COMPACT_RADIUS * TRIANGLE_BASE;
  int slices = (int) roundf (COMPACT_RADIUS * (TRIANGLE_PEAK + TRIANGLE_FOOT));
  float peak = roundf (y + up * COMPACT_RADIUS * TRIANGLE_PEAK);

  for (int i = 0; i < slices; i++)
    {
      float part = half * ((float) i + 0.5f) / (float) slices;
      float top = up < 0 ? peak + (float) i : peak - (float) i - 1;

      gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x - part, top, 2 * part, 1));
    }
}

/* As draw_point (), of rectangles. */
static void
draw_compact_point (GtkSnapshot *snapshot, const Drawing *drawing, const CareTrendPoint *point)
{
  const GdkRGBA *color = is_flagged (point) ? &drawing->flag : &drawing->text;
  float x = x_of (drawing, point->time_us), y = y_of (drawing, point->value);
  GskRoundedRect dot;

  if (is_triangle (point))
    {
      draw_compact_triangle (snapshot, color, x, y, point->flag[0] == 'H' ? -1 : 1);
      return;
    }
  gsk_rounded_rect_init_from_rect (&dot,
                                   &GRAPHENE_RECT_INIT (x - COMPACT_RADIUS, y - COMPACT_RADIUS,
                                                        2 * COMPACT_RADIUS, 2 * COMPACT_RADIUS),
                                   COMPACT_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &dot);
  gtk_snapshot_append_color (snapshot, color, &dot.bounds);
  gtk_snapshot_pop (snapshot);
}

/* High points up, low points down, everything else is round. */
static void
draw_point (GtkSnapshot *snapshot, const Drawing *drawing, const CareTrendPoint *point)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  float x = x_of (drawing, point->time_us), y = y_of (drawing, point->value);
  float half = POINT_RADIUS * TRIANGLE_BASE;
  float up = point->flag[0] == 'H' ? -POINT_RADIUS : POINT_RADIUS;

  if (is_triangle (point))
    {
      gsk_path_builder_move_to (builder, x, y + up * TRIANGLE_PEAK);
      gsk_path_builder_line_to (builder, x - half, y - up * TRIANGLE_FOOT);
      gsk_path_builder_line_to (builder, x + half, y - up * TRIANGLE_FOOT);
      gsk_path_builder_close (builder);
    }
  else
    gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT (x, y), POINT_RADIUS);
  g_autoptr (GskPath) path = gsk_path_builder_free_to_path (g_steal_pointer (&builder));
  gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_WINDING,
                            is_flagged (point) ? &drawing->flag : &drawing->text);
}

static void
draw_text (WorkspaceTrendChart *self,
           GtkSnapshot *snapshot,
           const GdkRGBA *color,
           const char *text,
           float x,
           float y,
           float align)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);

  workspace_text_draw (snapshot, layout, color, x, y, align);
}

static void
draw_grid (WorkspaceTrendChart *self, GtkSnapshot *snapshot, const Drawing *drawing)
{
  const WorkspaceTrendScale *scale = &drawing->scale;
  float left = drawing->area.origin.x, right = left + drawing->area.size.width;
  float bottom = drawing->area.origin.y + drawing->area.size.height;
  g_autofree char *from = workspace_trend_dup_date (scale->start, self->zone);
  g_autofree char *to = workspace_trend_dup_date (scale->end, self->zone);
  int lines = (int) round ((scale->high - scale->low) / scale->step);

  for (int i = 0; i <= lines; i++)
    {
      double value = scale->low + i * scale->step;
      g_autofree char *text =
          workspace_trend_dup_number (fabs (value) < scale->step / 1000 ? 0 : value);
      float y = y_of (drawing, value);
      gtk_snapshot_append_color (snapshot, &drawing->grid,
                                 &GRAPHENE_RECT_INIT (left, y, right - left, 1));
      draw_text (self, snapshot, &drawing->dim, text, left - 8, y, 1);
    }
  draw_text (self, snapshot, &drawing->dim, from, left, bottom + 14, 0);
  if (scale->drawn > 1)
    draw_text (self, snapshot, &drawing->dim, to, right, bottom + 14, 1);
}

static float
widest_label (WorkspaceTrendChart *self, const WorkspaceTrendScale *scale)
{
  float widest = 0;

  for (double value = scale->low; value <= scale->high + scale->step / 2; value += scale->step)
    {
      g_autofree char *text = workspace_trend_dup_number (value);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
      int width = 0;
      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, (float) width);
    }
  return widest;
}

static void
workspace_trend_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WorkspaceTrendChart *self = WORKSPACE_TREND_CHART (widget);
  float width = (float) gtk_widget_get_width (widget),
        height = (float) gtk_widget_get_height (widget);
  Drawing drawing;

  if (!workspace_trend_scale (self->points, &drawing.scale))
    return;
  get_colors (self, &drawing);
  if (self->compact)
    drawing.area = GRAPHENE_RECT_INIT (5, 5, width - 10, height - 10);
  else
    {
      float left = widest_label (self, &drawing.scale) + 12;
      drawing.area = GRAPHENE_RECT_INIT (left, 12, width - left - 10, height - 40);
    }
  draw_bands (snapshot, &drawing, self->points);
  if (!self->compact)
    draw_grid (self, snapshot, &drawing);
  if (self->compact)
    draw_compact_line (snapshot, &drawing, self->points);
  else
    draw_line (snapshot, &drawing, self->points);
  for (guint i = 0; i < self->points->len; i++)
    {
      const CareTrendPoint *point = &g_array_index (self->points, CareTrendPoint, i);
      gboolean is_last = neighbour (self->points, i, 1) == NULL;
      if (point->comparable && !self->compact)
        draw_point (snapshot, &drawing, point);
      else if (point->comparable && is_last)
        draw_compact_point (snapshot, &drawing, point);
    }
}

static void
workspace_trend_chart_measure (GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  WorkspaceTrendChart *self = WORKSPACE_TREND_CHART (widget);
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  if (self->compact)
    *minimum = *natural = horizontal ? 60 : 28;
  else
    {
      *minimum = horizontal ? 200 : 150;
      *natural = horizontal ? 480 : 190;
    }
}

static void
workspace_trend_chart_finalize (GObject *object)
{
  WorkspaceTrendChart *self = WORKSPACE_TREND_CHART (object);

  g_clear_pointer (&self->points, g_array_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (workspace_trend_chart_parent_class)->finalize (object);
}

static void
workspace_trend_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((WorkspaceTrendChartProperty) id)
    {
    case PROP_COMPACT:
      g_value_set_boolean (value, WORKSPACE_TREND_CHART (object)->compact);
      break;
    }
}

static void
workspace_trend_chart_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  switch ((WorkspaceTrendChartProperty) id)
    {
    case PROP_COMPACT:
      workspace_trend_chart_set_compact (WORKSPACE_TREND_CHART (object),
                                         g_value_get_boolean (value));
      break;
    }
}

static void
workspace_trend_chart_class_init (WorkspaceTrendChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = workspace_trend_chart_finalize;
  object_class->get_property = workspace_trend_chart_get_property;
  object_class->set_property = workspace_trend_chart_set_property;
  widget_class->snapshot = workspace_trend_chart_snapshot;
  widget_class->measure = workspace_trend_chart_measure;

  properties[PROP_COMPACT] =
      g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_css_name (widget_class, "trend");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
workspace_trend_chart_init (WorkspaceTrendChart *self)
{
  self->zone = g_time_zone_new_utc ();
}

GtkWidget *
workspace_trend_chart_new (void)
{
  return g_object_new (WORKSPACE_TYPE_TREND_CHART, NULL);
}

/* @points: (nullable): CareTrendPoint, oldest first; @title names what is measured. */
void
workspace_trend_chart_set_points (WorkspaceTrendChart *self,
                                  GArray *points,
                                  const char *title,
                                  GTimeZone *zone)
{
  g_return_if_fail (WORKSPACE_IS_TREND_CHART (self));

  g_time_zone_ref (zone);
  g_time_zone_unref (self->zone);
  self->zone = zone;
  if (points)
    g_array_ref (points);
  g_clear_pointer (&self->points, g_array_unref);
  self->points = points;

  g_autofree char *words = workspace_trend_describe (points, zone);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title ? title : "", GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
workspace_trend_chart_set_compact (WorkspaceTrendChart *self, gboolean compact)
{
  g_return_if_fail (WORKSPACE_IS_TREND_CHART (self));

  if (self->compact == compact)
    return;
  self->compact = compact;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}

/**
 * workspace_trend_chart_show_in:
 * @chart: (inout): of a line; made when it first has something to draw
 * @after: the child of the line that it stands behind
 * @points: (nullable): CareTrendPoint; a line needs two of the same unit to show anything
 *
 * The small picture of a clinical line, which gives way where there is little room.
 */
void
workspace_trend_chart_show_in (WorkspaceTrendChart **chart,
                               GtkWidget *after,
                               GArray *points,
                               const char *name,
                               GTimeZone *zone)
{
  g_return_if_fail (GTK_IS_WIDGET (after));

  WorkspaceTrendScale scale;
  gboolean drawn = points && workspace_trend_scale (points, &scale) && scale.drawn > 1;

  if (drawn && !*chart)
    {
      *chart = WORKSPACE_TREND_CHART (workspace_trend_chart_new ());
      workspace_trend_chart_set_compact (*chart, TRUE);
      gtk_widget_set_valign (GTK_WIDGET (*chart), GTK_ALIGN_CENTER);
      workspace_line_layout_spare (GTK_WIDGET (*chart));
      gtk_widget_insert_after (GTK_WIDGET (*chart), gtk_widget_get_parent (after), after);
    }
  if (*chart)
    gtk_widget_set_visible (GTK_WIDGET (*chart), drawn);
  if (drawn)
    workspace_trend_chart_set_points (*chart, points, name, zone);
}
