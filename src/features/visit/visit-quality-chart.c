/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-quality-chart.h"
#include "workspace-text.h"

#include <glib/gi18n.h>
#include <math.h>

/**
 * VisitQualityChart:
 *
 * To the patient a whole line, from the patient a dashed one: told apart by shape, not by colour
 * alone. Where nothing was known there is a gap. The picture is said in words as its accessible
 * description, which changes with the figures but is not announced.
 */

#define LINE_WIDTH 1.5f
#define GAP_US     (3 * G_USEC_PER_SEC) /* no line over a longer silence */
#define SPAN_US    ((gint64) MEDIA_HISTORY_SECONDS * G_USEC_PER_SEC)
#define LEFT       44
#define TOP        8
#define BOTTOM     20

struct _VisitQualityChart
{
  GtkWidget parent_instance;
  VisitFigure figure;
  MediaHistory *history;
};

typedef struct
{
  graphene_rect_t area;
  gint64 end_us;
  double most;
  GdkRGBA out, in, dim, grid;
} Drawing;

G_DEFINE_FINAL_TYPE (VisitQualityChart, visit_quality_chart, GTK_TYPE_WIDGET)

/* NAN: not known. */
static double
value_of (VisitFigure figure, const MediaQuality *quality, gboolean outgoing)
{
  const MediaWay *way = outgoing ? &quality->out : &quality->in;
  double value = -1;

  switch (figure)
    {
    case VISIT_FIGURE_LOSS:
      value = way->loss_percent;
      break;
    case VISIT_FIGURE_ROUND_TRIP:
      value = outgoing ? quality->round_trip_ms : -1;
      break;
    case VISIT_FIGURE_RATE:
      value = way->kbps;
      break;
    case VISIT_FIGURE_RUNG:
      value = outgoing ? (int) quality->rung : (int) quality->their_rung;
      break;
    }
  return value >= 0 ? value : NAN;
}

static double
largest (VisitQualityChart *self, gboolean outgoing)
{
  double most = 0;
  guint length = self->history != NULL ? media_history_get_length (self->history) : 0;

  for (guint i = 0; i < length; i++)
    most = fmax (most,
                 value_of (self->figure, &media_history_get (self->history, i)->quality, outgoing));
  return most;
}

/* A round number at the top, so that the scale seldom moves. */
static double
scale_of (VisitQualityChart *self)
{
  static const double steps[] = { 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000 };
  double most = fmax (largest (self, TRUE), largest (self, FALSE));

  if (self->figure == VISIT_FIGURE_RUNG)
    return MEDIA_RUNG_HD;
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (most <= steps[i])
      return steps[i];
  return most;
}

static void
draw_way (VisitQualityChart *self, GtkSnapshot *snapshot, const Drawing *drawing, gboolean outgoing)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  g_autoptr (GskPath) path = NULL;
  g_autoptr (GskStroke) stroke = gsk_stroke_new (LINE_WIDTH);
  const graphene_rect_t *area = &drawing->area;
  guint length = media_history_get_length (self->history);
  gint64 last_us = G_MININT64 / 2;
  float last_y = 0;

  for (guint i = 0; i < length; i++)
    {
      const MediaMoment *moment = media_history_get (self->history, i);
      double value = value_of (self->figure, &moment->quality, outgoing);
      float x = area->origin.x +
                area->size.width *
                    (float) (1 - (double) (drawing->end_us - moment->time_us) / (double) SPAN_US);
      float y = area->origin.y + area->size.height * (float) (1 - value / drawing->most);

      if (isnan (value))
        continue;
      if (moment->time_us - last_us > GAP_US)
        gsk_path_builder_move_to (builder, x, y);
      else
        {
          if (self->figure == VISIT_FIGURE_RUNG) /* a step, not a slope */
            gsk_path_builder_line_to (builder, x, last_y);
          gsk_path_builder_line_to (builder, x, y);
        }
      last_us = moment->time_us;
      last_y = y;
    }
  path = gsk_path_builder_free_to_path (g_steal_pointer (&builder));
  gsk_stroke_set_line_join (stroke, GSK_LINE_JOIN_ROUND);
  if (!outgoing)
    gsk_stroke_set_dash (stroke, (const float[]) { 5, 3 }, 2);
  gtk_snapshot_append_stroke (snapshot, path, stroke, outgoing ? &drawing->out : &drawing->in);
}

static void
draw_text (VisitQualityChart *self,
           GtkSnapshot *snapshot,
           const GdkRGBA *color,
           const char *text,
           float x,
           float y,
           float align)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  workspace_text_draw (snapshot, layout, color, x, y, align);
}

