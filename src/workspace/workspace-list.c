/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-list.h"

#include <glib/gi18n.h>

#include "workspace-list-top.h"
#include "workspace-row.h"
#include "workspace-trend.h"

struct _WorkspaceList
{
  AdwBin parent_instance;

  char *title;
  const WorkspaceGroup *groups;
  guint n_groups;
  CareSummary *summary;
  GTimeZone *zone;
  GtkSingleSelection *selection;

  GtkStack *stack;
  GtkListView *view;
  AdwStatusPage *absent_page;
};

typedef enum
{
  PROP_TITLE = 1,
  PROP_OPENS, /* one click opens a row, where there is something to open */
} WorkspaceListProperty;

enum
{
  SIGNAL_SELECTED,
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[PROP_OPENS + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceList, workspace_list, ADW_TYPE_BIN)

static guint
group_of (WorkspaceList *self, CareRow *row)
{
  const char *reference = care_row_get_reference (row);
  const char *group = g_object_get_data (G_OBJECT (row), "workspace-group");

  group = group ? group : care_row_get_text (row, CARE_ROW_GROUP);
  for (guint i = 0; i < self->n_groups; i++)
    {
      const WorkspaceGroup *candidate = &self->groups[i];
      gboolean type_fits =
          !candidate->type || (reference && g_str_has_prefix (reference, candidate->type));
      if (type_fits && (!candidate->group || g_strcmp0 (candidate->group, group) == 0))
        return i;
    }
  return self->n_groups;
}

static int
compare_groups (gconstpointer a, gconstpointer b, gpointer user_data)
{
  guint first = group_of (user_data, (CareRow *) a), second = group_of (user_data, (CareRow *) b);

  return (first > second) - (first < second);
}

static void
setup_cb (WorkspaceList *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, workspace_row_new ());
}

static void
bind_cb (WorkspaceList *self, GtkListItem *item)
{
  WorkspaceRow *line = WORKSPACE_ROW (gtk_list_item_get_child (item));
  CareRow *row = gtk_list_item_get_item (item);
  g_autofree char *words = workspace_row_dup_words (row);
  g_autoptr (GArray) trend = self->summary ? workspace_trend_of (self->summary, row) : NULL;

  workspace_row_set_row (line, row);
  if (self->summary)
    workspace_row_set_trend (line, trend, self->zone);
  gtk_list_item_set_accessible_label (item, words);
}

static void
setup_header_cb (WorkspaceList *self, GtkListHeader *header)
{
  workspace_list_add_title (header);
}

static void
bind_header_cb (WorkspaceList *self, GtkListHeader *header)
{
  guint group = group_of (self, gtk_list_header_get_item (header));
  const char *title = group < self->n_groups ? _ (self->groups[group].title) : _ ("Other");
  g_autofree char *text = g_strdup_printf ("%s · %u", title, gtk_list_header_get_n_items (header));

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), text);
}

static void
selected_cb (WorkspaceList *self)
{
  CareRow *row = workspace_list_get_selected (self);

  if (row)
    g_signal_emit (self, signals[SIGNAL_SELECTED], 0, row);
}

static void
activate_cb (WorkspaceList *self, guint position)
{
  g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (row)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, row);
}

static void
workspace_list_dispose (GObject *object)
{
  WorkspaceList *self = WORKSPACE_LIST (object);

  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_LIST);
  g_clear_object (&self->selection);
  g_clear_object (&self->summary);
  G_OBJECT_CLASS (workspace_list_parent_class)->dispose (object);
}

static void
workspace_list_finalize (GObject *object)
{
  WorkspaceList *self = WORKSPACE_LIST (object);

  g_free (self->title);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (workspace_list_parent_class)->finalize (object);
}

static void
workspace_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((WorkspaceListProperty) id)
    {
    case PROP_TITLE:
      g_value_set_string (value, WORKSPACE_LIST (object)->title);
      break;
    case PROP_OPENS:
      g_value_set_boolean (value,
                           gtk_list_view_get_single_click_activate (WORKSPACE_LIST (object)->view));
      break;
    }
}

