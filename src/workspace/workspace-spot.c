/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-spot.h"

#include <math.h>
#include <string.h>

#include "workspace-list-top.h"

/**
 * WorkspaceSpot:
 *
 * Follows a stack of pages and the scrolled window of the one that shows. Going back to a spot
 * waits until the page has been read and is long enough, and gives up when somebody moves before.
 */

#define SETTLE_MS   1000
#define PATIENCE_MS 10000

struct _WorkspaceSpot
{
  GObject parent_instance;

  GtkStack *pages;           /* not owned: the window has both */
  GtkAdjustment *adjustment; /* of the page that shows */
  double wanted;             /* to be scrolled to once it can be; NAN: nothing */
  guint changed_source, patience_source;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceSpot, workspace_spot, G_TYPE_OBJECT)

static void
emit_changed (gpointer data)
{
  WorkspaceSpot *self = data;

  self->changed_source = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
change_soon (WorkspaceSpot *self)
{
  if (self->changed_source == 0)
    self->changed_source = g_timeout_add_once (SETTLE_MS, emit_changed, self);
}

static void
stop_wanting (WorkspaceSpot *self)
{
  g_clear_handle_id (&self->patience_source, g_source_remove);
  self->wanted = NAN;
}

static void
give_up (gpointer data)
{
  WorkspaceSpot *self = data;

  self->patience_source = 0;
  stop_wanting (self);
}

static void
try_wanted (WorkspaceSpot *self)
{
  double wanted = self->wanted;

  if (!self->adjustment || isnan (wanted) ||
      gtk_adjustment_get_upper (self->adjustment) -
              gtk_adjustment_get_page_size (self->adjustment) <
          wanted)
    return;
  stop_wanting (self);
  workspace_list_top_leave (self->adjustment);
  gtk_adjustment_set_value (self->adjustment, wanted);
}

/* Not in a popover, which scrolls by itself. */
static GtkWidget *
find_scrolled (GtkWidget *widget)
{
  if (!widget || GTK_IS_POPOVER (widget))
    return NULL;
  if (GTK_IS_SCROLLED_WINDOW (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_scrolled (child);
      if (found)
        return found;
    }
  return NULL;
}

static void
page_cb (WorkspaceSpot *self)
{
  GtkWidget *scrolled = find_scrolled (gtk_stack_get_visible_child (self->pages));

  if (self->adjustment)
    {
      g_signal_handlers_disconnect_by_data (self->adjustment, self);
      g_clear_object (&self->adjustment);
    }
  stop_wanting (self);
  change_soon (self);
  if (!scrolled)
    return;
  self->adjustment =
      g_object_ref (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)));
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (change_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->adjustment, "changed", G_CALLBACK (try_wanted), self,
                           G_CONNECT_SWAPPED);
}

static void
workspace_spot_dispose (GObject *object)
{
  WorkspaceSpot *self = WORKSPACE_SPOT (object);

  g_clear_handle_id (&self->changed_source, g_source_remove);
  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_clear_object (&self->adjustment);
  G_OBJECT_CLASS (workspace_spot_parent_class)->dispose (object);
}

static void
workspace_spot_class_init (WorkspaceSpotClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workspace_spot_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WORKSPACE_TYPE_SPOT, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workspace_spot_init (WorkspaceSpot *self)
{
  self->wanted = NAN;
}

/* @pages outlives it. */
WorkspaceSpot *
workspace_spot_new (GtkStack *pages)
{
  WorkspaceSpot *self = g_object_new (WORKSPACE_TYPE_SPOT, NULL);

  self->pages = pages;
  g_signal_connect_object (pages, "notify::visible-child", G_CALLBACK (page_cb), self,
                           G_CONNECT_SWAPPED);
  page_cb (self);
  return self;
}

/* (transfer full): "results 1240": the page's name and how far it is scrolled, in pixels. */
char *
workspace_spot_dup_text (WorkspaceSpot *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SPOT (self), NULL);

  const char *name = gtk_stack_get_visible_child_name (self->pages);
  double scroll = self->adjustment ? gtk_adjustment_get_value (self->adjustment) : 0;

  /* on the way back to a spot, that one is where somebody is */
  return g_strdup_printf ("%s %d", name ? name : "",
                          (int) (isnan (self->wanted) ? scroll : self->wanted));
}

/* (transfer full): the page's name of what workspace_spot_dup_text () wrote. */
char *
workspace_spot_parse (const char *text, double *scroll)
{
  const char *space = strrchr (text, ' ');

  *scroll = space ? CLAMP (g_ascii_strtoll (space, NULL, 10), 0, G_MAXINT) : 0;
  return space ? g_strndup (text, (gsize) (space - text)) : g_strdup (text);
}

/* Scrolls the page that shows, as soon as it is long enough. */
void
workspace_spot_scroll_to (WorkspaceSpot *self, double scroll)
{
  g_return_if_fail (WORKSPACE_IS_SPOT (self));

  stop_wanting (self);
  if (scroll <= 0)
    return;
  self->wanted = scroll;
  self->patience_source = g_timeout_add_once (PATIENCE_MS, give_up, self);
  try_wanted (self);
}
