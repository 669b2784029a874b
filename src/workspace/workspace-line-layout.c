/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-line-layout.h"

/**
 * WorkspaceLineLayout:
 *
 * Children side by side, or below each other where the orientation says so: as GtkBoxLayout, but a
 * width never follows from a height. A box asks its children how wide they are at the height that
 * it was given, which a label that wraps finds by laying out its text a dozen times; a chart of
 * thirty lines spent a third of the time to its first picture there. Here text flows into the width
 * that is left, and then says how high it is.
 */

struct _WorkspaceLineLayout
{
  GtkLayoutManager parent_instance;

  int spacing;
  gboolean homogeneous;
  gboolean stacks;
  GtkOrientation orientation;
};

typedef enum
{
  PROP_SPACING = 1,
  PROP_HOMOGENEOUS,
  PROP_STACKS,
  PROP_ORIENTATION,
} WorkspaceLineLayoutProperty;

static GParamSpec *properties[PROP_STACKS + 1];

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkspaceLineLayout,
                               workspace_line_layout,
                               GTK_TYPE_LAYOUT_MANAGER,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_ORIENTABLE, NULL))

typedef struct
{
  GtkWidget *widget;
  int minimum, natural; /* width without regard to height */
  int width;            /* what it gets */
  gboolean spare;
} Part;

static GQuark
spare_quark (void)
{
  return g_quark_from_static_string ("workspace-line-layout-spare");
}

static GArray *
list_parts (GtkWidget *widget)
{
  GArray *parts = g_array_new (FALSE, TRUE, sizeof (Part));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      Part part = { .widget = child,
                    .spare = g_object_get_qdata (G_OBJECT (child), spare_quark ()) != NULL };

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &part.minimum, &part.natural, NULL,
                          NULL);
      g_array_append_val (parts, part);
    }
  return parts;
}

static int
sum_spacing (WorkspaceLineLayout *self, GArray *parts)
{
  return parts->len > 0 ? (int) (parts->len - 1) * self->spacing : 0;
}

static void
share_equally (GArray *parts, int width)
{
  for (guint i = 0; i < parts->len; i++)
    {
      Part *part = &g_array_index (parts, Part, i);
      int rest = (int) (parts->len - i);

      part->width = width / rest;
      width -= part->width;
    }
}

/* Each gets its least, then what it would like as far as there is room; who expands shares the
 * rest. */
static void
share (GArray *parts, int width)
{
  g_autofree GtkRequestedSize *sizes = g_new0 (GtkRequestedSize, parts->len);
  guint n_expand = 0;

  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);

      sizes[i] = (GtkRequestedSize) { GUINT_TO_POINTER (i), part->minimum, part->natural };
      width -= part->minimum;
      n_expand += gtk_widget_compute_expand (part->widget, GTK_ORIENTATION_HORIZONTAL);
    }
  width = gtk_distribute_natural_allocation (MAX (width, 0), parts->len, sizes);
  for (guint i = 0; i < parts->len; i++)
    {
      Part *part = &g_array_index (parts, Part, i);

      part->width = sizes[i].minimum_size;
      if (n_expand == 0 || !gtk_widget_compute_expand (part->widget, GTK_ORIENTATION_HORIZONTAL))
        continue;
      part->width += width / (int) n_expand;
      width -= width / (int) n_expand;
      n_expand--;
    }
}

static int
sum_minimum (WorkspaceLineLayout *self, GArray *parts)
{
  int least = sum_spacing (self, parts);

  for (guint i = 0; i < parts->len; i++)
    least += g_array_index (parts, Part, i).minimum;
  return least;
}

/* Whether the parts stand below each other in @width. */
static gboolean
is_column (WorkspaceLineLayout *self, GArray *parts, int width)
{
  return self->orientation == GTK_ORIENTATION_VERTICAL ||
         (self->stacks && sum_minimum (self, parts) > width);
}

/* @width: all of it. Sets the width of each part. */
static void
give_widths (WorkspaceLineLayout *self, GArray *parts, int width)
{
  if (is_column (self, parts, width))
    for (guint i = 0; i < parts->len; i++)
      g_array_index (parts, Part, i).width = width;
  else if (self->homogeneous)
    share_equally (parts, MAX (width - sum_spacing (self, parts), 0));
  else
    share (parts, MAX (width - sum_spacing (self, parts), 0));
}

/* Leaves out what can be spared where there is no room for all. */
static void
spare (WorkspaceLineLayout *self, GArray *parts, int width)
{
  int least = sum_minimum (self, parts);

  if (self->orientation == GTK_ORIENTATION_VERTICAL || self->homogeneous)
    return;
  for (guint i = parts->len; i > 0 && least > width; i--)
    if (g_array_index (parts, Part, i - 1).spare)
      {
        least -= g_array_index (parts, Part, i - 1).minimum + self->spacing;
        g_array_remove_index (parts, i - 1);
      }
}

static void
measure_width (WorkspaceLineLayout *self, GArray *parts, int *minimum, int *natural)
{
  int widest_minimum = 0, widest_natural = 0, spared = 0;
  gboolean same = self->homogeneous || self->orientation == GTK_ORIENTATION_VERTICAL;
  int times = self->orientation == GTK_ORIENTATION_VERTICAL ? 1 : (int) parts->len;

  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);

      widest_minimum = MAX (widest_minimum, part->minimum);
      widest_natural = MAX (widest_natural, part->natural);
      *minimum += part->minimum;
      *natural += part->natural;
      spared += part->spare ? part->minimum + self->spacing : 0;
    }
  *minimum -= spared;
  if (same)
    {
      *minimum = widest_minimum * times;
      *natural = widest_natural * times;
    }
  if (times > 1)
    {
      *minimum += sum_spacing (self, parts);
      *natural += sum_spacing (self, parts);
    }
  if (self->stacks)
    *minimum = widest_minimum;
}

