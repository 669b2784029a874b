/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-keys.h"

#include "workspace-commands.h"

/**
 * WorkspaceKeys:
 *
 * The keys of one window, from the same list as its accelerators, so that what it says is what
 * works.
 */

struct _WorkspaceKeys
{
  AdwDialog parent_instance;

  AdwPreferencesGroup *group;
};

G_DEFINE_FINAL_TYPE (WorkspaceKeys, workspace_keys, ADW_TYPE_DIALOG)

static void
add_row (WorkspaceKeys *self, WorkspaceCommandItem *item)
{
  g_autofree char *keys = workspace_command_item_dup_keys (item);

  if (!keys)
    return;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *label = gtk_label_new (keys);
  gtk_widget_add_css_class (label, "key");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 workspace_command_item_get_title (item));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  adw_preferences_group_add (self->group, row);
}

static GtkWidget *
find_scrolled (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SCROLLED_WINDOW (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_scrolled (child);
  return found;
}

/* No row takes the focus: without this only a pointer could read what stands below. */
static gboolean
scroll_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  GtkWidget *scrolled = find_scrolled (widget);
  gboolean scrolls = FALSE;

  if (scrolled)
    g_signal_emit_by_name (scrolled, "scroll-child", g_variant_get_int32 (args), FALSE, &scrolls);
  return scrolls;
}

static void
workspace_keys_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WORKSPACE_TYPE_KEYS);
  G_OBJECT_CLASS (workspace_keys_parent_class)->dispose (object);
}

static void
workspace_keys_class_init (WorkspaceKeysClass *klass)
{
  static const struct
  {
    guint key;
    int scroll;
  } scrolls[] = {
    { GDK_KEY_Page_Down, GTK_SCROLL_PAGE_DOWN },
    { GDK_KEY_Page_Up, GTK_SCROLL_PAGE_UP },
    { GDK_KEY_Down, GTK_SCROLL_STEP_DOWN },
    { GDK_KEY_Up, GTK_SCROLL_STEP_UP },
    { GDK_KEY_End, GTK_SCROLL_END },
    { GDK_KEY_Home, GTK_SCROLL_START },
  };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_keys_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-keys.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceKeys, group);
  for (gsize i = 0; i < G_N_ELEMENTS (scrolls); i++)
    gtk_widget_class_add_binding (widget_class, scrolls[i].key, 0, scroll_cb, "i",
                                  scrolls[i].scroll);
}

static void
workspace_keys_init (WorkspaceKeys *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
workspace_keys_new (WorkspaceSession *session, WorkspaceScope scope)
{
  WorkspaceKeys *self = g_object_new (WORKSPACE_TYPE_KEYS, NULL);
  g_autoptr (GListStore) list = workspace_commands_list (session, scope);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (WorkspaceCommandItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      add_row (self, item);
    }
  return ADW_DIALOG (self);
}
