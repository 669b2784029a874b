/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-section.h"

#include <glib/gi18n.h>

#include "workspace-line-layout.h"
#include "workspace-row.h"
#include "workspace-trend.h"

/* WorkspaceSection: see the header. Rows that are off the screen are counted (CUI). The first time,
 * rows that stand below the window's edge come one frame after the others. */

/* About a line of two rows of text, and the title with the space above it, in pixels. */
#define ROW_HEIGHT   54
#define TITLE_HEIGHT 50

struct _WorkspaceSection
{
  AdwBin parent_instance;

  char *title;
  char *page;
  char *as_of;
  guint limit;
  gboolean opens_here;
  CareSummary *summary;
  GTimeZone *zone;
  GtkSliceListModel *shown; /* (nullable): the first rows */
  guint frames;             /* drawn since the first rows came */

  GtkLabel *count_label;
  GtkLabel *as_of_label;
  GtkButton *all_button;
  GtkListBox *list;
  GtkLabel *absent_label;
};

typedef enum
{
  PROP_TITLE = 1,
  PROP_PAGE,
  PROP_LIMIT,
  PROP_AS_OF,
  PROP_OPENS_HERE,
} WorkspaceSectionProperty;

static GParamSpec *properties[PROP_OPENS_HERE + 1];

G_DEFINE_FINAL_TYPE (WorkspaceSection, workspace_section, ADW_TYPE_BIN)

static void
row_activated_cb (WorkspaceSection *self, GtkListBoxRow *row)
{
  CareRow *item = g_object_get_data (G_OBJECT (row), "row");
  const char *reference = item ? care_row_get_reference (item) : NULL;

  g_autofree char *here = self->opens_here && self->page && reference
                              ? g_strdup_printf ("%s#%s", self->page, reference)
                              : NULL;

  if (here)
    reference = here;
  if (reference || self->page)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s",
                                reference ? reference : self->page);
}

static GtkWidget *
make_row (gpointer item, gpointer user_data)
{
  WorkspaceSection *self = user_data;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = workspace_row_new ();
  g_autofree char *words = workspace_row_dup_words (item);
  g_autoptr (GArray) trend = self->summary ? workspace_trend_of (self->summary, item) : NULL;

  workspace_row_set_compact (WORKSPACE_ROW (line), TRUE);
  workspace_row_set_row (WORKSPACE_ROW (line), item);
  if (self->summary)
    workspace_row_set_trend (WORKSPACE_ROW (line), trend, self->zone);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), self->page != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data_full (G_OBJECT (row), "row", g_object_ref (item), g_object_unref);
  return row;
}

static void
workspace_section_dispose (GObject *object)
{
  WorkspaceSection *self = WORKSPACE_SECTION (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_SECTION);
  g_clear_object (&self->summary);
  g_clear_object (&self->shown);
  G_OBJECT_CLASS (workspace_section_parent_class)->dispose (object);
}

static void
workspace_section_finalize (GObject *object)
{
  WorkspaceSection *self = WORKSPACE_SECTION (object);

  g_free (self->title);
  g_free (self->page);
  g_free (self->as_of);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (workspace_section_parent_class)->finalize (object);
}

static void
workspace_section_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WorkspaceSection *self = WORKSPACE_SECTION (object);

  switch ((WorkspaceSectionProperty) id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_PAGE:
      g_value_set_string (value, self->page);
      break;
    case PROP_LIMIT:
      g_value_set_uint (value, self->limit);
      break;
    case PROP_AS_OF:
      g_value_set_string (value, self->as_of);
      break;
    case PROP_OPENS_HERE:
      g_value_set_boolean (value, self->opens_here);
      break;
    }
}

