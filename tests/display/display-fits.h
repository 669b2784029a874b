/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "display-fixture.h"

/* What of a window cannot be seen because the window is too small for it: what lies beyond its
 * edges and cannot be scrolled to, and text that ends in an ellipsis and says nowhere how it goes
 * on. Each is told with the chain of widgets that asks for the room, and what each asks for. */

#define DISPLAY_FITS_SLACK 1 /* rounding */

typedef struct
{
  GtkWidget *window;
  GString *found;
  gboolean scrolls_across, scrolls_down;
} DisplayEdges;

static inline int
display_fits_least (GtkWidget *widget)
{
  int least = 0;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  return least;
}

static inline const char *
display_fits_words (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)))
    return gtk_button_get_label (GTK_BUTTON (widget));
  if (ADW_IS_PREFERENCES_ROW (widget))
    return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget));
  return gtk_widget_get_name (widget);
}

/* (nullable): of what is in @widget, what asks for most. */
static inline GtkWidget *
display_fits_widest (GtkWidget *widget)
{
  GtkWidget *widest = NULL;
  int most = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child) && display_fits_least (child) >= most)
      {
        most = display_fits_least (child);
        widest = child;
      }
  return widest;
}

/* From @widget to what asks for most in it; those that only pass on what it asks for are left out.
 */
static inline void
display_fits_chain (GtkWidget *widget, GString *out)
{
  for (int last = -1; widget; widget = display_fits_widest (widget))
    {
      int least = display_fits_least (widget);

      if (least == last && display_fits_widest (widget))
        continue;
      g_string_append_printf (out, "\n#      %4d %s “%s”", least, G_OBJECT_TYPE_NAME (widget),
                              display_fits_words (widget));
      last = least;
    }
}

static inline gboolean
display_fits_is_told (GtkWidget *widget)
{
  for (; widget && !GTK_IS_NATIVE (widget); widget = gtk_widget_get_parent (widget))
    if (gtk_widget_get_has_tooltip (widget))
      return TRUE;
  return FALSE;
}

static inline void
display_fits_tell (DisplayEdges *self, GtkWidget *widget, const char *what)
{
  g_string_append_printf (self->found, "#   %s", what);
  display_fits_chain (widget, self->found);
  g_string_append_c (self->found, '\n');
}

static inline void
display_fits_walk (DisplayEdges self, GtkWidget *widget)
{
  graphene_rect_t box;

  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_child_visible (widget) ||
      GTK_IS_SCROLLBAR (widget) || ADW_IS_BANNER (widget) /* slides in */ ||
      (GTK_IS_NATIVE (widget) && widget != self.window))
    return;
  if (GTK_IS_WIDGET (gtk_widget_get_parent (widget)) &&
      ADW_IS_BOTTOM_SHEET (gtk_widget_get_parent (widget)))
    self.scrolls_down = TRUE; /* a sheet waits below until it is drawn up */
  if (widget != self.window && gtk_widget_compute_bounds (widget, self.window, &box))
    {
      float right = box.origin.x + box.size.width, bottom = box.origin.y + box.size.height;

      if (!self.scrolls_across &&
          (right > (float) gtk_widget_get_width (self.window) + DISPLAY_FITS_SLACK ||
           box.origin.x < -DISPLAY_FITS_SLACK))
        {
          display_fits_tell (&self, widget, "too wide");
          return;
        }
      if (!self.scrolls_down &&
          bottom > (float) gtk_widget_get_height (self.window) + DISPLAY_FITS_SLACK)
        {
          display_fits_tell (&self, widget, "too high");
          return;
        }
    }
  if (GTK_IS_LABEL (widget) && !gtk_widget_get_ancestor (widget, ADW_TYPE_HEADER_BAR) &&
      pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))) &&
      !display_fits_is_told (widget))
    display_fits_tell (&self, widget, "cut off");
  if (GTK_IS_SCROLLED_WINDOW (widget))
    {
      GtkPolicyType across, down;

      gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (widget), &across, &down);
      self.scrolls_across = self.scrolls_across || across != GTK_POLICY_NEVER;
      self.scrolls_down = self.scrolls_down || down != GTK_POLICY_NEVER;
    }
  if (GTK_IS_EDITABLE (widget) && GTK_IS_TEXT (widget))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    display_fits_walk (self, child);
}

/* (transfer full) (nullable): what of @window is out of sight. */
static inline char *
display_fits_dup_faults (GtkWidget *window)
{
  g_autoptr (GString) found = g_string_new (NULL);

  display_fits_walk ((DisplayEdges) { .window = window, .found = found }, window);
  return found->len > 0 ? g_string_free_and_steal (g_steal_pointer (&found)) : NULL;
}

typedef struct
{
  GtkWidget *window;
  guint64 looks;
  guint same;
} DisplayStill;

static inline guint64
display_still_sum (GtkWidget *widget)
{
  guint64 sum = 1;
  graphene_rect_t box;

  if (!gtk_widget_get_mapped (widget))
    return 0;
  if (gtk_widget_compute_bounds (widget, GTK_WIDGET (gtk_widget_get_root (widget)), &box))
    sum += (guint64) (box.origin.x + 10000) * 3 + (guint64) (box.origin.y + 100000);
  sum += (guint64) gtk_widget_get_width (widget) * 7 + (guint64) gtk_widget_get_height (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    sum = sum * 31 + display_still_sum (child);
  return sum;
}

static inline gboolean
display_is_still (gpointer data)
{
  DisplayStill *still = data;
  guint64 looks = display_still_sum (still->window);

  still->same = looks == still->looks ? still->same + 1 : 0;
  still->looks = looks;
  return still->same > 8;
}

/* What is read comes in parts: until nothing moved for some frames. */
static inline void
display_wait_still (GtkWidget *window)
{
  gboolean still = FALSE;

  /* the first picture of a process takes its time: whatever draws and plays is looked for then */
  for (int i = 0; i < 4 && !still; i++)
    still = display_spin (display_is_still, &(DisplayStill) { .window = window });
  g_assert_true (still);
}

typedef struct
{
  GtkWidget *window;
  const char *text;
} DisplayWhole;

/* Whether all of a label is drawn, and within its window; for display_spin (). */
static inline gboolean
display_fits_is_whole (gpointer data)
{
  const DisplayWhole *self = data;
  GtkWidget *label = display_find_label (self->window, self->text);
  graphene_rect_t bounds;
  PangoLayout *layout;
  int height;

  if (!label || !gtk_widget_get_mapped (label) ||
      !gtk_widget_compute_bounds (label, self->window, &bounds) || bounds.size.width < 1)
    return FALSE;
  layout = gtk_label_get_layout (GTK_LABEL (label));
  pango_layout_get_pixel_size (layout, NULL, &height);
  g_test_message ("%.0f x %.0f at %.0f, %.0f; the text is %d high in %d lines", bounds.size.width,
                  bounds.size.height, bounds.origin.x, bounds.origin.y, height,
                  pango_layout_get_line_count (layout));
  return !pango_layout_is_ellipsized (layout) && bounds.origin.x >= 0 &&
         bounds.origin.x + bounds.size.width <= gtk_widget_get_width (self->window) &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (self->window) &&
         height <= (int) bounds.size.height + DISPLAY_FITS_SLACK;
}
