/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-band.h"

#include <math.h>

/**
 * ResultsBand:
 *
 * Where one value lies beside the range it came with: a rail, the range on it, and the value as a
 * point, or as an arrow where it lies beyond the rail. Without a range there is nothing to see
 * (hazard H15). Its line says the same in words, so it is silent itself.
 */

#define RAIL_HEIGHT 6.0f
#define RADIUS      5.0f

struct _ResultsBand
{
  GtkWidget parent_instance;

  double value, low, high; /* NAN: none */
  gboolean flagged;
};

G_DEFINE_FINAL_TYPE (ResultsBand, results_band, GTK_TYPE_WIDGET)

static double
number_of (const char *literal)
{
  char *end = NULL;
  double number = literal ? g_ascii_strtod (literal, &end) : NAN;

  return literal && end != literal && *end == '\0' && isfinite (number) ? number : NAN;
}

/* The rail reaches half a range beyond each end; where one end is open, it reaches to zero or to
 * twice the other. */
static void
get_rail (ResultsBand *self, double *from, double *to)
{
  double low = self->low, high = self->high;

  if (isnan (low))
    low = high > 0 ? 0 : high - fabs (high) - 1;
  if (isnan (high))
    high = low > 0 ? low * 2 : low + fabs (low) + 1;
  double half = (high - low) / 2;
  *from = isnan (self->low) ? low : low - half;
  *to = isnan (self->high) ? high : high + half;
}

static void
draw_value (ResultsBand *self, GtkSnapshot *snapshot, float part, float width, float middle)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
  GdkRGBA color;
  float x = RADIUS + CLAMP (part, 0, 1) * (width - 2 * RADIUS);

  gtk_widget_get_color (GTK_WIDGET (self), &color);
  if (self->flagged)
    gdk_rgba_parse (&color, color.red > 0.6f ? "rgb(255,163,72)" : "rgb(198,70,0)");
  if (part < 0 || part > 1)
    {
      float way = part < 0 ? -RADIUS : RADIUS;

      gsk_path_builder_move_to (builder, x + way, middle);
      gsk_path_builder_line_to (builder, x - way, middle - RADIUS);
      gsk_path_builder_line_to (builder, x - way, middle + RADIUS);
      gsk_path_builder_close (builder);
    }
  else
    gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT (x, middle), RADIUS);
  g_autoptr (GskPath) path = gsk_path_builder_free_to_path (g_steal_pointer (&builder));
  gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_WINDING, &color);
}

static void
draw_rail (GtkSnapshot *snapshot, const GdkRGBA *color, float left, float right, float middle)
{
  GskRoundedRect rail;

  gsk_rounded_rect_init_from_rect (&rail,
                                   &GRAPHENE_RECT_INIT (left, middle - RAIL_HEIGHT / 2,
                                                        MAX (right - left, 1), RAIL_HEIGHT),
                                   RAIL_HEIGHT / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &rail);
  gtk_snapshot_append_color (snapshot, color, &rail.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
results_band_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ResultsBand *self = RESULTS_BAND (widget);
  float width = (float) gtk_widget_get_width (widget);
  float middle = (float) gtk_widget_get_height (widget) / 2;
  double from, to, low, high;
  GdkRGBA rail, band;

  if (isnan (self->value) || (isnan (self->low) && isnan (self->high)))
    return;
  get_rail (self, &from, &to);
  if (!(to > from))
    return;
  low = isnan (self->low) ? 0 : (self->low - from) / (to - from);
  high = isnan (self->high) ? 1 : (self->high - from) / (to - from);
  gtk_widget_get_color (widget, &rail);
  rail.alpha *= 0.14f;
  gdk_rgba_parse (&band, "rgba(46,194,126,0.55)");
  draw_rail (snapshot, &rail, 0, width, middle);
  draw_rail (snapshot, &band, (float) low * width, (float) high * width, middle);
  draw_value (self, snapshot, (float) ((self->value - from) / (to - from)), width, middle);
}

static void
results_band_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : 16;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 110 : 16;
}

static void
results_band_class_init (ResultsBandClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = results_band_snapshot;
  widget_class->measure = results_band_measure;
  gtk_widget_class_set_css_name (widget_class, "resultsband");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
results_band_init (ResultsBand *self)
{
  self->value = self->low = self->high = NAN;
}

GtkWidget *
results_band_new (void)
{
  return g_object_new (RESULTS_TYPE_BAND, NULL);
}

/* FALSE: it came without a range, or there is no number to place on it. */
gboolean
results_band_set_result (ResultsBand *self, const CareResult *result)
{
  g_return_val_if_fail (RESULTS_IS_BAND (self), FALSE);

  gboolean current = care_result_is_current (result);
  self->value = current ? care_result_get_number (result) : NAN;
  self->low = current ? number_of (result->low) : NAN;
  self->high = current ? number_of (result->high) : NAN;
  self->flagged = result->flag != NULL && !g_str_equal (result->flag, "N");
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return !isnan (self->value) && (!isnan (self->low) || !isnan (self->high));
}
