/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-alerts.h"

#include <glib/gi18n.h>

/**
 * WorkspaceAlerts:
 *
 * What whoever meets the patient has to know before anything else: Flag resources that are in
 * force. Those of safety come first and look it by an icon beside their color. One that carries a
 * modifier that Bedside does not know is counted and its words are withheld. A chip opens its
 * entry.
 */

#define CHIPS_AT_MOST 2

struct _WorkspaceAlerts
{
  AdwBin parent_instance;

  GListStore *alerts; /* CareRow: those in force */
};

G_DEFINE_FINAL_TYPE (WorkspaceAlerts, workspace_alerts, ADW_TYPE_BIN)

static gboolean
is_withheld (CareRow *row)
{
  return g_strcmp0 (care_row_get_text (row, CARE_ROW_GROUP), "Not shown") == 0;
}

static gboolean
is_safety (CareRow *row)
{
  return g_strcmp0 (care_row_get_text (row, CARE_ROW_CODE), CARE_ALERT_SAFETY) == 0;
}

static const char *
words_of (CareRow *row)
{
  return is_withheld (row) ? _ ("Alert that cannot be shown") : care_row_get_title (row);
}

static const char *
icon_of (CareRow *row)
{
  if (is_safety (row))
    return "dialog-warning-symbolic";
  return is_withheld (row) ? "dialog-question-symbolic" : "dialog-information-symbolic";
}

/* (transfer full): since when, and who says so. */
static char *
dup_origin (CareRow *row)
{
  const char *since = care_row_get_text (row, CARE_ROW_DATE);
  const char *source = care_row_get_text (row, CARE_ROW_DETAIL);

  if (is_withheld (row))
    return g_strdup (care_row_get_text (row, CARE_ROW_SUBTITLE));
  return since ? g_strdup_printf (_ ("Since %s · %s"), since, source)
               : g_strdup_printf (_ ("Since when is not recorded · %s"), source);
}

/* (transfer full): a chip as it is heard. */
static char *
dup_sentence (CareRow *row)
{
  g_autofree char *origin = dup_origin (row);

  return is_safety (row) ? g_strdup_printf (_ ("Safety alert: %s. %s"), words_of (row), origin)
                         : g_strdup_printf (_ ("Alert: %s. %s"), words_of (row), origin);
}

static void
show_entry (GtkWidget *widget, CareRow *row)
{
  const char *reference = care_row_get_reference (row);

  if (reference)
    gtk_widget_activate_action (widget, "win.show", "s", reference);
}

/* ---- the list of all ---- */

static void
row_activated_cb (GtkWidget *line, WorkspaceAlerts *self)
{
  CareRow *row = g_object_get_data (G_OBJECT (line), "row");
  GtkWidget *dialog = gtk_widget_get_ancestor (line, ADW_TYPE_DIALOG);

  show_entry (GTK_WIDGET (self), row);
  adw_dialog_close (ADW_DIALOG (dialog));
}

static GtkWidget *
make_line (gpointer item, gpointer user_data)
{
  WorkspaceAlerts *self = user_data;
  g_autofree char *origin = dup_origin (item);
  const char *about = is_withheld (item) ? NULL : care_row_get_text (item, CARE_ROW_SUBTITLE);
  g_autofree char *subtitle =
      about ? g_strdup_printf ("%s\n%s", about, origin) : g_steal_pointer (&origin);
  GtkWidget *line =
      g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", words_of (item), "subtitle",
                    subtitle, "subtitle-lines", 0, "activatable", TRUE, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_of (item));

  gtk_accessible_update_property (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words_of (item), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle,
                                  -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (line), icon);
  if (is_safety (item))
    gtk_widget_add_css_class (icon, "error");
  g_object_set_data_full (G_OBJECT (line), "row", g_object_ref (item), g_object_unref);
  g_signal_connect_object (line, "activated", G_CALLBACK (row_activated_cb), self, 0);
  return line;
}

static void
show_all_cb (WorkspaceAlerts *self)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, "valign",
                                  GTK_ALIGN_START, "margin-start", 18, "margin-end", 18,
                                  "margin-top", 6, "margin-bottom", 18, NULL);
  GtkWidget *scrolled =
      g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                    "propagate-natural-height", TRUE, "child", list, NULL);

  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Alerts"), -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (list), G_LIST_MODEL (self->alerts), make_line, self, NULL);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), scrolled);
  adw_dialog_set_title (dialog, _ ("Alerts"));
  adw_dialog_set_content_width (dialog, 480);
  adw_dialog_set_child (dialog, view);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* ---- the chips ---- */

