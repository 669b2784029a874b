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