static void
draw_scale (VisitQualityChart *self, GtkSnapshot *snapshot, const Drawing *drawing)
{
  const graphene_rect_t *area = &drawing->area;
  float bottom = area->origin.y + area->size.height;

  for (int i = 0; i <= 2; i++)
    {
      float y = bottom - area->size.height * (float) i / 2;
      g_autofree char *text = g_strdup_printf ("%.0f", drawing->most * i / 2);

      gtk_snapshot_append_color (snapshot, &drawing->grid,
                                 &GRAPHENE_RECT_INIT (area->origin.x, y, area->size.width, 1));
      if (self->figure != VISIT_FIGURE_RUNG)
        draw_text (self, snapshot, &drawing->dim, text, area->origin.x - 6, y, 1);
    }
  draw_text (self, snapshot, &drawing->dim, _ ("5 minutes ago"), area->origin.x, bottom + 12, 0);
  draw_text (self, snapshot, &drawing->dim, _ ("now"), area->origin.x + area->size.width,
             bottom + 12, 1);
}

static void
visit_quality_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  VisitQualityChart *self = VISIT_QUALITY_CHART (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  Drawing drawing = { .area =
                          GRAPHENE_RECT_INIT (LEFT, TOP, width - LEFT - 4, height - TOP - BOTTOM) };
  guint length = self->history != NULL ? media_history_get_length (self->history) : 0;

  if (width <= LEFT + 8 || height <= TOP + BOTTOM)
    return;
  gtk_widget_get_color (widget, &drawing.out);
  drawing.in = drawing.dim = drawing.grid = drawing.out;
  drawing.in.alpha *= 0.75f;
  drawing.dim.alpha *= 0.7f;
  drawing.grid.alpha *= 0.15f;
  drawing.most = scale_of (self);
  draw_scale (self, snapshot, &drawing);
  if (length == 0)
    return;
  drawing.end_us = media_history_get (self->history, length - 1)->time_us;
  draw_way (self, snapshot, &drawing, TRUE);
  draw_way (self, snapshot, &drawing, FALSE);
}

static void
visit_quality_chart_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 84;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 420 : 96;
}

static double
newest (VisitQualityChart *self, gboolean outgoing)
{
  guint length = self->history != NULL ? media_history_get_length (self->history) : 0;

  return length > 0 ? value_of (self->figure,
                                &media_history_get (self->history, length - 1)->quality, outgoing)
                    : NAN;
}

static char *
describe_loss (VisitQualityChart *self)
{
  return g_strdup_printf (_ ("Lost on the way now: %.1f %% to the patient, %.1f %% from the "
                             "patient; at most %.1f %% and %.1f %% in five minutes."),
                          fmax (newest (self, TRUE), 0), fmax (newest (self, FALSE), 0),
                          largest (self, TRUE), largest (self, FALSE));
}

/**
 * visit_quality_chart_dup_description:
 *
 * Returns: (transfer full): the picture in words
 */
char *
visit_quality_chart_dup_description (VisitQualityChart *self)
{
  double out = newest (self, TRUE), in = newest (self, FALSE);

  if (isnan (out) && isnan (in))
    return g_strdup (_ ("Not measured yet."));
  switch (self->figure)
    {
    case VISIT_FIGURE_LOSS:
      return describe_loss (self);
    case VISIT_FIGURE_ROUND_TRIP:
      return g_strdup_printf (_ ("There and back now: %.0f ms; at most %.0f ms in five minutes."),
                              fmax (out, 0), largest (self, TRUE));
    case VISIT_FIGURE_RATE:
      return g_strdup_printf (_ ("Carried now: %.0f kbit/s of pictures to the patient, %.0f kbit/s "
                                 "from the patient."),
                              fmax (out, 0), fmax (in, 0));
    case VISIT_FIGURE_RUNG:
    default:
      return NULL;
    }
}

static void
changed_cb (VisitQualityChart *self)
{
  g_autofree char *text = visit_quality_chart_dup_description (self);

  if (text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
visit_quality_chart_dispose (GObject *object)
{
  g_clear_object (&VISIT_QUALITY_CHART (object)->history);
  G_OBJECT_CLASS (visit_quality_chart_parent_class)->dispose (object);
}

static void
visit_quality_chart_class_init (VisitQualityChartClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visit_quality_chart_dispose;
  widget_class->snapshot = visit_quality_chart_snapshot;
  widget_class->measure = visit_quality_chart_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
visit_quality_chart_init (VisitQualityChart *self)
{
}

void
visit_quality_chart_set_figure (VisitQualityChart *self, VisitFigure figure)
{
  self->figure = figure;
  changed_cb (self);
}

/**
 * visit_quality_chart_set_history:
 * @history: (nullable): drawn anew as it changes
 */
void
visit_quality_chart_set_history (VisitQualityChart *self, MediaHistory *history)
{
  if (self->history != NULL)
    g_signal_handlers_disconnect_by_data (self->history, self);
  g_set_object (&self->history, history);
  if (history != NULL)
    g_signal_connect_object (history, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
}