static void
workspace_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch ((WorkspaceListProperty) id)
    {
    case PROP_TITLE:
      if (!g_set_str (&WORKSPACE_LIST (object)->title, g_value_get_string (value)))
        break;
      gtk_accessible_update_property (GTK_ACCESSIBLE (WORKSPACE_LIST (object)->view),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, WORKSPACE_LIST (object)->title,
                                      -1);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_OPENS:
      gtk_list_view_set_single_click_activate (WORKSPACE_LIST (object)->view,
                                               g_value_get_boolean (value));
      break;
    }
}

static void
workspace_list_class_init (WorkspaceListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = workspace_list_dispose;
  object_class->finalize = workspace_list_finalize;
  object_class->get_property = workspace_list_get_property;
  object_class->set_property = workspace_list_set_property;

  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_OPENS] =
      g_param_spec_boolean ("opens", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_SELECTED] = g_signal_new ("selected", WORKSPACE_TYPE_LIST, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, CARE_TYPE_ROW);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", WORKSPACE_TYPE_LIST, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, CARE_TYPE_ROW);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-list.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceList, stack);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceList, view);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceList, absent_page);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_header_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
workspace_list_init (WorkspaceList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Says of @row in which group it is shown, where the row does not say itself. @group lives as long
 * as the program. */
void
workspace_list_mark (CareRow *row, const char *group)
{
  g_object_set_data (G_OBJECT (row), "workspace-group", (gpointer) group);
}

/* Before the rows. @groups lives as long as the program. */
void
workspace_list_set_groups (WorkspaceList *self, const WorkspaceGroup *groups, guint n_groups)
{
  g_return_if_fail (WORKSPACE_IS_LIST (self));

  self->groups = groups;
  self->n_groups = n_groups;
}

/* Shows @rows (of CareRow), keeping the selection by its reference; @absence: what none means here.
 */
void
workspace_list_set_rows (WorkspaceList *self, GListModel *rows, const char *absence)
{
  g_return_if_fail (WORKSPACE_IS_LIST (self));

  CareRow *before = workspace_list_get_selected (self);
  g_autofree char *reference = before ? g_strdup (care_row_get_reference (before)) : NULL;
  GtkSortListModel *sorted = gtk_sort_list_model_new (g_object_ref (rows), NULL);
  g_autoptr (GtkSorter) sections = GTK_SORTER (gtk_custom_sorter_new (compare_groups, self, NULL));

  gtk_sort_list_model_set_section_sorter (sorted, sections);
  g_clear_object (&self->selection);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  workspace_list_top_show (self->view);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_stack_set_visible_child_name (self->stack,
                                    g_list_model_get_n_items (rows) > 0 ? "rows" : "absent");
  adw_status_page_set_title (self->absent_page, absence);
  if (reference)
    workspace_list_select (self, reference);
}

/* Draws a sparkline beside each reading; before workspace_list_set_rows (). */
void
workspace_list_set_trends (WorkspaceList *self, CareSummary *summary, GTimeZone *zone)
{
  g_return_if_fail (WORKSPACE_IS_LIST (self));

  g_set_object (&self->summary, summary);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = g_time_zone_ref (zone);
}

/* FALSE: no row has this reference. */
gboolean
workspace_list_select (WorkspaceList *self, const char *reference)
{
  g_return_val_if_fail (WORKSPACE_IS_LIST (self), FALSE);

  guint n_rows = self->selection ? g_list_model_get_n_items (G_LIST_MODEL (self->selection)) : 0;
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      if (g_strcmp0 (care_row_get_reference (row), reference) == 0)
        {
          gtk_list_view_scroll_to (self->view, i, GTK_LIST_SCROLL_SELECT, NULL);
          return TRUE;
        }
    }
  return FALSE;
}

/* (transfer none) (nullable) */
CareRow *
workspace_list_get_selected (WorkspaceList *self)
{
  g_return_val_if_fail (WORKSPACE_IS_LIST (self), NULL);

  return self->selection ? gtk_single_selection_get_selected_item (self->selection) : NULL;
}

/* The label that names a group of a list; it wraps, so that large text stays inside a narrow
 * window. */
GtkWidget *
workspace_list_add_title (GtkListHeader *header)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, NULL);

  g_return_val_if_fail (GTK_IS_LIST_HEADER (header), NULL);

  gtk_widget_add_css_class (label, "section-title");
  gtk_list_header_set_child (header, label);
  return label;
}
