/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-failed-page.h"

/**
 * WorkspaceFailedPage:
 *
 * Stands in the place of a chart that cannot be read: why, and what to do. Made when that happens.
 */

struct _WorkspaceFailedPage
{
  AdwBin parent_instance;

  AdwStatusPage *page;
};

G_DEFINE_FINAL_TYPE (WorkspaceFailedPage, workspace_failed_page, ADW_TYPE_BIN)

static void
workspace_failed_page_dispose (GObject *object)
{
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WORKSPACE_TYPE_FAILED_PAGE);
  G_OBJECT_CLASS (workspace_failed_page_parent_class)->dispose (object);
}

static void
workspace_failed_page_class_init (WorkspaceFailedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_failed_page_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/workspace/workspace-failed-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceFailedPage, page);
}

static void
workspace_failed_page_init (WorkspaceFailedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Shows in @stack, instead of what is there, why the chart cannot be read. @reason: a sentence, no
 * markup. */
void
workspace_failed_page_show (GtkStack *stack, const char *reason)
{
  g_autofree char *escaped = g_markup_escape_text (reason, -1);
  GtkWidget *self = gtk_stack_get_child_by_name (stack, "failed");

  if (!self)
    {
      self = g_object_new (WORKSPACE_TYPE_FAILED_PAGE, NULL);
      gtk_stack_add_named (stack, self, "failed");
    }
  adw_status_page_set_description (WORKSPACE_FAILED_PAGE (self)->page, escaped);
  gtk_stack_set_visible_child (stack, self);
}