static void
chip_clicked_cb (GtkWidget *chip, WorkspaceAlerts *self)
{
  show_entry (GTK_WIDGET (self), g_object_get_data (G_OBJECT (chip), "row"));
}

static GtkWidget *
make_chip (WorkspaceAlerts *self, CareRow *row)
{
  const char *color = is_safety (row) ? "chip-red" : is_withheld (row) ? "chip-amber" : NULL;
  const char *const styles[] = { "flat", "chip", "alert-chip", color, NULL };
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", words_of (row), "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0f, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_of (row), "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *chip = gtk_button_new ();
  g_autofree char *sentence = dup_sentence (row);

  gtk_widget_add_css_class (label, "field-value");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (chip), box);
  gtk_widget_set_css_classes (chip, (const char **) styles);
  gtk_widget_set_tooltip_text (chip, sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
  g_object_set_data_full (G_OBJECT (chip), "row", g_object_ref (row), g_object_unref);
  g_signal_connect_object (chip, "clicked", G_CALLBACK (chip_clicked_cb), self, 0);
  return chip;
}

static GtkWidget *
make_more (WorkspaceAlerts *self, guint n_more)
{
  const char *const styles[] = { "flat", "chip", "alert-chip", NULL };
  g_autofree char *words = g_strdup_printf (ngettext ("%u more", "%u more", n_more), n_more);
  g_autofree char *heard =
      g_strdup_printf (ngettext ("%u more alert: show all", "%u more alerts: show all", n_more),
                       n_more);
  GtkWidget *more = gtk_button_new ();

  /* a button's own label would be its name, whatever else is said of it */
  gtk_button_set_child (GTK_BUTTON (more), gtk_label_new (words));
  gtk_widget_set_css_classes (more, (const char **) styles);
  gtk_widget_set_tooltip_text (more, _ ("Show all alerts, with author, date and source"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (more), GTK_ACCESSIBLE_PROPERTY_LABEL, heard, -1);
  g_signal_connect_object (more, "clicked", G_CALLBACK (show_all_cb), self, G_CONNECT_SWAPPED);
  return more;
}

static void
show_chips (WorkspaceAlerts *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->alerts));
  GtkWidget *box = n > 0 ? adw_wrap_box_new () : NULL;

  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  if (!box)
    return;
  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (box), 8);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (box), 4);
  for (guint i = 0; i < MIN (n, CHIPS_AT_MOST); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (self->alerts), i);

      adw_wrap_box_append (ADW_WRAP_BOX (box), make_chip (self, row));
    }
  if (n > CHIPS_AT_MOST)
    adw_wrap_box_append (ADW_WRAP_BOX (box), make_more (self, n - CHIPS_AT_MOST));
}

/* ---- object ---- */

static void
workspace_alerts_dispose (GObject *object)
{
  g_clear_object (&WORKSPACE_ALERTS (object)->alerts);
  G_OBJECT_CLASS (workspace_alerts_parent_class)->dispose (object);
}

static void
workspace_alerts_class_init (WorkspaceAlertsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workspace_alerts_dispose;
}

static void
workspace_alerts_init (WorkspaceAlerts *self)
{
  self->alerts = g_list_store_new (CARE_TYPE_ROW);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static gboolean
is_same (CareRow *a, CareRow *b)
{
  g_autofree char *first = dup_sentence (a), *second = dup_sentence (b);

  return g_strcmp0 (care_row_get_reference (a), care_row_get_reference (b)) == 0 &&
         is_withheld (a) == is_withheld (b) && g_str_equal (first, second);
}

/* A chip that has the focus stays where it is unless the alerts changed. */
static gboolean
is_shown (WorkspaceAlerts *self, GPtrArray *rows)
{
  GListModel *alerts = G_LIST_MODEL (self->alerts);

  if (g_list_model_get_n_items (alerts) != rows->len)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (alerts, i);

      if (!is_same (row, rows->pdata[i]))
        return FALSE;
    }
  return TRUE;
}

void
workspace_alerts_show (WorkspaceAlerts *self, CareSummary *summary)
{
  g_return_if_fail (WORKSPACE_IS_ALERTS (self));

  GListModel *all = care_summary_get_list (summary, CARE_LIST_ALERTS);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (all, i);

      if (is_withheld (row) || g_strcmp0 (care_row_get_text (row, CARE_ROW_GROUP), "Active") == 0)
        g_ptr_array_add (rows, g_steal_pointer (&row));
    }
  if (is_shown (self, rows))
    return;
  g_list_store_splice (self->alerts, 0, g_list_model_get_n_items (G_LIST_MODEL (self->alerts)),
                       rows->pdata, rows->len);
  show_chips (self);
}