static void
measure_height (WorkspaceLineLayout *self, GArray *parts, int width, int *minimum, int *natural)
{
  gboolean column;

  if (width < 0)
    {
      int least = 0;

      width = 0;
      measure_width (self, parts, &least, &width);
    }
  spare (self, parts, width);
  give_widths (self, parts, width);
  column = is_column (self, parts, width);
  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);
      int least, liked;

      gtk_widget_measure (part->widget, GTK_ORIENTATION_VERTICAL, MAX (part->width, part->minimum),
                          &least, &liked, NULL, NULL);
      if (column)
        {
          *minimum += least + (i > 0 ? self->spacing : 0);
          *natural += liked + (i > 0 ? self->spacing : 0);
          continue;
        }
      *minimum = MAX (*minimum, least);
      *natural = MAX (*natural, liked);
    }
}

static void
workspace_line_layout_measure (GtkLayoutManager *manager,
                               GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  WorkspaceLineLayout *self = WORKSPACE_LINE_LAYOUT (manager);
  g_autoptr (GArray) parts = list_parts (widget);

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, parts, minimum, natural);
  else
    measure_height (self, parts, for_size, minimum, natural);
}

static void
workspace_line_layout_allocate (
    GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  WorkspaceLineLayout *self = WORKSPACE_LINE_LAYOUT (manager);
  g_autoptr (GArray) parts = list_parts (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL, column;
  int x = 0, y = 0;

  for (guint i = 0; i < parts->len; i++)
    if (g_array_index (parts, Part, i).spare)
      gtk_widget_set_child_visible (g_array_index (parts, Part, i).widget, FALSE);
  spare (self, parts, width);
  give_widths (self, parts, width);
  column = is_column (self, parts, width);
  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);
      GtkAllocation place = { mirrored ? width - x - part->width : x, y, part->width, height };

      if (column)
        {
          gtk_widget_measure (part->widget, GTK_ORIENTATION_VERTICAL, part->width, NULL,
                              &place.height, NULL, NULL);
          place.x = 0;
          y += place.height + self->spacing;
        }
      if (part->spare)
        gtk_widget_set_child_visible (part->widget, TRUE);
      gtk_widget_size_allocate (part->widget, &place, -1);
      x += part->width + self->spacing;
    }
}

static GtkSizeRequestMode
workspace_line_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
workspace_line_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  const WorkspaceLineLayout *self = WORKSPACE_LINE_LAYOUT (object);

  switch ((WorkspaceLineLayoutProperty) id)
    {
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    case PROP_HOMOGENEOUS:
      g_value_set_boolean (value, self->homogeneous);
      break;
    case PROP_STACKS:
      g_value_set_boolean (value, self->stacks);
      break;
    case PROP_ORIENTATION:
      g_value_set_enum (value, self->orientation);
      break;
    }
}

static void
workspace_line_layout_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  WorkspaceLineLayout *self = WORKSPACE_LINE_LAYOUT (object);

  switch ((WorkspaceLineLayoutProperty) id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    case PROP_HOMOGENEOUS:
      self->homogeneous = g_value_get_boolean (value);
      break;
    case PROP_STACKS:
      self->stacks = g_value_get_boolean (value);
      break;
    case PROP_ORIENTATION:
      self->orientation = g_value_get_enum (value);
      break;
    }
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
  g_object_notify_by_pspec (object, pspec);
}

static void
workspace_line_layout_class_init (WorkspaceLineLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = workspace_line_layout_get_property;
  object_class->set_property = workspace_line_layout_set_property;
  manager_class->measure = workspace_line_layout_measure;
  manager_class->allocate = workspace_line_layout_allocate;
  manager_class->get_request_mode = workspace_line_layout_get_request_mode;

  /* Between the children, in pixels. */
  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT, 0, flags);
  /* All of one width. */
  properties[PROP_HOMOGENEOUS] = g_param_spec_boolean ("homogeneous", NULL, NULL, FALSE, flags);
  /* Below each other where there is no room beside each other. */
  properties[PROP_STACKS] = g_param_spec_boolean ("stacks", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  g_object_class_override_property (object_class, PROP_ORIENTATION, "orientation");
}

static void
workspace_line_layout_init (WorkspaceLineLayout *self)
{
  self->orientation = GTK_ORIENTATION_HORIZONTAL;
}

/* (transfer full): children in one line, @spacing pixels between them, or stacked where that is too
 * narrow. */
GtkLayoutManager *
workspace_line_layout_new (int spacing)
{
  return g_object_new (WORKSPACE_TYPE_LINE_LAYOUT, "spacing", spacing, "stacks", TRUE, NULL);
}

/* @child of a widget with this layout can be left out where there is little room: it shows nothing
 * that the others do not say. */
void
workspace_line_layout_spare (GtkWidget *child)
{
  g_return_if_fail (GTK_IS_WIDGET (child));

  g_object_set_qdata (G_OBJECT (child), spare_quark (), GINT_TO_POINTER (TRUE));
}
