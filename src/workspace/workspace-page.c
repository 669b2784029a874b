/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-page.h"

/**
 * WorkspacePage:
 *
 * A page or pane that has more to say to its window than a plain widget: how many items wait there,
 * how to show one item, where to type.
 */

typedef struct
{
  guint count;
} WorkspacePagePrivate;

typedef enum
{
  PROP_COUNT = 1,
} WorkspacePageProperty;

static GParamSpec *properties[PROP_COUNT + 1];

enum
{
  SIGNAL_NOT_HERE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WorkspacePage, workspace_page, ADW_TYPE_BIN)

static void
workspace_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((WorkspacePageProperty) id)
    {
    case PROP_COUNT:
      g_value_set_uint (value, workspace_page_get_count (WORKSPACE_PAGE (object)));
      break;
    }
}

static void
workspace_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch ((WorkspacePageProperty) id)
    {
    case PROP_COUNT:
      workspace_page_set_count (WORKSPACE_PAGE (object), g_value_get_uint (value));
      break;
    }
}

static void
workspace_page_class_init (WorkspacePageClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = workspace_page_get_property;
  G_OBJECT_CLASS (klass)->set_property = workspace_page_set_property;

  properties[PROP_COUNT] =
      g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), G_N_ELEMENTS (properties), properties);

  /* @reference: what was to be shown, and is not among what this page has read */
  signals[SIGNAL_NOT_HERE] = g_signal_new ("not-here", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
workspace_page_init (WorkspacePage *self)
{
}

/* How many items wait for a person there; 0 shows no number. */
guint
workspace_page_get_count (WorkspacePage *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PAGE (self), 0);

  WorkspacePagePrivate *priv = workspace_page_get_instance_private (self);
  return priv->count;
}

void
workspace_page_set_count (WorkspacePage *self, guint count)
{
  g_return_if_fail (WORKSPACE_IS_PAGE (self));

  WorkspacePagePrivate *priv = workspace_page_get_instance_private (self);
  if (priv->count == count)
    return;
  priv->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

gboolean
workspace_page_show_target (WorkspacePage *self, const char *reference)
{
  g_return_val_if_fail (WORKSPACE_IS_PAGE (self), FALSE);

  WorkspacePageClass *klass = WORKSPACE_PAGE_GET_CLASS (self);
  return klass->show_target && klass->show_target (self, reference);
}

/* What workspace_page_show_target () was asked for has been looked for, and another page is to be
 * asked. */
void
workspace_page_say_not_here (WorkspacePage *self, const char *reference)
{
  g_return_if_fail (WORKSPACE_IS_PAGE (self));

  g_signal_emit (self, signals[SIGNAL_NOT_HERE], 0, reference);
}

/* FALSE: there is nothing to search here. */
gboolean
workspace_page_start_search (WorkspacePage *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PAGE (self), FALSE);

  WorkspacePageClass *klass = WORKSPACE_PAGE_GET_CLASS (self);
  if (!klass->start_search)
    return FALSE;
  klass->start_search (self);
  return TRUE;
}

/* ---- the first row ---- */

#define ROWS_MS 3000 /* a page that has no rows by then has none */

typedef struct
{
  gint64 end;
  gconstpointer before; /* what had the focus: a stack gives it to the first widget of a page */
} Focusing;

static GtkWidget *
focus_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return root ? gtk_root_get_focus (root) : NULL;
}

static gboolean
has_rows (GtkWidget *widget)
{
  GtkSelectionModel *rows =
      GTK_IS_LIST_VIEW (widget) ? gtk_list_view_get_model (GTK_LIST_VIEW (widget)) : NULL;

  return (rows && g_list_model_get_n_items (G_LIST_MODEL (rows)) > 0) ||
         (GTK_IS_LIST_BOX (widget) && gtk_list_box_get_row_at_index (GTK_LIST_BOX (widget), 0));
}

static GtkWidget *
find_rows (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (has_rows (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_rows (child);
  return found;
}

/* Until there are rows, or somebody went elsewhere, or it is over. */
static gboolean
focus_rows_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Focusing *focusing = data;
  GtkWidget *focus = focus_of (widget), *rows = find_rows (widget);

  if (!gtk_widget_get_mapped (widget) || (focus && focus != focusing->before))
    return G_SOURCE_REMOVE;
  if (focusing->end == 0)
    focusing->end = gdk_frame_clock_get_frame_time (clock) + ROWS_MS * G_TIME_SPAN_MILLISECOND;
  if (!rows)
    return gdk_frame_clock_get_frame_time (clock) < focusing->end;
  gtk_widget_child_focus (rows, GTK_DIR_TAB_FORWARD);
  return G_SOURCE_REMOVE;
}

/* Puts the focus on the first row of the page, once it has rows. */
void
workspace_page_focus_rows (WorkspacePage *self)
{
  g_return_if_fail (WORKSPACE_IS_PAGE (self));

  Focusing *focusing = g_new0 (Focusing, 1);
  focusing->before = focus_of (GTK_WIDGET (self));
  gtk_widget_add_tick_callback (GTK_WIDGET (self), focus_rows_cb, focusing, g_free);
}