static void
workspace_section_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WorkspaceSection *self = WORKSPACE_SECTION (object);

  switch ((WorkspaceSectionProperty) id)
    {
    case PROP_TITLE:
      if (g_set_str (&self->title, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_PAGE:
      if (g_set_str (&self->page, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_LIMIT:
      self->limit = g_value_get_uint (value);
      break;
    case PROP_OPENS_HERE:
      self->opens_here = g_value_get_boolean (value);
      break;
    case PROP_AS_OF:
      if (g_set_str (&self->as_of, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
      gtk_label_set_label (self->as_of_label, self->as_of ? self->as_of : "");
      gtk_widget_set_visible (GTK_WIDGET (self->as_of_label), self->as_of != NULL);
      break;
    }
}

static void
workspace_section_class_init (WorkspaceSectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = workspace_section_dispose;
  object_class->finalize = workspace_section_finalize;
  object_class->get_property = workspace_section_get_property;
  object_class->set_property = workspace_section_set_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  /* The page that shows all of it: "win.show" with this target. */
  properties[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, NULL, flags);
  /* How old what is shown is, in words; NULL while it is fresh (H6). */
  properties[PROP_AS_OF] = g_param_spec_string ("as-of", NULL, NULL, NULL, flags);
  /* Whether a row opens on that page, whoever else would show what it names. */
  properties[PROP_OPENS_HERE] = g_param_spec_boolean ("opens-here", NULL, NULL, FALSE, flags);
  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 1, 20, 6, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-section.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSection, count_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSection, as_of_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSection, all_button);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSection, list);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceSection, absent_label);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
workspace_section_init (WorkspaceSection *self)
{
  self->limit = 6;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* How many rows of this section can stand above the window's edge, by what stands before it. */
static guint
count_above_edge (WorkspaceSection *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  int height = 0, top = TITLE_HEIGHT;

  if (!GTK_IS_WINDOW (root))
    return self->limit;
  gtk_window_get_default_size (GTK_WINDOW (root), NULL, &height);
  height = MAX (height, gtk_widget_get_height (GTK_WIDGET (root)));
  for (GtkWidget *before = gtk_widget_get_prev_sibling (GTK_WIDGET (self)); before;
       before = gtk_widget_get_prev_sibling (before))
    if (WORKSPACE_IS_SECTION (before) && WORKSPACE_SECTION (before)->shown)
      {
        WorkspaceSection *section = WORKSPACE_SECTION (before);
        GListModel *rows = gtk_slice_list_model_get_model (section->shown);
        guint n_rows = MIN (g_list_model_get_n_items (rows), section->limit);
        top += TITLE_HEIGHT + (int) MAX (n_rows, 1) * ROW_HEIGHT;
      }
  return (guint) CLAMP ((height - top) / ROW_HEIGHT, 1, (int) self->limit);
}

static gboolean
show_rest_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  WorkspaceSection *self = WORKSPACE_SECTION (widget);

  if (self->frames++ == 0)
    return G_SOURCE_CONTINUE;
  gtk_slice_list_model_set_size (self->shown, self->limit);
  return G_SOURCE_REMOVE;
}

/* @rows: of CareRow, in the order to show; @absence says in words what an empty list means here. */
void
workspace_section_set_rows (WorkspaceSection *self, GListModel *rows, const char *absence)
{
  g_return_if_fail (WORKSPACE_IS_SECTION (self));

  guint n_rows = g_list_model_get_n_items (rows);
  gboolean is_first = self->shown == NULL;
  g_autofree char *count =
      n_rows > self->limit ? g_strdup_printf (_ ("%u of %u"), self->limit, n_rows) : NULL;

  g_clear_object (&self->shown);
  self->shown = gtk_slice_list_model_new (g_object_ref (rows), 0,
                                          is_first ? count_above_edge (self) : self->limit);
  if (gtk_slice_list_model_get_size (self->shown) < MIN (n_rows, self->limit))
    gtk_widget_add_tick_callback (GTK_WIDGET (self), show_rest_cb, NULL, NULL);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->shown), make_row, self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->list), n_rows > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->absent_label), n_rows == 0);
  gtk_label_set_label (self->absent_label, absence);
  gtk_label_set_label (self->count_label, count ? count : "");
  gtk_widget_set_visible (GTK_WIDGET (self->all_button), self->page != NULL);
  if (self->page)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (self->all_button), "s", self->page);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->all_button), "win.show");
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->all_button),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, self->title, -1);
    }
}

/* Draws a sparkline beside each reading; before workspace_section_set_rows (). */
void
workspace_section_set_trends (WorkspaceSection *self, CareSummary *summary, GTimeZone *zone)
{
  g_return_if_fail (WORKSPACE_IS_SECTION (self));

  g_set_object (&self->summary, summary);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = g_time_zone_ref (zone);
}
